"""What was answered to requests around a change, held against what was promised."""
import statistics
from collections import defaultdict
from dataclasses import dataclass, field


@dataclass
class Seen:
    """One change, as those saw it who asked."""

    name: str
    # When the first request began that was decided on the new state, after the commit; in seconds.
    delay: float | None
    # When the last one began that was decided on the old state, likewise; 0 where none came later than the commit.
    last_old: float
    asked: int
    unavailable: int
    faults: list = field(default_factory=list)


def judge(change, answers, done, bound):
    """`done` is when the commit had returned, `bound` how much later the old state is the last excuse; in seconds."""
    bound = 0 if change.own else bound
    old = [answer for answer in answers if answer.status == change.before and answer.began > done]
    new = [answer.began for answer in answers if answer.status == change.after and answer.ended > done]
    faults = [f"stale: asked {1000 * (answer.began - done):.1f} ms after the commit" for answer in old if answer.began > done + bound]
    faults += [problem for answer in answers for problem in strange(change, answer)]
    return Seen(
        name=change.name,
        delay=max(0.0, min(new) - done) if new else None,
        last_old=max((answer.began - done for answer in old), default=0.0),
        asked=sum(answer.began > done for answer in answers),
        unavailable=sum(answer.status in (0, 503) for answer in answers),
        faults=faults,
    )


def strange(change, answer):
    if answer.status == 503 and not answer.retry_after:
        yield "503 without Retry-After"
    # 0: there was no answer, which is nobody let in.
    if answer.status not in (change.before, change.after, 503, 0):
        yield f"status {answer.status}"


class Tally:
    """All that was seen."""

    def __init__(self):
        self.seen = []

    def add(self, seen):
        self.seen.append(seen)

    def faults(self):
        return [(seen.name, fault) for seen in self.seen for fault in seen.faults]

    def delays(self):
        return [seen.delay for seen in self.seen if seen.delay is not None]

    def print(self):
        """A line for each kind and road, and one for all: milliseconds after the commit."""
        named = defaultdict(list)
        for seen in self.seen:
            named[seen.name].append(seen)
        width = max(map(len, named), default=0)
        print(f"{'':{width}}  number   median      p99      max  last old  faults")
        for name, some in [*sorted(named.items()), ("all", self.seen)]:
            delays = [1000 * seen.delay for seen in some if seen.delay is not None]
            old = 1000 * max(seen.last_old for seen in some)
            faults = sum(len(seen.faults) for seen in some)
            middle, most = statistics.median(delays or [0]), max(delays, default=0)
            print(
                f"{name:{width}}  {len(some):6} {middle:8.1f} {percentile(delays, 99):8.1f} {most:8.1f} {old:9.1f}  {faults:6}"
            )


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)] if ordered else 0.0
