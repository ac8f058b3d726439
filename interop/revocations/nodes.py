"""The site that is asked: some nodes of the tutorial on one database."""
import os
import subprocess
from pathlib import Path

from databases import Shelf, execute
from harness import REFERENCE, Server

SECRET_KEY = "a-key-for-revocations-that-is-long-enough-0123456789"
PROFILE = """
allowed_hosts = ["127.0.0.1"]
[passwords]
hashers = ["md5"]
validators = []
[jwt]
auth_token_classes = ["access", "sliding"]
check_revoke_token = true
{jwt}
[urls]
token_revoke = true
[cache]
max_staleness = "{bound}ms"
feed = "{feed}"
{more}
"""
# Where rows go with those that they belong to, as a project may have it: Django's foreign keys have no such rule.
CASCADES = """
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
    format('ALTER TABLE %s ADD CONSTRAINT %I %s ON DELETE CASCADE', conrelid::regclass, conname,
        split_part(pg_get_constraintdef(oid), ' DEFERRABLE', 1))
FROM pg_constraint WHERE contype = 'f'
"""


class Site:
    """Nodes on a database that was made for them."""

    def __init__(self, programs, base, folder, bound, feed="auto", jwt="", more="", node=None):
        self.programs, self.folder, self.bound = Path(programs), Path(folder), bound / 1000
        self.program = str(self.programs / "doorward")
        self.shelf = Shelf(base, self.folder)
        self.url = self.shelf.create(f"revocations_{os.getpid()}")
        self.kind = self.url.partition(":")[0]
        profile = self.folder / "doorward.toml"
        profile.write_text(PROFILE.format(bound=bound, feed=feed, jwt=jwt, more=more))
        self.environment = {
            "DOORWARD_CONFIG": str(profile),
            "DOORWARD_DATABASE_URL": self.url,
            "DOORWARD_SECRET_KEY": SECRET_KEY,
            "DJANGO_SETTINGS_MODULE": "tutorial.settings",
            "PYTHONPATH": str(REFERENCE),
            "RUST_LOG": "warn",
        }
        self.nodes = []
        self._prepare()
        for environment in (node or {}, {}):
            self.nodes.append(self.start(environment))

    def _prepare(self):
        self.run("tutorial", "migrate")
        if self.kind == "postgres":
            for away, anew in execute(self.url, CASCADES):
                execute(self.url, away)
                execute(self.url, anew)

    def run(self, program, *words):
        environment = {**os.environ, **self.environment}
        subprocess.run([str(self.programs / program), *words], check=True, env=environment, stdout=subprocess.DEVNULL)

    def start(self, environment):
        """One more node; that is what its environment has besides."""
        command = [str(self.programs / "tutorial"), "--bind", "127.0.0.1:{port}"]
        settings = {**self.environment, **environment}
        return Server(command, settings, self.folder / f"node{len(self.nodes)}.log", "tutorial", None)

    @property
    def ports(self):
        return [node.port for node in self.nodes]

    def logs(self):
        return "".join(path.read_text() for path in sorted(self.folder.glob("node*.log")))

    def close(self):
        for node in self.nodes:
            node.stop()
        self.shelf.clear()


class Described:
    """What a worker has to know of a site, in another process."""

    def __init__(self, site):
        self.url, self.kind, self.program, self.bound = site.url, site.kind, site.program, site.bound
        self.ports, self.environment = site.ports, site.environment
