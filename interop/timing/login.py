#!/usr/bin/env python3
"""How long `POST /api/token/` takes to refuse, by the reason of the refusal. The times must not tell the reasons apart.

    login.py --doorward target/debug/doorward [--hasher argon2] [--samples 500] [--lockout]

One request after the other over one connection, one of each kind in each round, in a random order; two users have hashes
of other kinds than the preferred one, a slower (bcrypt) and a quicker (MD5). Prints the medians and
how far each is from that of a wrong password; ends with 1 where one is further away than --tolerance.
"""
import argparse
import http.client
import json
import os
import random
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

PASSWORD = "wonderland-42"
KINDS = {
    "wrong password": ("known", "not the password"),
    "unknown user": ("nobody", PASSWORD),
    "inactive user": ("inactive", PASSWORD),
    "unusable hash": ("unusable", PASSWORD),
    "broken hash": ("broken", PASSWORD),
    "a slower kind": ("slower", "not the password"),
    "a quicker kind": ("quicker", "not the password"),
}
# Whose hash is of another kind than the preferred one.
OTHER_KINDS = {"slower": "bcrypt_sha256", "quicker": "md5"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--doorward", required=True)
    parser.add_argument("--hasher", default="argon2", help="the preferred one, by Django's name")
    parser.add_argument("--samples", type=int, default=500, help="of each kind")
    parser.add_argument("--lockout", action="store_true", help="count failed logins, with a limit that is not reached")
    parser.add_argument("--tolerance", type=float, default=5.0, help="in percent")
    options = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="timing-") as folder:
        site = Site(Path(options.doorward).resolve(), Path(folder), options.hasher, options.lockout)
        site.people()
        with site:
            times = measure(site, options.samples)
    counted = ", lock-out on" if options.lockout else ""
    print(f"{options.hasher}{counted}, {options.samples} samples of each kind, {time.monotonic() - began:.0f} s")
    return told(times, options.tolerance)


def measure(site, samples: int):
    """The seconds of each request, by kind; five rounds before them do not count."""
    times = {kind: [] for kind in KINDS}
    for number in range(-5, samples):
        for kind in random.sample(list(KINDS), len(KINDS)):
            taken = site.refused(*KINDS[kind])
            if number >= 0:
                times[kind].append(taken)
    return times


def told(times, tolerance: float) -> int:
    medians = {kind: statistics.median(taken) for kind, taken in times.items()}
    usual = medians["wrong password"]
    for kind, median in medians.items():
        quarters = statistics.quantiles(times[kind], n=4)
        print(f"{kind:<15} median {median * 1000:8.2f} ms  {100 * (median / usual - 1):+6.2f} %  "
              f"(quartiles {quarters[0] * 1000:.2f} to {quarters[2] * 1000:.2f})")
    spread = 100 * (max(medians.values()) / min(medians.values()) - 1)
    print(f"the slowest median is {spread:.2f} % above the fastest; allowed: {tolerance:g} %")
    return 0 if spread <= tolerance else 1


class Site:
    """A server on a database of its own, and one connection to it."""

    def __init__(self, program: Path, folder: Path, hasher: str, lockout: bool):
        self.program, self.folder = str(program), folder
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("DOORWARD_")}
        (folder / "doorward.toml").write_text(
            'secret_key = "a-key-for-measuring-that-is-long-enough-0123456789"\n'
            '[database]\nurl = "sqlite://doorward.sqlite3"\n'
            f'[passwords]\nhashers = {json.dumps([hasher, *OTHER_KINDS.values()])}\n'
            + ('[lockout]\nfailures = 1000\nby = ["account"]\n' if lockout else ""))

    def command(self, *words: str, given: str = "", **environment: str):
        subprocess.run([self.program, *words], cwd=self.folder, env=self.environment | environment, input=given,
                       text=True, check=True, stdout=subprocess.DEVNULL)

    def people(self):
        """One user of each kind; `inactive` knows its password."""
        self.command("migrate")
        for name in ("known", "inactive", "broken", *OTHER_KINDS):
            kind = OTHER_KINDS.get(name)
            hashers = {"DOORWARD_PASSWORDS__HASHERS": json.dumps([kind])} if kind else {}
            self.command("createuser", "--noinput", "--password-stdin", "--username", name, given=PASSWORD + "\n",
                         **hashers)
        self.command("createuser", "--noinput", "--username", "unusable")
        with closing(sqlite3.connect(self.folder / "doorward.sqlite3")) as connection, connection:
            connection.execute("UPDATE auth_user SET is_active = 0 WHERE username = 'inactive'")
            connection.execute("UPDATE auth_user SET password = substr(password, 1, 12) WHERE username = 'broken'")

    def __enter__(self):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            port = listener.getsockname()[1]
        self.server = subprocess.Popen([self.program, "--log", "error", "runserver", f"127.0.0.1:{port}"],
                                       cwd=self.folder, env=self.environment, stdout=subprocess.DEVNULL)
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for _ in range(600):
            try:
                self.connection.connect()
                return self
            except OSError:
                time.sleep(0.1)
        raise SystemExit("the server did not get ready")

    def __exit__(self, *_):
        self.connection.close()
        self.server.send_signal(signal.SIGTERM)
        self.server.wait(30)

    def refused(self, name: str, password: str) -> float:
        """The seconds that one refusal takes."""
        body = json.dumps({"username": name, "password": password})
        began = time.perf_counter()
        self.connection.request("POST", "/api/token/", body, {"Content-Type": "application/json"})
        answer = self.connection.getresponse()
        text = answer.read()
        taken = time.perf_counter() - began
        if answer.status != 401:
            raise SystemExit(f"{name}: {answer.status} {text!r}")
        return taken


if __name__ == "__main__":
    sys.exit(main())
