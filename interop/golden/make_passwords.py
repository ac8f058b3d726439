"""Writes interop/vectors/passwords.json: what Django answers about passwords, usernames and addresses.

Run with a Python that has interop/reference/requirements.txt installed:

    python interop/golden/make_passwords.py

Nothing in it is random, so that a second run writes the same file. Hashes are made at the low cost of COST.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from pathlib import Path

import argon2
import django
from django.conf import settings
from django.test.utils import override_settings

settings.configure(
    USE_TZ=True,
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes"],
)
django.setup()

from django.contrib.auth import hashers, password_validation  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.exceptions import ValidationError  # noqa: E402

OUTPUT = Path(__file__).parent.parent / "vectors" / "passwords.json"

HASHERS = {
    "pbkdf2_sha256": hashers.PBKDF2PasswordHasher,
    "pbkdf2_sha1": hashers.PBKDF2SHA1PasswordHasher,
    "argon2": hashers.Argon2PasswordHasher,
    "bcrypt_sha256": hashers.BCryptSHA256PasswordHasher,
    "bcrypt": hashers.BCryptPasswordHasher,
    "scrypt": hashers.ScryptPasswordHasher,
    "md5": hashers.MD5PasswordHasher,
}
COST = {
    "pbkdf2_sha256": {"iterations": 10},
    "pbkdf2_sha1": {"iterations": 10},
    "argon2": {"memory_cost": 64, "time_cost": 1, "parallelism": 2},
    "bcrypt_sha256": {"rounds": 5},
    "bcrypt": {"rounds": 5},
    "scrypt": {"work_factor": 16, "block_size": 4, "parallelism": 2},
    "md5": {},
}
LONG, SHORT = "saltsaltsaltsaltsaltsa", "saltsaltsaltsaltsalts"
BCRYPT_SALT = "abcdefghijklmnopqrstuu"
PASSWORD = "corréct hörse"


# --- Hashes ---------------------------------------------------------------------


def made_with(name: str, salt: str = LONG, password: str = PASSWORD, **changes) -> str:
    """A hash by one hasher at the low cost, or with other parameters."""
    hasher = HASHERS[name]()
    for key, value in {**COST[name], **changes}.items():
        setattr(hasher, key, value)
    if name.startswith("bcrypt"):
        salt = f"$2b${hasher.rounds:02}${BCRYPT_SALT}".encode()
    return hasher.encode(password, salt)


def argon2_of(kind, version=19, salt: bytes = LONG.encode(), memory=64, time=1, lanes=2, length=32) -> str:
    encoded = argon2.low_level.hash_secret(
        PASSWORD.encode(), salt, time, memory, lanes, length, kind, version=version
    )
    return "argon2" + encoded.decode()


def sound_hashes():
    """Hashes of PASSWORD that Django verifies, of every algorithm and many parameters."""
    for name in HASHERS:
        yield made_with(name)
    for name in ("pbkdf2_sha256", "pbkdf2_sha1", "md5", "scrypt", "argon2"):
        yield made_with(name, SHORT)
        yield made_with(name, "saltsalt")
        yield made_with(name, "söltsöltsöltsöltsöltsö")
    for name in ("pbkdf2_sha256", "pbkdf2_sha1"):
        for iterations in (1, 2, 9, 11, 50):
            yield made_with(name, iterations=iterations)
    for name in ("bcrypt", "bcrypt_sha256"):
        for rounds in (4, 6):
            yield made_with(name, rounds=rounds)
        yield made_with(name).replace("$2b$", "$2a$")
        yield made_with(name).replace("$2b$", "$2y$")
        yield made_with(name).replace("$2b$", "$2x$")
    for change in ({"work_factor": 2}, {"work_factor": 32}, {"block_size": 1}, {"parallelism": 1}):
        yield made_with("scrypt", **change)
    for change in ({"memory_cost": 65}, {"memory_cost": 16}, {"time_cost": 2}, {"parallelism": 1}):
        yield made_with("argon2", **change)
    kinds = argon2.low_level.Type
    for kind in (kinds.I, kinds.D, kinds.ID):
        for version in (16, 19):
            encoded = argon2_of(kind, version)
            yield encoded
            yield encoded.replace("$v=16", "")
    yield argon2_of(kinds.ID, length=4)
    yield argon2_of(kinds.ID, length=16)
    yield argon2_of(kinds.ID, length=64)
    yield argon2_of(kinds.ID, length=100)
    yield argon2_of(kinds.ID, salt=b"\xff" * 22)
    yield argon2_of(kinds.ID, salt=b"s" * 100)


def broken_hashes():
    """What a column may hold besides; none of it is right for any password."""
    yield from ("", "!", "!" + "x" * 40, "plain", "$", "$$$", "md5", "unknown$1$salt$hash", "é", "\0")
    yield from ("5f4dcc3b5aa765d61d8327deb882cf99", "md5$$5f4dcc3b5aa765d61d8327deb882cf99")
    yield "sha1$$5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8"
    yield "sha1$salt$59b3e8d637cf97edbe2384cf59cb7453dfe30789"
    for name in HASHERS:
        sound = made_with(name)
        yield from (name, name + "$", name + "$$", name + "$$$$$$", sound[:-1], sound + "=", sound + "$")
        yield from (sound.upper(), sound.replace("$", "$$", 1), " " + sound, sound + "\n", sound.replace("$", "é"))
    for number in ("0", "-1", "+10", "010", " 10", "1_0", "１０", "", "ten", "10.0", "1e1"):
        yield made_with("pbkdf2_sha256").replace("$10$", f"${number}$")
        yield made_with("scrypt").replace("$16$", f"${number}$")
        yield made_with("bcrypt").replace("$05$", f"${number}$")
        yield made_with("argon2").replace("t=1", f"t={number}")
    yield made_with("scrypt").replace("$16$", "$15$")
    yield made_with("scrypt").replace("$4$2$", "$0$2$")
    yield made_with("scrypt").replace("$4$2$", "$4$0$")
    yield made_with("argon2").replace("m=64", "m=15")
    yield made_with("argon2").replace("v=19", "v=17")
    yield made_with("argon2").replace("argon2id", "argon2xx")
    yield made_with("argon2").replace(",p=2", "")
    yield made_with("argon2").replace("c2FsdHNhbHRz", "c2FsdHNhbH=z")
    yield made_with("bcrypt").replace("$2b$", "$2$")
    yield made_with("bcrypt").replace(BCRYPT_SALT, BCRYPT_SALT[:-1] + "v")
    yield made_with("bcrypt_sha256").replace("$05$", "$04$")


ODD_PASSWORDS = ("", " ", "\0", "a\0b", "a" * 71, "a" * 72, "é" * 36, "a" * 64, "a" * 65, "🔑" * 40, "$", "\n")


def verified(password: str, encoded: str, preferred: str) -> dict:
    """What Django's verify_password says, or that it raised."""
    row = {"password": password, "encoded": encoded, "preferred": preferred}
    try:
        correct, must_update = hashers.verify_password(password, encoded)
    except Exception:  # what Django would answer with a 500
        return {**row, "raises": True}
    return {**row, "correct": correct, "must_update": must_update}


def verifications():
    sound, broken = list(sound_hashes()), list(broken_hashes())
    for preferred in HASHERS:
        order = [preferred, *(name for name in HASHERS if name != preferred)]
        paths = [f"django.contrib.auth.hashers.{HASHERS[name].__name__}" for name in order]
        with override_settings(PASSWORD_HASHERS=paths):
            for encoded in sound:
                yield verified(PASSWORD, encoded, preferred)
            if preferred in ("pbkdf2_sha256", "argon2"):
                yield from (verified("wrong", encoded, preferred) for encoded in sound)
            if preferred == "md5":
                yield from (verified(PASSWORD, encoded, preferred) for encoded in broken)
            for password in ODD_PASSWORDS:
                if preferred == "bcrypt" and len(password.encode()) > 71:
                    continue  # bcrypt 5 raises, older ones cut; the unit tests of the cut are Doorward's own
                encoded = made_with(preferred, password=password)
                yield verified(password, encoded, preferred)
                yield verified(password + "x", encoded, preferred)


# --- Validators -----------------------------------------------------------------

USERS = (
    {},
    {"username": "testclient", "first_name": "Test", "last_name": "Client", "email": "testclient@example.com"},
    {"username": "zoë", "first_name": "Zoë", "last_name": "Ångström", "email": "zoë.ångström@exämple.org"},
    {"username": "नमस्ते", "first_name": "Ⓐlice ⓑ", "last_name": "..", "email": "@"},
    {"username": "a", "first_name": "İstanbul", "last_name": "ΣΑΣ", "email": "a-b_c+d@x.y"},
)
PASSWORDS = (
    "", " ", "a", "aa", "short", "password", "Password", " password ", "password\x1c", "\x1fpassword", "пароль",
    "12345678", "12345678901", "１２３４５６７８", "٣٣٣٣٣٣٣٣", "²²²²²²²²", "½½½½½½½½", "①②③④⑤⑥⑦⑧", "1234567a",
    "testclient", "tneilctset", "TESTCLIENT1", "testclient@example.com", "example.com", "exampleexample",
    "client12", "xclientx", "tset", "com", "zoë", "zoezoezoe", "ångström", "Ångström", "exämple!",
    "नमस्ते", "नमस्ते1", "ⓐlice", "alice ⓑ", "..", "@", "@@@@@@@@", "istanbul", "i̇stanbul", "İSTANBUL",
    "σασ", "σας", "ΣΑΣ", "a-b_c+d@x.y", "b_c", "correct horse battery staple", "qwertyuiop", "q" * 200,
    "testclient" * 3, "a" * 9, "a" * 10, "a" * 11, "🔑🔑🔑🔑", "🔑" * 8, "\0" * 8, "tést client",
)


def messages(password: str, user: dict, validators) -> list:
    try:
        password_validation.validate_password(password, User(**user), validators)
    except ValidationError as error:
        return [[one.messages[0], one.code] for one in error.error_list]
    return []


def validations():
    default = [
        password_validation.UserAttributeSimilarityValidator(),
        password_validation.MinimumLengthValidator(),
        password_validation.CommonPasswordValidator(),
        password_validation.NumericPasswordValidator(),
    ]
    for number, user in enumerate(USERS):
        for password in PASSWORDS:
            yield {"password": password, "user": number, "errors": messages(password, user, default)}
    for similarity in (0.1, 0.3, 0.5, 0.9, 1.0):
        only = [password_validation.UserAttributeSimilarityValidator(max_similarity=similarity)]
        for number, user in enumerate(USERS):
            for password in PASSWORDS:
                errors = messages(password, user, only)
                if errors or similarity == 0.5:
                    row = {"password": password, "user": number, "max_similarity": similarity}
                    yield {**row, "errors": errors}


# --- Usernames and addresses ----------------------------------------------------

USERNAMES = (
    "", "a", "alice", "alice@home.org", "a.b+c-d_e", "alice smith", "Ａlice", "ﬁ", "аlice", "zoë", "zoe\u0308",
    "नमस्ते", "Ⓐ", "①", "²", "½", "ª", "\u202ealice", "a\u200db", "a\u200cb", "alice.", "alice ", "alice\n", "\n",
    "😀", "admin'--", "{{7*7}}", "%s%n", "<script>", "\0", "a/b", "ͅ", "ͅa", "x" * 150, "x" * 151, "é" * 150,
    "é" * 151, " " * 151, "한국어", "日本", "ά", "İ", "ß", "ǆ", "Å", "K", "①②", "㍿", "…",
)
EMAILS = (
    "", "a", "a@b", "A@B.COM", " A@B.COM ", "A@B@C.ORG", "@", "a@", "@B", "A@ÉXAMPLE.ORG", " A ", "a@İ", "A@B\x1c",
    "A@B\u200b", "\u00a0A@B\u3000", "A@ΣΑΣ",
)


def usernames():
    field = User._meta.get_field("username")
    for username in USERNAMES:
        errors = []
        for validator in field.validators:
            try:
                validator(username)
            except ValidationError as error:
                errors.append([error.messages[0], error.code])
        yield {"username": username, "normalized": User.normalize_username(username), "errors": errors}


def emails():
    return ([email, User.objects.normalize_email(email)] for email in EMAILS)


# --- Characters -----------------------------------------------------------------


def ranges(holds) -> list:
    found: list = []
    for code in range(sys.maxunicode + 1):
        if 0xD800 <= code < 0xE000 or not holds(chr(code)):
            continue
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return found


def characters() -> dict:
    return {
        "unicode": unicodedata.unidata_version,
        "assigned": ranges(lambda character: unicodedata.category(character) != "Cn"),
        "word": ranges(re.compile(r"\w").match),
        "space": ranges(str.isspace),
        "digit": ranges(str.isdigit),
    }


# --- The file -------------------------------------------------------------------


def lines(rows) -> str:
    return ",\n".join(json.dumps(row) for row in rows)


def main():
    for name, cost in COST.items():
        for key, value in cost.items():
            setattr(HASHERS[name], key, value)
    tables = {
        "verify": verifications(),
        "users": USERS,
        "validate": validations(),
        "usernames": usernames(),
        "emails": emails(),
    }
    body = "".join(f'"{name}": [\n{lines(rows)}\n],\n' for name, rows in tables.items())
    head = f'"source": "interop/golden/make_passwords.py, Django {django.__version__}",\n'
    OUTPUT.write_text(f'{{\n{head}{body}"characters": {json.dumps(characters())}\n}}\n')


if __name__ == "__main__":
    main()
