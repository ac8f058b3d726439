"""Packages that add ways to log in, or change what Doorward does."""
KNOWN = {
    "allauth": "its pages stay in Django; its sessions count here once `[rest] session_backends` exists",
    "allauth.mfa": "second factors are not asked here: leave its logins in Django",
    "dj_rest_auth": "its endpoints stay in Django",
    "djoser": "its endpoints stay in Django",
    "knox": "its tokens are not read",
    "durin": "its tokens are not read",
    "oauth2_provider": "its tokens are not read; `[jwt.introspection]` asks it",
    "social_django": "its logins stay in Django",
    "django_otp": "second factors are not asked here: leave its logins in Django",
    "guardian": "permissions on objects are not read: write a permission",
    "axes": "`[lockout]` counts failed logins for itself; those that axes counted are not read",
    "drf_spectacular": "the schema of Django's views stays in Django",
    "rest_framework_api_key": "its keys are not read: write an authenticator",
    "django_tenants": "one schema only",
}
MIDDLEWARE = {
    "django.contrib.auth.middleware.RemoteUserMiddleware": "write `[remote_user]` with the peers that are trusted",
    "django.contrib.auth.middleware.PersistentRemoteUserMiddleware": "write `[remote_user]`; it does not persist",
    "django.contrib.auth.middleware.LoginRequiredMiddleware": "every route has a policy; `[rest] permission` is the default",
}


def export(project, report):
    for label, remark in KNOWN.items():
        if project.has_app(label):
            report.missing(f"package: {label}", remark)
    for path in project.get("MIDDLEWARE", ()):
        if path in MIDDLEWARE:
            report.different(path.rsplit(".", 1)[-1], MIDDLEWARE[path])
    return {}
