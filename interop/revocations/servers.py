"""Servers of databases of one's own, which may be stopped and started again; in folders that are thrown away."""
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from databases import connect
from harness import free_port

PATIENCE = 60


class Own:
    """One server: started by `start`, killed by `stop`, as if the machine had fallen."""

    user = ending = None

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="revocations-server-")
        self.port, self.process = free_port(), None
        # Neither server runs as root.
        self.run_as = {"user": self.user} if os.getuid() == 0 else {}
        if self.run_as:
            owner = pwd.getpwnam(self.user)
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        self.make()
        self.start()

    def quietly(self, *words):
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **self.run_as)

    def start(self):
        with open(Path(self.folder) / "log", "ab") as log:
            self.process = subprocess.Popen(self.command(), stdout=log, stderr=log, start_new_session=True, **self.run_as)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                return connect(f"{self.url}/{self.first}").close()
            except Exception:  # each driver has its own words for "not yet"
                time.sleep(0.05)
        raise RuntimeError(f"no server at {self.url}")

    def stop(self):
        self.process.send_signal(self.ending)
        self.process.wait(PATIENCE)

    def close(self):
        if self.process.poll() is None:
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Postgres(Own):
    # It ends at once, without writing anything, and its processes with it.
    user, ending, first = "postgres", signal.SIGQUIT, "postgres"

    @property
    def url(self):
        return f"postgres://doorward@127.0.0.1:{self.port}"

    def make(self):
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        programs = found[-1] if found else Path(shutil.which("initdb")).parent
        self.program, self.data = str(programs / "postgres"), f"{self.folder}/data"
        options = ["--username=doorward", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        self.quietly(str(programs / "initdb"), "-D", self.data, *options)

    def command(self):
        return [self.program, "-D", self.data, "-p", str(self.port), "-k", self.folder, "-c", "fsync=off"]


class MariaDb(Own):
    user, ending, first = "mysql", signal.SIGKILL, ""

    @property
    def url(self):
        return f"mysql://root@127.0.0.1:{self.port}"

    def make(self):
        self.program = shutil.which("mariadbd", path=f"{os.environ['PATH']}:/usr/sbin")
        self.data = f"--datadir={self.folder}/data"
        options = ["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db", self.data]
        self.quietly("mariadb-install-db", *options)

    def command(self):
        places = [f"--socket={self.folder}/socket", f"--port={self.port}", "--bind-address=127.0.0.1"]
        return [self.program, "--no-defaults", self.data, *places, "--skip-log-bin", "--skip-name-resolve"]


class Redis:
    """A server of what several nodes share; in memory."""

    def __init__(self):
        self.port, self.process = free_port(), None
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self):
        program = shutil.which("redis-server") or shutil.which("valkey-server")
        options = ["--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)

    def stop(self):
        self.process.kill()
        self.process.wait(PATIENCE)

    close = stop


def own(base):
    """One of the same kind as that address; nothing for SQLite, which has no server."""
    kind = base.partition(":")[0]
    return {"postgres": Postgres, "mysql": MariaDb}[kind]() if kind != "sqlite" else None
