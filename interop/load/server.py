"""A server in a folder of its own, and what it takes of the machine."""

import os
import resource
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

SETTINGS = 'secret_key = "a-key-for-measurements-that-is-long-enough-01"\n[passwords]\nhashers = ["md5"]\n'
TICKS = os.sysconf("SC_CLK_TCK")


class Site:
    """A server that runs until it is stopped; `settings` are those of `[server]`, as text of the environment."""

    def __init__(self, program, files=None, cores=None, **settings):
        self.folder = tempfile.TemporaryDirectory()
        Path(self.folder.name, "doorward.toml").write_text(SETTINGS)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("DOORWARD_")}
        run = dict(cwd=self.folder.name, env=environment, stdout=subprocess.DEVNULL)
        subprocess.run([program, "migrate"], check=True, stderr=subprocess.DEVNULL, **run)
        for name, value in settings.items():
            environment["DOORWARD_SERVER__" + name.upper()] = str(value)
        self.port = free_port()
        self.log = open(Path(self.folder.name, "log"), "w+b")

        def limit():
            if files:
                resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
            if cores:
                os.sched_setaffinity(0, cores)

        command = [program, "runserver", f"127.0.0.1:{self.port}"]
        self.process = subprocess.Popen(command, stderr=self.log, preexec_fn=limit, **run)
        self.wait()
        self.first_rss = self.rss()

    def wait(self):
        for _ in range(200):
            try:
                return socket.create_connection(("127.0.0.1", self.port)).close()
            except OSError:
                time.sleep(0.05)
        raise SystemExit(f"the server did not start: {self.logged()}")

    def rss(self):
        """Resident memory in MiB."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def cpu(self):
        """Seconds of processor time so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def stop(self):
        if self.process.poll() is None:
            self.terminate()
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.process.kill()
        return self.process.wait()

    def logged(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
