"""`AUTHENTICATION_BACKENDS`: which of them know passwords as Doorward does, and whose sessions are found."""
import inspect
import re

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import AllowAllUsersModelBackend, ModelBackend
from django.utils.module_loading import import_string

from .project import dotted, short

DJANGOS = "django.contrib.auth.backends."
NAMED = {f"{DJANGOS}{name}": name for name in ("ModelBackend", "AllowAllUsersModelBackend")}
# Packages whose backends know no name and password of Django's table.
PACKAGES = {
    f"{DJANGOS}RemoteUser": "it opens its logins in Django; here `[remote_user]` does",
    "allauth.": "it opens its logins in Django",
    "axes.": "it refuses who is locked out; here `[lockout]` does",
    "django_auth_adfs.": "it opens its logins in Django",
    "django_auth_ldap.": "it opens its logins in Django",
    "django_cas_ng.": "it opens its logins in Django",
    "djangosaml2.": "it opens its logins in Django",
    "guardian.": "it answers for permissions on objects only",
    "mozilla_django_oidc.": "it opens its logins in Django",
    "oauth2_provider.": "its tokens are not read; `[jwt.introspection]` asks it",
    "rules.": "it answers for permissions on objects only",
    "sesame.": "it opens its logins in Django",
    "social_core.": "it opens its logins in Django",
}
# Packages that ask for more than a password: a session that is opened by a password alone would pass for one of theirs.
FACTOR = re.compile(r"otp|mfa|2fa|two_?factor|multi_?factor|webauthn|passkey|u2f|fido|\bduo", re.IGNORECASE)
SECOND_FACTORS = ("allauth.mfa", "deux", "django_mfa", "django_otp", "mfa", "multifactor", "trench", "two_factor")


def find(project, report):
    """The names of those that know passwords, and what `[rest]` says of sessions."""
    paths = list(project.get("AUTHENTICATION_BACKENDS", [f"{DJANGOS}ModelBackend"]))
    judged = [(path, judge(path, report)) for path in paths]
    named = list(dict.fromkeys(name for _, name in judged if name))
    factors = [label for label in SECOND_FACTORS if project.has_app(label)] or named_like_factors(project, paths)
    if named and factors:
        remark = f"a password alone would open what {', '.join(factors)} guards: nobody logs in by one until you name a backend"
        report.missing("passwords.backends", remark)
        named, judged = [], []
    elif not named:
        remark = "none of the backends is Doorward's: nobody logs in by a password until one is written"
        report.missing("passwords.backends", remark)
    if paths == [f"{DJANGOS}ModelBackend"]:
        return named, {}
    report.covered("sessions that these backends opened", ", ".join(paths))
    return named, {"session_backends": paths, **written_under(judged)}


def named_like_factors(project, paths):
    """What is called like a second factor, whoever wrote it."""
    names = [*project.get("INSTALLED_APPS", ()), *project.get("MIDDLEWARE", ()), *paths]
    return [name for name in names if FACTOR.search(name)]


def written_under(judged):
    """Under which path a login is written, where Django has no backend by our path."""
    likes = [path for path, name in judged if name]
    return {"session_backend": likes[0]} if likes and not any(path in NAMED for path in likes) else {}


def judge(path, report):
    """The name of Doorward's backend that does the same, if one does."""
    if path in NAMED:
        report.covered(short(path))
        return NAMED[path]
    remark = next((remark for prefix, remark in PACKAGES.items() if path.startswith(prefix)), None)
    if remark:
        report.different(f"backend: {path}", remark)
        return None
    return judge_class(path, loaded(path), report)


def loaded(path):
    try:
        return import_string(path)
    except ImportError:
        return None


def judge_class(path, cls, report):
    name = like(cls)
    if name:
        report.covered(f"backend: {path}", f"passwords as {name}'s; what it says of permissions is not asked")
    elif cls is not None and not takes_passwords(cls):
        report.different(f"backend: {path}", "it knows no name and password")
    else:
        remark = "a class of the project's own; write a backend, or name one of Doorward's and `rest.session_backend`"
        report.missing(f"backend: {path}", remark)
    return name


def like(cls):
    """Which of Django's a class is, in all that a login asks."""
    if not (inspect.isclass(cls) and issubclass(cls, ModelBackend)):
        return None
    for base in (AllowAllUsersModelBackend, ModelBackend):
        asked = ("__init__", "authenticate", "get_user", "user_can_authenticate")
        if issubclass(cls, base) and all(getattr(cls, name, None) is getattr(base, name, None) for name in asked):
            return short(dotted(base))
    return None


def takes_passwords(cls):
    """As `django.contrib.auth.authenticate` finds out whom to ask; Django's base class knows nobody."""
    method = getattr(cls, "authenticate", None)
    if method is None or getattr(method, "__qualname__", "") == "BaseBackend.authenticate":
        return False
    names = {"username", "email", get_user_model().USERNAME_FIELD}
    return any(binds(method, {name: "", "password": ""}) for name in names)


def binds(method, credentials):
    try:
        inspect.signature(method).bind(None, None, **credentials)
    except TypeError:
        return False
    return True
