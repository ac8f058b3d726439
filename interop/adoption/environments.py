"""Virtual environments, one for each Django; made once and kept."""
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path


class Unavailable(Exception):
    """This machine cannot have that Django; the text says why."""


def environment(version, folder: Path, drivers=()):
    """The interpreter of the environment with that Django and these drivers of databases, and the seconds it took to make."""
    packages = [*version.packages, *drivers]
    home = folder / f"django-{version.django}{'-servers' if drivers else ''}"
    interpreter = home / "bin" / "python"
    stamp = home / "installed.txt"
    wanted = "\n".join(packages)
    if stamp.exists() and stamp.read_text() == wanted:
        return interpreter, 0.0
    began = time.monotonic()
    run([find_python(*version.python), "-m", "venv", "--clear", str(home)], "no environment")
    run([str(interpreter), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages],
        "pip cannot install it")
    stamp.write_text(wanted)
    return interpreter, time.monotonic() - began


def find_python(oldest: str, newest: str) -> str:
    """A Python within these versions: this one, or one that the machine has beside it."""
    low, high = numbers(oldest), numbers(newest)
    if low <= sys.version_info[:2] <= high:
        return sys.executable
    for minor in range(high[1], low[1] - 1, -1):
        for candidate in candidates(f"3.{minor}"):
            if works(candidate, (3, minor)):
                return candidate
    raise Unavailable(f"needs Python {oldest} to {newest}")


def candidates(version: str):
    """Where a Python of that version may be: on the path, or among pyenv's."""
    yield f"python{version}"
    if shutil.which("pyenv"):
        root = subprocess.run(["pyenv", "root"], stdout=subprocess.PIPE, universal_newlines=True)
        for home in sorted(Path(root.stdout.strip(), "versions").glob(f"{version}.*")):
            yield str(home / "bin" / "python")


def works(candidate: str, version) -> bool:
    question = f"import sys, venv, ensurepip, sqlite3; sys.exit(sys.version_info[:2] != {version!r})"
    try:
        return subprocess.run([candidate, "-c", question], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def numbers(version: str):
    return tuple(int(part) for part in version.split("."))


def run(command, problem: str):
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True,
                          env=surroundings)
    if done.returncode:
        last = (done.stdout.strip().splitlines() or ["?"])[-1]
        raise Unavailable(f"{problem}: {last}")
