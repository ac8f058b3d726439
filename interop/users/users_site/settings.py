"""A small site with the user model of one kind of real project: which one, `USERS_LIKE` says.

Where its sessions are kept, and how its times, `USERS_SESSIONS` says: JSON with `engine`, `cache` (an entry of CACHES) and
`time_zone`.
"""
import json
import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlparse

LIKE = os.environ.get("USERS_LIKE", "a")
APP = f"like_{LIKE}"
MODELS = {"a": "User", "b": "User", "c": "User", "d": "User", "e": "BaseUser", "f": "User", "g": "Profile"}

SECRET_KEY = os.environ.get("DOORWARD_SECRET_KEY", "a-key-that-both-sides-know-0123456789-0123456789-0123456789")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "rest_framework",
    "rest_framework.authtoken",
    "rest_framework_simplejwt",
    "rest_framework_simplejwt.token_blacklist",
    "doorward_adopt",
    "sides",
    APP,
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
ROOT_URLCONF = "users_site.urls"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]

_url = urlparse(os.environ.get("DOORWARD_DATABASE_URL", f"sqlite://{Path(__file__).parent.parent / 'db.sqlite3'}"))
if _url.scheme == "sqlite":
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": _url.path, "OPTIONS": {"timeout": 20}}}
else:
    _engine = {"postgres": "postgresql", "mysql": "mysql"}[_url.scheme]
    DATABASES = {
        "default": {
            "ENGINE": f"django.db.backends.{_engine}",
            "NAME": unquote(_url.path.lstrip("/")),
            "USER": unquote(_url.username or ""),
            "PASSWORD": unquote(_url.password or ""),
            "HOST": _url.hostname or "",
            "PORT": _url.port or "",
        }
    }
    if _engine == "mysql":
        import pymysql

        pymysql.version_info = (2, 2, 1, "final", 0)
        pymysql.install_as_MySQLdb()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField" if LIKE == "e" else "django.db.models.AutoField"

AUTH_USER_MODEL = f"{APP}.{MODELS[LIKE]}"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
if LIKE == "g":
    AUTHENTICATION_BACKENDS = ["like_g.backends.CaseInsensitiveBackend"]
_sessions = json.loads(os.environ.get("USERS_SESSIONS", "{}"))
SESSION_ENGINE = f"django.contrib.sessions.backends.{_sessions.get('engine', 'db')}"
SESSION_SAVE_EVERY_REQUEST = bool(_sessions)
if "cache" in _sessions:
    SESSION_CACHE_ALIAS = "sessions"
    CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
        "sessions": _sessions["cache"],
    }
TIME_ZONE = _sessions.get("time_zone", "UTC")
USE_TZ = "time_zone" not in _sessions
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.BasicAuthentication",
        "rest_framework.authentication.SessionAuthentication",
        "rest_framework.authentication.TokenAuthentication",
        "rest_framework_simplejwt.authentication.JWTAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
}
SIMPLE_JWT = {
    "ROTATE_REFRESH_TOKENS": True,
    "BLACKLIST_AFTER_ROTATION": True,
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=10),
}
if LIKE == "d":
    SIMPLE_JWT["USER_ID_FIELD"] = "external_id"
