"""The suite on users of a project's own: `run.py --users KIND`, one of the models of ../users.

Scenarios speak of Django's own model: of the table auth_user, of numbers as keys, of the field `username`. What they ask is put into
the words of the other model here, for both servers alike: keys that are UUIDs have those numbers, and the name that somebody logs
in with is the same text in another column. What a server answers is compared as it is.
"""
from __future__ import annotations

import os
import re
import uuid
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
VARIABLE = "USERS_LIKE"
TOKEN_PATHS = {"/api/token", "/api/token/sliding", "/login"}
KEY_COLUMNS = {"user_id", "owner_id"}
# A number as a UUID, as it stands in a column or a text.
NUMBERED = re.compile(r"\b0{8}-?0{4}-?0{4}-?([0-9a-f]{4})-?([0-9a-f]{12})\b")


class DjangosOwn:
    """`django.contrib.auth.models.User`: nothing has to be said in other words."""

    section = ""

    def key(self, number) -> str:
        """A user's key as tokens and sessions have it."""
        return str(number)

    def claim(self, value):
        """What a scenario says in the claim of the user."""
        return value

    def row(self, row: dict) -> dict:
        """A row of the table of users."""
        return row

    def sql(self, statement: str, parameters):
        return statement, parameters

    def read(self, value):
        """A value that a row holds."""
        return value

    def printed(self, text: str) -> str:
        """What a command of Django's printed."""
        return text

    def code(self, code: str) -> str:
        """Python that Django runs."""
        return code

    def body(self, path: str, fields):
        """What is sent: the fields of a form or of a JSON object, or any other value."""
        return fields


class Own(DjangosOwn):
    """A model whose keys are UUIDs, in a table of its own or not."""

    def __init__(self, kind: str, table: str, login: str, further):
        self.kind, self.table, self.login, self.further = kind, table, login, further
        self.section = (HERE / "users" / f"{kind}.toml").read_text(encoding="utf-8")

    def key(self, number) -> str:
        return str(uuid.UUID(int=number)) if isinstance(number, int) else str(number)

    def claim(self, value):
        number = int(value) if isinstance(value, str) and value.isdecimal() else value
        return self.key(number) if isinstance(number, int) else value

    def row(self, row: dict) -> dict:
        # The same number in the databases of both servers.
        number = 1000 + zlib.crc32(row["username"].encode())
        return {"id": number, **row, self.login: row["username"], **self.further(row)}

    def sql(self, statement: str, parameters):
        own = "auth_user" in re.findall(r"\w+", statement)
        keys = KEY_COLUMNS | ({"id"} if own else set())
        columns = columns_of(statement)
        columns += [None] * (len(parameters) - len(columns))
        told = [
            uuid.UUID(int=value).hex if column in keys and isinstance(value, int) else value
            for column, value in zip(columns, parameters)
        ]
        return re.sub(r"\bauth_user(?=\b|_)", self.table, statement), tuple(told)

    def read(self, value):
        if isinstance(value, uuid.UUID):
            value = str(value)
        if not isinstance(value, str):
            return value
        numbered = NUMBERED.fullmatch(value)
        return int("".join(numbered.groups()), 16) if numbered else value

    def code(self, code: str) -> str:
        own = "from django.contrib.auth import get_user_model; User = get_user_model()"
        return code.replace("from django.contrib.auth.models import User", own)

    def printed(self, text: str) -> str:
        return NUMBERED.sub(lambda found: str(int("".join(found.groups()), 16)), text)

    def body(self, path: str, fields):
        if path.rstrip("/") not in TOKEN_PATHS or not isinstance(fields, dict):
            return fields
        return {self.login if name == "username" else name: value for name, value in fields.items()}


def columns_of(statement: str) -> list[str]:
    """The column that each mark of a statement stands for."""
    if inserted := re.match(r"INSERT INTO \w+ \((.*?)\) VALUES", statement):
        return [name.strip().strip('"') for name in inserted[1].split(",")]
    return re.findall(r'(\w+)"? = \?', statement)


def with_json(row):
    return {"preferences": "{}"}


def with_much(row):
    made = row["date_joined"]
    texts = dict.fromkeys(("display_name", "avatar", "last_location", "created_location", "token", "last_login_ip"), "")
    flags = dict.fromkeys(("is_managed", "is_email_verified", "is_password_autoset", "is_bot"), False)
    return {**texts, **flags, "created_at": made, "updated_at": made, "last_login_medium": "email",
            "user_timezone": "UTC", "theme": "{}"}


KINDS = {
    "a": ("auth_user", "username", with_json),
    "c": ("users", "email", with_much),
}


def chosen(kind: str | None):
    """The model of that name; Django's own without one."""
    return Own(kind, *KINDS[kind]) if kind else DjangosOwn()


def current():
    """The model that this run is on."""
    return CURRENT


def choose(kind: str | None):
    global CURRENT
    CURRENT = chosen(kind)
    if kind:
        os.environ[VARIABLE] = kind


CURRENT = DjangosOwn()
