"""`[rest]`, `[token]` and `[throttle]`: DRF's settings."""
from django.utils.module_loading import import_string

from .. import authenticators
from ..project import dotted, short

AUTHENTICATION = {
    "rest_framework.authentication.BasicAuthentication": "basic",
    "rest_framework.authentication.SessionAuthentication": "session",
    "rest_framework.authentication.TokenAuthentication": "token",
    "rest_framework_simplejwt.authentication.JWTAuthentication": "jwt",
}
PERMISSIONS = {"AllowAny", "IsAuthenticated", "IsAdminUser", "IsAuthenticatedOrReadOnly"}
THROTTLES = {
    "rest_framework.throttling.AnonRateThrottle": "anon",
    "rest_framework.throttling.UserRateThrottle": "user",
    "rest_framework.throttling.ScopedRateThrottle": "scoped",
}
DRF_AUTHENTICATION = (
    "rest_framework.authentication.SessionAuthentication",
    "rest_framework.authentication.BasicAuthentication",
)


def export(project, report):
    if not project.has_app("rest_framework"):
        report.different("no rest_framework", "Doorward's defaults hold")
        return {}
    rest = {"authentication": authentication(project, report), "permission": permissions(project, report)}
    throttle = throttles(project, report)
    if throttle:
        rest["throttle"] = throttle
    exception_handler(project, report)
    return {"rest": rest, "token": token(project), "throttle": rates(project, report)}


def authentication(project, report):
    """The authenticators; an empty list where none is known, for without a list Doorward has all of its own."""
    names = []
    for given in project.rest("DEFAULT_AUTHENTICATION_CLASSES", DRF_AUTHENTICATION):
        path = real_path(given)
        if path in AUTHENTICATION:
            names.append(AUTHENTICATION[path])
            report.covered(short(path))
        else:
            remark = f"a class of the project's own{kin(given)}; write an authenticator{authenticators.recipes(loaded(given))}"
            report.missing(f"authentication: {path}", remark)
    if not names:
        report.different("no authenticator", "nobody is known to the routes until `[rest] authentication` names one")
    return names


def real_path(given):
    """Where a class is really defined: packages re-export theirs."""
    try:
        return dotted(import_string(given)) if isinstance(given, str) else dotted(given)
    except ImportError:
        return dotted(given)


def loaded(given):
    """The class, or nothing where there is none."""
    try:
        return import_string(given) if isinstance(given, str) else given
    except ImportError:
        return None


def kin(given):
    bases = getattr(loaded(given), "__mro__", ())
    known = next((AUTHENTICATION[dotted(base)] for base in bases if dotted(base) in AUTHENTICATION), None)
    return f", made from `{known}` (name that one, if what it adds may be left out)" if known else ""


def permissions(project, report):
    """The permissions that are known; where there are others only, that of administrators."""
    given = project.rest("DEFAULT_PERMISSION_CLASSES", ("rest_framework.permissions.AllowAny",))
    if not given:
        report.covered("no default permission", "written as AllowAny")
        return "AllowAny"
    names = known_permissions(given, report)
    if not names:
        report.missing("default permission", "none of them is known: written as IsAdminUser")
        return "IsAdminUser"
    return names[0] if len(names) == 1 else names


def known_permissions(classes, report):
    names = []
    for given in classes:
        path = real_path(given)
        if path.startswith("rest_framework.permissions.") and short(path) in PERMISSIONS:
            names.append(short(path))
            report.covered(short(path))
        elif path.startswith("rest_framework.permissions."):
            report.missing(f"default permission: {short(path)}", "it asks the model of a view: give it to each route")
        else:
            report.missing(f"default permission: {path}", "a class of the project's own; write a permission")
    return names


def throttles(project, report):
    names = []
    for given in project.rest("DEFAULT_THROTTLE_CLASSES", ()):
        path = real_path(given)
        if path in THROTTLES:
            names.append(THROTTLES[path])
            report.covered(short(path))
        else:
            report.missing(f"throttle: {path}", "a class of the project's own; write a throttle")
    return names


def rates(project, report):
    table = {}
    given = {scope: rate for scope, rate in (project.rest("DEFAULT_THROTTLE_RATES", {}) or {}).items() if rate}
    if given:
        table["rates"] = given
        report.covered("DEFAULT_THROTTLE_RATES", ", ".join(given))
    proxies = project.rest("NUM_PROXIES")
    if proxies is not None:
        table["num_proxies"] = proxies
    elif given:
        report.different("NUM_PROXIES is not set", "the peer's address counts, whatever X-Forwarded-For says")
    return table


def token(project):
    try:
        keyword = import_string("rest_framework.authentication.TokenAuthentication").keyword
    except ImportError:
        return {}
    return {} if keyword == "Token" else {"keyword": keyword}


def exception_handler(project, report):
    path = project.rest("EXCEPTION_HANDLER", "rest_framework.views.exception_handler")
    if dotted(path) != "rest_framework.views.exception_handler":
        report.missing(f"EXCEPTION_HANDLER: {dotted(path)}", "write it with `exception_handler`")
