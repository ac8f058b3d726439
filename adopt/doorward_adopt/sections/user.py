"""`[user]`: the table of users, from the model itself."""
import datetime
import json
import uuid
from decimal import Decimal

from django.contrib.auth import get_user_model
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise

from .. import auth_hash, manager

KINDS = (
    (models.UUIDField, "uuid"),
    (models.BooleanField, "bool"),
    (models.DateTimeField, "timestamp"),
    (models.IntegerField, "int"),
)
# Fields whose functions say a moment, or ask the database; and those whose values databases write in ways of their own.
MOMENTS = (models.DateField, models.TimeField, models.ForeignKey)
NEVER = (models.DurationField, models.BinaryField)
COLUMNS = {
    "email_field": ("EMAIL_FIELD", "email"),
    "first_name_field": (None, "first_name"),
    "last_name_field": (None, "last_name"),
    "last_login_field": (None, "last_login"),
    "date_joined_field": (None, "date_joined"),
}
FLAGS = {"is_active": True, "is_staff": False, "is_superuser": False}


def export(project, report):
    model = get_user_model()
    meta = model._meta
    known = {meta.pk.column, "password"}
    table = {"table": meta.db_table, "id": key_type(meta.pk, report), "id_field": meta.pk.column}
    table["username_field"] = column(model, model.USERNAME_FIELD)
    known.add(table["username_field"])
    for key, (attribute, name) in COLUMNS.items():
        table[key] = column(model, getattr(model, attribute, name) if attribute else name) or ""
    for name, base in FLAGS.items():
        table[name] = flag(model, name, base, report)
    known |= {value for value in table.values() if isinstance(value, str)}
    table.update(links(model, report))
    table["hidden_by"] = manager.hidden_by(model, report)
    fields = {field.column: kind(field) for field in further(project, model)}
    expression = auth_hash.find(model, report)
    columns = {field.column: field for field in meta.concrete_fields}
    fields.update({name: kind(columns[name]) for name in expression.pop("fields", ())})
    new = new_values(model, known, report)
    report.covered(f"{meta.label} ({meta.db_table})")
    if len(meta.parents) and not meta.proxy:
        report.missing(f"{meta.label}: multi-table inheritance", "only columns of its own table are read")
    return {
        "user": unusual(table, meta.db_table),
        "user.fields": fields,
        "user.new": new,
        "user.session_auth_hash": expression,
    }


def key_type(field, report):
    if isinstance(field, models.UUIDField):
        return "uuid"
    if isinstance(field, models.BigIntegerField) or "Big" in type(field).__name__:
        return "bigint"
    if isinstance(field, models.IntegerField):
        return "int"
    if not isinstance(field, models.CharField):
        report.missing(f"the primary key: {type(field).__name__}", "integers, UUIDs and texts are read")
    return "text"


def column(model, name):
    """The column of a field, if the table has it."""
    try:
        field = model._meta.get_field(name)
    except Exception:
        return None
    return field.column if getattr(field, "concrete", False) and field.column else None


def flag(model, name, base, report):
    """The column of a truth about each user, or what is true of everyone."""
    found = column(model, name)
    if found:
        return found
    constant = getattr(model, name, base)
    if isinstance(constant, bool):
        return constant
    guess = column(model, "is_admin") if name == "is_staff" else None
    written = guess or "false, for everyone"
    report.missing(f"{model._meta.label}.{name} is computed", f"written as {written}; check `[user] {name}`")
    return guess or False


def links(model, report):
    """The tables between users, groups and permissions."""
    try:
        groups, permissions = (model._meta.get_field(name) for name in ("groups", "user_permissions"))
        return {
            "groups_table": groups.m2m_db_table(),
            "permissions_table": permissions.m2m_db_table(),
            "link_field": groups.m2m_column_name(),
        }
    except Exception:
        report.different("no PermissionsMixin", "users have neither groups nor permissions")
        return {"groups_table": "", "permissions_table": ""}


def further(project, model):
    """Columns that are read because tokens carry them."""
    name = project.jwt("USER_ID_FIELD", "id")
    usual = {"id", "pk", "username", "email", model._meta.pk.name, model.USERNAME_FIELD}
    if name not in usual and column(model, name):
        yield model._meta.get_field(name)


def kind(field):
    return next((kind for cls, kind in KINDS if isinstance(field, cls)), "text")


def new_values(model, known, report):
    """What a new user has in columns that demand a value and that only Python fills."""
    new = {}
    for field in model._meta.local_concrete_fields:
        if field.column in known or field.null or field.primary_key or has_database_default(field):
            continue
        found = default(field)
        if found is None:
            report.missing(
                f"{model._meta.label}.{field.name} is required and has no default",
                "say it with `createuser --set`; nobody can register at Doorward",
            )
        else:
            new[field.column] = found
    return new


def has_database_default(field):
    return getattr(field, "db_default", models.NOT_PROVIDED) is not models.NOT_PROVIDED


def default(field):
    """What a new user has there; `None` where only the project knows."""
    if isinstance(field, models.DateTimeField) and (is_stamped(field) or field.default is timezone.now):
        return {"fresh": "now"}
    if isinstance(field, models.UUIDField) and callable(field.default):
        return {"fresh": "uuid"}
    if is_stamped(field) or isinstance(field, NEVER) or (callable(field.default) and isinstance(field, MOMENTS)):
        return None
    try:
        found, again = field.get_default(), field.get_default()
    except Exception:  # a function of the project's own, which may want what is not there
        return None
    return random_text(field, found, again) or constant(field, found, again)


def is_stamped(field):
    return getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)


def random_text(field, found, again):
    """A text that is another one for every user, or the name of a model that logs in by something else."""
    if not isinstance(found, str) or is_json(field):
        return None
    is_name = field.unique and field.name == "username" and not found
    if found == again and not is_name:
        return None
    return {"fresh": "text", "length": min(len(found) or field.max_length or 32, 32)}


def constant(field, found, again):
    if found is None or found != again or field.unique:
        return None
    if is_json(field):
        return as_json(field, found)
    if isinstance(found, (bool, int, float, str)):
        return found
    return str(found) if isinstance(found, (Decimal, datetime.date, datetime.time, uuid.UUID, Promise)) else None


def is_json(field):
    return any("JSON" in cls.__name__ for cls in type(field).__mro__)


def as_json(field, found):
    try:
        return json.dumps(found, cls=getattr(field, "encoder", None))
    except TypeError:
        return None


def unusual(table, name):
    """Without what Doorward takes for granted."""
    usual = {
        "table": "auth_user", "id": "int", "id_field": "id", "username_field": "username", "email_field": "email",
        "first_name_field": "first_name", "last_name_field": "last_name", "last_login_field": "last_login",
        "date_joined_field": "date_joined", "is_active": "is_active", "is_staff": "is_staff",
        "is_superuser": "is_superuser", "groups_table": f"{name}_groups",
        "permissions_table": f"{name}_user_permissions", "link_field": f"{name.rsplit('_', 1)[-1]}_id", "hidden_by": [],
    }
    return {key: value for key, value in table.items() if value != usual[key]}
