"""What ends a user's sessions when it changes: `get_session_auth_hash`, found out by trying."""
from itertools import permutations

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils.crypto import salted_hmac

DEFAULT_SALT = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"


def find(model, report):
    """The expression for `[user.session_auth_hash]`, with the `fields` that it needs; nothing where it is Django's own."""
    own = model.get_session_auth_hash
    if own is AbstractBaseUser.get_session_auth_hash:
        return {}
    user, marks = sample(model)
    try:
        wanted = user.get_session_auth_hash()
    except Exception as error:
        return unknown(report, f"it cannot be computed for a new user: {error}")
    for algorithm in ("sha256", "sha1"):
        for salt in salts(own):
            for value, fields in expressions(marks, separators(own)):
                text = value.format(**marks)
                if salted_hmac(salt, text, algorithm=algorithm).hexdigest() == wanted:
                    report.covered("get_session_auth_hash", f"{value}, {algorithm}")
                    return {"key_salt": salt, "value": value, "algorithm": algorithm, "fields": fields}
    return unknown(report, "write `[user.session_auth_hash]` by hand: without it sessions of the other side are anonymous")


def unknown(report, remark):
    report.missing("get_session_auth_hash is the project's own", remark)
    return {}


def sample(model):
    """A user that is never saved, whose texts can be told apart."""
    marks = {}
    for field in model._meta.concrete_fields:
        if isinstance(field, (models.CharField, models.TextField, models.UUIDField)):
            value = field.get_default() if isinstance(field, models.UUIDField) else f"mark-{field.column}"
            marks[field.column] = value
    user = model(**{field.attname: marks[field.column] for field in model._meta.concrete_fields if field.column in marks})
    return user, {name: str(value) for name, value in marks.items()}


def salts(function):
    return [DEFAULT_SALT, *texts(function)]


def separators(function):
    return ["", *(text for text in texts(function) if len(text) <= 3)]


def texts(function):
    return [each for each in function.__code__.co_consts if isinstance(each, str)]


def expressions(marks, separators):
    """The password alone, or beside one or two other columns, in any order."""
    others = [name for name in marks if name != "password"]
    yield "{password}", []
    for count in (1, 2):
        for chosen in permutations(others, count):
            for order in permutations(("password", *chosen)):
                for separator in separators:
                    yield separator.join(f"{{{name}}}" for name in order), sorted(chosen)
