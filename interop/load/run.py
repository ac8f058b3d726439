"""Measures what good clients notice of hostile ones, and of a server that is told to stop.

    python3 interop/load/run.py --doorward target/dist/doorward [SCENARIO...]

Python 3.11 and its standard library. Scenarios: base, idle, one-core, descriptors, stop, stop-at-once, and the names of
`attacks.py`. Each runs on a server of its own. The good clients make `--rate` requests a second, a third of each over
kept connections, new ones and HTTP/2. The server, the good clients and the hostile ones share the machine."""

import argparse
import asyncio
import multiprocessing
import resource
import time

from attacks import ATTACKS, Flood, Idle, SlowHead
from good import Http1, Load
from server import Site

BEFORE, AFTER = 1, 3


def main():
    arguments = parse()
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    names = arguments.scenarios or ["base", "idle", *ATTACKS, "one-core", "descriptors", "stop", "stop-at-once"]
    for name in names:
        scenario(name, arguments)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--doorward", required=True, help="the program")
    parser.add_argument("--rate", type=int, default=200, help="good requests a second")
    parser.add_argument("--seconds", type=float, default=15, help="how long each attack goes on")
    parser.add_argument("--idle", type=int, default=2000, help="how many idle connections")
    parser.add_argument("scenarios", nargs="*")
    return parser.parse_args()


def scenario(name, arguments):
    if name in ("stop", "stop-at-once"):
        return stop(name, arguments)
    settings = {}
    attack, crowd = {
        "base": (None, 0),
        "idle": (Idle, arguments.idle),
        "one-core": (SlowHead, 1000),
        "descriptors": (Idle, 60),
    }.get(name) or ATTACKS[name]
    if name == "one-core":
        settings["cores"] = {0}
    if name == "descriptors":
        settings["files"] = 64
    site = Site(arguments.doorward, **settings)
    try:
        print(f"{name}: {measure(site, attack, crowd, arguments)}", flush=True)
    finally:
        site.stop()


def measure(site, attack, crowd, arguments):
    """The attack has a process of its own, so that it does not slow down the good clients' clock."""
    seconds, ending = arguments.seconds if attack else 5, multiprocessing.Event()
    said, told = multiprocessing.Pipe(duplex=False)
    hostile = multiprocessing.Process(target=attacker, args=(attack, crowd, site.port, seconds, ending, told))
    if attack:
        hostile.start()
        said.recv()
    cpu, start = site.cpu(), time.monotonic()
    tally = asyncio.run(Load(site.port, arguments.rate).run(seconds))
    cpu, rss, files = (site.cpu() - cpu) / (time.monotonic() - start), site.rss(), site.descriptors()
    ending.set()
    seen = said.recv() if attack else "none"
    if attack:
        hostile.join()
    time.sleep(AFTER)
    still = site.cpu()
    time.sleep(1)
    return (
        f"{tally}; server {cpu:.0%} of a core, {rss:.0f} MiB (before {site.first_rss:.0f}, after {site.rss():.0f}),"
        f" {files} descriptors (after {site.descriptors()}), {site.cpu() - still:.0%} of a core afterwards;"
        f" hostile: {seen}"
    )


def attacker(attack, crowd, port, seconds, ending, told):
    async def work():
        hostile = attack(port, crowd)
        task = asyncio.ensure_future(hostile.run())
        await asyncio.sleep(3 if crowd > 100 else BEFORE)
        told.send("begun")
        while not ending.is_set():
            await asyncio.sleep(0.1)
        hostile.stopped.set()
        await asyncio.wait([task], timeout=15)
        told.send(dict(hostile.seen))

    asyncio.run(work())


def stop(name, arguments):
    """SIGTERM under 500 requests a second; a balancer asks /readyz ten times a second."""
    delay = "2s" if name == "stop" else "0s"
    site = Site(arguments.doorward, shutdown_delay=delay)

    async def work():
        load = Load(site.port, 500)
        running = asyncio.ensure_future(load.run(8))
        await asyncio.sleep(3)
        site.terminate()
        start = time.monotonic()
        if name == "stop":
            while await ready(site.port):
                await asyncio.sleep(0.1)
            load.stop()
            noticed = f", not ready after {time.monotonic() - start:.2f} s"
        else:
            noticed = ""
        return f"{await running}{noticed}"

    text = asyncio.run(work())
    print(f"{name} (shutdown_delay {delay}): {text}; exit {site.stop()}", flush=True)


async def ready(port):
    connection = await Http1.open(port)
    try:
        return await connection.get("/readyz") == 200
    finally:
        connection.close()


if __name__ == "__main__":
    main()
