"""What the export writes and tells where a project is unlike the usual one.

    PYTHONPATH=adopt python -m unittest discover -s adopt/tests
"""
import datetime
import enum
import os
import re
import subprocess
import sys
import tempfile
import unittest
import uuid
from decimal import Decimal
from types import SimpleNamespace
from unittest import mock

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="a-key-of-the-tests-0123456789-0123456789",
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "rest_framework"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    USE_TZ=True,
)
django.setup()

from django.contrib.auth.backends import AllowAllUsersModelBackend, BaseBackend, ModelBackend
from django.contrib.auth.hashers import Argon2PasswordHasher, PBKDF2PasswordHasher
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac
from django.views import View

from rest_framework.authentication import BaseAuthentication, SessionAuthentication, TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from doorward_adopt import auth_hash, authenticators, backends, manager, toml
from doorward_adopt.project import Project
from doorward_adopt.report import COVERED, DIFFERENT, MISSING, Report
from doorward_adopt.sections import cors, database, jwt, lockout, passwords, rest, security, sessions, urls, user

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


class PlainAuthentication(BaseAuthentication):
    def authenticate(self, request):
        return None


class CookieAuthentication(BaseAuthentication):
    def authenticate(self, request):
        return self.find(request.COOKIES.get("auth_token"))


class ApiTokenAuthentication(TokenAuthentication):
    def authenticate_credentials(self, key):
        user, token = super().authenticate_credentials(key)
        if token.revoked:
            raise AuthenticationFailed("Token has been revoked.")
        return user, token


class CsrfExemptSessionAuthentication(SessionAuthentication):
    def enforce_csrf(self, request):
        return


class VersionedAuthentication(TokenAuthentication):
    def authenticate(self, request):
        found = super().authenticate(request)
        if found and found[0].version != found[1].version:
            raise AuthenticationFailed("Another version.")
        return found


class OptionalAuthentication(TokenAuthentication):
    def authenticate(self, request):
        try:
            return TokenAuthentication.authenticate(self, request)
        except AuthenticationFailed:
            return None


class RealmAuthentication(BaseAuthentication):
    def authenticate(self, request):
        return self.decode(PyJWKClient("https://id.example/certs"))  # noqa: F821


class KeyAuthentication(BaseAuthentication):
    def authenticate(self, request):
        return check_password(request.headers["X-Key"], self.stored)  # noqa: F821


class RelayAuthentication(BaseAuthentication):
    def authenticate(self, request):
        return hmac.compare_digest(request.headers["X-Relay"], self.expected)  # noqa: F821


OWN_AUTHENTICATION = {
    CookieAuthentication: ["A credential from a cookie"],
    ApiTokenAuthentication: ["Tokens of your own table"],
    CsrfExemptSessionAuthentication: ["A session without CSRF token"],
    VersionedAuthentication: ["A check after success"],
    OptionalAuthentication: ["A bad credential means anonymous"],
    RealmAuthentication: ["A foreign issuer"],
    KeyAuthentication: ["Hashed keys with a prefix"],
    RelayAuthentication: ["Signed requests and URLs"],
}


class Fake(Project):
    """A project with just these settings."""

    def __init__(self, **given):
        super().__init__(with_secrets=True)
        self.given = {"INSTALLED_APPS": ["rest_framework", "corsheaders"], **given}

    def get(self, name, default=None):
        return self.given.get(name, default)


def exported(section, **given):
    """The tables of a section, and its report."""
    report = Report()
    return section.export(Fake(**given), report), report


def told(report, kind):
    return "\n".join(f"{item['subject']}: {item['remark']}" for item in report.of(kind))


class OwnHasher(PBKDF2PasswordHasher):
    def encode(self, password, salt, iterations=None):
        return super().encode(password + "pepper", salt, iterations)


class CheapHasher(PBKDF2PasswordHasher):
    iterations = 1


def own_view(request):
    pass


def model(name, base=AbstractBaseUser, **members):
    """A model of users that has these members."""
    meta = type("Meta", (), {"app_label": "people"})
    usual = {"__module__": __name__, "Meta": meta, "USERNAME_FIELD": "login"}
    if base is AbstractBaseUser:
        usual["login"] = models.CharField(max_length=30, unique=True)
    return type(name, (base,), {**usual, **members})


class Backends(unittest.TestCase):
    def test_a_backend_of_the_projects_own_leaves_none_on(self):
        tables, report = exported(passwords, AUTHENTICATION_BACKENDS=["shop.TwoFactorBackend"])
        self.assertEqual(tables["passwords"]["backends"], [])
        self.assertEqual(tables["rest"], {"session_backends": ["shop.TwoFactorBackend"]})
        self.assertIn("nobody logs in by a password", told(report, MISSING))
        self.assertIn("backends = []", toml.document(tables))

    def test_backends_that_open_sessions_only_leave_none_on_either(self):
        tables, _ = exported(passwords, AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"])
        self.assertEqual(tables["passwords"]["backends"], [])

    def test_djangos_own_is_what_doorward_takes_anyway(self):
        tables, report = exported(passwords, AUTHENTICATION_BACKENDS=[MODEL_BACKEND])
        self.assertNotIn("backends", tables["passwords"])
        self.assertEqual(report.of(MISSING), [])

    def test_djangos_own_beside_another(self):
        tables, _ = exported(passwords, AUTHENTICATION_BACKENDS=["shop.Own", MODEL_BACKEND])
        self.assertNotIn("backends", tables["passwords"])
        self.assertEqual(tables["rest"]["session_backends"], ["shop.Own", MODEL_BACKEND])


class Hashers(unittest.TestCase):
    def test_a_hasher_of_the_projects_own_is_not_djangos_of_that_name(self):
        with mock.patch.object(passwords, "get_hashers", return_value=[OwnHasher(), PBKDF2PasswordHasher()]):
            tables, report = exported(passwords)
        self.assertEqual(tables["passwords"]["hashers"], ["pbkdf2_sha256"])
        self.assertIn("OwnHasher", told(report, MISSING))

    def test_what_a_hash_costs_is_told(self):
        with mock.patch.object(passwords, "get_hashers", return_value=[CheapHasher(), Argon2PasswordHasher()]):
            tables, report = exported(passwords)
        self.assertEqual(tables["passwords"]["hashers"], ["pbkdf2_sha256", "argon2"])
        self.assertEqual(tables["passwords.costs"]["pbkdf2_sha256"], 1)
        self.assertNotIn("pbkdf2_sha1", tables["passwords.costs"])
        self.assertEqual(told(report, MISSING), "")

    def test_of_two_for_one_algorithm_the_first_hashes(self):
        with mock.patch.object(passwords, "get_hashers", return_value=[CheapHasher(), PBKDF2PasswordHasher()]):
            tables, _ = exported(passwords)
        self.assertEqual(tables["passwords"]["hashers"], ["pbkdf2_sha256"])
        self.assertEqual(tables["passwords.costs"]["pbkdf2_sha256"], 1)

    def test_a_set_of_attributes_is_a_list_of_those_that_are_known(self):
        similarity = "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"
        given = [{"NAME": similarity, "OPTIONS": {"user_attributes": {"name", "email"}}}]
        tables, report = exported(passwords, AUTH_PASSWORD_VALIDATORS=given)
        self.assertEqual(tables["passwords"]["validators"][0]["user_attributes"], ["email"])
        self.assertIn("name", told(report, MISSING))


class Permitting(ModelBackend):
    def has_perm(self, user, perm, obj=None):
        return True


class AllPermitting(AllowAllUsersModelBackend):
    pass


class SecondFactor(ModelBackend):
    def authenticate(self, request, username=None, password=None, code=None):
        return None


class Locked(ModelBackend):
    def user_can_authenticate(self, user):
        return False


class Links(BaseBackend):
    def authenticate(self, request, link):
        return None


class Permissions(BaseBackend):
    pass


class Addresses(BaseBackend):
    def authenticate(self, request, email, password):
        return None


class LikeDjangos(unittest.TestCase):
    def found(self, *classes):
        report = Report()
        paths = [f"{__name__}.{cls.__name__}" for cls in classes]
        with mock.patch.object(backends, "loaded", side_effect=dict(zip(paths, classes)).get):
            return (*backends.find(Fake(AUTHENTICATION_BACKENDS=paths), report), report)

    def test_one_that_differs_in_permissions_alone_knows_passwords_as_djangos_does(self):
        for cls, expected in ((Permitting, "ModelBackend"), (AllPermitting, "AllowAllUsersModelBackend")):
            named, rest, _ = self.found(Links, cls)
            self.assertEqual(named, [expected])
            self.assertEqual(rest["session_backend"], f"{__name__}.{cls.__name__}")

    def test_one_that_asks_for_more_or_lets_others_in_does_not(self):
        for cls in (SecondFactor, Locked, Addresses):
            named, rest, report = self.found(cls)
            self.assertEqual((named, "session_backend" in rest), ([], False))
            self.assertIn(cls.__name__, told(report, MISSING))

    def test_one_that_takes_no_password_is_not_missed(self):
        for cls in (Links, Permissions):
            _, _, report = self.found(cls)
            self.assertIn(cls.__name__, told(report, DIFFERENT))

    def test_second_factors_leave_none_on(self):
        report = Report()
        named, rest = backends.find(Fake(INSTALLED_APPS=["allauth.mfa"]), report)
        self.assertEqual((named, rest), ([], {}))
        self.assertIn("allauth.mfa", told(report, MISSING))
        with mock.patch.object(backends, "loaded", return_value=Permitting):
            found = backends.find(Fake(INSTALLED_APPS=["django_otp"], AUTHENTICATION_BACKENDS=["shop.B"]), Report())
        self.assertEqual(found, ([], {"session_backends": ["shop.B"]}))

    def test_where_djangos_own_is_there_too_logins_are_written_under_its_path(self):
        named, rest = backends.find(Fake(AUTHENTICATION_BACKENDS=[f"{__name__}.Permitting", MODEL_BACKEND]), Report())
        self.assertNotIn("session_backend", rest)


class Axes(unittest.TestCase):
    def lockout(self, **given):
        tables, report = exported(lockout, INSTALLED_APPS=["axes"], **given)
        return tables.get("lockout"), report

    def test_without_settings_it_locks_an_address_for_ever(self):
        table, report = self.lockout()
        expected = {"failures": 3, "by": ["address"], "window": "36500d", "cool_off": "36500d", "cool_off_max": "36500d",
                    "reset_on_success": False}
        self.assertEqual(table, expected)
        self.assertIn("lockout reset", told(report, DIFFERENT))

    def test_hours_and_timedeltas(self):
        for given, expected in ((1, "1h"), (0.5, "30m"), (datetime.timedelta(seconds=90), "90s")):
            table, _ = self.lockout(AXES_COOLOFF_TIME=given)
            self.assertEqual([table[key] for key in ("window", "cool_off")], [expected] * 2)
            self.assertEqual(table.get("cool_off_max", "1h"), expected)

    def test_parameters_of_now_and_of_old(self):
        for given, expected in (({"AXES_LOCKOUT_PARAMETERS": [["username", "ip_address"]]}, ["account+address"]),
                                ({"AXES_LOCKOUT_PARAMETERS": ["username", ["ip_address", "user_agent"]]}, None),
                                ({"AXES_ONLY_USER_FAILURES": True}, ["account"]),
                                ({"AXES_LOCK_OUT_BY_USER_OR_IP": True}, None),
                                ({"AXES_LOCK_OUT_BY_COMBINATION_USER_AND_IP": True}, ["account+address"])):
            table, report = self.lockout(**given)
            self.assertEqual(table.get("by"), expected)
            self.assertEqual("browser" in told(report, DIFFERENT), "user_agent" in str(given))

    def test_code_of_the_projects_own_is_told(self):
        table, report = self.lockout(AXES_LOCKOUT_PARAMETERS="shop.by", AXES_FAILURE_LIMIT="shop.limit",
                                     AXES_COOLOFF_TIME="shop.time", AXES_WHITELIST_CALLABLE="shop.allow")
        self.assertEqual(table, {"failures": 3, "reset_on_success": False})
        for name in ("PARAMETERS", "LIMIT", "COOLOFF", "WHITELIST_CALLABLE"):
            self.assertIn(name, told(report, MISSING))

    def test_addresses_are_allowed_where_axes_allows_them(self):
        table, _ = self.lockout(AXES_IP_WHITELIST=["192.0.2.1"])
        self.assertNotIn("allow", table)
        table, _ = self.lockout(AXES_IP_WHITELIST=["192.0.2.1"], AXES_NEVER_LOCKOUT_WHITELIST=True)
        self.assertEqual(table["allow"], ["192.0.2.1"])

    def test_one_that_locks_nobody_out_is_nothing_to_write(self):
        for given in ({"AXES_ENABLED": False}, {"AXES_LOCK_OUT_AT_FAILURE": False}):
            self.assertIsNone(self.lockout(**given)[0])
        self.assertEqual(exported(lockout, INSTALLED_APPS=[])[0], {})

    def test_attempts_in_a_cache_are_told(self):
        _, report = self.lockout(AXES_HANDLER="axes.handlers.cache.AxesCacheHandler")
        self.assertIn("AxesCacheHandler", told(report, DIFFERENT))
        _, report = self.lockout()
        self.assertNotIn("AXES_HANDLER", told(report, DIFFERENT))


class Security(unittest.TestCase):
    def test_headers_of_proxies_are_commented_out_with_the_reason(self):
        tables, _ = exported(security, USE_X_FORWARDED_HOST=True)
        self.assertIn("# with `throttle.trusted_proxies`: use_x_forwarded_host = true", toml.document(tables))

    def test_an_empty_host_is_none(self):
        tables, _ = exported(security, SECURE_SSL_HOST="")
        self.assertNotIn("ssl_host", tables["security"])


class Rest(unittest.TestCase):
    def rest(self, **given):
        tables, report = exported(rest, REST_FRAMEWORK=given)
        return tables["rest"], report

    def test_no_known_authenticator_leaves_none_on(self):
        table, report = self.rest(DEFAULT_AUTHENTICATION_CLASSES=["shop.DeviceAuthentication"])
        self.assertEqual(table["authentication"], [])
        self.assertIn("shop.DeviceAuthentication", told(report, MISSING))
        self.assertEqual(self.rest(DEFAULT_AUTHENTICATION_CLASSES=[])[0]["authentication"], [])

    def test_a_class_of_the_projects_own_is_told_with_its_recipes(self):
        for cls, kinds in OWN_AUTHENTICATION.items():
            _, report = self.rest(DEFAULT_AUTHENTICATION_CLASSES=[cls])
            remark = next(item["remark"] for item in report.of(MISSING) if cls.__name__ in item["subject"])
            names = ", ".join(f'"{kind}"' for kind in kinds)
            self.assertTrue(remark.endswith(f"write an authenticator: see {names} in the guide's page Authentication"), remark)
        _, report = self.rest(DEFAULT_AUTHENTICATION_CLASSES=[PlainAuthentication])
        self.assertTrue(report.of(MISSING)[0]["remark"].endswith("write an authenticator"))

    def test_the_guide_has_every_recipe(self):
        page = os.path.join(os.path.dirname(__file__), "../../docs/guide/src/authentication.md")
        with open(page, encoding="utf-8") as file:
            headings = {line.strip("# \n") for line in file if line.startswith("### ")}
        for kind in [authenticators.WITHOUT_CSRF, *authenticators.SIGNS]:
            self.assertIn(kind, headings)

    def test_known_permissions_are_kept_beside_others(self):
        classes = ["rest_framework.permissions.IsAuthenticated", "shop.HasPaid"]
        table, report = self.rest(DEFAULT_PERMISSION_CLASSES=classes)
        self.assertEqual(table["permission"], "IsAuthenticated")
        self.assertIn("shop.HasPaid", told(report, MISSING))

    def test_without_a_known_permission_only_administrators_pass(self):
        for path in ("shop.HasPaid", "rest_framework.permissions.DjangoModelPermissions"):
            table, report = self.rest(DEFAULT_PERMISSION_CLASSES=[path])
            self.assertEqual(table["permission"], "IsAdminUser")
            self.assertIn("IsAdminUser", told(report, MISSING))

    def test_permissions_that_are_joined_are_told(self):
        from rest_framework.permissions import IsAdminUser, IsAuthenticated

        table, _ = self.rest(DEFAULT_PERMISSION_CLASSES=[IsAdminUser | IsAuthenticated])
        self.assertEqual(table["permission"], "IsAdminUser")

    def test_no_permission_at_all_is_everybodys(self):
        self.assertEqual(self.rest(DEFAULT_PERMISSION_CLASSES=[])[0]["permission"], "AllowAny")


class Flags(unittest.TestCase):
    computed = model(
        "Computed", is_enabled=models.BooleanField(default=True), is_admin=models.BooleanField(default=False),
        is_active=property(lambda self: self.is_enabled), is_staff=property(lambda self: self.is_admin),
        is_superuser=property(lambda self: self.is_admin),
    )

    def test_only_staff_is_guessed(self):
        for name, base, expected in (("is_active", True, False), ("is_superuser", False, False), ("is_staff", False, "is_admin")):
            report = Report()
            self.assertEqual(user.flag(self.computed, name, base, report), expected)
            self.assertIn("is_admin" if expected else "false", told(report, MISSING))

    def test_a_constant_is_written_as_it_is(self):
        report = Report()
        self.assertIs(user.flag(model("Constant"), "is_active", True, report), True)
        self.assertEqual(report.items, [])


def hashed(text, algorithm="sha256"):
    return salted_hmac("salt", text, algorithm=algorithm).hexdigest()


class AuthHash(unittest.TestCase):
    def found(self, name, method, called="get_session_auth_hash", **fields):
        report = Report()
        made = model(name, **{called: method}, nonce=models.CharField(max_length=9), **fields)
        return auth_hash.find(made, report), report

    def check_unknown(self, name, method):
        found, report = self.found(name, method)
        self.assertEqual(found, {})
        self.assertIn("get_session_auth_hash", told(report, MISSING))

    def test_what_is_hashed_is_found(self):
        def method(self):
            return salted_hmac("salt", f"{self.nonce}-{self.password}").hexdigest()

        found, _ = self.found("Nonce", method)
        expected = {"key_salt": "salt", "value": "{nonce}-{password}", "algorithm": "sha1", "fields": ["nonce"]}
        self.assertEqual(found, expected)

    def test_texts_that_are_changed_are_not_found(self):
        def of(change):
            def method(self):
                return salted_hmac("salt", self.password + change(self.nonce), algorithm="sha256").hexdigest()
            return method

        for name, change in (("Lower", str.lower), ("Stripped", str.strip), ("Upper", str.upper),
                             ("Cut", lambda text: text[:64]), ("Ascii", lambda text: text.encode("ascii", "ignore").decode())):
            self.check_unknown(name, of(change))

    def test_two_users_have_to_agree(self):
        def method(self):
            text = self.password if self.flagged else self.password + self.nonce
            return salted_hmac("salt", text, algorithm="sha256").hexdigest()

        found, _ = self.found("Flagged", method, flagged=models.BooleanField(default=False))
        self.assertEqual(found, {})

    def test_the_inner_method_counts(self):
        def method(self, secret=None):
            return salted_hmac("salt", self.password + self.nonce, secret=secret, algorithm="sha256").hexdigest()

        found, _ = self.found("Inner", method, "_get_session_auth_hash")
        self.assertEqual(found["value"], "{password}{nonce}")

    def test_djangos_own_is_nothing_to_write(self):
        report = Report()
        self.assertEqual(auth_hash.find(model("Usual"), report), {})
        self.assertEqual(report.items, [])

    def test_a_column_that_doorward_may_take_for_another_is_read_by_its_name(self):
        def method(self):
            return salted_hmac("salt", self.password + self.nickname, algorithm="sha256").hexdigest()

        fields = {"nickname": models.CharField(max_length=30, db_column="username")}
        made = model("Nicknamed", get_session_auth_hash=method, **fields)
        with mock.patch.object(user, "get_user_model", return_value=made):
            tables, _ = exported(user)
        self.assertEqual(tables["user.session_auth_hash"]["value"], "{password}{username}")
        self.assertEqual(tables["user.fields"], {"username": "text"})


class Level(enum.IntEnum):
    HIGH = 3


class Ratio(float):
    def __repr__(self):
        return "a ratio"


class Toml(unittest.TestCase):
    def test_subclasses_are_written_as_what_they_are(self):
        choices = models.IntegerChoices("Choices", "ONE TWO")
        words = models.TextChoices("Words", "RED BLUE")
        for given, expected in ((Level.HIGH, "3"), (choices.TWO, "2"), (Ratio(1.5), "1.5"), (words.RED, '"RED"'),
                                (True, "true"), (float("inf"), "inf"), (float("-inf"), "-inf"), (float("nan"), "nan")):
            self.assertEqual(toml.value(given), expected)


class Defaults(unittest.TestCase):
    def of(self, field, name="field"):
        field.set_attributes_from_name(name)
        return user.default(field)

    def test_moments(self):
        for field in (models.DateTimeField(default=timezone.now), models.DateTimeField(auto_now=True)):
            self.assertEqual(self.of(field), {"fresh": "now"})
        tomorrow = lambda: timezone.now() + datetime.timedelta(days=1)
        for field in (models.DateTimeField(default=tomorrow), models.DateField(auto_now=True),
                      models.DateField(auto_now_add=True), models.TimeField(auto_now=True),
                      models.DateField(default=datetime.date.today), models.TimeField(default=lambda: datetime.time(1)),
                      models.DurationField(default=datetime.timedelta), models.BinaryField(default=bytes)):
            self.assertIsNone(self.of(field), field)

    def test_uuids(self):
        for function in (uuid.uuid4, uuid.uuid1, lambda: uuid.UUID(int=4)):
            self.assertEqual(self.of(models.UUIDField(default=function)), {"fresh": "uuid"})

    def test_unique_texts(self):
        self.assertIsNone(self.of(models.CharField(max_length=9, unique=True), "phone"))
        self.assertIsNone(self.of(models.EmailField(unique=True), "email"))
        self.assertIsNone(self.of(models.CharField(max_length=9, unique=True, default="same"), "username"))
        self.assertEqual(self.of(models.CharField(max_length=9, unique=True), "username"), {"fresh": "text", "length": 9})
        random = models.CharField(max_length=12, unique=True, default=lambda: get_random_string(12))
        self.assertEqual(self.of(random), {"fresh": "text", "length": 12})

    def test_json(self):
        settings_of = lambda: {"theme": "dark", "tabs": [1, None]}
        self.assertEqual(self.of(models.JSONField(default=settings_of)), '{"theme": "dark", "tabs": [1, null]}')
        self.assertEqual(self.of(models.JSONField(default=list)), "[]")
        self.assertIsNone(self.of(models.JSONField(default=lambda: {"id": get_random_string(9)})))

    def test_constants(self):
        for field, expected in ((models.DecimalField(default=Decimal("1.50")), "1.50"), (models.IntegerField(default=0), 0),
                                (models.DateField(default=datetime.date(2020, 1, 2)), "2020-01-02"),
                                (models.BooleanField(default=False), False), (models.CharField(), "")):
            found = self.of(field)
            self.assertEqual((found, type(found)), (expected, type(expected)))
        self.assertIsNone(self.of(models.IntegerField()))
        counter = iter(range(9))
        self.assertIsNone(self.of(models.IntegerField(default=lambda: next(counter))))


class Profile(models.Model):
    deleted = models.BooleanField(default=False)

    class Meta:
        app_label = "people"


def managed(name, **conditions):
    class Managed(BaseUserManager):
        def get_queryset(self):
            return super().get_queryset().filter(**conditions)

    fields = {"deleted": models.BooleanField(default=False), "gone": models.BooleanField(null=True),
              "profile": models.ForeignKey(Profile, models.CASCADE, related_name="+")}
    return model(name, objects=Managed(), **fields)


class Managers(unittest.TestCase):
    def check(self, name, expected, **conditions):
        report = Report()
        self.assertEqual(manager.hidden_by(managed(name, **conditions), report), expected)
        self.assertEqual(bool(report.of(MISSING)), not expected)

    def test_a_flag_of_the_users_own_hides(self):
        self.check("Own", ["deleted"], deleted=False)

    def test_a_flag_of_another_table_does_not(self):
        self.check("Joined", [], profile__deleted=False)

    def test_a_flag_that_may_be_null_does_not(self):
        self.check("Nullable", [], gone=False)


class Sessions(unittest.TestCase):
    def test_no_samesite_is_left_at_lax(self):
        tables, report = exported(sessions, SESSION_COOKIE_SAMESITE=False, CSRF_COOKIE_SAMESITE=False)
        self.assertNotIn("cookie_samesite", {**tables["session"], **tables["csrf"]})
        self.assertIn("SESSION_COOKIE_SAMESITE", told(report, DIFFERENT))
        self.assertIn("CSRF_COOKIE_SAMESITE", told(report, DIFFERENT))

    def test_none_is_kept(self):
        tables, _ = exported(sessions, SESSION_COOKIE_SAMESITE="None")
        self.assertEqual(tables["session"]["cookie_samesite"], "None")

    def test_signed_cookies_are_carried(self):
        tables, report = exported(sessions, SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies")
        self.assertEqual(tables["session"], {"engine": "signed_cookies"})
        self.assertIn("a logout takes the cookie from one browser only", told(report, COVERED))

    def test_files_and_engines_of_the_projects_own_are_told(self):
        tables, report = exported(sessions, SESSION_ENGINE="django.contrib.sessions.backends.file")
        self.assertIsInstance(tables["session"]["engine"], toml.Later)
        self.assertIn("in files", told(report, MISSING))
        tables, report = exported(sessions, SESSION_ENGINE="shop.sessions")
        self.assertEqual(tables["session"], {})
        self.assertIn("SESSION_ENGINE: shop.sessions", told(report, MISSING))

    def test_another_serializer_is_told(self):
        _, report = exported(sessions, SESSION_SERIALIZER="django.contrib.sessions.serializers.PickleSerializer")
        self.assertIn("PickleSerializer", told(report, MISSING))
        _, report = exported(sessions, SESSION_SERIALIZER="django.contrib.sessions.serializers.JSONSerializer")
        self.assertEqual(report.of(MISSING), [])


class Jwt(unittest.TestCase):
    def test_a_serializer_is_known_by_its_whole_path(self):
        for path, is_own in (("shop.TokenObtainPairSerializer", True),
                             ("rest_framework_simplejwt.serializers.TokenObtainPairSerializer", False)):
            _, report = exported(jwt, SIMPLE_JWT={"TOKEN_OBTAIN_SERIALIZER": path})
            self.assertEqual("TOKEN_OBTAIN_SERIALIZER" in told(report, MISSING), is_own)


class SessionCache(unittest.TestCase):
    """The cache that sessions are kept in."""

    def cached(self, cache, with_secrets=True, **given):
        engine = "django.contrib.sessions.backends.cached_db"
        project = Fake(SESSION_ENGINE=engine, CACHES={"default": {}, "sessions": cache}, SESSION_CACHE_ALIAS="sessions", **given)
        project.with_secrets, report = with_secrets, Report()
        return sessions.export(project, report), report

    def refused(self, cache):
        tables, report = self.cached(cache)
        self.assertIsInstance(tables["session"]["engine"], toml.Later)
        self.assertEqual(tables["session.cache"], {})
        return told(report, MISSING)

    def test_djangos_cache_is_carried(self):
        tables, report = self.cached({
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": ["redis://cache.example:6379/1", "redis://replica.example:6379/1"],
            "KEY_PREFIX": "shop",
            "VERSION": 3,
            "OPTIONS": {"db": 2, "pool_class": "redis.BlockingConnectionPool"},
        })
        self.assertEqual(tables["session"], {"engine": "cached_db"})
        wanted = {"url": "redis://cache.example:6379/2", "key_prefix": "shop", "version": 3}
        self.assertEqual(tables["session.cache"], wanted)
        self.assertIn("SESSION_ENGINE: cached_db", told(report, COVERED))
        self.assertEqual(told(report, MISSING), "")

    def test_django_redis_is_carried(self):
        tables, _ = self.cached({
            "BACKEND": "django_redis.cache.RedisCache",
            "LOCATION": "redis://cache.example:6379/1",
            "OPTIONS": {
                "CLIENT_CLASS": "django_redis.client.DefaultClient",
                "PASSWORD": "p@ss",
                "SERIALIZER": "django_redis.serializers.json.JSONSerializer",
                "COMPRESSOR": "django_redis.compressors.zlib.ZlibCompressor",
                "SOCKET_TIMEOUT": 5,
            },
        })
        wanted = {"url": "redis://:p%40ss@cache.example:6379/1", "serializer": "json", "compressor": "zlib"}
        self.assertEqual(tables["session.cache"], wanted)

    def test_a_password_is_left_out_where_secrets_are(self):
        cache = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://:hunter2@cache.example"}
        tables, report = self.cached(cache, with_secrets=False)
        self.assertEqual(tables["session.cache"], {})
        self.assertIn("DOORWARD_SESSION_CACHE_URL", told(report, DIFFERENT))

    def test_caches_that_nobody_else_reads_are_told_with_the_reason(self):
        for backend, why in (
            ("django.core.cache.backends.memcached.PyMemcacheCache", "memcached"),
            ("django.core.cache.backends.locmem.LocMemCache", "one process"),
            ("django.core.cache.backends.dummy.DummyCache", "nothing"),
            ("django.core.cache.backends.db.DatabaseCache", "table"),
            ("django.core.cache.backends.filebased.FileBasedCache", "files"),
            ("shop.Cache", "only"),
        ):
            self.assertIn(why, self.refused({"BACKEND": backend}))

    def test_what_is_written_otherwise_is_told(self):
        usual = {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": "redis://cache.example"}
        for change, word in (
            ({"KEY_FUNCTION": "shop.key"}, "KEY_FUNCTION"),
            ({"VERSION": "two"}, "VERSION"),
            ({"LOCATION": "unix:///run/redis.sock"}, "LOCATION"),
            ({"LOCATION": "redis://cache.example?protocol=3"}, "question mark"),
            ({"OPTIONS": {"SERIALIZER": "django_redis.serializers.msgpack.MSGPackSerializer"}}, "MSGPackSerializer"),
            ({"OPTIONS": {"COMPRESSOR": "django_redis.compressors.zstd.ZStdCompressor"}}, "COMPRESSOR"),
            ({"OPTIONS": {"CLIENT_CLASS": "django_redis.client.HerdClient"}}, "HerdClient"),
            ({"OPTIONS": {"PICKLE_VERSION": 0}}, "PICKLE_VERSION"),
            ({"OPTIONS": {"UNHEARD_OF": 1}}, "UNHEARD_OF"),
        ):
            self.assertIn(word, self.refused({**usual, **change}))


class Databases(unittest.TestCase):
    def exported(self, **default):
        tables, report = exported(database, DATABASES={"default": default})
        return tables["database"]["url"], report

    def test_options_that_are_not_carried_are_told(self):
        options = {"service": "shop", "pool": True, "sslmode": "require"}
        url, report = self.exported(ENGINE="django.db.backends.postgresql", NAME="shop", HOST="db", OPTIONS=options)
        self.assertEqual(url, "postgres://db/shop?sslmode=require")
        self.assertIn("'service'", told(report, MISSING))
        self.assertIn("'pool'", told(report, DIFFERENT))
        self.assertNotIn("sslmode", told(report, MISSING) + told(report, DIFFERENT))

    def test_local_times_have_their_zone(self):
        sqlite = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "site.sqlite3"}}
        tables, report = exported(database, DATABASES=sqlite, USE_TZ=False, TIME_ZONE="Europe/Paris")
        self.assertEqual(tables["database"]["time_zone"], "Europe/Paris")
        self.assertIn("USE_TZ = False", told(report, COVERED))
        tables, _ = exported(database, DATABASES=sqlite, USE_TZ=True, TIME_ZONE="Europe/Paris")
        self.assertNotIn("time_zone", tables["database"])

    def test_mariadb_is_named_with_what_the_address_takes(self):
        options = {"ssl": {"ca": "/etc/ca.pem"}, "charset": "utf8mb4", "read_default_file": "/etc/my.cnf"}
        url, report = self.exported(ENGINE="django.db.backends.mysql", NAME="shop", HOST="db", OPTIONS=options)
        self.assertEqual(url, "mysql://db/shop?ssl-ca=%2Fetc%2Fca.pem&ssl-mode=VERIFY_CA")
        self.assertIn("read_default_file", told(report, MISSING))
        self.assertNotIn("MariaDB", told(report, MISSING))
        url, _ = self.exported(ENGINE="django.db.backends.mysql", NAME="shop", USER="u", HOST="/run/mysqld.sock")
        self.assertEqual(url, "mysql://u@localhost/shop?socket=%2Frun%2Fmysqld.sock")
        _, report = self.exported(ENGINE="django.db.backends.mysql", NAME="shop")
        self.assertIn("?socket=/path", told(report, DIFFERENT))

    def test_other_databases_and_routers_are_told(self):
        default = {"ENGINE": "django.db.backends.sqlite3", "NAME": "/srv/shop.sqlite3"}
        others = {"copy": {**default, "TEST": {"MIRROR": "default"}}, "log": {**default, "NAME": "/srv/log.sqlite3"},
                  "again": dict(default)}
        _, report = exported(database, DATABASES={"default": default, **others}, DATABASE_ROUTERS=["shop.Router"])
        self.assertIn("shop.Router", told(report, MISSING))
        for name, kind in (("copy", "a replica"), ("log", "another database"), ("again", "the same database")):
            self.assertIn(f"DATABASES[{name!r}]: {kind}", told(report, DIFFERENT))

    def test_users_in_another_database_are_told(self):
        with mock.patch.object(database.router, "db_for_read", return_value="people"):
            _, report = exported(database, DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "x"}})
        self.assertIn("people", told(report, MISSING))

    def test_no_host_is_a_socket_in_django(self):
        _, report = self.exported(ENGINE="django.db.backends.postgresql", NAME="shop")
        self.assertIn("socket", told(report, DIFFERENT))
        _, report = self.exported(ENGINE="django.db.backends.postgresql", NAME="shop", HOST="db")
        self.assertNotIn("socket", told(report, DIFFERENT))

    def test_a_zone_of_the_database_s_own_is_told(self):
        for zone, is_told in (("UTC", False), ("Europe/Rome", True)):
            _, report = self.exported(ENGINE="django.db.backends.mysql", NAME="shop", HOST="db", TIME_ZONE=zone)
            self.assertEqual("TIME_ZONE" in told(report, MISSING), is_told)

    def test_a_file_has_one_slash_before_it(self):
        for name in ("//srv/shop.sqlite3", "/srv/shop.sqlite3"):
            self.assertEqual(self.exported(ENGINE="django.db.backends.sqlite3", NAME=name)[0], "sqlite:///srv/shop.sqlite3")


class Obtain(View):
    """Stands for the view of a package."""


class Urls(unittest.TestCase):
    def exported(self, *paths):
        view = ("token_obtain_pair", "/api/token/")
        with mock.patch.object(urls, "VIEWS", {f"{__name__}.Obtain": view}), \
             mock.patch.object(urls, "get_resolver", return_value=SimpleNamespace()), \
             mock.patch.object(urls, "views", return_value=[(path, Obtain) for path in paths]):
            tables, report = exported(urls)
        return tables.get("urls"), report

    def test_a_second_path_is_told(self):
        table, report = self.exported("/login/", "/v1/login/", "/login/")
        self.assertEqual(table, {"token_obtain_pair": "/login/"})
        self.assertIn("/v1/login/", told(report, MISSING))
        self.assertEqual(len(report.of(MISSING)), 1)

    def test_a_path_that_varies_is_told_and_not_written(self):
        for path in ("/<str:shop>/login/", "/(?P<shop>[a-z]+)/login/"):
            table, report = self.exported(path)
            self.assertEqual(table, {})
            self.assertIn(path, told(report, MISSING))


class Module(unittest.TestCase):
    """`python -m doorward_adopt`, in a folder with settings of its own."""

    SETTINGS = """
SECRET_KEY = "a-key-of-the-tests-0123456789-0123456789"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "shop.sqlite3"}}
ROOT_URLCONF = "shop_settings"
urlpatterns = []
"""

    def run_in(self, folder, **environment):
        kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        package = os.path.dirname(os.path.dirname(toml.__file__))
        kept.update(PYTHONPATH=package, PYTHONWARNINGS="ignore", **environment)
        words = [sys.executable, "-m", "doorward_adopt", "--output", "doorward.toml"]
        return subprocess.run(words, cwd=folder, env=kept, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")

    def test_it_needs_no_word_in_installed_apps(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "shop_settings.py"), "w") as file:
                file.write(self.SETTINGS)
            done = self.run_in(folder, DJANGO_SETTINGS_MODULE="shop_settings")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("auth.User (auth_user)", done.stdout)
            with open(os.path.join(folder, "doorward.toml")) as file:
                self.assertIn("shop.sqlite3", file.read())

    def test_without_settings_it_says_what_to_do(self):
        with tempfile.TemporaryDirectory() as folder:
            done = self.run_in(folder)
        self.assertEqual(done.returncode, 1)
        self.assertIn("DJANGO_SETTINGS_MODULE", done.stderr)


class Cors(unittest.TestCase):
    def cors(self, **given):
        return exported(cors, **given)[0]["cors"]

    def test_the_old_names_count(self):
        table = self.cors(CORS_ORIGIN_WHITELIST=("https://a.example",), CORS_ORIGIN_ALLOW_ALL=True,
                          CORS_ORIGIN_REGEX_WHITELIST=["https://b"])
        expected = {"allowed_origins": ["https://a.example"], "allow_all_origins": True,
                    "allowed_origin_regexes": ["^(?:https://b).*$"]}
        self.assertEqual(table, expected)

    def test_the_new_name_is_the_one_that_counts(self):
        table = self.cors(CORS_ORIGIN_WHITELIST=["https://old.example"], CORS_ALLOWED_ORIGINS=["https://a.example"],
                          CORS_ORIGIN_ALLOW_ALL=True, CORS_ALLOW_ALL_ORIGINS=False)
        self.assertEqual(table, {"allowed_origins": ["https://a.example"]})

    def test_a_regex_means_what_it_meant(self):
        for given in (r"^https://a\.example$|https://b\.example", r"^https://a\.example|^https://b\.example$", "https://a"):
            written, = self.cors(CORS_ALLOWED_ORIGIN_REGEXES=[given])["allowed_origin_regexes"]
            for origin in ("https://a.example", "https://a.example.bad", "https://b.example", "x https://b.example"):
                self.assertEqual(bool(re.fullmatch(written, origin)), bool(re.match(given, origin)), (given, origin))

    def test_a_regex_without_regard_to_case(self):
        table = self.cors(CORS_ALLOWED_ORIGIN_REGEXES=[re.compile("https://a", re.IGNORECASE)])
        self.assertEqual(table["allowed_origin_regexes"], ["^(?i:https://a).*$"])


if __name__ == "__main__":
    unittest.main()
