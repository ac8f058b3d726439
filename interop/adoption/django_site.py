"""The small project in `site/`, run by the Django of one version."""
import json
import os
import re
import subprocess
from pathlib import Path

from databases import execute

SITE = Path(__file__).resolve().parent / "site"


# How a table and an index were made: the statement, or on PostgreSQL the columns and what is bound to them.
OF_SQLITE = "SELECT name, sql FROM sqlite_master"
OF_POSTGRES = """
SELECT table_name, 'CREATE TABLE ' || string_agg(concat_ws(' ', column_name, data_type, character_maximum_length, is_nullable,
       column_default, is_identity), ', ' ORDER BY ordinal_position)
FROM information_schema.columns WHERE table_schema = current_schema() GROUP BY table_name
UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()
UNION ALL SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint
       WHERE connamespace = current_schema()::regnamespace
"""


class DjangoSite:
    def __init__(self, interpreter, database: str, key: str, apps):
        self.interpreter, self.database = str(interpreter), database
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith(("DOORWARD_", "DJANGO_", "PYTHON"))}
        self.environment = {**kept, "DOORWARD_SECRET_KEY": key, "ADOPTION_DATABASE": database,
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
        """What each table and index is made of, by name."""
        if self.database.startswith("mysql:"):
            return {name: self.made(name) for (name,) in self.rows("SHOW TABLES")}
        return dict(self.rows(OF_SQLITE if self.database.startswith("sqlite:") else OF_POSTGRES))

    def made(self, table: str) -> str:
        """The statement that makes a table of MariaDB's, with its indexes; without the id that comes next."""
        ((_, statement),) = self.rows(f'SHOW CREATE TABLE "{table}"')
        return re.sub(r" AUTO_INCREMENT=\d+", "", statement)

    def rows(self, sql: str):
        return execute(self.database, sql)
