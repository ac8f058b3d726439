"""A million users: how long a start takes until the server is ready, and how long the checks.

    python3 interop/load/million.py --doorward target/release/doorward --server postgres://doorward@127.0.0.1:54329
    python3 interop/load/million.py --doorward target/release/doorward --server mysql://root@127.0.0.1:3306
    python3 interop/load/million.py --doorward target/release/doorward --server sqlite

It makes a database `doorward_million` on that server, or a file in a temporary folder, fills it, measures, and throws it away
(`--keep` leaves it). It needs `psql`, or `mariadb`. A figure of a debug build, or of a machine that does something else, is none.
"""

import argparse
import hashlib
import os
import pathlib
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

NAME = "doorward_million"
SETTINGS = 'secret_key = "a-key-for-measuring-that-is-long-enough-0123456789"\n'

# What a site has after a while: each user a token, a session and a refresh token, half of those taken back.
SEED = """
INSERT INTO auth_user (password, last_login, is_superuser, username, first_name, last_name, email, is_staff, is_active,
                       date_joined)
SELECT password, {second_ago}, false, 'user' || n, '', '', 'user' || n || '@example.com', false, true, {minute_ago}
FROM auth_user, {series} WHERE username = 'alice';
INSERT INTO authtoken_token ("key", created, user_id) SELECT md5('t' || id) || '00000000', date_joined, id FROM auth_user;
INSERT INTO django_session (session_key, session_data, expire_date)
SELECT md5('s' || id), repeat('x', 120), {next_week} FROM auth_user;
INSERT INTO token_blacklist_outstandingtoken (token, created_at, expires_at, user_id, jti)
SELECT repeat('x', 200), {now}, {next_week}, id, md5('j' || id) FROM auth_user;
INSERT INTO token_blacklist_blacklistedtoken (blacklisted_at, token_id)
SELECT {now}, id FROM token_blacklist_outstandingtoken WHERE id % 2 = 0;
INSERT INTO doorward_token_family (family, jti, began_at, expires_at, replays)
SELECT md5('f' || id), jti, created_at, expires_at, 0 FROM token_blacklist_outstandingtoken;
{statistics};
"""
TABLES = ("auth_user, authtoken_token, django_session, token_blacklist_outstandingtoken, token_blacklist_blacklistedtoken, "
          "doorward_token_family")


class Postgres:
    words = {
        "series": "generate_series(1, {users}) AS n", "now": "now()", "next_week": "now() + interval '7 days'",
        "second_ago": "now() - n * interval '1 second'", "minute_ago": "now() - n * interval '1 minute'",
        "statistics": "VACUUM ANALYZE",
    }

    def __init__(self, server):
        self.server, self.url = server, f"{server}/{NAME}"

    def make(self):
        self.run(f"{self.server}/postgres", f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)", f"CREATE DATABASE {NAME}")

    def drop(self):
        self.run(f"{self.server}/postgres", f"DROP DATABASE {NAME} WITH (FORCE)")

    def fill(self, statements):
        for statement in statements:
            self.run(self.url, statement)

    def run(self, url, *commands):
        words = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", url]
        subprocess.run(words + [word for command in commands for word in ("-c", command)], check=True)


class MariaDb:
    words = {
        "series": "(SELECT seq AS n FROM seq_1_to_{users}) AS series", "now": "utc_timestamp(6)",
        "next_week": "utc_timestamp(6) + INTERVAL 7 DAY", "second_ago": "utc_timestamp(6) - INTERVAL n SECOND",
        "minute_ago": "utc_timestamp(6) - INTERVAL n MINUTE", "statistics": f"ANALYZE TABLE {TABLES}",
    }

    def __init__(self, server):
        self.server, self.url = urllib.parse.urlparse(server), f"{server}/{NAME}"

    def make(self):
        self.run(f"DROP DATABASE IF EXISTS {NAME}; CREATE DATABASE {NAME} CHARACTER SET utf8mb4")

    def drop(self):
        self.run(f"DROP DATABASE {NAME}")

    def fill(self, statements):
        for statement in statements:
            self.run(f"USE {NAME}; SET sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT'; {statement}")

    def run(self, statements):
        login = ["-h", self.server.hostname, "-P", str(self.server.port or 3306), "-u", self.server.username or "root"]
        secret = [f"-p{self.server.password}"] if self.server.password else []
        subprocess.run(["mariadb", *login, *secret, "-e", statements], check=True, stdout=subprocess.DEVNULL)


class Sqlite:
    words = {
        "series": "(WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < {users}) "
                  "SELECT n FROM series)",
        "now": "datetime('now')", "next_week": "datetime('now', '7 days')",
        "second_ago": "datetime('now', -n || ' seconds')", "minute_ago": "datetime('now', -n || ' minutes')",
        "statistics": "ANALYZE",
    }

    def __init__(self, _):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name, f"{NAME}.sqlite3")
        self.url = f"sqlite://{self.path}"

    def make(self):
        pass

    def drop(self):
        self.folder.cleanup()

    def fill(self, statements):
        with sqlite3.connect(self.path) as connection:
            connection.create_function("md5", 1, lambda text: hashlib.md5(str(text).encode()).hexdigest())
            connection.create_function("repeat", 2, lambda text, times: text * times)
            for statement in statements:
                connection.execute(statement)


KINDS = {"postgres": Postgres, "mysql": MariaDb, "sqlite": Sqlite}


class Site:
    """A folder with settings, and the program that runs on the database."""

    def __init__(self, doorward, url):
        self.doorward, self.url = pathlib.Path(doorward).resolve(), url
        self.folder = tempfile.TemporaryDirectory()
        pathlib.Path(self.folder.name, "doorward.toml").write_text(SETTINGS)
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("DOORWARD_")}
        self.environment["DOORWARD_DATABASE_URL"] = url

    def start(self, *words):
        return subprocess.Popen([self.doorward, *words], cwd=self.folder.name, env=self.environment,
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def run(self, *words, text=None):
        begun = time.monotonic()
        done = subprocess.run([self.doorward, *words], cwd=self.folder.name, env=self.environment, input=text,
                              capture_output=True, text=True)
        return time.monotonic() - begun, done

    def must(self, *words, text=None):
        took, done = self.run(*words, text=text)
        if done.returncode:
            sys.exit(f"{words}: {done.stdout}{done.stderr}")
        return took

    def until_ready(self):
        """Seconds from the start of the process to the first 200 of /readyz."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        begun = time.monotonic()
        server = self.start("runserver", f"127.0.0.1:{port}")
        try:
            while not is_ready(port):
                if server.poll() is not None:
                    sys.exit("the server ended")
                time.sleep(0.001)
            return time.monotonic() - begun
        finally:
            server.terminate()
            server.wait()


def is_ready(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError):
        return False


def seed(database, users):
    words = {name: word.format(users=users) for name, word in database.words.items()}
    statements = SEED.format(**words).strip().rstrip(";").split(";\n")
    database.fill(statements)


def line(what, seconds):
    middle, low, high = (f"{1000 * value:.0f}" for value in (statistics.median(seconds), min(seconds), max(seconds)))
    print(f"| {what} | {middle} | {low} to {high} | {len(seconds)} |")


def measure(site, starts):
    print("| what | median, ms | from, to | times |\n|---|---|---|---|")
    line("start until `/readyz` is 200", [site.until_ready() for _ in range(starts)])
    line("`doorward check`", [site.must("check") for _ in range(5)])
    line("`doorward adopt --check`", [site.run("adopt", "--check")[0] for _ in range(5)])


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--doorward", required=True)
    options.add_argument("--server", required=True, help="an address without a database, whose user may make some; or sqlite")
    options.add_argument("--users", type=int, default=1_000_000)
    options.add_argument("--starts", type=int, default=20)
    options.add_argument("--keep", action="store_true")
    options = options.parse_args()
    database = KINDS[options.server.partition(":")[0]](options.server)
    database.make()
    site = Site(options.doorward, database.url)
    site.must("migrate")
    site.must("createuser", "--username", "alice", "--password-stdin", text="wonderland-42\n")
    seed(database, options.users)
    measure(site, options.starts)
    if not options.keep:
        database.drop()


if __name__ == "__main__":
    main()
