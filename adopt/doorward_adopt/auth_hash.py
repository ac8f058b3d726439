"""What ends a user's sessions when it changes: `get_session_auth_hash`, found out by trying."""
import inspect
import uuid
from itertools import permutations

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils.crypto import salted_hmac

ALGORITHMS = ("sha256", "sha1") if "algorithm" in inspect.signature(salted_hmac).parameters else ("sha1",)
DEFAULT_SALT = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"


def find(model, report):
    """The expression for `[user.session_auth_hash]`, with the `fields` that it needs; nothing where it is Django's own."""
    functions = own_functions(model)
    if not functions:
        return {}
    try:
        users = [sample(model, count) for count in (1, 2)]
        wanted = [(user.get_session_auth_hash(), marks) for user, marks in users]
    except Exception as error:
        return unknown(report, f"it cannot be computed for a new user: {error}")
    for found in candidates(wanted[0][1], functions):
        if all(made(found, marks) == hashed for hashed, marks in wanted):
            report.covered("get_session_auth_hash", f"{found['value']}, {found['algorithm']}")
            return found
    return unknown(report, "write `[user.session_auth_hash]` by hand: without it sessions of the other side are anonymous")


def own_functions(model):
    """The methods that are the project's own; old Djangos have no `_get_session_auth_hash`."""
    names = ("get_session_auth_hash", "_get_session_auth_hash")
    pairs = [(getattr(model, name, None), getattr(AbstractBaseUser, name, None)) for name in names]
    return [own for own, djangos in pairs if own is not djangos]


def unknown(report, remark):
    report.missing("get_session_auth_hash is the project's own", remark)
    return {}


def sample(model, count):
    """A user that is never saved, and its texts by their columns; flags of the second are turned round."""
    values, marks = {}, {}
    for field in model._meta.concrete_fields:
        if isinstance(field, (models.CharField, models.TextField, models.UUIDField)):
            values[field.attname] = mark(field, count)
            marks[field.column] = str(values[field.attname])
        elif isinstance(field, models.BooleanField):
            values[field.attname] = (count == 2) != bool(field.get_default())
    return model(**values), marks


def mark(field, count):
    """What only that column of that user has; cut, stripped, or in another case it is another text."""
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    return f"  Mark-ÄB-{count}-{field.column}-" + "xY" * 40 + "  "


def candidates(marks, functions):
    """Each expression that it may be."""
    if "password" not in marks:
        return
    known = [text for function in functions for text in texts(function)]
    separators = ["", *(text for text in known if len(text) <= 3 and not set(text) & set("{}"))]
    for algorithm in ALGORITHMS:
        for salt in (DEFAULT_SALT, *known):
            for value, fields in expressions(marks, separators):
                yield {"key_salt": salt, "value": value, "algorithm": algorithm, "fields": fields}


def made(expression, marks):
    """The hash that an expression makes."""
    text = expression["value"].format_map(marks)
    # Old Djangos take no algorithm.
    chosen = {} if expression["algorithm"] == "sha1" else {"algorithm": expression["algorithm"]}
    return salted_hmac(expression["key_salt"], text, **chosen).hexdigest()


def texts(function):
    code = getattr(inspect.unwrap(function), "__code__", None)
    return [each for each in getattr(code, "co_consts", ()) if isinstance(each, str)]


def expressions(marks, separators):
    """The password alone, or beside one or two other columns, in any order."""
    others = [name for name in marks if name != "password"]
    yield "{password}", []
    for count in (1, 2):
        for chosen in permutations(others, count):
            for order in permutations(("password", *chosen)):
                for separator in separators:
                    yield separator.join(f"{{{name}}}" for name in order), sorted(chosen)
