"""The program under test: its commands, and its server."""
import http.client
import json
import os
import signal
import socket
import subprocess
import time


class Doorward:
    """`doorward` in a folder, on one database, with one secret key."""

    def __init__(self, program: str, folder, database: str, key: str):
        self.program = program
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DOORWARD_", "DJANGO_"))}
        self.environment = {**kept, "DOORWARD_SECRET_KEY": key, "DOORWARD_DATABASE_URL": database}
        self.folder = folder

    def command(self, *words: str, given: str = "") -> str:
        """What a command prints that succeeds."""
        done = subprocess.run([self.program, *words], cwd=self.folder, env=self.environment, input=given,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert done.returncode == 0, f"doorward {' '.join(words)}: {done.stdout}{done.stderr}"
        return done.stdout

    def __enter__(self):
        self.port = free_port()
        self.server = subprocess.Popen([self.program, "runserver", f"127.0.0.1:{self.port}"], cwd=self.folder,
                                       env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.wait()
        return self

    def __exit__(self, *_):
        self.server.send_signal(signal.SIGTERM)
        self.server.wait(30)

    def wait(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.server.poll() is None:
            try:
                if self.call("GET", "/readyz")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.05)
        raise AssertionError("the server did not get ready")

    def call(self, method: str, path: str, headers=None, body=None):
        """Status, body (parsed where it is JSON) and cookies of the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = dict(headers or {})
        if body is not None:
            headers["Content-Type"] = "application/json"
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        cookies = [line.partition(";")[0].partition("=") for line in answer.headers.get_all("Set-Cookie", [])]
        connection.close()
        return answer.status, parsed(text), {name: value for name, _, value in cookies}


def parsed(text: str):
    try:
        return json.loads(text)
    except ValueError:
        return text


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
