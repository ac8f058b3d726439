"""Every kind of change, by every road: what a person may before it and after it."""
from dataclasses import dataclass

ALL = frozenset({"sqlite", "postgres", "mysql"})
POSTGRES = frozenset({"postgres"})
REPLACING = frozenset({"sqlite", "mysql"})


@dataclass(frozen=True)
class Ask:
    """A question that has one answer for who is let in, and another for who is not."""

    credential: str
    path: str
    yes: int
    no: int
    method: str = "GET"


TOKEN = Ask("token", "/profile/", 200, 401)
SESSION = Ask("session", "/dashboard/", 200, 403)
ACCESS = Ask("access", "/probe/authenticators/jwt/", 200, 401)
SLIDING = Ask("sliding", "/probe/authenticators/jwt/", 200, 401)
PREMIUM = Ask("token", "/probe/permissions/premium/", 200, 403)
STAFF = Ask("session", "/probe/permissions/admin/", 200, 403)
# Who may add is told what is missing.
ADD = Ask("access", "/catalog/", 400, 403, "POST")


@dataclass(frozen=True)
class Change:
    kind: str
    road: str
    ask: Ask
    # Takes the roads and a person; returns once it is committed.
    make: object
    before: int
    after: int
    databases: frozenset
    # What is to be done first, so that there is something to change.
    prepare: object = None
    # Made by the very node that is asked: seen at once.
    own: bool = False
    # How many there are of it, where others have 100.
    share: int = 100
    # It is everybody's at once: nobody else may be asked meanwhile.
    alone: bool = False

    @property
    def name(self):
        return f"{self.kind}, by {self.road}"


CHANGES = []


def change(kind, road, *asks, grant=False, **more):
    """Registers a change for each of those questions: one that takes away, or one that gives."""

    def register(make):
        for ask in asks:
            before, after = (ask.no, ask.yes) if grant else (ask.yes, ask.no)
            about = f"{kind} ({ask.credential})" if len(asks) > 1 else kind
            options = {"databases": ALL, **more}
            CHANGES.append(Change(about, road, ask, make, before, after, **options))
        return make

    return register


def changes_on(kind):
    """Those that this kind of database has a road for."""
    import by_django
    import by_doorward
    import by_sql

    assert by_django and by_doorward and by_sql
    return [change for change in CHANGES if kind in change.databases]
