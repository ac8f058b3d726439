"""Good clients: an open loop of requests over old and new connections, HTTP/1.1 and HTTP/2.

A request is sent when its time has come, whether or not others are answered; its latency counts from that time, so that
a server that stands still is not measured as a quick one."""

import asyncio
import collections
import time

from frames import ACK, DATA, END_STREAM, GOAWAY, HEADERS, PING, PREFACE, RST_STREAM, SETTINGS
from frames import frame, get, is_ok, read_frame, settings

PATIENCE = 15


class Gone(Exception):
    """The connection said, or showed, before anything was sent on it that it takes no more."""


class Tally:
    def __init__(self):
        self.latencies = []
        self.counts = collections.Counter()
        self.problems = collections.Counter()

    def quantile(self, part):
        ordered = sorted(self.latencies) or [float("nan")]
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1000

    @property
    def lost(self):
        return sum(self.problems.values())

    def __str__(self):
        text = f"{self.counts['ok']} answered, {self.lost} lost, p50 {self.quantile(0.5):.1f} ms, p99 {self.quantile(0.99):.1f} ms"
        if self.counts["refused"]:
            text += f", {self.counts['refused']} not sent (no connection)"
        return text + (f", problems: {dict(self.problems)}" if self.problems else "")


class Http1:
    """One connection; it is done when its answer says so."""

    def __init__(self, reader, writer):
        self.reader, self.writer, self.done = reader, writer, False

    @classmethod
    async def open(cls, port):
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def get(self, path):
        if self.reader.at_eof():
            raise Gone
        self.writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.split("content-length: ", 1)[1].split("\r\n", 1)[0])
        await self.reader.readexactly(length)
        self.done = "connection: close" in head
        return int(head[9:12])

    def close(self):
        self.writer.close()


class Http2:
    """One connection with many requests at once."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer
        self.next, self.waiting, self.ok, self.done = 1, {}, {}, False
        writer.write(PREFACE + settings(enable_push=0))
        self.task = asyncio.ensure_future(self.read())

    @classmethod
    async def open(cls, port):
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def get(self, path):
        if self.done:
            raise Gone
        stream, self.next = self.next, self.next + 2
        self.waiting[stream] = asyncio.get_running_loop().create_future()
        self.writer.write(get(path, stream))
        return await self.waiting[stream]

    async def read(self):
        problem = ConnectionResetError("end of stream")
        try:
            while True:
                self.take(*await read_frame(self.reader))
        except (OSError, asyncio.IncompleteReadError) as error:
            problem = error
        finally:
            self.done = True
            self.fail(0, problem)

    def take(self, kind, flags, stream, payload):
        if kind == SETTINGS and not flags & ACK:
            self.writer.write(frame(SETTINGS, ACK))
        elif kind == PING and not flags & ACK:
            self.writer.write(frame(PING, ACK, payload=payload))
        elif kind == HEADERS:
            self.ok[stream] = is_ok(payload)
        elif kind == GOAWAY:
            self.done = True
            # What lies above was not looked at: it may be sent again elsewhere (RFC 9113 section 6.8).
            self.fail(int.from_bytes(payload[:4], "big") & 0x7FFFFFFF, Gone())
        elif kind == RST_STREAM:
            self.settle(stream, ConnectionResetError(f"stream reset {payload.hex()}"))
        if kind in (HEADERS, DATA) and flags & END_STREAM:
            self.settle(stream, 200 if self.ok.pop(stream, False) else 599)

    def settle(self, stream, result):
        waiter = self.waiting.pop(stream, None)
        if waiter and not waiter.done():
            waiter.set_exception(result) if isinstance(result, Exception) else waiter.set_result(result)

    def fail(self, above, problem):
        for stream in [stream for stream in self.waiting if stream > above]:
            self.settle(stream, problem)

    def close(self):
        self.task.cancel()
        self.writer.close()


class Load:
    """`rate` requests a second, shared out in turn among the kinds: kept, new, http2."""

    def __init__(self, port, rate, path="/healthz", kinds=("kept", "new", "http2")):
        self.port, self.rate, self.path, self.kinds = port, rate, path, kinds
        self.tally, self.pool, self.shared, self.stopped = Tally(), [], None, False

    async def run(self, seconds):
        start, tasks = time.perf_counter(), set()
        for number in range(int(self.rate * seconds)):
            due = start + number / self.rate
            await asyncio.sleep(max(0, due - time.perf_counter()))
            if self.stopped:
                break
            kind = self.kinds[number % len(self.kinds)]
            task = asyncio.ensure_future(self.one(kind, due))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        await asyncio.gather(*tasks)
        self.close()
        return self.tally

    def stop(self):
        """No more requests, as a balancer does that was told that the server is not ready."""
        self.stopped = True

    def close(self):
        for connection in [*self.pool, *([self.shared] if self.shared else [])]:
            connection.close()

    async def one(self, kind, due):
        try:
            status = await asyncio.wait_for(getattr(self, kind)(), PATIENCE)
        except ConnectionRefusedError:
            self.tally.counts["refused"] += 1
        except Exception as error:  # every other way to fail is a request lost
            self.tally.problems[f"{kind}: {type(error).__name__}"] += 1
        else:
            if status == 200:
                self.tally.counts["ok"] += 1
                self.tally.latencies.append(time.perf_counter() - due)
            else:
                self.tally.problems[f"{kind}: {status}"] += 1

    async def new(self):
        connection = await Http1.open(self.port)
        try:
            return await connection.get(self.path)
        finally:
            connection.close()

    async def kept(self):
        while True:
            connection = self.pool.pop() if self.pool else await Http1.open(self.port)
            try:
                status = await connection.get(self.path)
            except Gone:
                connection.close()
                continue
            if connection.done:
                connection.close()
            else:
                self.pool.append(connection)
            return status

    async def http2(self):
        while True:
            if self.shared is None or self.shared.done:
                self.shared = await Http2.open(self.port)
            try:
                return await self.shared.get(self.path)
            except Gone:
                continue
