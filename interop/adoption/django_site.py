"""The small project in `site/`, run by the Django of one version."""
import json
import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

SITE = Path(__file__).resolve().parent / "site"


class DjangoSite:
    def __init__(self, interpreter, database, key: str, apps):
        self.interpreter, self.database = str(interpreter), database
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith(("DOORWARD_", "DJANGO_", "PYTHON"))}
        self.environment = {**kept, "DOORWARD_SECRET_KEY": key, "ADOPTION_DATABASE": str(database),
                            "ADOPTION_APPS": ",".join(apps), "PYTHONDONTWRITEBYTECODE": "1",
                            "PYTHONWARNINGS": "ignore", "PYTHONIOENCODING": "utf-8"}

    def manage(self, *words: str, given: str = "") -> str:
        """What a command prints that succeeds."""
        done = subprocess.run([self.interpreter, "manage.py", *words], cwd=SITE, env=self.environment, input=given,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
        assert done.returncode == 0, f"manage.py {' '.join(words)}: {done.stdout}{done.stderr}"
        return done.stdout

    def fill(self):
        return json.loads(self.manage("fill"))

    def ask(self, *requests):
        """The answers to these requests, each `(status, body)`."""
        return [(status, body) for status, body in json.loads(self.manage("ask", given=json.dumps(requests)))]

    def tables(self):
        """The statement that made each table and index."""
        return dict(self.rows("SELECT name, sql FROM sqlite_master"))

    def rows(self, sql: str):
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(sql).fetchall()
