"""`[passwords]`: hashers, validators, backends."""
from django.contrib.auth.hashers import get_hashers

from ..project import short
from ..toml import duration

HASHERS = {"pbkdf2_sha256", "pbkdf2_sha1", "argon2", "bcrypt_sha256", "bcrypt", "scrypt", "md5"}
USUAL_HASHERS = ["pbkdf2_sha256", "pbkdf2_sha1", "argon2", "bcrypt_sha256", "scrypt"]
VALIDATORS = {
    "UserAttributeSimilarityValidator": ("user_attributes", "max_similarity"),
    "MinimumLengthValidator": ("min_length",),
    "CommonPasswordValidator": ("password_list_path",),
    "NumericPasswordValidator": (),
}
BACKENDS = {
    "django.contrib.auth.backends.ModelBackend": "ModelBackend",
    "django.contrib.auth.backends.AllowAllUsersModelBackend": "AllowAllUsersModelBackend",
}
# Packages whose backends only open sessions: a name and a password are for ModelBackend beside them.
OPENERS = ("allauth.", "social_core.", "django_auth_ldap.", "guardian.", "axes.", "django.contrib.auth.backends.Remote")


def export(project, report):
    table = {**hashers(report), "validators": validators(project, report)}
    named, paths = backends(project, report)
    if named != ["ModelBackend"]:  # an empty list, too: without one Doorward takes ModelBackend
        table["backends"] = named
    timeout = project.get("PASSWORD_RESET_TIMEOUT", 259200)
    if timeout != 259200:
        table["reset_timeout"] = duration(timeout)
    return {"passwords": table, "rest": paths}


def hashers(report):
    names = []
    for hasher in get_hashers():
        is_djangos = type(hasher).__module__ == "django.contrib.auth.hashers"
        if is_djangos and hasher.algorithm in HASHERS:
            names.append(hasher.algorithm)
        else:
            report.missing(f"hasher: {type(hasher).__name__}", "whose passwords it hashed cannot log in")
    if not names:
        report.missing("PASSWORD_HASHERS", "none of them is known: Doorward hashes with its own, which Django may not read")
        return {}
    report.covered("PASSWORD_HASHERS", f"{names[0]} hashes")
    return {"hashers": names} if names != USUAL_HASHERS else {}


def validators(project, report):
    names = []
    for given in project.get("AUTH_PASSWORD_VALIDATORS", []):
        name, options = short(given["NAME"]), given.get("OPTIONS") or {}
        if not given["NAME"].startswith("django.contrib.auth.password_validation.") or name not in VALIDATORS:
            report.missing(f"validator: {given['NAME']}", "a class of the project's own; write a validator")
            continue
        unknown = set(options) - set(VALIDATORS[name])
        if unknown:
            report.missing(f"{name}: {', '.join(sorted(unknown))}", "options that Doorward does not have")
        kept = {key: plain(value) for key, value in options.items() if key not in unknown}
        names.append({"name": name, **kept} if kept else name)
        report.covered(name)
    return names


def plain(value):
    return list(value) if isinstance(value, tuple) else value if isinstance(value, (int, float, list)) else str(value)


def backends(project, report):
    """The backends that know passwords, and those whose sessions are found."""
    named, paths = [], []
    for path in project.get("AUTHENTICATION_BACKENDS", ["django.contrib.auth.backends.ModelBackend"]):
        paths.append(path)
        if path in BACKENDS:
            named.append(BACKENDS[path])
            report.covered(short(path))
        elif path.startswith(OPENERS):
            report.different(f"backend: {path}", "it opens its logins in Django")
        else:
            report.missing(f"backend: {path}", "a class of the project's own; write a backend")
    if not named:
        remark = "none of the backends is Doorward's: nobody logs in by a password until one is written"
        report.missing("passwords.backends", remark)
    usual = paths == ["django.contrib.auth.backends.ModelBackend"]
    if not usual:
        report.covered("sessions that these backends opened", ", ".join(paths))
    return named, {} if usual else {"session_backends": paths}
