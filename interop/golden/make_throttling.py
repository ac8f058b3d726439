"""Makes interop/vectors/throttling.json by running DRF's throttles with a clock of our own.

    python interop/golden/make_throttling.py

The vectors are read by the tests of `doorward-django`.
"""

import json
import pathlib
import random

import django
from django.conf import settings

settings.configure(DATABASES={}, INSTALLED_APPS=["rest_framework"])
django.setup()

from django.test import RequestFactory  # noqa: E402
from rest_framework.settings import api_settings  # noqa: E402
from rest_framework.throttling import BaseThrottle, SimpleRateThrottle  # noqa: E402


class Shelf(dict):
    """A cache that never forgets: the clock is ours."""

    def set(self, key, value, timeout):
        self[key] = value


class Throttle(SimpleRateThrottle):
    def get_cache_key(self, request, view):
        return "key"


def throttle(rate, shelf, clock):
    made = type("Made", (Throttle,), {"rate": rate, "cache": shelf, "timer": lambda self: clock[0]})
    return made()


# Where Doorward reads more or less than DRF: lists, multiples, and letters only in the period's name.
DIFFERENT = ["5/15min", "10/s,1000/d", "5/m!n", "5/s5", "٣/m", "5/ m"]


def rates():
    texts = [
        "5/s", "5/sec", "5/second", "3/m", "3/min", "3/minute", "100/h", "100/hr", "100/hour", "1000/d", "1000/day",
        " 7 /m", "+7/m", "1_000/d", "1__0/d", "_1/d", "007/m", "1000000/s", "1000001/s", "0/s", "-1/m", "1.5/m",
        "1e9/s", "5", "", "/", "5/", "/m", "5/x", "5/fortnight", "5/week", "5/M", "5/s/m", "5//m", "x/m", "5/month",
    ]  # fmt: skip
    return [rate(text) for text in texts + DIFFERENT]


def rate(text):
    try:
        requests, seconds = SimpleRateThrottle.parse_rate(None, text)
    except (ValueError, KeyError, IndexError):
        requests = seconds = None
    return {"text": text, "requests": requests, "seconds": seconds, "difference": text in DIFFERENT}


def histories():
    chance = random.Random(7)
    fixed = {
        "3/min": [0, 0, 0, 0, 59.75, 60, 60, 60, 60],
        "1/s": [0, 0.5, 0.75, 1, 1.5, 2.25],
        "2/hour": [10, 20, 30, 3609.75, 3610, 3611, 3620],
        "5/day": [0, 1, 2, 3, 4, 5, 86399.5, 86400, 86401.5],
    }
    cases = [history(rate, times) for rate, times in fixed.items()]
    for rate, longest in [("1/s", 2), ("3/min", 40), ("10/min", 12), ("4/h", 2000), ("100/min", 1.5)]:
        steps = [chance.randrange(0, int(longest * 4) + 1) / 4 for _ in range(120)]
        cases.append(history(rate, [sum(steps[:end]) for end in range(len(steps))]))
    return cases


def history(rate, times):
    shelf, clock, hits = Shelf(), [0], []
    for clock[0] in times:
        asked = throttle(rate, shelf, clock)
        allowed = asked.allow_request(None, None)
        hits.append({"at": clock[0], "allowed": allowed, "wait": None if allowed else asked.wait()})
    return {"rate": rate, "hits": hits}


def idents():
    values = [
        None, "", "10.1.0.1", " 10.1.0.1 ", "1.1.1.1, 10.1.0.1", "1.1.1.1,2.2.2.2 ,  3.3.3.3", "2001:db8::1",
        "unknown", "1.1.1.1, unknown", ",", "1.1.1.1,", "::ffff:10.1.0.1", "10.1.0.1\t,\t10.1.0.2",
    ]  # fmt: skip
    return [ident(value, count) for value in values for count in (0, 1, 2, 3, 7)]


def ident(forwarded, count):
    api_settings.NUM_PROXIES = count
    extra = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", **extra)
    found = BaseThrottle().get_ident(request)
    return {"forwarded": forwarded, "num_proxies": count, "remote_addr": "192.0.2.1", "ident": found}


def main():
    import rest_framework

    vectors = {
        "source": f"made by running Django REST framework {rest_framework.VERSION}",
        "rates": rates(),
        "histories": histories(),
        "idents": idents(),
    }
    path = pathlib.Path(__file__).parent.parent / "vectors" / "throttling.json"
    lines = ",\n".join(f'"{name}": {member(value)}' for name, value in vectors.items())
    path.write_text(f"{{\n{lines}\n}}\n")


def member(value):
    if not isinstance(value, list):
        return json.dumps(value)
    return "[\n" + ",\n".join(json.dumps(case) for case in value) + "\n]"


if __name__ == "__main__":
    main()
