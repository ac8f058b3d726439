"""What may go wrong with the triggers, the tables and the file of a database."""
import os
import sqlite3
import time

from changes import POSTGRES
from wrongs import SQLITE, fault, suppressed


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


@fault("there is no feed", settings=lambda *_: {"feed": "off"})
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
        os.remove(copy)
        do.close()

    from django.db import connections

    for make in (write_over, put_in_its_place):
        for _ in range(3 if scene.long else 1):
            scene.change(make=make)
            connections.close_all()
            scene.go_on(0.5)
