"""What may go wrong: each is done to a site while it is asked, and told what has to hold all the while."""
import http.client
import os
import signal
import sqlite3
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path

import servers
from changes import ALL

SQLITE, SERVERS = frozenset({"sqlite"}), frozenset({"postgres", "mysql"})
FAULTS = {}


@dataclass
class Fault:
    work: object
    databases: frozenset
    # Makes the server that is its own, of the address of another one.
    server: object = lambda base: None
    # How the site is set, by that server and the site's folder.
    settings: object = lambda server, folder: {}
    # Whether what it needs is installed.
    is_possible: object = lambda: True


def fault(name, databases=ALL, **more):
    def register(work):
        FAULTS[name] = Fault(work, databases, **more)
        return work

    return register


@fault("nothing is wrong")
def nothing(scene):
    scene.go_on(5 if scene.long else 1)


@fault("the database is restarted", SERVERS, server=servers.own)
def restart(scene):
    from django.db import connections

    for _ in range(3 if scene.long else 1):
        scene.go_on(0.5)
        watch = scene.watch()
        scene.own.stop()
        gone = time.monotonic()
        time.sleep(2)
        scene.expect_no_answer([answer for answer in watch.end() if answer.began > gone + scene.bound])
        watch.close()
        scene.own.start()
        scene.roads.close()
        connections.close_all()
        wait_until_served(scene)
        scene.go_on(1)


def wait_until_served(scene):
    """Until somebody is let in again, who is known to be good."""
    watch = scene.watch()
    watch.end()
    watch.close()


@fault("the server falls with what it had not told yet", SERVERS, server=servers.own)
def fallen(scene):
    """A change is committed, and the server falls at once: nobody had the time to poll. What it says afterwards counts."""
    from django.db import connections

    for _ in range(5 if scene.long else 2):
        who = scene.somebody()
        watch = scene.watch(who)
        scene.changes["user deactivated (token), by plain SQL"].make(scene.roads, who)
        done = time.monotonic()
        scene.own.stop()
        scene.own.start()
        scene.roads.close()
        connections.close_all()
        time.sleep(1)
        late = [answer for answer in watch.end() if answer.began > done + scene.bound]
        stale = [answer for answer in late if answer.status == 200]
        scene.expect(not stale, f"stale: {len(stale)} times, the first {1000 * (stale[0].began - done) if stale else 0:.0f} ms after")
        watch.close()


@fault("every connection is cut", SERVERS)
def cut(scene):
    def cut_and_change(do, who):
        cut_connections(do)
        do.close()
        do.sql("UPDATE auth_user SET is_active = FALSE WHERE id = ?", who.id)

    for _ in range(40 if scene.long else 8):
        scene.change(make=cut_and_change)
    scene.go_on(1)


def cut_connections(do):
    if do.kind == "postgres":
        do.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND application_name <> 'kept' AND query LIKE '%doorward_change%'"
        )
        return
    rows = do.sql(
        "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID() AND command = 'Sleep'"
    )
    for (number,) in rows:
        with suppressed():
            do.sql(f"KILL {int(number)}")


@contextmanager
def suppressed():
    try:
        yield
    except Exception:  # it went away by itself
        pass


@fault("the process is stopped and goes on")
def stopped(scene):
    node = scene.site.nodes[0].process
    for _ in range(10 if scene.long else 3):

        def stop_and_change(do, who):
            os.kill(node.pid, signal.SIGSTOP)
            try:
                do.sql("UPDATE auth_user SET is_active = FALSE WHERE id = ?", who.id)
                # Long enough for all who ask to ask once more: those are answered after it goes on.
                threading.Timer(0.5, os.kill, (node.pid, signal.SIGCONT)).start()
            except Exception:
                os.kill(node.pid, signal.SIGCONT)
                raise

        scene.change(make=stop_and_change)
    scene.go_on(0.5)


@fault("a transaction stays open while others commit", SERVERS)
def open_long(scene):
    from databases import connect

    who = scene.somebody()
    late = connect(scene.site.url)
    cursor = late.cursor()
    cursor.execute("BEGIN")
    cursor.execute("UPDATE auth_user SET is_active = FALSE WHERE id = %s", (who.id,))
    scene.go_on(30 if scene.long else 3)
    scene.change(make=lambda *_: late.commit() if scene.site.kind == "mysql" else cursor.execute("COMMIT"), who=who)
    late.close()


@fault("a reader holds its moment for long", SQLITE)
def long_reader(scene):
    reader = sqlite3.connect(scene.site.url.removeprefix("sqlite://"), isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM auth_user").fetchall()
    scene.go_on(30 if scene.long else 3)
    reader.execute("COMMIT")
    reader.close()


@fault(
    "Redis is away",
    server=lambda base: servers.Redis(),
    settings=lambda redis, _: {"jwt": 'blacklist = "redis"', "more": f'[redis]\nurl = "{redis.url}"'},
)
def redis(scene):
    names = ["JWT blacklisted, by plain SQL", "JWT blacklisted, by an endpoint of another node"]

    def some(seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for name in names:
                scene.change(name)

    some(0.5)
    scene.own.stop()
    some(5 if scene.long else 2)
    scene.own.start()
    some(2 if scene.long else 1)
    # It is there, and says nothing.
    scene.own.process.send_signal(signal.SIGSTOP)
    try:
        some(5 if scene.long else 2)
    finally:
        scene.own.process.send_signal(signal.SIGCONT)
    some(1)


FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")


def told_another_time(_, folder):
    """The node's time of day is what stands in a file; how long something takes is not touched."""
    clock = Path(folder) / "clock"
    clock.write_text("+0")
    return {
        "node": {
            "LD_PRELOAD": str(FAKETIME),
            "FAKETIME_TIMESTAMP_FILE": str(clock),
            "FAKETIME_NO_CACHE": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }
    }


@fault("the clock is set", settings=told_another_time, is_possible=FAKETIME.exists)
def clock(scene):
    def some(change):
        # Tokens that end soon would end by the clock.
        for name in ("token deleted, by plain SQL", "session deleted, by plain SQL", "group taken, by plain SQL"):
            make = scene.changes[name].make
            scene.change(name, make=lambda do, who: (change(), make(do, who)))

    def set_to(offset):
        (scene.site.folder / "clock").write_text(offset)

    set_to("-7200")
    time.sleep(1.5)
    scene.expect(abs(time.time() - time_of_day(scene.site.ports[0]) - 7200) < 60, "the node has the usual time of day")
    for offset in ["-7200", "+7200", "+0", "-3600"] * (3 if scene.long else 1):
        some(lambda: set_to(offset))
        some(lambda: None)


def time_of_day(port):
    """As the node tells it in `Date`."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/")
    told = connection.getresponse().getheader("Date")
    connection.close()
    return parsedate_to_datetime(told).timestamp()
