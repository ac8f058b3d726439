"""What may go wrong: each is done to a site while it is asked, and told what has to hold all the while."""
import os
import shutil
import signal
import sqlite3
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field

from changes import ALL, POSTGRES

SQLITE, SERVERS, MARIADB = frozenset({"sqlite"}), frozenset({"postgres", "mysql"}), frozenset({"mysql"})
FAULTS = {}


@dataclass
class Fault:
    work: object
    databases: frozenset
    own_server: bool = False
    settings: dict = field(default_factory=dict)


def fault(name, databases=ALL, **more):
    def register(work):
        FAULTS[name] = Fault(work, databases, **more)
        return work

    return register


@fault("nothing is wrong")
def nothing(scene):
    scene.go_on(5 if scene.long else 1)


@fault("the database is restarted", SERVERS, own_server=True)
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


@fault("the server falls with what it had not told yet", SERVERS, own_server=True)
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


@fault("a trigger is disabled", POSTGRES)
def disabled(scene):
    def unseen(do, who):
        do.sql("ALTER TABLE auth_user DISABLE TRIGGER doorward_row")
        do.sql("UPDATE auth_user SET is_active = FALSE WHERE id = ?", who.id)

    def for_a_moment(do, who):
        do.sql("BEGIN")
        unseen(do, who)
        do.sql("ALTER TABLE auth_user ENABLE ALWAYS TRIGGER doorward_row")
        do.sql("COMMIT")

    for make in (unseen, for_a_moment):
        for _ in range(10 if scene.long else 2):
            install(scene)
            scene.change(make=make)
    scene.change(make=unseen)
    scene.go_on(0.5)


def install(scene):
    """Anew, and until it is live: a feed that is down is tried once in five seconds."""
    scene.site.run("doorward", "feed", "install")
    time.sleep(5.5)


@fault("a trigger is dropped")
def dropped(scene):
    names = {"sqlite": "doorward_users_update", "postgres": "doorward_row ON auth_user", "mysql": "doorward_users_update"}

    def unseen(do, who):
        do.sql(f"DROP TRIGGER {names[do.kind]}")
        do.sql("UPDATE auth_user SET is_active = FALSE WHERE id = ?", who.id)

    for _ in range(6 if scene.long else 2):
        scene.change(make=unseen)
        scene.change()
        install(scene)
    scene.go_on(0.5)


@fault("the feed is uninstalled and installed in the middle")
def uninstalled(scene):
    for word in ("uninstall", "install", "uninstall", "install"):

        def change(do, who):
            do.doorward("feed", word)
            do.sql("UPDATE auth_user SET is_active = FALSE WHERE id = ?", who.id)

        scene.change(make=change)
        scene.go_on(6 if scene.long else 2)


@fault("there is no feed", settings={"feed": "off"})
def without(scene):
    scene.go_on(10 if scene.long else 2)


@fault("Django's AlterField remakes the table of users", SQLITE)
def remade(scene):
    from django.contrib.auth.models import User
    from django.db import connection, models

    def alter(width):
        old, new = User._meta.get_field("first_name"), models.CharField(max_length=width, blank=True)
        new.set_attributes_from_name("first_name")
        with connection.schema_editor() as editor:
            editor.alter_field(User, old, new)

    def remake_and_change(do, who):
        alter(151)
        do.sql("UPDATE auth_user SET is_active = FALSE WHERE id = ?", who.id)

    for _ in range(4 if scene.long else 1):
        scene.change(make=remake_and_change)
        scene.go_on(0.5)
        install(scene)
        scene.go_on(0.5)


@fault("the file is restored from a copy", SQLITE)
def restored(scene):
    path = scene.site.url.removeprefix("sqlite://")

    def copied(who):
        """A copy in which that person is not active, while they are in the file."""
        copy = f"{path}.copy"
        with suppressed():
            os.remove(copy)
        scene.roads.sql("VACUUM INTO ?", copy)
        with sqlite3.connect(copy) as other:
            other.execute("UPDATE auth_user SET is_active = FALSE WHERE id = ?", (who.id,))
        other.close()
        return copy

    def put_in_its_place(do, who):
        copy = copied(who)
        for end in ("-wal", "-shm"):
            with suppressed():
                os.remove(path + end)
        os.replace(copy, path)
        do.close()

    def write_over(do, who):
        copy = copied(who)
        with sqlite3.connect(copy) as source, sqlite3.connect(path) as target:
            source.backup(target)
        source.close(), target.close()
        shutil.rmtree(copy, ignore_errors=True)
        do.close()

    from django.db import connections

    for make in (write_over, put_in_its_place):
        for _ in range(3 if scene.long else 1):
            scene.change(make=make)
            connections.close_all()
            scene.go_on(0.5)
