#!/usr/bin/env python3
"""Databases made by Django 3.0 to 6.0, each by the real one, are adopted by Doorward and read on by Django.

    make.py --doorward target/debug/doorward [--environments target/adoption] [--database URL] [VERSION …]

For each version there are two projects: one with authtoken and token_blacklist, one without, on files of SQLite, or on databases
`conformance_*` that are made on the server of `--database` (postgres://USER@HOST:PORT or mysql://…) and dropped again; this
needs psycopg or PyMySQL. A version that this machine cannot run is skipped. Prints a line for each version: `django 5.2: passed: …`.
"""
import argparse
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent / "conformance")]
from adopt import adopt
from databases import Shelf
from environments import Unavailable, environment
from versions import PYMYSQL, VERSIONS

PROJECTS = [("authtoken", "token_blacklist"), ()]
ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--doorward", required=True)
    parser.add_argument("--environments", type=Path, default=ROOT / "target" / "adoption")
    parser.add_argument("--database", default="sqlite", help="sqlite, or the URL of a server")
    parser.add_argument("version", nargs="*", help="such as 4.2; all unless some are named")
    options = parser.parse_args()
    program = os.path.abspath(options.doorward)
    chosen = [version for version in VERSIONS if not options.version or version.django in options.version]
    if options.database.startswith("postgres:"):
        chosen = [version for version in chosen if version.postgres]
    with ThreadPoolExecutor(max_workers=2) as pool:
        outcomes = list(pool.map(lambda version: one(program, version, options), chosen))
    count = {word: outcomes.count(word) for word in ("passed", "FAILED", "skipped")}
    print(f"{count['passed']} passed, {count['FAILED']} failed, {count['skipped']} skipped")
    return 1 if count["FAILED"] else 0


def one(program: str, version, options) -> str:
    """The outcome for one version, told in a line."""
    began = time.monotonic()
    try:
        interpreter, _ = environment(version, options.environments, drivers(version, options.database))
        for apps in PROJECTS:
            project(program, interpreter, version, apps, options.database)
    except Unavailable as problem:
        return tell(version, "skipped", str(problem))
    except Exception as problem:  # whatever it is, it belongs to this version and must not hide the others
        return tell(version, "FAILED", f"{type(problem).__name__}: {problem}".replace("\n", " | "))
    return tell(version, "passed", f"{', '.join(version.packages)}; {time.monotonic() - began:.0f} s")


def drivers(version, database: str):
    """The packages besides those of the version that its Django needs for servers of databases: one environment for all."""
    return [] if database == "sqlite" else [package for package in (version.postgres, PYMYSQL) if package]


def project(program: str, interpreter, version, apps, database: str):
    try:
        with tempfile.TemporaryDirectory(prefix="adoption-") as folder:
            shelf = Shelf(database, Path(folder))
            name = f"adoption-{version.django}-{len(apps)}".replace(".", "-")
            try:
                adopt(program, interpreter, version, apps, Path(folder), shelf.create(name))
            finally:
                shelf.clear()
    except Exception as problem:
        raise AssertionError(f"with {', '.join(apps) or 'no more apps'}: {problem}") from problem


def tell(version, outcome: str, note: str) -> str:
    print(f"django {version.django}: {outcome}: {note}", flush=True)
    return outcome


if __name__ == "__main__":
    sys.exit(main())
