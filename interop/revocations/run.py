#!/usr/bin/env python3
"""Takes credentials back and gives them, by every road, under load; and counts how long that takes to be seen.

    PYTHON interop/revocations/run.py --programs target/debug [--database URL] [--count 400] [--bound 100] [--feed auto] [--picture FILE]

`PYTHON` has the reference's requirements; `--programs` is the folder of `doorward` and `tutorial`. `URL` is `sqlite`, or a server of
databases whose user may make some. Two nodes run; several workers make one change after the other: by Django's ORM, by SQL, by
endpoints of the node that is asked and of the other one, by commands. After each the node is asked over several connections. It is a
failure where a request that began later than the commit and `--bound` milliseconds was decided on the state before it, on the node that
wrote: than the commit. Tells of each kind, in milliseconds after the commit had returned, when the first request began that was
decided on the new state, and when the last one that was decided on the old.
"""
import argparse
import multiprocessing
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "conformance")]
import load
import picture
import worker
from changes import changes_on
from nodes import Described, Site
from verdict import Tally

# Seconds without a word from a process.
PATIENCE = 120
SPAWN = multiprocessing.get_context("spawn")


def main():
    options = arguments()
    # Who ends it has its servers ended too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="revocations-") as folder:
        site = Site(options.programs, options.database, folder, options.bound, options.feed)
        try:
            tally, rate, others = measure(site, options)
        finally:
            site.close()
        return tell(options, site, tally, rate, others)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", required=True)
    parser.add_argument("--database", default="sqlite")
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--bound", type=int, default=100, help="cache.max_staleness, in milliseconds")
    parser.add_argument("--feed", default="auto", help="cache.feed")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=3600, help="it ends then, whatever was done")
    parser.add_argument("--only", default="", help="changes with this in their name")
    parser.add_argument("--picture", help="a file for the drawn distribution (SVG)")
    return parser.parse_args()


def measure(site, options):
    known = [change for change in changes_on(site.kind) if options.only in change.name]
    names = in_turn(known, options.count)
    together, alone = ([change.name for change in names if change.alone is only] for only in (False, True))
    tally, told, ending = Tally(), SPAWN.Queue(), SPAWN.Event()
    crowd = SPAWN.Process(daemon=True, target=load.run, args=(Described(site), ending, told))
    crowd.start()
    told.get(timeout=PATIENCE)
    try:
        parts = [together[number :: options.workers] for number in range(options.workers)]
        work(site, parts, options.seconds, tally)
    finally:
        ending.set()
    rate, others = told.get(timeout=PATIENCE)
    crowd.join()
    if alone:
        work(site, [alone], options.seconds, tally)
    return tally, rate, others


def in_turn(changes, count):
    """So many, of each as many as its share, in an order that is the same each time."""
    whole = sum(change.share for change in changes)
    many = [change for change in changes for _ in range(max(1, round(count * change.share / whole)))]
    random.Random(1).shuffle(many)
    return many


def work(site, lists, seconds, tally):
    told = SPAWN.Queue()
    processes = [
        SPAWN.Process(daemon=True, target=worker.run, args=(Described(site), f"{number}x{len(some)}", some, seconds, told))
        for number, some in enumerate(lists)
    ]
    for process in processes:
        process.start()
    for _ in processes:
        for seen in iter(lambda: told.get(timeout=PATIENCE), None):
            tally.add(seen)
    for process in processes:
        process.join()


def tell(options, site, tally, rate, others):
    tally.print()
    faults = tally.faults()
    for name, fault in faults[:20]:
        print(f"FAILED {name}: {fault}")
    if others:
        print(f"FAILED others were answered {others}")
    print(
        f"{len(tally.seen)} changes on {site.kind}, bound {options.bound} ms, feed {options.feed}: {len(faults)} faults; "
        f"{rate:.0f} other requests a second"
    )
    if options.picture:
        when = time.strftime("%Y-%m-%d")
        title = f"{len(tally.seen)} changes, {site.kind}, bound {options.bound} ms, feed {options.feed}, {when}"
        Path(options.picture).write_text(picture.draw(title, options.bound, tally))
    return 1 if faults or others or not tally.seen else 0


if __name__ == "__main__":
    sys.exit(main())
