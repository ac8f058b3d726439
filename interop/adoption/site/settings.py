"""A small project that any Django from 3.0 on can run: the authenticators, and the apps that ADOPTION_APPS names."""
import os
from urllib.parse import unquote, urlparse

EXTRA = [name for name in os.environ.get("ADOPTION_APPS", "").split(",") if name]
LABELS = {"authtoken": "rest_framework.authtoken", "token_blacklist": "rest_framework_simplejwt.token_blacklist"}
AXES = "axes" in EXTRA


def database(url):
    if url.startswith("sqlite://"):
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": url[len("sqlite://"):]}
    parts = urlparse(url)
    engine = {"postgres": "postgresql", "mysql": "mysql"}[parts.scheme]
    if engine == "mysql":
        import pymysql

        # What this one can do suffices; Django asks for the version of another package of that name.
        pymysql.version_info = (2, 2, 1, "final", 0)
        pymysql.install_as_MySQLdb()
    return {"ENGINE": "django.db.backends." + engine, "NAME": unquote(parts.path.lstrip("/")), "HOST": parts.hostname,
            "PORT": parts.port or "", "USER": unquote(parts.username or ""), "PASSWORD": unquote(parts.password or "")}


SECRET_KEY = os.environ["DOORWARD_SECRET_KEY"]
ALLOWED_HOSTS = ["testserver", "127.0.0.1"]
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "rest_framework",
] + [LABELS.get(name, name) for name in EXTRA]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
] + (["axes.middleware.AxesMiddleware"] if AXES else [])
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
ROOT_URLCONF = "urls"
DATABASES = {"default": database(os.environ["ADOPTION_DATABASE"])}
USE_TZ = True
SILENCED_SYSTEM_CHECKS = ["models.W042"]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.BasicAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ]
    + (["rest_framework.authentication.TokenAuthentication"] if "authtoken" in EXTRA else [])
    + ["rest_framework_simplejwt.authentication.JWTAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
}
if AXES:
    from datetime import timedelta

    AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
    AXES_FAILURE_LIMIT = 3
    AXES_COOLOFF_TIME = timedelta(hours=1)
    AXES_LOCKOUT_PARAMETERS = ["username"]
    AXES_RESET_ON_SUCCESS = True
