"""Clients that keep their connection as long as they may, and lose no answer without telling it."""

import socket
import struct
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "load"))
from frames import ACK, DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, PING, PREFACE, RST_STREAM, SETTINGS
from frames import WINDOW_UPDATE, block, frame, settings

PATIENCE = 20
CHUNK = 16_000
STATUSES = {8: 200, 9: 204, 10: 206, 11: 304, 12: 400, 13: 404, 14: 500}


class Lost(Exception):
    """An answer that did not come, on a connection that nobody said would end."""


class Http1:
    """Sends a request whole, then reads its answer: as most clients do that are not browsers."""

    def __init__(self, port):
        self.port, self.socket = port, None

    def ask(self, method, path, headers, body, chunked=False, expect=False):
        """The status. A connection is made anew only where the last answer said so."""
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
            self.file = self.socket.makefile("rb")
        try:
            return self.exchange(method, path, headers, body, chunked, expect)
        except (OSError, Lost) as error:
            self.close()
            raise Lost(f"{type(error).__name__}: {error}") from error

    def exchange(self, method, path, headers, body, chunked, expect):
        framing = "Transfer-Encoding: chunked\r\n" if chunked else f"Content-Length: {len(body)}\r\n"
        fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        expects = "Expect: 100-continue\r\n" if expect else ""
        self.socket.sendall(f"{method} {path} HTTP/1.1\r\n{fields}{framing}{expects}\r\n".encode())
        if expect:
            status, close = self.answer()
            if status != 100:
                # The body was not sent: nobody may read on from here.
                self.close()
                return status
        self.send(body, chunked)
        status, close = self.answer()
        while status == 100:
            status, close = self.answer()
        if close:
            self.ends_gently()
        return status

    def send(self, body, chunked):
        if not chunked:
            return self.socket.sendall(body)
        for start in range(0, len(body), CHUNK):
            part = body[start : start + CHUNK]
            self.socket.sendall(b"%x\r\n%s\r\n" % (len(part), part))
        self.socket.sendall(b"0\r\n\r\n")

    def answer(self):
        head = []
        while not head or head[-1] != b"\r\n":
            line = self.file.readline()
            if not line:
                raise Lost(f"the end, after {head}")
            head.append(line)
        status = int(head[0].split()[1])
        fields = {line.split(b":")[0].lower(): line.split(b":", 1)[1].strip().lower() for line in head[1:-1]}
        if status != 100:
            self.body(fields)
        return status, fields.get(b"connection") == b"close"

    def body(self, fields):
        if fields.get(b"transfer-encoding") != b"chunked":
            length = int(fields.get(b"content-length", 0))
            if len(self.file.read(length)) < length:
                raise Lost("the end, amidst a body")
            return
        while length := int(self.file.readline() or b"0", 16):
            self.file.read(length + 2)
        self.file.readline()

    def ends_gently(self):
        if self.file.read(1):
            raise Lost("more than one answer")
        self.close()

    def close(self):
        if self.socket:
            self.file.close()
            self.socket.close()
            self.socket = None


class Http2:
    """One stream after the other on one connection, within the windows that the server gives."""

    def __init__(self, port):
        self.port, self.socket = port, None

    def open(self):
        self.socket = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        self.file = self.socket.makefile("rb")
        self.next, self.window, self.first, self.room, self.status = 1, 65_535, 65_535, {}, None
        self.socket.sendall(PREFACE + settings(header_table_size=0, enable_push=0))

    def ask(self, method, path, headers, body, chunked=False, expect=False):
        if self.socket is None:
            self.open()
        try:
            return self.exchange(method, path, headers, body)
        except (OSError, Lost, struct.error) as error:
            self.close()
            raise Lost(f"{type(error).__name__}: {error}") from error

    def exchange(self, method, path, headers, body):
        stream, self.next, self.status = self.next, self.next + 2, None
        self.room[stream] = self.first
        fields = {name.lower(): value for name, value in headers.items() if name != "Host"}
        head = block(path, method, **fields)
        self.socket.sendall(frame(HEADERS, END_HEADERS, stream, head))
        sent, ended = 0, False
        while not ended and sent < len(body):
            room = min(self.window, self.room[stream], CHUNK, len(body) - sent)
            if room <= 0:
                ended = self.take(stream)
                continue
            last = END_STREAM if sent + room == len(body) else 0
            self.socket.sendall(frame(DATA, last, stream, body[sent : sent + room]))
            sent, self.window, self.room[stream] = sent + room, self.window - room, self.room[stream] - room
        while not ended:
            ended = self.take(stream)
        del self.room[stream]
        return self.status

    def take(self, stream):
        """Reads a frame; whether the answer has ended."""
        head = self.file.read(9)
        if len(head) < 9:
            raise Lost("the end")
        length, kind, flags = int.from_bytes(head[:3], "big"), head[3], head[4]
        number, payload = int.from_bytes(head[5:], "big") & 0x7FFFFFFF, self.file.read(length)
        if kind == SETTINGS and not flags & ACK:
            self.configure(payload)
        elif kind == PING and not flags & ACK:
            self.socket.sendall(frame(PING, ACK, payload=payload))
        elif kind == WINDOW_UPDATE:
            self.widen(number, struct.unpack("!I", payload)[0])
        elif kind == GOAWAY:
            raise Lost(f"GOAWAY {payload.hex()}")
        elif kind == HEADERS and number == stream:
            self.status = status(payload)
        elif kind == RST_STREAM and number == stream and (self.status is None or any(payload)):
            raise Lost(f"a reset: {payload.hex()}")
        elif kind == DATA and length:
            self.socket.sendall(frame(WINDOW_UPDATE, payload=struct.pack("!I", length)))
        return number == stream and kind in (HEADERS, DATA) and bool(flags & END_STREAM)

    def configure(self, payload):
        for start in range(0, len(payload), 6):
            name, value = struct.unpack("!HI", payload[start : start + 6])
            if name == 4:
                self.room = {stream: room + value - self.first for stream, room in self.room.items()}
                self.first = value
        self.socket.sendall(frame(SETTINGS, ACK))

    def widen(self, number, room):
        if number == 0:
            self.window += room
        elif number in self.room:
            self.room[number] += room

    def close(self):
        if self.socket:
            self.file.close()
            self.socket.close()
            self.socket = None


def status(payload):
    """The first field of an answer's head (RFC 7541 section 6); no table is kept."""
    while payload[0] & 0xE0 == 0x20:
        payload = payload[1:]
    if payload[0] & 0x80:
        return STATUSES[payload[0] & 0x7F]
    length, value = payload[1] & 0x7F, payload[2 : 2 + (payload[1] & 0x7F)]
    return int(huffman(value) if payload[1] & 0x80 else value[:length])


def huffman(coded):
    """Digits of RFC 7541 appendix B: three of five bits, seven of six."""
    bits, out = "".join(f"{byte:08b}" for byte in coded), ""
    while len(bits) >= 5 and len(out) < 3:
        short = int(bits[:5], 2)
        if short <= 2:
            out, bits = out + str(short), bits[5:]
        else:
            out, bits = out + str(int(bits[:6], 2) - 0b011001 + 3), bits[6:]
    return out


def wait_for(port, process):
    deadline = time.time() + 30
    while time.time() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"{process.args[0]} ended with {process.returncode}")
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"{process.args[0]} does not listen")
