"""A million users on a PostgreSQL: how long a start takes until the server is ready, and how long the checks.

    python3 interop/load/million.py --doorward target/release/doorward --server postgres://doorward@127.0.0.1:54329

It makes a database `doorward_million` on that server, fills it by generate_series, measures, and throws it away (`--keep`
leaves it). It needs `psql`. A figure of a debug build, or of a machine that does something else, is none.
"""

import argparse
import os
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

NAME = "doorward_million"
SETTINGS = 'secret_key = "a-key-for-measuring-that-is-long-enough-0123456789"\n'

# What a site has after a while: each user a token, a session and a refresh token, half of those taken back.
SEED = """
INSERT INTO auth_user (password, last_login, is_superuser, username, first_name, last_name, email, is_staff, is_active,
                       date_joined)
SELECT password, now() - n * interval '1 second', false, 'user' || n, '', '', 'user' || n || '@example.com', false, true,
       now() - n * interval '1 minute'
FROM auth_user, generate_series(1, {users}) AS n WHERE username = 'alice';
INSERT INTO authtoken_token (key, created, user_id) SELECT md5(id::text) || '00000000', date_joined, id FROM auth_user;
INSERT INTO django_session (session_key, session_data, expire_date)
SELECT md5('s' || id), repeat('x', 120), now() + interval '7 days' FROM auth_user;
INSERT INTO token_blacklist_outstandingtoken (token, created_at, expires_at, user_id, jti)
SELECT repeat('x', 200), now() - interval '1 hour', now() + interval '7 days', id, md5('j' || id) FROM auth_user;
INSERT INTO token_blacklist_blacklistedtoken (blacklisted_at, token_id)
SELECT now(), id FROM token_blacklist_outstandingtoken WHERE id % 2 = 0;
INSERT INTO doorward_token_family (family, jti, began_at, expires_at, replays)
SELECT md5('f' || id), jti, created_at, expires_at, 0 FROM token_blacklist_outstandingtoken;
VACUUM ANALYZE;
"""


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


def psql(url, *commands):
    words = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", url]
    subprocess.run(words + [word for command in commands for word in ("-c", command)], check=True)


def seed(url, users):
    for statement in SEED.format(users=users).strip().split(";\n"):
        psql(url, statement.rstrip(";"))


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
    options.add_argument("--server", required=True, help="an address without a database, whose user may make some")
    options.add_argument("--users", type=int, default=1_000_000)
    options.add_argument("--starts", type=int, default=20)
    options.add_argument("--keep", action="store_true")
    options = options.parse_args()
    url = f"{options.server}/{NAME}"
    psql(f"{options.server}/postgres", f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)", f"CREATE DATABASE {NAME}")
    site = Site(options.doorward, url)
    site.must("migrate")
    site.must("createuser", "--username", "alice", "--password-stdin", text="wonderland-42\n")
    seed(url, options.users)
    measure(site, options.starts)
    if not options.keep:
        psql(f"{options.server}/postgres", f"DROP DATABASE {NAME} WITH (FORCE)")


if __name__ == "__main__":
    main()
