"""`[session.cache]`: the cache that sessions are kept in."""
import re
from urllib.parse import quote, urlparse

from ..project import dotted

BACKENDS = {
    "django.core.cache.backends.redis.RedisCache": "Django",
    "django_redis.cache.RedisCache": "django-redis",
}
REASONS = (
    ("memcache", "memcached is not spoken: keep sessions in Redis, or in the database"),
    ("locmem", "it lies in the memory of one process, where no other can read it: keep sessions in Redis, or in the database"),
    ("dummy", "it keeps nothing"),
    ("db.DatabaseCache", "a cache in a table is not read: use the engine `db` or `cached_db` with Redis"),
    ("filebased", "a cache in files is not read: keep sessions in Redis, or in the database"),
)
SERIALIZERS = {
    "django.core.cache.backends.redis.RedisSerializer": "pickle",
    "django_redis.serializers.pickle.PickleSerializer": "pickle",
    "django_redis.serializers.json.JSONSerializer": "json",
}
COMPRESSORS = {
    "django_redis.compressors.identity.IdentityCompressor": "none",
    "django_redis.compressors.zlib.ZlibCompressor": "zlib",
    "django_redis.compressors.gzip.GzipCompressor": "gzip",
}
# Options that say how Django reaches the cache, and not what it writes there.
OWN_WAYS = (
    "parser_class", "pool_class", "PARSER_CLASS", "CONNECTION_POOL_CLASS", "CONNECTION_POOL_CLASS_KWARGS",
    "CONNECTION_POOL_KWARGS", "REDIS_CLIENT_CLASS", "REDIS_CLIENT_KWARGS", "SOCKET_CONNECT_TIMEOUT", "SOCKET_TIMEOUT",
    "IGNORE_EXCEPTIONS", "LOG_IGNORED_EXCEPTIONS", "MAX_ENTRIES", "CULL_FREQUENCY", "socket_connect_timeout", "socket_timeout",
    "health_check_interval", "max_connections", "retry_on_timeout",
)


def export(project, report):
    """The table, or `None` where Doorward cannot read what the cache keeps."""
    alias = project.get("SESSION_CACHE_ALIAS", "default")
    cache = (project.get("CACHES") or {}).get(alias) or {}
    subject, problems = f"CACHES[{alias!r}]", []
    kind = BACKENDS.get(cache.get("BACKEND", ""))
    if kind is None:
        report.missing(f"{subject}: {cache.get('BACKEND', 'no backend')}", reason(cache.get("BACKEND", "")))
        return None
    options = dict(cache.get("OPTIONS") or {})
    table = {
        **address(cache, options, problems),
        **names(cache, problems),
        **{"Django": written_by_django, "django-redis": written_by_django_redis}[kind](options, problems),
    }
    for name in options:
        if name not in OWN_WAYS:
            problems.append(f"OPTIONS[{name!r}] is not carried over")
    if problems:
        report.missing(f"{subject}: {kind}", "; ".join(problems))
        return None
    report.covered(f"{subject}: {kind}", "the cache of sessions: plain values only (texts, numbers, lists, dictionaries)")
    return without_password(table, project, report, subject)


def reason(backend):
    named = (why for word, why in REASONS if word in backend)
    return next(named, "only Django's RedisCache and that of django-redis are read")


def address(cache, options, problems):
    location = cache.get("LOCATION")
    location = re.split("[;,]", location) if isinstance(location, str) else list(location or [])
    first = str(location[0]).strip() if location else ""
    if not first.startswith(("redis://", "rediss://")):
        problems.append("its LOCATION is no redis:// or rediss:// address")
        return {}
    url = urlparse(first)
    if url.query:
        problems.append("its LOCATION has options after a question mark")
    database = options.pop("db", None)
    path = f"/{database}" if database is not None else url.path
    return {"url": url._replace(netloc=authority(url, options), path=path).geturl()}


def authority(url, options):
    """With the name and the password that stand in the options."""
    user = options.pop("username", None)
    password = options.pop("password", options.pop("PASSWORD", None))
    if not password:
        return url.netloc
    place = url.netloc.rpartition("@")[2]
    return f"{quote(user or url.username or '', safe='')}:{quote(str(password), safe='')}@{place}"


def names(cache, problems):
    if cache.get("KEY_FUNCTION"):
        problems.append("its KEY_FUNCTION is the project's own")
    version = cache.get("VERSION", 1)
    if not isinstance(version, int):
        problems.append("its VERSION is no whole number")
        return {}
    prefix = {"key_prefix": str(cache["KEY_PREFIX"])} if cache.get("KEY_PREFIX") else {}
    return {**prefix, **({"version": version} if version != 1 else {})}


def written_by_django(options, problems):
    return serializer(options.pop("serializer", None), problems)


def written_by_django_redis(options, problems):
    client = options.pop("CLIENT_CLASS", "django_redis.client.DefaultClient")
    if dotted(client) not in ("django_redis.client.DefaultClient", "django_redis.client.default.DefaultClient"):
        problems.append(f"its CLIENT_CLASS is {dotted(client)}")
    if int(options.pop("PICKLE_VERSION", 2)) in (0, 1):
        problems.append("its PICKLE_VERSION is before 2")
    compressor = COMPRESSORS.get(dotted(options.pop("COMPRESSOR", "django_redis.compressors.identity.IdentityCompressor")))
    if compressor is None:
        problems.append("its COMPRESSOR is neither zlib nor gzip")
    table = serializer(options.pop("SERIALIZER", None), problems)
    return {**table, "compressor": compressor} if compressor not in (None, "none") else table


def serializer(given, problems):
    name = SERIALIZERS.get(dotted(given)) if given else "pickle"
    if name is None:
        problems.append(f"its serializer is {dotted(given)}; pickle and JSON are read")
    return {"serializer": name} if name == "json" else {}


def without_password(table, project, report, subject):
    if "@" in table["url"] and not project.with_secrets:
        report.different(subject, "its address is left out: set DOORWARD_SESSION_CACHE_URL")
        return {key: value for key, value in table.items() if key != "url"}
    return table
