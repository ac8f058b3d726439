"""Packages that add ways to log in, or change what Doorward does."""
KNOWN = {
    "allauth": "its pages stay in Django; its sessions count here",
    "allauth.mfa": "second factors are not asked here: leave its logins in Django",
    "allauth.usersessions": "it is not told of logins here",
    "captcha": "it is not asked at logins here",
    "defender": "`[lockout]` counts failed logins for itself; those that it counted are not read",
    "dj_rest_auth": "its endpoints stay in Django",
    "django_otp": "second factors are not asked here: leave its logins in Django",
    "django_password_history": "old passwords are not remembered: write a validator",
    "django_rest_passwordreset": "its endpoints stay in Django",
    "django_tenants": "one schema only",
    "djoser": "its endpoints stay in Django",
    "drf_spectacular": "the schema of Django's views stays in Django",
    "drf_yasg": "the schema of Django's views stays in Django",
    "drfpasswordless": "its logins stay in Django",
    "durin": "its tokens are not read",
    "easyaudit": "it is not told of logins here",
    "guardian": "permissions on objects are not read: write a permission",
    "hijack": "it takes the place of users in Django only",
    "impersonate": "it takes the place of users in Django only",
    "knox": "its tokens are not read: write an authenticator as in the guide's recipe for tokens of your own table",
    "mfa": "second factors are not asked here: leave its logins in Django",
    "oauth2_provider": "its tokens are not read; `[jwt.introspection]` asks it",
    "password_policies": "how long a password lasts is not looked at",
    "qsessions": "its sessions are in a table of its own, which is not read",
    "rest_framework_api_key": "its keys are not read: write an authenticator as in the guide's recipe for hashed keys",
    "rest_registration": "its endpoints stay in Django",
    "rolepermissions": "its roles are not read: write a permission",
    "rules": "its predicates are not asked: write a permission",
    "sesame": "its links stay in Django",
    "social_django": "its logins stay in Django",
    "tenant_schemas": "one schema only",
    "trench": "second factors are not asked here: leave its logins in Django",
    "two_factor": "second factors are not asked here: leave its logins in Django",
    "user_sessions": "its sessions are in a table of its own, which is not read",
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
