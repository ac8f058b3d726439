"""What is measured."""
import json
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "revocations"))
from changes import ACCESS, SESSION, TOKEN  # noqa: E402
from door import request  # noqa: E402
from people import PASSWORD  # noqa: E402


@dataclass(frozen=True)
class Scenario:
    name: str
    # What one person asks.
    ask: object
    connections: int
    # Asked by the first person only, or by all in turn.
    alone: bool = True
    # Whether bare axum can be held beside it.
    reads: bool = False
    # A chain of refresh tokens takes what came for the one before.
    chain: bool = False


def reading(ask):
    return lambda who: request("GET", ask.path, who.headers(ask.credential))


def login(path):
    return lambda who: request("POST", path, {}, {"username": who.username, "password": PASSWORD})


def verify(who):
    return request("POST", "/api/token/verify/", {}, {"token": who.access})


READS = [
    Scenario("JWT GET", reading(ACCESS), 16, reads=True),
    Scenario("Token GET", reading(TOKEN), 16, reads=True),
    Scenario("Session GET", reading(SESSION), 16, reads=True),
    Scenario("Token GET, everybody", reading(TOKEN), 16, alone=False, reads=True),
    Scenario("verify", verify, 16),
]
WRITES = [
    Scenario("obtain", login("/api/token/"), 4),
    Scenario("refresh, 1 client", None, 1, chain=True),
    Scenario("refresh, 16 clients", None, 16, chain=True),
    Scenario("refresh, 64 clients", None, 64, chain=True),
]
ALL = READS + WRITES
QUICK = [READS[0], READS[1], WRITES[2]]


def plan(scenario, site, port, seconds, tokens, rate=None):
    """What the generator reads."""
    ask = {"chain": {"path": "/api/token/refresh/", "tokens": tokens}} if scenario.chain else {"file": str(file(scenario, site))}
    told = {"address": f"127.0.0.1:{port}", "connections": scenario.connections, "seconds": seconds,
            "warm_up": 1.0, "rate": rate, "ask": ask}
    return json.dumps(told)


def file(scenario, site):
    path = site.folder / "requests"
    people = site.people[:1] if scenario.alone else site.people
    asked = [scenario.ask(who) for who in people]
    path.write_bytes(b"".join(b"%d\n%s" % (len(one), one) for one in asked))
    return path
