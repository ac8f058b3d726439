"""Who is measured: each starts on a copy of the same database."""
import json
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parent
sys.path.insert(0, str(BENCH.parent / "conformance"))
from harness import Server  # noqa: E402

# As many as the machine has processors; what users set besides is what their papers advise.
WORKERS = "2"


class Contender:
    """A server, by a command; `{port}` is replaced."""

    def __init__(self, name, *command, folder="reference"):
        self.name, self.command, self.folder = name, command, folder

    def start(self, site, url):
        log = site.folder / f"{self.name}.log"
        return Server(self.command, site.environment(url), log, self.folder, None)


class Bare:
    """Bare axum, which answers what the tutorial answered."""

    name = "bare axum"

    def __init__(self, program):
        self.program = program

    def start(self, site, _, answer):
        told = site.folder / "answer.json"
        told.write_text(json.dumps(answer))
        log = site.folder / "bare.log"
        return Server((self.program, "127.0.0.1:{port}", str(told)), {}, log, "bare", None)


def django(python):
    """Django as its users run it, the plainest first."""
    gunicorn = (python, "-m", "gunicorn", "tutorial.wsgi", "--bind", "127.0.0.1:{port}", "--workers", WORKERS)
    yield Contender("Django, gunicorn sync", *gunicorn)
    yield Contender("Django, gunicorn gthread", *gunicorn, "--worker-class", "gthread", "--threads", "4",
                    "--keep-alive", "75")
    yield Contender("Django, granian", python, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
                    "--port", "{port}", "--workers", WORKERS, "--no-ws", "tutorial.wsgi:application")


def doorward(program):
    return Contender("Doorward", program, "--bind", "127.0.0.1:{port}", folder="doorward")

