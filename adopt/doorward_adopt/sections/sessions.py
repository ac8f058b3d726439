"""`[session]` and `[csrf]`."""
from ..project import dotted
from ..toml import Later, duration
from . import session_cache

SERIALIZERS = ("django.contrib.sessions.serializers.JSONSerializer", "django.core.signing.JSONSerializer")
COOKIES = ("name", "domain", "path", "secure", "httponly", "samesite")
ENGINES = {
    "django.contrib.sessions.backends.db": "db",
    "django.contrib.sessions.backends.cache": "cache",
    "django.contrib.sessions.backends.cached_db": "cached_db",
    "django.contrib.sessions.backends.signed_cookies": "signed_cookies",
    "django.contrib.sessions.backends.file": "file",
}


def export(project, report):
    session = cookies(project, report, "SESSION", {"name": "sessionid", "httponly": True, "samesite": "Lax", "path": "/"})
    csrf = cookies(project, report, "CSRF", {"name": "csrftoken", "httponly": False, "samesite": "Lax", "path": "/"})
    session.update(ages(project))
    session.update(project.carried([
        ("SESSION_SAVE_EVERY_REQUEST", "save_every_request", False),
        ("SESSION_EXPIRE_AT_BROWSER_CLOSE", "expire_at_browser_close", False),
    ]))
    kept, cache = engine(project, report)
    session.update(kept)
    serializer(project, report)
    session.update(redirects(project, report))
    csrf.update(project.carried([
        ("CSRF_HEADER_NAME", "header_name", "HTTP_X_CSRFTOKEN"),
        ("CSRF_TRUSTED_ORIGINS", "trusted_origins", []),
    ]))
    if project.get("CSRF_USE_SESSIONS"):
        report.missing("CSRF_USE_SESSIONS", "the CSRF token is kept in a cookie")
    if project.get("CSRF_FAILURE_VIEW", "django.views.csrf.csrf_failure") != "django.views.csrf.csrf_failure":
        report.missing("CSRF_FAILURE_VIEW", "a view of the project's own")
    report.covered("cookies of sessions and CSRF")
    return {"session": session, "session.cache": cache, "csrf": csrf}


def cookies(project, report, prefix, usual):
    table = {}
    for key in COOKIES:
        default = usual.get(key, False if key == "secure" else None)
        value = project.get(f"{prefix}_COOKIE_{key.upper()}", default)
        if value is False and key == "samesite":
            report.different(f"{prefix}_COOKIE_SAMESITE = False", "left at Lax: Doorward writes the attribute always")
        elif value != default and value is not None:
            table[f"cookie_{key}"] = value
    return table


def serializer(project, report):
    path = project.get("SESSION_SERIALIZER") or SERIALIZERS[0]
    if dotted(path) not in SERIALIZERS:
        report.missing(f"SESSION_SERIALIZER: {dotted(path)}", "sessions are read as JSON only")


def ages(project):
    age = project.get("SESSION_COOKIE_AGE", 1209600)
    return {} if age == 1209600 else {"cookie_age": duration(age)}


def engine(project, report):
    """The engine, and the table of its cache."""
    path = project.get("SESSION_ENGINE", "django.contrib.sessions.backends.db")
    name = ENGINES.get(path)
    if name == "db":
        report.covered("sessions in the database")
        return {}, {}
    if name == "signed_cookies":
        report.covered(f"SESSION_ENGINE: {name}", "as in Django, a logout takes the cookie from one browser only")
        return {"engine": name}, {}
    if name in ("cache", "cached_db"):
        table = session_cache.export(project, report)
        if table is not None:
            report.covered(f"SESSION_ENGINE: {name}")
            return {"engine": name}, table
        report.missing(f"SESSION_ENGINE: {name}", "its cache is not read")
    else:
        report.missing(f"SESSION_ENGINE: {path}", "sessions in files, or of an engine of the project's own, are not read")
    return ({"engine": Later(name)} if name else {}), {}


def redirects(project, report):
    """Where a login and a logout lead; names of URLs are resolved."""
    from django.shortcuts import resolve_url

    table = {}
    for setting, key, usual in (
        ("LOGIN_REDIRECT_URL", "login_redirect", "/accounts/profile/"),
        ("LOGOUT_REDIRECT_URL", "logout_redirect", None),
    ):
        given = project.get(setting, usual)
        if not given or given == usual:
            continue
        try:
            table[key] = resolve_url(given)
        except Exception:
            report.missing(setting, f"{given!r} leads nowhere")
    return table
