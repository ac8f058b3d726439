"""The roads that a change takes: SQL, endpoints, commands. Django's own is `by_django`."""
import contextlib
import os
import subprocess

from databases import connect
from door import Connection, request

# As a browser has it: the cookie and the header hold the same secret.
CSRF = "abcdefghijklmnopqrstuvwxyz012345"


class Roads:
    """What a change is made with, by one worker at a time."""

    def __init__(self, url, ports, program):
        self.url, self.ports, self.program = url, ports, program
        self.kind = url.partition(":")[0]
        self.connection = None
        self.doors = {}

    def sql(self, statement, *values):
        """Runs a statement, and gives the rows that it has."""
        return self._run(lambda cursor: self._execute(cursor, statement, values))

    def value(self, statement, *values):
        ((value, *_),) = self.sql(statement, *values)
        return value

    def copy(self, columns, row):
        """`COPY … FROM STDIN` of one row."""

        def work(cursor):
            with cursor.copy(f"COPY {columns} FROM STDIN") as copying:
                copying.write_row(row)

        self._run(work)

    @contextlib.contextmanager
    def without_foreign_keys(self):
        """As a tool may have it; SQLite has none unless they are asked for."""
        if self.kind == "mysql":
            self.sql("SET foreign_key_checks = 0")
        yield
        if self.kind == "mysql":
            self.sql("SET foreign_key_checks = 1")

    def post(self, port, path, headers, body):
        """Asks an endpoint, which must do what it is asked."""
        headers = dict(headers)
        if "Cookie" in headers:
            headers = {"Cookie": f"{headers['Cookie']}; csrftoken={CSRF}", "X-CSRFToken": CSRF}
        door = self.doors.setdefault(port, Connection(port))
        answer = door.ask(request("POST", path, headers, body))
        assert answer.status in (200, 204), (path, answer)

    def doorward(self, *words, given=None):
        """Runs a command of the program; the environment names its settings."""
        done = subprocess.run(
            [self.program, *words], input=given, text=True, capture_output=True, env=os.environ, check=False
        )
        assert done.returncode == 0, (words, done.stdout, done.stderr)

    def _run(self, work):
        if self.connection is None:
            self.connection = connect(self.url)
            if self.kind == "sqlite":
                self.connection.isolation_level = None
        with contextlib.closing(self.connection.cursor()) as cursor:
            return work(cursor)

    def _execute(self, cursor, statement, values):
        if self.kind != "sqlite":
            statement = statement.replace("%", "%%").replace("?", "%s")
        cursor.execute(statement, values or None) if self.kind != "sqlite" else cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []

    def close(self):
        """Everything is opened anew by whoever comes next."""
        for door in self.doors.values():
            door.close()
        if self.connection is not None:
            with contextlib.suppress(Exception):
                self.connection.close()
        self.connection, self.doors = None, {}
