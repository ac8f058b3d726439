"""`[passwords]`: hashers and what they cost, validators, backends."""
from django.contrib.auth import hashers as django_hashers
from django.contrib.auth.hashers import get_hashers

from .. import backends
from ..project import short
from ..toml import duration

HASHERS = {"pbkdf2_sha256", "pbkdf2_sha1", "argon2", "bcrypt_sha256", "bcrypt", "scrypt", "md5"}
USUAL_HASHERS = ["pbkdf2_sha256", "pbkdf2_sha1", "argon2", "bcrypt_sha256", "scrypt"]
# Per hasher: its attribute, the key, and what Doorward takes unless it is set.
COSTS = {
    "pbkdf2_sha256": (("iterations", "pbkdf2_sha256", 1_000_000),),
    "pbkdf2_sha1": (("iterations", "pbkdf2_sha1", 1_000_000),),
    "argon2": (("time_cost", "argon2_time", 2), ("memory_cost", "argon2_memory", 102_400),
               ("parallelism", "argon2_parallelism", 8)),
    "bcrypt_sha256": (("rounds", "bcrypt", 12),),
    "bcrypt": (("rounds", "bcrypt", 12),),
    "scrypt": (("work_factor", "scrypt_work_factor", 2**14), ("block_size", "scrypt_block_size", 8),
               ("parallelism", "scrypt_parallelism", 5)),
}
VALIDATORS = {
    "UserAttributeSimilarityValidator": ("user_attributes", "max_similarity"),
    "MinimumLengthValidator": ("min_length",),
    "CommonPasswordValidator": ("password_list_path",),
    "NumericPasswordValidator": (),
}
USER_ATTRIBUTES = ("username", "first_name", "last_name", "email")


def export(project, report):
    known = known_hashers(report)
    table = {**hashers(known, report), "validators": validators(project, report)}
    named, rest = backends.find(project, report)
    if named != ["ModelBackend"]:  # an empty list, too: without one Doorward takes ModelBackend
        table["backends"] = named
    timeout = project.get("PASSWORD_RESET_TIMEOUT", 259200)
    if timeout != 259200:
        table["reset_timeout"] = duration(timeout)
    return {"passwords": table, "passwords.costs": costs(known), "rest": rest}


def known_hashers(report):
    """Django's, and the project's that differ from them in their costs alone."""
    known = []
    for hasher in get_hashers():
        if hasher.algorithm in HASHERS and is_djangos(type(hasher)):
            known.append(hasher)
        else:
            report.missing(f"hasher: {type(hasher).__name__}", "whose passwords it hashed cannot log in")
    return known


def is_djangos(cls):
    """Whether it hashes as Django's does: a class of another module may say other costs, and nothing else."""
    kept = {"__module__", "__qualname__", "__doc__", "__firstlineno__", "__static_attributes__"}
    costs = {attribute for keys in COSTS.values() for attribute, _, _ in keys}
    own = [each for each in cls.__mro__ if each.__module__ != django_hashers.__name__ and each is not object]
    return all(set(vars(each)) <= kept | costs for each in own)


def hashers(known, report):
    names = list(dict.fromkeys(hasher.algorithm for hasher in known))
    if not names:
        report.missing("PASSWORD_HASHERS", "none of them is known: Doorward hashes with its own, which Django may not read")
        return {}
    report.covered("PASSWORD_HASHERS", f"{names[0]} hashes")
    return {"hashers": names} if names != USUAL_HASHERS else {}


def costs(known):
    """What a new hash costs: another one is made anew at the next login, which ends the user's other sessions."""
    found = {}
    for hasher in reversed(known):  # of two for one algorithm the first hashes
        found.update({key: (getattr(hasher, name), usual) for name, key, usual in COSTS.get(hasher.algorithm, ())})
    return {key: given for key, (given, usual) in found.items() if given != usual}


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
        if "user_attributes" in kept:
            kept["user_attributes"] = attributes(kept["user_attributes"], report)
        names.append({"name": name, **kept} if kept else name)
        report.covered(name)
    return names


def attributes(names, report):
    unknown = [name for name in names if name not in USER_ATTRIBUTES]
    if unknown:
        remark = f"passwords are compared with {', '.join(USER_ATTRIBUTES)} only"
        report.missing(f"UserAttributeSimilarityValidator: {', '.join(unknown)}", remark)
    return [name for name in names if name in USER_ATTRIBUTES]


def plain(value):
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return list(value) if isinstance(value, tuple) else value if isinstance(value, (int, float, list)) else str(value)
