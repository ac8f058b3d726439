"""People with every kind of credential, made by Django."""
import datetime
import os
import secrets
import string
import sys
from dataclasses import dataclass

PASSWORD = "wonderland-42"
LATER = datetime.timedelta(days=30)


@dataclass
class Person:
    id: int
    username: str
    token: str
    session: str
    access: str
    sliding: str

    def headers(self, credential):
        """Those of a request with that credential."""
        if credential == "session":
            return {"Cookie": f"sessionid={self.session}"}
        if credential == "token":
            return {"Authorization": f"Token {self.token}"}
        return {"Authorization": f"Bearer {getattr(self, credential)}"}


def set_up(environment):
    """Django, on the database that this environment names; once in a process."""
    os.environ.update(environment)
    sys.path.insert(0, environment["PYTHONPATH"])
    import django
    from django.db import connections

    django.setup()
    settings = connections.databases["default"]
    if settings["ENGINE"].endswith("sqlite3"):
        # A transaction that reads before it writes gives way to others otherwise.
        settings["OPTIONS"] = {**settings["OPTIONS"], "transaction_mode": "IMMEDIATE"}


def make(prefix, count):
    """Staff with a token, a session, an access and a sliding token, the group `premium` and the permission to add products."""
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.models import Group, Permission, User

    encoded = make_password(PASSWORD, hasher="md5")
    names = [f"{prefix}-{number}" for number in range(count)]
    User.objects.bulk_create(
        [User(username=name, password=encoded, is_staff=True) for name in names], batch_size=200
    )
    users = list(User.objects.filter(username__startswith=f"{prefix}-").order_by("pk"))
    premium, _ = Group.objects.get_or_create(name="premium")
    adding = Permission.objects.get(codename="add_product")
    held = [User.groups.through(user_id=user.pk, group_id=premium.pk) for user in users]
    User.groups.through.objects.bulk_create(held, batch_size=200)
    held = [User.user_permissions.through(user_id=user.pk, permission_id=adding.pk) for user in users]
    User.user_permissions.through.objects.bulk_create(held, batch_size=200)
    columns = zip(users, tokens(users), sessions(users), json_web_tokens(users))
    return [Person(user.pk, user.username, token, session, *jwts) for user, token, session, jwts in columns]


def tokens(users):
    from rest_framework.authtoken.models import Token

    made = [Token(user=user, key=secrets.token_hex(20)) for user in users]
    Token.objects.bulk_create(made, batch_size=200)
    return [token.key for token in made]


def sessions(users):
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    letters = string.ascii_lowercase + string.digits
    made = [
        Session(
            session_key="".join(secrets.choice(letters) for _ in range(32)),
            session_data=session_data(user),
            expire_date=timezone.now() + LATER,
        )
        for user in users
    ]
    Session.objects.bulk_create(made, batch_size=200)
    return [session.session_key for session in made]


def session_data(user):
    from django.contrib.sessions.backends.db import SessionStore

    return SessionStore().encode(
        {
            "_auth_user_id": str(user.pk),
            "_auth_user_backend": "django.contrib.auth.backends.ModelBackend",
            "_auth_user_hash": user.get_session_auth_hash(),
        }
    )


def json_web_tokens(users):
    """An access token, and a sliding one that is outstanding."""
    from rest_framework_simplejwt.token_blacklist.models import OutstandingToken
    from rest_framework_simplejwt.tokens import AccessToken, BlacklistMixin, SlidingToken

    access = [AccessToken.for_user(user) for user in users]
    # Without the row that it would write: those are written at once.
    sliding = [super(BlacklistMixin, SlidingToken).for_user(user) for user in users]
    now = datetime.datetime.now(datetime.timezone.utc)
    rows = [
        OutstandingToken(user=user, jti=token["jti"], token=str(token), created_at=now, expires_at=now + LATER)
        for user, token in zip(users, sliding)
    ]
    OutstandingToken.objects.bulk_create(rows, batch_size=200)
    return [(str(one), str(other)) for one, other in zip(access, sliding)]
