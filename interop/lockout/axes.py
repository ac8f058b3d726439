#!/usr/bin/env python3
"""Lock-outs of the real django-axes, brought over: who is locked out there is locked out here, and nobody else.

    axes.py --doorward target/debug/doorward [--environments target/adoption] [--database URL]

Makes an environment with django-axes, and in it the small project of ../adoption. Names are locked at Django, `doorward lockout
import-axes` is run, and both are asked. `URL` names a server as in ../adoption/make.py. Prints `axes: passed`.
"""
import argparse
import base64
import os
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "adoption"), str(HERE.parent / "conformance")]
from databases import Shelf
from django_site import DjangoSite
from doorward import Doorward
from environments import Unavailable, environment
from versions import PYMYSQL, VERSIONS

KEY = "a-key-that-both-sides-know-0123456789-0123456789-0123456789"
PASSWORD = "wonderland-42"
APPS = ("authtoken", "token_blacklist", "axes", "doorward_adopt")
LIMIT = 3


class Both:
    """The two sides, asked for a profile with a name and a password."""

    def __init__(self, django, doorward):
        self.site, self.doorward = django, doorward

    def django(self, name, password, times=1):
        ask = {"path": "/api/profile/", "headers": basic(name, password)}
        return [status for status, _ in self.site.ask(*[ask] * times)]

    def here(self, name, password, times=1):
        return [self.doorward.call("GET", "/api/profile/", basic(name, password))[0] for _ in range(times)]

    def brought(self):
        return self.doorward.command("lockout", "import-axes").strip()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--doorward", required=True)
    parser.add_argument("--environments", type=Path, default=HERE.parent.parent / "target" / "adoption")
    parser.add_argument("--database", default="sqlite", help="sqlite, or the URL of a server")
    options = parser.parse_args()
    newest = next(version for version in VERSIONS if version.django == "5.2")
    packages = [newest.postgres, PYMYSQL, "django-axes==8.3.1"]
    try:
        interpreter, _ = environment(newest._replace(django="axes"), options.environments, packages)
    except Unavailable as problem:
        print(f"axes: skipped: {problem}")
        return 0
    with tempfile.TemporaryDirectory(prefix="axes-") as folder:
        shelf = Shelf(options.database, Path(folder))
        try:
            side_by_side(os.path.abspath(options.doorward), interpreter, Path(folder), shelf.create("axes"))
        finally:
            shelf.clear()
    print("axes: passed")
    return 0


def side_by_side(program, interpreter, folder, url):
    site = DjangoSite(interpreter, url, KEY, APPS)
    site.environment["PYTHONPATH"] = str(HERE.parent.parent / "adopt")
    site.manage("migrate")
    site.fill()
    site.manage("doorward_export", "--output", str(folder / "doorward.toml"))
    doorward = Doorward(program, folder, url, KEY)
    doorward.command("migrate")
    with doorward:
        both = Both(site, doorward)
        who_is_locked_at_django_is_locked_here(both)
        what_was_counted_goes_on(both)
        what_django_forgot_is_not_brought(both)
        what_is_locked_here_stays_here(both)
        a_reset_opens_it(both)


def who_is_locked_at_django_is_locked_here(both):
    assert both.django("alice", "wrong", LIMIT)[-1] != 200
    assert both.django("alice", PASSWORD) != [200], "axes did not lock"
    # Not with the right password: an address that somebody logged in from is known, and no stranger's.
    assert both.here("alice", "wrong") == [401], "nothing is known here yet"
    both.doorward.command("lockout", "reset", "--all")
    said = both.brought()
    assert "1 locks" in said, said
    assert both.here("alice", PASSWORD) == [429]
    assert both.here("visitor", PASSWORD) == [200], "nobody else is locked"
    assert both.brought().split(":")[0] == said.split(":")[0], "what was brought is counted once"
    assert both.django("alice", PASSWORD) != [200], "axes' own lock stays"


def what_was_counted_goes_on(both):
    """One failure less than the limit at Django: one more here locks."""
    both.django("older", "wrong", LIMIT - 1)
    both.brought()
    assert both.here("older", "wrong") == [401]
    assert both.here("older", PASSWORD) == [429]


def what_django_forgot_is_not_brought(both):
    both.django("visitor", "wrong", LIMIT)
    both.site.manage("axes_reset_username", "visitor")
    both.brought()
    assert both.here("visitor", PASSWORD) == [200]
    assert both.django("visitor", PASSWORD) == [200]


def what_is_locked_here_stays_here(both):
    """Failures here are counted in a table of ours, which axes does not read."""
    assert both.here("zoë", "wrong", LIMIT) == [401] * LIMIT
    assert both.here("zoë", "pässwörd-42") == [429]
    assert both.django("zoë", "pässwörd-42") == [200]


def a_reset_opens_it(both):
    both.doorward.command("lockout", "reset", "--account", "alice")
    assert both.here("alice", PASSWORD) == [200]


def basic(name: str, password: str):
    credentials = base64.b64encode(f"{name}:{password}".encode()).decode()
    return {"authorization": f"Basic {credentials}"}


if __name__ == "__main__":
    sys.exit(main())
