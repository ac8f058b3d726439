"""One seeded database, its people, and copies of it."""
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parent
sys.path[:0] = [str(BENCH.parent / "conformance"), str(BENCH.parent / "revocations")]
from databases import Shelf, execute  # noqa: E402
from harness import REFERENCE  # noqa: E402

SECRET_KEY = "a-key-for-measuring-that-is-long-enough-0123456789"


class Site:
    """Made by Doorward, filled by Django."""

    def __init__(self, program, base, folder, people):
        self.folder, self.shelf = Path(folder), Shelf(base, Path(folder))
        self.url = self.shelf.create("bench")
        subprocess.run([program, "migrate"], check=True, env={**os.environ, **self.environment(self.url)},
                       stdout=subprocess.DEVNULL)
        with multiprocessing.Pool(1) as pool:
            self.people = pool.apply(fill, (self.environment(self.url), people))
        if self.shelf.base == "sqlite":
            # A copy is of the file alone.
            execute(self.url, "PRAGMA wal_checkpoint(TRUNCATE)")

    def environment(self, url):
        return {
            "DOORWARD_CONFIG": str(BENCH / "profile.toml"),
            "DOORWARD_DATABASE_URL": url,
            "DOORWARD_SECRET_KEY": SECRET_KEY,
            "DJANGO_SETTINGS_MODULE": "tutorial.settings",
            "PYTHONPATH": str(REFERENCE),
            "RUST_LOG": "warn",
        }

    def copy(self, number):
        return self.shelf.copy(self.url, f"bench-{number}")


def fill(environment, count):
    """People with every kind of credential; the first has the password that a login needs, hashed as Django hashes today."""
    import people

    people.set_up(environment)
    made = people.make("person", count)
    from django.contrib.auth.models import User

    first = User.objects.get(pk=made[0].id)
    first.set_password(people.PASSWORD)
    first.save()
    return made
