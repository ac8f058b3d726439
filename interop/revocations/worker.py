"""Workers: each makes one change after the other, and asks meanwhile over several connections."""
import time
import traceback

import people
from changes import changes_on
from door import Watch, request
from roads import Roads
from verdict import Seen, judge

# How many connections ask for what one worker changes, and how long each rests between two requests, in seconds.
CONNECTIONS = 3
PAUSE = 0.002
# What is asked about has to be known first.
PRIMED = 5
# After the bound it is asked for a little longer.
MORE = 0.01
# Whatever is not seen by then never will be.
LONGEST = 20


class Worker:
    """What one process changes, on a site that runs."""

    def __init__(self, site, connections=CONNECTIONS, pause=PAUSE):
        people.set_up(site.environment)
        self.roads = Roads(site.url, site.ports, site.program)
        self.watch = Watch(site.ports[0], connections, pause)
        self.bound = site.bound

    def make(self, change, who):
        """Makes one change, and judges what was seen of it."""
        try:
            return self._make(change, who)
        except Exception:  # it belongs to this change, and must not hide others
            self.watch.end()
            self.roads.close()
            return Seen(change.name, None, 0.0, 0, 0, [traceback.format_exc().replace("\n", " | ")])

    def _make(self, change, who):
        if change.prepare:
            change.prepare(self.roads, who)
        ask = change.ask
        self.watch.begin(request(ask.method, ask.path, who.headers(ask.credential), {} if ask.method == "POST" else None))
        began = time.monotonic()
        knows = self.watch.until(lambda: self.watch.all_asked_since(began, change.before), PRIMED)
        change.make(self.roads, who)
        done = time.monotonic()
        enough = done + self.bound + MORE
        self.watch.until(lambda: self.watch.all_asked_since(enough), LONGEST)
        seen = judge(change, self.watch.end(), done, self.bound)
        seen.faults += [] if knows else ["what was there before was never seen"]
        seen.faults += [] if seen.delay is not None else ["it was never seen"]
        return seen

    def close(self):
        self.watch.close()
        self.roads.close()


def run(site, number, names, seconds, told):
    """A process of its own: the changes of those names, one after the other, for so many seconds at the most."""
    worker = Worker(site)
    known = {change.name: change for change in changes_on(site.kind)}
    alone = any(known[name].alone for name in names)
    everybody = one_by_one(number, names) if alone else people.make(f"w{number}", len(names))
    end = time.monotonic() + seconds
    for name, who in zip(names, everybody):
        if time.monotonic() > end:
            break
        told.put(worker.make(known[name], who))
    worker.close()
    told.put(None)


def one_by_one(number, names):
    """Where each change may take all people along."""
    for place, _ in enumerate(names):
        yield from people.make(f"w{number}n{place}", 1)
