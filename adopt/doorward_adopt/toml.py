"""Writes tables of plain values as TOML 1.0."""
import json
import re

_BARE = re.compile(r"[A-Za-z0-9_-]+")


class Later:
    """A value that this version of Doorward does not take yet: it is written as a comment."""

    why = "not supported yet"

    def __init__(self, value):
        self.value = value


class Unsafe(Later):
    """A value that is safe once something else is set, too."""

    def __init__(self, value, why):
        super().__init__(value)
        self.why = why


def duration(seconds):
    """A number of seconds, or a timedelta, as Doorward writes durations."""
    seconds = seconds.total_seconds() if hasattr(seconds, "total_seconds") else seconds
    milliseconds = round(float(seconds) * 1000)
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)):
        if milliseconds and milliseconds % size == 0:
            return f"{milliseconds // size}{unit}"
    return f"{milliseconds}ms" if milliseconds else "0s"


def key(name):
    return name if _BARE.fullmatch(name) else text(name)


def text(value):
    """A basic string: JSON's escapes are TOML's, but for the slash and for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def value(given):
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, int):
        return repr(int(given))
    if isinstance(given, float):
        return repr(float(given))  # `inf` and `nan` are TOML's words, too
    if isinstance(given, str):
        return text(str.__str__(given))
    if isinstance(given, (list, tuple)):
        return "[" + ", ".join(value(each) for each in given) + "]"
    if isinstance(given, dict):
        return "{ " + ", ".join(f"{key(name)} = {value(each)}" for name, each in given.items()) + " }"
    raise TypeError(f"{type(given).__name__} has no place in TOML")


def document(tables):
    """`{"": {…}, "jwt": {…}, "user.new": {…}}` as a file; empty tables are left out."""
    parts = []
    for name, table in tables.items():
        if not table:
            continue
        lines = [f"[{name}]"] if name else []
        for each, given in table.items():
            if isinstance(given, Later):
                lines.append(f"# {given.why}: {key(each)} = {value(given.value)}")
            else:
                lines.append(f"{key(each)} = {value(given)}")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)
