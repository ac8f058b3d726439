"""`[database]` and `[redis]`."""
from pathlib import Path
from urllib.parse import quote, urlencode

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import router

from ..project import dotted

MODULES = {
    "sessions.Session": "django.contrib.sessions",
    "authtoken.Token": "rest_framework.authtoken",
    "token_blacklist.OutstandingToken": "rest_framework_simplejwt.token_blacklist",
}

SCHEMES = (
    ("sqlite", "sqlite"),
    ("postgis", "postgres"),
    ("postgresql", "postgres"),
    ("psqlextra", "postgres"),
    ("psycopg", "postgres"),
    ("mysql", "mysql"),
)
# What goes into the address under its own name, or under ours.
PARAMETERS = {
    "postgres": {name: name for name in ("sslmode", "sslrootcert", "sslcert", "sslkey", "options")},
    "mysql": {"ssl_mode": "ssl-mode", "unix_socket": "socket"},
}
# What mysqlclient's `ssl` holds.
TLS = {"ca": "ssl-ca", "cert": "ssl-cert", "key": "ssl-key"}
# Options that say how Django itself works, and not which data it works on.
OWN_WAYS = (
    *("pool", "server_side_binding", "isolation_level", "timeout", "transaction_mode", "connect_timeout", "charset"),
    *("sql_mode", "init_command", "use_unicode", "read_timeout", "write_timeout", "application_name", "prepare_threshold"),
)


def export(project, report):
    databases = project.get("DATABASES", {})
    table = {}
    default = databases.get("default", {})
    address = url(default, report, project.with_secrets)
    if address:
        table["url"] = address
    if not project.get("USE_TZ", True):
        # Django's own default.
        table["time_zone"] = zone = project.get("TIME_ZONE", "America/Chicago")
        report.covered("USE_TZ = False", f"Django's tables hold the times of {zone}")
    routers(project, databases, report)
    return {"database": table, **redis(project, report)}


def url(database, report, with_secrets):
    engine = database.get("ENGINE", "")
    scheme = next((scheme for word, scheme in SCHEMES if word in engine), None)
    if "tenant" in engine or scheme is None:
        report.missing(f"DATABASES: {engine or 'no engine'}", "Doorward speaks SQLite, PostgreSQL and MariaDB")
        return None
    report.covered(f"DATABASES: {engine}")
    if database.get("TIME_ZONE") not in (None, "UTC"):
        report.missing("DATABASES: TIME_ZONE", "Doorward reads UTC")
    if scheme == "sqlite":
        unknown_options(database, (), report)
        return f"sqlite://{file(str(database['NAME']))}"
    return server(scheme, database, report, with_secrets)


def file(name):
    """The absolute path, which begins with one slash."""
    return "/" + str(Path(name).absolute()).lstrip("/")


def unknown_options(database, known, report):
    for name in database.get("OPTIONS") or {}:
        if name in OWN_WAYS:
            report.different(f"DATABASES: OPTIONS[{name!r}]", "Doorward does this its own way")
        elif name not in known:
            report.missing(f"DATABASES: OPTIONS[{name!r}]", "it is not carried over")


SOCKET = {
    "postgres": ("host", "`?host=/folder` names the socket's folder"),
    "mysql": ("socket", "`?socket=/path` names the socket"),
}


def carried_over(scheme, database, report):
    """The options that the address takes."""
    options = dict(database.get("OPTIONS") or {})
    tls = options.get("ssl") if scheme == "mysql" and isinstance(options.get("ssl"), dict) else None
    if tls is not None:
        del options["ssl"]
    known = PARAMETERS[scheme]
    parameters = {known[key]: str(value) for key, value in options.items() if key in known and value}
    parameters.update((TLS[key], str(value)) for key, value in (tls or {}).items() if key in TLS)
    for name in sorted(set(tls or {}) - set(TLS)):
        report.missing(f"DATABASES: OPTIONS['ssl'][{name!r}]", "it is not carried over; see `ssl-mode` of the address")
    if tls is not None:
        parameters.setdefault("ssl-mode", "VERIFY_CA" if "ssl-ca" in parameters else "REQUIRED")
    unknown_options({"OPTIONS": options}, tuple(known), report)
    return parameters


def server(scheme, database, report, with_secrets):
    user, password = database.get("USER") or "", database.get("PASSWORD") or ""
    host, port = database.get("HOST") or "", database.get("PORT")
    parameters = carried_over(scheme, database, report)
    if not host and "socket" not in parameters:
        report.different("DATABASES: no HOST", f"Django takes a socket: written as localhost; {SOCKET[scheme][1]}")
    if host.startswith("/"):
        parameters[SOCKET[scheme][0]], host = host, "localhost"
    if password and not with_secrets:
        report.different("the database's password", "left out: set DOORWARD_DATABASE_URL to the whole address")
        password = ""
    credentials = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")
    address = f"{scheme}://{credentials}{'@' if credentials else ''}{host or 'localhost'}{f':{port}' if port else ''}"
    query = f"?{urlencode(parameters, quote_via=quote)}" if parameters else ""
    return f"{address}/{quote(str(database.get('NAME', '')), safe='')}{query}"


def routers(project, databases, report):
    for router in project.get("DATABASE_ROUTERS") or ():
        report.missing(f"DATABASE_ROUTERS: {dotted(router)}", "Doorward reads and writes one database, `default`")
    for name in {alias for model in accounts() for alias in used(model)} - {"default"}:
        report.missing(f"DATABASES[{name!r}]", "users, sessions or tokens are there, and Doorward looks for them in `default`")
    for name, database in databases.items():
        if name != "default":
            report.different(f"DATABASES[{name!r}]", f"{kind(database, databases)}: Doorward does not use it")


def accounts():
    """The models whose tables Doorward works on."""
    return [get_user_model(), *(apps.get_model(name) for name, module in MODULES.items() if apps.is_installed(module))]


def used(model):
    """The databases that it is read from and written to."""
    return (router.db_for_read(model), router.db_for_write(model))


def kind(database, databases):
    """What another database is: a replica says so by being the mirror of the first one in tests."""
    if (database.get("TEST") or {}).get("MIRROR"):
        return "a replica"
    same = all(database.get(key) == databases.get("default", {}).get(key) for key in ("ENGINE", "NAME", "HOST", "PORT"))
    return "the same database by another name" if same else "another database"


def redis(project, report):
    """Where throttle counts may be shared: the address of a Redis that the project has."""
    for name, cache in (project.get("CACHES", {}) or {}).items():
        location = cache.get("LOCATION")
        location = location[0] if isinstance(location, (list, tuple)) and location else location
        if not isinstance(location, str) or not location.startswith(("redis://", "rediss://")):
            continue
        if ("@" in location or "?" in location) and not project.with_secrets:
            report.different(f"CACHES[{name!r}]", "its address is left out: set DOORWARD_REDIS_URL")
            return {}
        report.covered(f"CACHES[{name!r}]", "throttles are counted there, under keys of their own")
        return {"redis": {"url": location}}
    return {}
