"""Makes interop/vectors/permissions.json by asking DRF's permissions.

    python interop/golden/make_permissions.py

Two tables: what `&`, `|` and `~` make of permissions that say yes or no to the request and to the object, with the
questions that were asked on the way; and what the permissions on models say to each kind of user and method.
"""

import itertools
import json
import pathlib

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="k" * 50,
    USE_TZ=True,
    DATABASES={},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "rest_framework"],
    AUTHENTICATION_BACKENDS=["django.contrib.auth.backends.ModelBackend", "__main__.ObjectBackend"],
)
django.setup()

from django.contrib.auth.models import AnonymousUser, User  # noqa: E402
from django.db import models  # noqa: E402
from django.http import Http404  # noqa: E402
from rest_framework import exceptions, permissions  # noqa: E402
from rest_framework_simplejwt.models import TokenUser  # noqa: E402


# --- Composition --------------------------------------------------------------


def leaf(name, on_request, on_object, asked):
    class Leaf(permissions.BasePermission):
        def has_permission(self, request, view):
            asked.append(f"{name}.request")
            return on_request

        def has_object_permission(self, request, view, obj):
            asked.append(f"{name}.object")
            return on_object

    return Leaf


EXPRESSIONS = [
    "a",
    ["not", "a"],
    ["and", "a", "b"],
    ["or", "a", "b"],
    ["not", ["and", "a", "b"]],
    ["not", ["or", "a", "b"]],
    ["and", "a", ["not", "b"]],
    ["or", ["not", "a"], "b"],
    ["not", ["not", "a"]],
    ["or", ["and", "a", "b"], "c"],
    ["and", ["or", "a", "b"], "c"],
    ["or", "a", ["or", "b", "c"]],
    ["and", ["not", "a"], ["or", "b", ["not", "c"]]],
]


def build(expression, leaves):
    if isinstance(expression, str):
        return leaves[expression]
    operator, *parts = expression
    parts = [build(part, leaves) for part in parts]
    if operator == "not":
        return ~parts[0]
    return parts[0] & parts[1] if operator == "and" else parts[0] | parts[1]


def names(expression):
    return {expression} if isinstance(expression, str) else set().union(*map(names, expression[1:]))


def composition():
    for expression in EXPRESSIONS:
        used = sorted(names(expression))
        for says in itertools.product([[True, True], [True, False], [False, True], [False, False]], repeat=len(used)):
            asked = []
            leaves = {name: leaf(name, *said, asked) for name, said in zip(used, says)}
            permission = build(expression, leaves)()
            on_request = permission.has_permission(None, None)
            asked_on_request = asked.copy()
            asked.clear()
            yield {
                "expression": expression,
                "says": dict(zip(used, says)),
                "request": on_request,
                "object": permission.has_object_permission(None, None, None),
                "asked_on_request": asked_on_request,
                "asked_on_object": asked,
            }


# --- Models -------------------------------------------------------------------


class Product(models.Model):
    class Meta:
        app_label = "tutorial"


class ObjectBackend:
    """Knows permissions on single objects, as django-guardian does."""

    def has_perm(self, user, permission, obj=None):
        return obj is not None and user.is_active and permission in obj.granted


VIEW_TOO = {
    **permissions.DjangoModelPermissions.perms_map,
    **{method: ["%(app_label)s.view_%(model_name)s"] for method in ("GET", "HEAD", "OPTIONS")},
}
CLASSES = {
    "model": permissions.DjangoModelPermissions,
    "model_strict": type("Strict", (permissions.DjangoModelPermissions,), {"perms_map": VIEW_TOO}),
    "model_or_anonymous": permissions.DjangoModelPermissionsOrAnonReadOnly,
    "object": permissions.DjangoObjectPermissions,
    "object_strict": type("StrictObject", (permissions.DjangoObjectPermissions,), {"perms_map": VIEW_TOO}),
}
ALL = [f"tutorial.{action}_product" for action in ("add", "change", "delete", "view")]


def user(granted=(), **fields):
    user = User(username="someone", pk=7, **fields)
    if user.is_active:
        user._perm_cache = set(granted)
    return user


USERS = {
    "anonymous": lambda: AnonymousUser(),
    "plain": lambda: user(),
    "viewer": lambda: user(ALL[3:]),
    "editor": lambda: user([ALL[0], ALL[1], ALL[3]]),
    "changer": lambda: user([ALL[1]]),
    "everything": lambda: user(ALL),
    "elsewhere": lambda: user(["shop.add_product", "tutorial.add_products"]),
    "superuser": lambda: user(is_superuser=True),
    "inactive": lambda: user(ALL, is_active=False),
    "inactive_superuser": lambda: user(is_superuser=True, is_active=False),
    "token": lambda: TokenUser({"user_id": "7", "is_superuser": True}),
}
METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "BREW"]
GRANTED = {"nothing": [], "view": ALL[3:], "view_and_change": [ALL[1], ALL[3]], "change": [ALL[1]], "all": ALL}


class View:
    queryset = Product.objects.all()


def said(question, *arguments):
    try:
        return "granted" if question(*arguments) else "refused"
    except Http404:
        return "not found"
    except exceptions.MethodNotAllowed:
        return "method not allowed"


def request(who, method):
    return type("Request", (), {"user": USERS[who](), "method": method})()


def on_models():
    for name, permission in CLASSES.items():
        for who, method in itertools.product(USERS, METHODS):
            case = {"class": name, "user": who, "method": method}
            asked = request(who, method)
            yield {**case, "request": said(permission().has_permission, asked, View())}


def on_objects():
    for name in ("object", "object_strict"):
        for who, method, granted in itertools.product(USERS, METHODS, GRANTED):
            product = Product()
            product.granted = GRANTED[granted]
            answer = said(CLASSES[name]().has_object_permission, request(who, method), View(), product)
            yield {"class": name, "user": who, "method": method, "granted": product.granted, "object": answer}


def main():
    vectors = {
        "composition": list(composition()),
        "models": list(on_models()),
        "objects": list(on_objects()),
    }
    path = pathlib.Path(__file__).parent.parent / "vectors/permissions.json"
    rows = (
        f'"{name}":[\n' + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "\n]"
        for name, cases in vectors.items()
    )
    path.write_text("{" + ",\n".join(rows) + "}\n")


if __name__ == "__main__":
    main()
