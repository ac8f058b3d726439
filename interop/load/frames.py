"""HTTP/2 frames made by hand (RFC 9113 section 4): what a client library would never send has to be sent too."""

import struct

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 0, 1, 3, 4, 6, 7, 8, 9
END_STREAM, ACK, END_HEADERS = 1, 1, 4
NO_ERROR, CANCEL, ENHANCE_YOUR_CALM = 0, 8, 11


def frame(kind, flags=0, stream=0, payload=b""):
    return struct.pack("!I", len(payload))[1:] + bytes([kind, flags]) + struct.pack("!I", stream) + payload


def settings(**values):
    ids = {"header_table_size": 1, "enable_push": 2, "max_streams": 3, "window": 4, "max_frame": 5}
    return frame(SETTINGS, payload=b"".join(struct.pack("!HI", ids[name], value) for name, value in values.items()))


def number(value, bits, start):
    """An integer of RFC 7541 section 5.1."""
    most = (1 << bits) - 1
    if value < most:
        return bytes([start | value])
    out, value = bytearray([start | most]), value - most
    while value >= 128:
        out.append(value % 128 + 128)
        value //= 128
    return bytes(out) + bytes([value])


def text(value):
    value = value.encode() if isinstance(value, str) else value
    return number(len(value), 7, 0) + value


def field(name, value):
    """A literal field that no table keeps."""
    return b"\x00" + text(name) + text(value)


def kept_field(name, value):
    """A literal field that goes into the dynamic table, as its entry 62."""
    return b"\x40" + text(name) + text(value)


def block(path, method="GET", **more):
    pseudo = [(":method", method), (":scheme", "http"), (":path", path), (":authority", "localhost")]
    return b"".join(field(name, value) for name, value in [*pseudo, *more.items()])


def get(path, stream, **more):
    return frame(HEADERS, END_HEADERS | END_STREAM, stream, block(path, **more))


def reset(stream, code=CANCEL):
    return frame(RST_STREAM, stream=stream, payload=struct.pack("!I", code))


async def read_frame(reader):
    """kind, flags, stream, payload."""
    head = await reader.readexactly(9)
    length = int.from_bytes(head[:3], "big")
    stream = int.from_bytes(head[5:], "big") & 0x7FFFFFFF
    return head[3], head[4], stream, await reader.readexactly(length)


def is_ok(payload):
    """Whether a block of headers begins with `:status: 200`, which has an index of its own (RFC 7541 appendix A)."""
    while payload and payload[0] & 0xE0 == 0x20:  # a new size of the table
        payload = payload[1:]
    return payload[:1] == b"\x88"
