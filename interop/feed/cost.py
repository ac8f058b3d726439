"""What the change feed costs those who write: each of Django's usual writes, with its triggers and without.

    python3 interop/feed/cost.py ./target/release/doorward [postgres://user@host] [mysql://user@host]

Makes databases of its own (a file, and `doorward_feed_cost` on those servers), and takes them away again. Each statement is a
transaction of its own; with and without take turns, and the median of all rounds is told, in microseconds. Nothing else should run.
"""

import argparse
import contextlib
import os
import sqlite3
import statistics
import subprocess
import tempfile
import time
import urllib.parse

USERS = 1_000
ROUNDS = 6
REPEATS = 400
NAME = "doorward_feed_cost"
SECRET_KEY = "a-key-for-a-measurement-that-is-long-enough-0123456789"

# What Django's ORM sends; `{id}` is another user each time.
WRITES = [
    ("a login: last_login", "UPDATE auth_user SET last_login = '2026-01-01 00:00:{s}' WHERE id = {id}"),
    (
        "save() of a user, nothing that counts",
        "UPDATE auth_user SET password = 'x', last_login = '2026-01-01 00:00:{s}', is_superuser = FALSE, username = 'user{id}', "
        "first_name = '', last_name = '', email = '', is_staff = FALSE, date_joined = '2026-01-01 00:00:00' WHERE id = {id}",
    ),
    ("is_active", "UPDATE auth_user SET is_active = NOT is_active WHERE id = {id}"),
    (
        "a session that is used",
        "UPDATE django_session SET session_data = '{payload}:1{s}aaa:signature', expire_date = '2999-01-01 00:00:{s}' "
        "WHERE session_key = '{key}'",
    ),
    (
        "a session that holds something else",
        "UPDATE django_session SET session_data = '{s}{n}{payload}:1aaaaa:signature' WHERE session_key = '{key}'",
    ),
    ("a group of a user", "INSERT INTO auth_user_groups (user_id, group_id) VALUES ({id}, {group})"),
]


def key(number):
    return f"{number:08d}abcdefghijklmnopqrstuvwx"


class Sqlite:
    name = "SQLite"

    def __init__(self, folder):
        self.path = os.path.join(folder, "cost.sqlite3")
        self.url = f"sqlite://{self.path}"

    def connect(self):
        connection = sqlite3.connect(self.path, isolation_level=None)
        # As `doorward` and careful Django projects have it; what is measured is the work, not the disk.
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    def clean(self):
        pass


class Postgres:
    name = "PostgreSQL"

    def __init__(self, server):
        import psycopg

        self.psycopg, self.server = psycopg, server
        self.url = f"{server}/{NAME}"
        self.admin(f"DROP DATABASE IF EXISTS {NAME}")
        self.admin(f"CREATE DATABASE {NAME}")

    def admin(self, sql):
        with self.psycopg.connect(f"{self.server}/postgres", autocommit=True) as connection:
            connection.execute(sql)

    def connect(self):
        connection = self.psycopg.connect(self.url, autocommit=True)
        connection.execute("SET synchronous_commit = off")
        return connection

    def clean(self):
        self.admin(f"DROP DATABASE {NAME}")


class MariaDb:
    """The server says how safely it writes; a connection cannot."""

    name = "MariaDB"

    def __init__(self, server):
        self.parts = urllib.parse.urlparse(server)
        self.url = f"{server}/{NAME}"
        self.admin(f"DROP DATABASE IF EXISTS {NAME}")
        self.admin(f"CREATE DATABASE {NAME} CHARACTER SET utf8mb4")

    def admin(self, sql):
        with contextlib.closing(self.open(None)) as connection:
            connection.cursor().execute(sql)

    def open(self, name):
        import pymysql

        host, port = self.parts.hostname, self.parts.port or 3306
        user, password = self.parts.username or "root", self.parts.password or ""
        return pymysql.connect(host=host, port=port, user=user, password=password, database=name, autocommit=True)

    def connect(self):
        connection = self.open(NAME)
        connection.execute = connection.cursor().execute
        return connection

    def clean(self):
        self.admin(f"DROP DATABASE {NAME}")


def doorward(program, database, *arguments):
    """Runs a command without a settings file."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DOORWARD_")}
    environment["DOORWARD_SECRET_KEY"] = SECRET_KEY
    command = [os.path.abspath(program), *arguments, "--database-url", database.url, "--log", "warn"]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(command, check=True, env=environment, cwd=folder, stdout=subprocess.DEVNULL)


def fill(connection):
    for number in range(1, USERS + 1):
        connection.execute(
            "INSERT INTO auth_user (id, password, is_superuser, username, last_name, email, is_staff, is_active, date_joined, "
            f"first_name) VALUES ({number}, 'x', FALSE, 'user{number}', '', '', FALSE, TRUE, '2026-01-01 00:00:00', '')"
        )
        connection.execute(
            f"INSERT INTO django_session VALUES ('{key(number)}', 'payload:1aaaaa:signature', '2999-01-01 00:00:00')"
        )
    for group in range(1, 3 + 2 * ROUNDS):
        connection.execute(f"INSERT INTO auth_group (id, name) VALUES ({group}, 'group{group}')")


def measure(connection, write, round_number):
    payload = "eyJfYXV0aF91c2VyX2lkIjoiMSJ9" * 4
    times = []
    for number in range(REPEATS):
        user = number % USERS + 1
        sql = write.format(
            id=user, s=f"{number % 60:02d}", n=round_number, key=key(user), payload=payload, group=round_number + 1
        )
        began = time.perf_counter()
        connection.execute(sql)
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1e6


def compare(program, database):
    doorward(program, database, "migrate")
    with contextlib.closing(database.connect()) as connection:
        fill(connection)
    found = {(name, how): [] for name, _ in WRITES for how in ("without", "with")}
    for round_number in range(2 * ROUNDS):
        how = ("without", "with")[round_number % 2]
        doorward(program, database, "feed", {"with": "install", "without": "uninstall"}[how])
        with contextlib.closing(database.connect()) as connection:
            for name, write in WRITES:
                found[name, how].append(measure(connection, write, round_number))
    print(f"\n{database.name}: microseconds for a statement, median of {ROUNDS} rounds of {REPEATS}")
    print(f"{'':40} {'without':>9} {'with':>9} {'more':>9}")
    for name, _ in WRITES:
        without, with_feed = (statistics.median(found[name, how]) for how in ("without", "with"))
        print(f"{name:40} {without:9.1f} {with_feed:9.1f} {with_feed - without:9.1f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the program doorward")
    parser.add_argument("server", nargs="*", help="the address of a PostgreSQL or a MariaDB, without a database")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        kinds = {"postgres": Postgres, "mysql": MariaDb}
        databases = [Sqlite(folder)] + [kinds[server.partition(":")[0]](server) for server in options.server]
        for database in databases:
            try:
                compare(options.program, database)
            finally:
                database.clean()


if __name__ == "__main__":
    main()
