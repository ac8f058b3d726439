#!/usr/bin/env python3
"""Type each example's own commands, at the example and at the tutorial's project in Django, and compare the answers.

    run.py --python VENV/bin/python --binaries target/debug [-k drfauth101] [-v]

The commands are those that stand above the code of examples/NAME/src/main.rs. Both sites work on one database, which
the example makes; `doorward` makes the users. Tokens of a moment (JSON web tokens, signed names) are not compared
letter by letter, but the one's are used where the tutorial says so. Needs curl, and a Python with
reference/requirements.txt.
"""
import argparse
import contextlib
import http.cookiejar
import json
import os
import re
import shlex
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parent.parent / "examples"
NAMES = ["drfauth101", "token-profile", "jwt-products", "session-dashboard", "custom-authentication", "object-permissions"]
USERS = {"root": "toor", "admin": "password123", "other": "password456"}
# What an answer gives, by the name that stands in the commands for it.
GIVEN = {"token": "TOKEN", "access": "ACCESS_TOKEN", "refresh": "REFRESH_TOKEN", "X-Username": "NAME_TAG"}
OF_A_MOMENT = {"access", "refresh", "X-Username"}
HEADERS = {"allow", "content-type", "location", "vary", "www-authenticate"}


def commands(name: str) -> list[str]:
    """The commands above an example's code."""
    lines = (EXAMPLES / name / "src/main.rs").read_text().splitlines()
    typed = (line.removeprefix("//! ") for line in lines if line.startswith("//! "))
    found = [line for line in typed if re.match(r"curl |doorward |csrf=", line)]
    if not found:
        raise SystemExit(f"no commands stand above the code of examples/{name}")
    return found


class Reader:
    """Someone who types the commands at one site."""

    def __init__(self, port: int, login: str, environment: dict[str, str]):
        self.site = f"http://127.0.0.1:{port}"
        self.login = self.site + login
        self.environment = environment
        self.folder = tempfile.TemporaryDirectory(prefix="tutorial-reader-")
        self.notes: dict[str, str] = {}

    def type(self, command: str):
        """What the command answers: status, some headers, body."""
        if "<COOKIE_VALUE>" in command and "COOKIE_VALUE" not in self.notes:
            self.notes["COOKIE_VALUE"] = self.session_cookie()
        for name, value in self.notes.items():
            command = command.replace(f"<{name}>", value)
        command = command.replace("http://127.0.0.1:8000", self.site)
        if command.startswith("csrf="):
            self.environment["csrf"] = self.shell(f"{command}; echo $csrf").strip()
            return None
        if not command.startswith("curl ") or "-o /dev/null" in command:
            self.shell(command)
            return None
        return self.noted(self.shell(command.replace("curl ", "curl -s -i ", 1)))

    def shell(self, command: str) -> str:
        folder = self.environment["FOLDER"] if command.startswith("doorward ") else self.folder.name
        done = subprocess.run(command, shell=True, cwd=folder, env=self.environment, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{command}\nended with {done.returncode}\n{done.stderr}")
        return done.stdout

    def noted(self, answer: str):
        head, _, body = answer.replace("\r", "").partition("\n\n")
        status, *lines = head.splitlines()
        pairs = sorted((name.lower(), value) for name, _, value in (line.partition(": ") for line in lines))
        return status.split()[1], [pair for pair in pairs if pair[0] in HEADERS], self.body(body)

    def body(self, text: str):
        """The body, with what is of a moment noted and masked; pages are not compared."""
        if text.lstrip().startswith("<"):
            return "a page"
        data = json.loads(text) if text else None
        if isinstance(data, dict):
            self.notes |= {note: data[field] for field, note in GIVEN.items() if field in data}
            data = {field: "..." if field in OF_A_MOMENT else value for field, value in data.items()}
        return json.dumps(data)

    def session_cookie(self) -> str:
        """What a browser shows after a login as root."""
        jar = http.cookiejar.CookieJar()
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        value = lambda name: next(cookie.value for cookie in jar if cookie.name == name)
        browser.open(self.login).read()
        form = {"username": "root", "password": USERS["root"], "next": "/home/", "csrfmiddlewaretoken": value("csrftoken")}
        browser.open(self.login, urllib.parse.urlencode(form).encode()).close()
        return value("sessionid")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextlib.contextmanager
def running(command: list, port: int, environment: dict[str, str], log: Path):
    """A server until the block ends; its log is shown where it does not start."""
    with log.open("w") as out:
        server = subprocess.Popen(command, cwd=log.parent, env=environment, stdout=out, stderr=out)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            if server.poll() is not None:
                break
            time.sleep(0.1)
        if server.poll() is not None:
            raise SystemExit(f"{shlex.join(map(str, command))} did not start:\n{log.read_text()}")
        yield
    finally:
        server.terminate()
        server.wait(30)


def compare(name: str, python: str, binaries: Path, verbose: bool) -> int:
    """The number of commands that the two sites answer differently."""
    with tempfile.TemporaryDirectory(prefix="tutorial-") as folder:
        ours, django = free_port(), free_port()
        environment = os.environ | {
            "DATABASE": f"{folder}/doorward.sqlite3",
            "DOORWARD_SECRET_KEY": "the secret key of both sites, for this comparison only 0123456789",
            "DOORWARD_SERVER__BIND": f"127.0.0.1:{ours}",
            "EXAMPLE": name,
            "FOLDER": folder,
            "PATH": f"{binaries}:{os.environ['PATH']}",
            "PYTHONPATH": str(HERE),
        }
        site = [python, HERE / "site.py", "runserver", "--noreload", f"127.0.0.1:{django}"]
        with running([binaries / name], ours, environment, Path(folder) / "ours.log"):
            make_users(binaries, folder, environment)
            with running(site, django, environment, Path(folder) / "django.log"):
                readers = Reader(ours, "/admin/", environment), Reader(django, "/admin/login/", environment.copy())
                return sum(differs(command, *readers, verbose) for command in commands(name))


def make_users(binaries: Path, folder: str, environment: dict[str, str]) -> None:
    for username, password in USERS.items():
        command = [binaries / "doorward", "createsuperuser", "--noinput", "--username", username]
        command += ["--email", f"{username}@example.com"]
        environment = environment | {"DJANGO_SUPERUSER_PASSWORD": password}
        subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)


def differs(command: str, ours: Reader, django: Reader, verbose: bool) -> bool:
    answer, expected = ours.type(command), django.type(command)
    if verbose or answer != expected:
        print(f"{'same' if answer == expected else 'DIFFERENT'}: {command}\n  ours:   {answer}\n  Django: {expected}")
    return answer != expected


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--python", default=sys.executable, help="a Python that has reference/requirements.txt")
    parser.add_argument("--binaries", default="target/debug", help="folder of the examples and of doorward")
    parser.add_argument("-k", dest="only", help="examples whose name matches this regular expression")
    parser.add_argument("-v", dest="verbose", action="store_true", help="print every answer")
    options = parser.parse_args()
    failed = 0
    for name in NAMES:
        if not options.only or re.search(options.only, name):
            count = compare(name, options.python, Path(options.binaries).resolve(), options.verbose)
            print(f"{name}: {len(commands(name))} commands, {count} answered differently")
            failed += count
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
