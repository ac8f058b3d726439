"""Who is in the database, in the words of each model."""
import datetime
import os

from django.contrib.auth import get_user_model

LIKE = os.environ.get("USERS_LIKE", "a")
PASSWORD = "wonderland-42"
LOGINS = {
    "a": "alice", "b": "alice", "c": "alice@example.com", "d": "alice", "e": "alice@example.com",
    "f": "alice@example.com", "g": "alice",
}
REQUIRED = {
    "d": {"user_type": 1, "phone_number": "+491234", "date_of_birth": datetime.date(1990, 1, 1)},
}


def login_name(name):
    """What `name` types to log in."""
    return LOGINS[LIKE].replace("alice", name)


def make(name, **fields):
    """A user, by the manager of the model."""
    model = get_user_model()
    return model.objects.create_user(
        **{model.USERNAME_FIELD: login_name(name)}, password=PASSWORD, **REQUIRED.get(LIKE, {}), **fields
    )
