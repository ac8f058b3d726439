"""A door, asked over kept connections: what was asked when, and what it answered."""
import json
import socket
import threading
import time
from dataclasses import dataclass

HOST = "127.0.0.1"
# Longer than the door lets anybody wait.
TIMEOUT = 60
# A connection that is not served at all is tried again so often, in seconds.
AGAIN = 0.02


@dataclass(frozen=True)
class Answer:
    """Of one request: when it was sent, when its answer was there (`time.monotonic`), and what that was."""

    began: float
    ended: float
    status: int
    # Whether it says when to come again.
    retry_after: bool = False
    cookies: tuple = ()


def request(method, path, headers, body=None):
    """The bytes of a request."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}"]
    payload = b"" if body is None else json.dumps(body).encode()
    if body is not None:
        lines.append("Content-Type: application/json")
    if method != "GET":
        lines.append(f"Content-Length: {len(payload)}")
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + payload


class Connection:
    """One connection, opened anew where the server closed it."""

    def __init__(self, port):
        self.port, self.socket = port, None

    def ask(self, sent):
        """The answer to those bytes. `OSError` where there is none."""
        try:
            if self.socket is None:
                self.socket = socket.create_connection((HOST, self.port), TIMEOUT)
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            began = time.monotonic()
            self.socket.sendall(sent)
            head, rest = self._head()
            return self._answer(began, head, rest)
        except OSError:
            self.close()
            raise

    def _head(self):
        read = b""
        while b"\r\n\r\n" not in read:
            read += self._some()
        head, _, rest = read.partition(b"\r\n\r\n")
        return head.decode("latin-1").split("\r\n"), rest

    def _answer(self, began, head, rest):
        status = int(head[0].split(" ", 2)[1])
        headers = [line.partition(":")[::2] for line in head[1:]]
        headers = [(name.lower(), value.strip()) for name, value in headers]
        named = dict(headers)
        left = int(named.get("content-length", 0)) - len(rest)
        while left > 0:
            left -= len(self._some())
        ended = time.monotonic()
        if named.get("connection", "").lower() == "close":
            self.close()
        cookies = tuple(value for name, value in headers if name == "set-cookie")
        return Answer(began, ended, status, named.get("retry-after", "").isdigit(), cookies)

    def _some(self):
        read = self.socket.recv(65536)
        if not read:
            raise ConnectionError("it was closed")
        return read

    def close(self):
        if self.socket is not None:
            self.socket.close()
        self.socket = None


class Watch:
    """Asks the same again and again, over several connections at once, and keeps every answer."""

    def __init__(self, port, connections, pause):
        self.pause, self.sent, self.heard = pause, None, []
        self.asking, self.ending = threading.Event(), False
        self.threads = [
            threading.Thread(target=self._ask, args=(Connection(port), number), daemon=True)
            for number in range(connections)
        ]
        self.connections = connections
        for thread in self.threads:
            thread.start()

    def begin(self, sent):
        self.sent, self.heard = sent, []
        self.asking.set()

    def until(self, enough, seconds):
        """Whether that came true within so many seconds."""
        deadline = time.monotonic() + seconds
        while not enough():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.001)
        return True

    def all_asked_since(self, moment, status=None):
        """Whether each connection had an answer to something that it asked after that moment (of that status)."""
        numbers = {
            number
            for number, answer in list(self.heard)
            if answer.began > moment and (status is None or answer.status == status)
        }
        return len(numbers) == self.connections

    def end(self):
        """What was answered; nothing is asked any more."""
        self.asking.clear()
        return [answer for _, answer in list(self.heard)]

    def close(self):
        self.ending = True
        self.asking.set()
        for thread in self.threads:
            thread.join(TIMEOUT)

    def _ask(self, connection, number):
        while True:
            self.asking.wait()
            if self.ending:
                return connection.close()
            sent, heard, began = self.sent, self.heard, time.monotonic()
            try:
                heard.append((number, connection.ask(sent)))
                time.sleep(self.pause)
            except OSError:
                # Nobody was let in: a connection that was cut, a server that is away.
                heard.append((number, Answer(began, time.monotonic(), 0)))
                time.sleep(AGAIN)
