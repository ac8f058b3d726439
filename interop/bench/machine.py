"""What processes cost: time of processors, and memory."""
import os
import platform
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def tree(pid):
    """That process and all below it."""
    children = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                children.setdefault(parent(entry), []).append(int(entry.name))
            except (OSError, ValueError):
                continue  # It has just ended.
    found, left = [], [pid]
    while left:
        found.append(left.pop())
        left += children.get(found[-1], [])
    return found


def fields(entry):
    """Those of /proc/PID/stat behind the name, which may hold anything."""
    return (entry / "stat").read_text().rpartition(")")[2].split()


def parent(entry):
    return int(fields(entry)[1])


def seconds(pid):
    """Of processors, in user and system mode, since the processes began."""
    total = 0
    for one in tree(pid):
        try:
            told = fields(Path(f"/proc/{one}"))
            total += int(told[11]) + int(told[12])
        except OSError:
            continue
    return total / TICK


def megabytes(pid):
    """Of memory; what processes share is counted once, in parts."""
    total = 0
    for one in tree(pid):
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except OSError:
            continue
    return total / 1024


def described():
    """The machine, in a line."""
    models = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
              if line.startswith("model name")]
    return f"{len(models)} × {models[0] if models else platform.machine()}, Linux {platform.release()}"
