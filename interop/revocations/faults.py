#!/usr/bin/env python3
"""The same as `run.py`, while something goes wrong: one fault after the other, each on a site of its own.

    PYTHON interop/revocations/faults.py --programs target/debug [--database URL] [--long] [NAME …]

A fault that is not of this kind of database is left out. It is a failure where an answer is older than the bound, or where a door that
cannot know answers otherwise than with 503 and Retry-After. Prints a line for each: `trigger dropped on sqlite: passed`.
"""
import argparse
import itertools
import multiprocessing
import sys
import tempfile
import time
import traceback
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "conformance")]
import people
import servers
import wrong_tables
import wrongs
from changes import changes_on
from door import Watch, request
from nodes import Site
from worker import Worker

# Milliseconds.
BOUND = 100
# Seconds for one fault at the most.
PATIENCE = 180
# By name; each module registers its own.
FAULTS = wrongs.FAULTS if wrong_tables else {}
SPAWN = multiprocessing.get_context("spawn")


class Scene:
    """A site, somebody new for each change, and what went wrong so far."""

    def __init__(self, site, own, long):
        self.site, self.own, self.long = site, own, long
        self.worker = Worker(site)
        self.roads = self.worker.roads
        self.changes = {change.name: change for change in changes_on(site.kind)}
        self.numbers, self.crowd, self.problems, self.delays = itertools.count(), iter(()), [], []

    @property
    def bound(self):
        return self.site.bound

    def somebody(self):
        who = next(self.crowd, None)
        if who is None:
            self.crowd = iter(people.make(f"p{next(self.numbers)}", 40))
            who = next(self.crowd)
        return who

    def change(self, name="user deactivated (token), by plain SQL", make=None, who=None):
        """Makes that change, or another in its place, and judges what was seen of it."""
        change = self.changes[name]
        seen = self.worker.make(replace(change, make=make) if make else change, who or self.somebody())
        self.problems += [f"{name}: {fault}" for fault in seen.faults]
        self.delays.append(seen.delay)
        return seen

    def go_on(self, seconds):
        """One change after the other, of several kinds."""
        names = itertools.cycle(USUAL)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.change(next(names))

    def watch(self, who=None, port=None):
        """Asks for somebody whom nobody changes, over a connection more, until it is ended."""
        ask = self.changes[USUAL[0]].ask
        watch = Watch(port or self.site.ports[0], 1, 0.002)
        watch.begin(request("GET", ask.path, (who or self.somebody()).headers(ask.credential)))
        self.expect(watch.until(lambda: watch.all_asked_since(0, ask.yes), 5), "nobody was let in")
        return watch

    def expect(self, is_so, problem):
        if not is_so:
            self.problems.append(problem)

    def expect_no_answer(self, answers):
        """Who cannot know does not let anybody in, nor say that a credential is bad."""
        for answer in answers:
            is_busy = answer.status == 503 and answer.retry_after
            self.expect(is_busy, f"status {answer.status} instead of 503 with Retry-After")


# A change of each kind of fact that is remembered.
USUAL = [
    "user deactivated (token), by plain SQL",
    "session deleted, by plain SQL",
    "group taken, by plain SQL",
    "JWT blacklisted, by plain SQL",
    "password changed (access), by plain SQL",
]


def play(name, options, told):
    """One fault, in a process of its own."""
    fault, own = FAULTS[name], None
    try:
        with tempfile.TemporaryDirectory(prefix="revocations-") as folder:
            own = fault.server(options.database)
            base = own.url if fault.server is servers.own else options.database
            site = Site(options.programs, base, folder, BOUND, **fault.settings(own, folder))
            try:
                scene = Scene(site, own, options.long)
                fault.work(scene)
                scene.worker.close()
                told.put((scene.problems, [delay for delay in scene.delays if delay is not None]))
            finally:
                site.close()
    except Exception:  # it belongs to this fault, and must not hide others
        told.put(([traceback.format_exc()], []))
    finally:
        if own:
            own.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", required=True)
    parser.add_argument("--database", default="sqlite")
    parser.add_argument("--long", action="store_true", help="transactions of 30 seconds, and whatever else takes long")
    parser.add_argument("name", nargs="*", default=list(FAULTS))
    options = parser.parse_args()
    kind = options.database.partition(":")[0]
    names = [name for name in options.name if kind in FAULTS[name].databases and FAULTS[name].is_possible()]
    passed = [one(name, kind, options) for name in names]
    return 0 if all(passed) and passed else 1


def one(name, kind, options):
    told = SPAWN.Queue()
    process = SPAWN.Process(target=play, args=(name, options, told))
    process.start()
    began = time.monotonic()
    try:
        problems, delays = told.get(timeout=PATIENCE)
    except Exception:  # nothing was told in time
        problems, delays = ["it took too long"], []
        process.terminate()
    process.join()
    took, slowest = time.monotonic() - began, 1000 * max(delays, default=0)
    outcome = "passed" if not problems else "FAILED"
    print(f"{name} on {kind}: {outcome}: {len(delays)} changes, the slowest seen after {slowest:.0f} ms; {took:.0f} s", flush=True)
    for problem in sorted(set(problems))[:8]:
        print(f"    {problems.count(problem)} × {problem}", flush=True)
    return not problems


if __name__ == "__main__":
    sys.exit(main())
