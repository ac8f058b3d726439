"""Makes interop/vectors/session_engines.json by running Django's session engines, Django's RedisCache and django-redis.

    python interop/golden/make_session_engines.py

The vectors are read by the tests of `doorward-django`. No Redis is asked.
"""

import base64
import datetime
import decimal
import gzip
import json
import pathlib
import pickle
import time
import uuid

import django
from django.conf import settings

NOW = 1_700_000_000.75
KEYS = {"SECRET_KEY": "current-" + "k" * 42, "SECRET_KEY_FALLBACKS": ["older-" + "o" * 44, "oldest-ø"]}

settings.configure(**KEYS, USE_TZ=True, DATABASES={}, INSTALLED_APPS=[])
django.setup()

from django.contrib.sessions.backends import cache, cached_db  # noqa: E402
from django.contrib.sessions.backends.signed_cookies import SessionStore  # noqa: E402
from django.core.cache.backends.base import BaseCache  # noqa: E402
from django.core.cache.backends.redis import RedisSerializer  # noqa: E402
from django.utils.safestring import mark_safe  # noqa: E402
from django_redis.compressors.gzip import GzipCompressor  # noqa: E402
from django_redis.compressors.zlib import ZlibCompressor  # noqa: E402
from django_redis.serializers.json import JSONSerializer  # noqa: E402
from django_redis.serializers.pickle import PickleSerializer  # noqa: E402

time.time = lambda: NOW
KEY = "abcdefghijklmnopqrstuvwxyz012345"
shared = ["twice", {"the": "same"}]
SESSIONS = [
    {},
    {"a": 1},
    {
        "_auth_user_id": "7",
        "_auth_user_backend": "django.contrib.auth.backends.ModelBackend",
        "_auth_user_hash": "948013cec808ed58b2ff782abd6c1f2180deda1fda84ba4d73f9e6e41b8e1a79",
    },
    {"_session_expiry": 300, "none": None, "yes": True, "no": False},
    {"integers": [0, -1, 255, 256, 65535, 65536, -32768, 2**31 - 1, 2**31, -(2**31), 2**63 - 1, 2**63, -(2**63), 2**100, -(2**100)]},
    {"floats": [0.0, -0.5, 1e300, 3.141592653589793]},
    {"texts": ["", "é", "漢字", "😀", "a" * 300, "line\nbreak", "\x00\x1b"]},
    {"empty": [[], {}, [[]], {"a": {}}], "nested": {"a": {"b": [{"c": [1, [2, [3]]]}]}}},
    {"one": shared, "two": shared, "texts": ["same"] * 3},
    {"many": list(range(300)), "wide": {f"key {number}": number for number in range(300)}},
]
NO_PLAIN_VALUES = [
    (datetime.datetime(2024, 1, 1), "`datetime.datetime`"),
    (decimal.Decimal("1.5"), "`decimal.Decimal`"),
    (uuid.UUID(int=7), "`uuid.UUID`"),
    (mark_safe("text"), "`django.utils.safestring.SafeString`"),
    (b"bytes", "bytes"),
    ({1, 2}, "a set"),
    (frozenset([1]), "a set"),
    (bytearray(b"bytes"), "a bytearray"),
    ({1: 2}, "a dictionary with a key that is no text"),
    (len, "`builtins.len`"),
]


def text(data):
    return base64.b64encode(data).decode()


def kept(session):
    pickled, in_json = PickleSerializer({}).dumps(session), JSONSerializer({}).dumps(session)
    zlib = ZlibCompressor({}).compress
    return {
        "RedisCache": text(RedisSerializer().dumps(session)),
        "django-redis": text(pickled),
        "django-redis zlib": text(zlib(pickled)),
        "django-redis gzip": text(compressed(pickled)),
        "django-redis JSON": text(in_json),
        "django-redis JSON zlib": text(zlib(in_json)),
        "django-redis JSON gzip": text(compressed(in_json)),
    }


def compressed(data):
    """As GzipCompressor does, but for the time in its header."""
    assert gzip.decompress(GzipCompressor({}).compress(data)) == data if len(data) > 15 else True
    return gzip.compress(data, mtime=0) if len(data) > GzipCompressor.min_length else data


def protocols(value, first=0):
    return {str(protocol): text(pickle.dumps(value, protocol)) for protocol in range(first, 6)}


def cookie(session):
    store = SessionStore()
    store.update(session)
    return store._get_session_key()


def keys(prefix, version):
    named = BaseCache({"KEY_PREFIX": prefix, "VERSION": version})
    made = {"prefix": prefix, "version": version}
    return made | {"cache": named.make_key(cache.KEY_PREFIX + KEY), "cached_db": named.make_key(cached_db.KEY_PREFIX + KEY)}


def shown(value):
    """With one line for each case."""
    lines = ",\n".join(json.dumps(item) for item in value)
    return f"[\n{lines}\n]"


made = {
    "signed_cookies": [{"data": session, "cookie": cookie(session)} for session in SESSIONS],
    "cached": [{"data": session, "kept": kept(session), "protocols": protocols(session)} for session in SESSIONS],
    "no_plain_values": [{"what": what, "protocols": protocols({"value": value}, 2)} for value, what in NO_PLAIN_VALUES],
    "cache_keys": [keys("", 1), keys("shop", 3), keys("a:b", 0), keys("", "2024")],
}
made["cache_keys"][-1]["version"] = 2024
path = pathlib.Path(__file__).parent.parent / "vectors" / "session_engines.json"
members = ",\n".join(f"{json.dumps(name)}: {shown(cases)}" for name, cases in made.items())
path.write_text("{\n" + members + "\n}\n")
