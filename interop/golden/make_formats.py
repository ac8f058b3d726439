"""Makes interop/vectors/django_formats.json by running Django, DRF and SimpleJWT.

    python interop/golden/make_formats.py

The vectors are read by the tests of `doorward-django`. Run it again after a new release of Django and look
at the difference: what changed there must change here.
"""

import base64
import datetime
import json
import pathlib
import time
import zlib

import django
from django.conf import settings

NOW = 1_700_000_000.75
KEYS = {"SECRET_KEY": "current-" + "k" * 42, "SECRET_KEY_FALLBACKS": ["older-" + "o" * 44, "oldest-ø"]}
TRUSTED = ["https://trusted.io", "https://*.wild.net", "https://*.port.net:8443"]

settings.configure(
    **KEYS,
    USE_TZ=True,
    ALLOWED_HOSTS=["good.com", ".sub.org"],
    DATABASES={},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "rest_framework"],
)
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.contrib.auth.tokens import PasswordResetTokenGenerator  # noqa: E402
from django.contrib.sessions.backends.base import SessionBase  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core import signing  # noqa: E402
from django.core.exceptions import ValidationError  # noqa: E402
from django.core.validators import MaxLengthValidator, validate_email  # noqa: E402
from django.http.request import split_domain_port, validate_host  # noqa: E402
from django.middleware import csrf  # noqa: E402
from django.test import RequestFactory, override_settings  # noqa: E402
from django.utils import encoding, http  # noqa: E402
from rest_framework import authentication, exceptions  # noqa: E402
from rest_framework_simplejwt.authentication import JWTAuthentication  # noqa: E402

time.time = lambda: NOW
csrf._get_new_csrf_string = lambda: "MASKmask" * 4


def json_texts():
    values = [
        None, True, 0, -1, 2**63 - 1, -(2**63), 2**64 - 1, 2**64, -(2**63) - 1, 10**60, 0.1, 1.0, -0.0, 1e15, 1e16, 123456789012345680.0,
        1e22, 1.5e300, 1e-4, 1e-5, 5e-324, 1.7976931348623157e308, "", "é", "😀", "\x00\x1f\x7f\x80", "\"\\/\b\f\n\r\t",
        "\u2028\ufeff\uffff", [], {}, [[], {}, ""], {"b": 1, "a": {"é": [None, False]}},
    ]  # fmt: skip
    return [{"value": value, "text": json.dumps(value, separators=(",", ":"))} for value in values]


def signatures():
    cases = []
    for salt in ["s", "", "sål"]:
        for value in ["", "x", ":", "a:b:", "é😀", "\x00\n", "x" * 300]:
            for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
                # An empty salt would be replaced by the class's name.
                signer = signing.TimestampSigner(key=key, salt=salt or "django.core.signing")
                plain = signing.Signer(key=key, salt=signer.salt)
                cases.append({
                    "salt": signer.salt, "value": value, "key": key,
                    "signed": plain.sign(value), "timestamped": signer.sign(value),
                })  # fmt: skip
    return cases


def unsigned():
    signer = signing.TimestampSigner(salt="s")
    plain = signing.Signer(salt="s")
    good = signer.sign("value")
    texts = [
        good, good[:-1], good + "A", good + "=", good.upper(), good.replace("value", "Value"), " " + good,
        good + "\n", "", ":", "::", "value", "value:", good.rsplit(":", 1)[0], plain.sign("value"),
        plain.sign(""), plain.sign("value:"), plain.sign("value:!!"), plain.sign("value:-1"), plain.sign(":0"),
        signing.TimestampSigner(salt="other").sign("value"), signing.TimestampSigner(key="x", salt="s").sign("value"),
        signing.TimestampSigner(key=settings.SECRET_KEY_FALLBACKS[1], salt="s").sign("value"),
    ]  # fmt: skip
    cases = []
    for text in texts:
        for max_age in [None, 0, 1, 10**12]:
            cases.append({"text": text, "max_age": max_age, "value": outcome(signer.unsign, text, max_age)})
    return cases


def outcome(function, *arguments):
    try:
        return {"ok": function(*arguments)}
    except signing.SignatureExpired:
        return {"error": "SignatureExpired"}
    except signing.BadSignature:
        return {"error": "BadSignature"}
    except Exception:
        return {"error": "Malformed"}


def objects():
    values = [{}, [], "", None, 1, {"a": "é"}, {"k": "v" * 200}, list(range(60)), "x" * 9, "x" * 20, "aaaabbbb" * 2]
    cases = []
    for value in values:
        for compress in [False, True]:
            token = signing.dumps(value, salt="o", compress=compress)
            cases.append({"value": value, "compress": compress, "token": token})
    return cases


def broken_objects():
    """Well signed, but not what signing.dumps makes."""
    signer = signing.TimestampSigner(salt="o")
    bomb = zlib.compress(b"[" + b" " * (1024 * 1024) + b"]", 9)
    packed = [
        "", ".", "!", ".!", "e30", ".e30", base64.urlsafe_b64encode(b"{").decode().rstrip("="),
        base64.urlsafe_b64encode(b'"\xe9"').decode().rstrip("="),
        "." + signing.b64_encode(zlib.compress(b'"zipped"')).decode(),
        "." + signing.b64_encode(zlib.compress(b'"zipped"')[:-2]).decode(),
        "." + signing.b64_encode(bomb).decode(),
    ]  # fmt: skip
    return [{"token": signer.sign(text), "value": outcome(load, signer.sign(text))} for text in packed]


def load(token):
    return signing.loads(token, salt="o")


def sessions():
    bodies = [
        {},
        {"é": "😀", "\x00": "\u2028"},
        {"_auth_user_id": "7", "_auth_user_backend": "b", "_auth_user_hash": "ab" * 32, "_csrftoken": "c" * 32},
        {"numbers": [0, -1, 1.5, 1e16, 1e-7, 2**53 + 1], "nested": {"a": [{"b": None}]}, "flag": True},
        {"long": "wörd " * 400},
        {"large": [10**40, -(10**25), 2**64, 2**63, -(2**63) - 1], "floats": [-0.0, 1e22, 5e-324]},
    ]
    cases = []
    for body in bodies:
        for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
            with override_settings(SECRET_KEY=key):
                cases.append({"data": body, "key": key, "session_data": SessionStore().encode(body)})
    return cases


def unreadable_sessions():
    good = SessionStore().encode({"a": 1})
    legacy = base64.b64encode(b"0123456789012345678901234567890123456789:{}").decode()
    with override_settings(SECRET_KEY="z" * 50):
        foreign = SessionStore().encode({"a": 1})
    texts = ["", good[:-1], good.replace("e", "f", 1), legacy, foreign, signing.dumps({"a": 1}), "\x00" + good]
    assert all(SessionStore().decode(text) == {} for text in texts)
    return texts


def session_auth_hashes():
    cases = []
    for password in ["", "pbkdf2_sha256$1$s$h", "!unusable", "é"]:
        user = User(password=password)
        cases.append({
            "password": password,
            "current": user.get_session_auth_hash(),
            "fallbacks": list(user.get_session_auth_fallback_hash()),
        })  # fmt: skip
    return cases


def expiries():
    now = datetime.datetime.fromtimestamp(1_700_000_000, datetime.timezone.utc)
    values = [
        None, 0, 1, 300, -5, 1.5, 0.0, True, False, 10**9, "2023-11-14T22:13:21+00:00", "2023-11-14T22:13:19.5+00:00",
        "2024-02-29T00:00:00.000001+00:00", "2023-11-15T00:13:20+02:00", "2023-11-14 22:13:30+00:00",
    ]  # fmt: skip
    cases = []
    for value in values:
        session = SessionBase()
        session._session_cache = {} if value is None else {"_session_expiry": value}
        date = session.get_expiry_date(modification=now).astimezone(datetime.timezone.utc)
        cases.append({
            "value": value,
            "age": session.get_expiry_age(modification=now),
            "date": str(date.replace(tzinfo=None)),
            "at_browser_close": bool(session.get_expire_at_browser_close()) if value is not None else None,
        })  # fmt: skip
    written = []
    for value in [7, 0, now, now + datetime.timedelta(microseconds=5)]:
        session = SessionBase()
        session._session_cache = {}
        session.set_expiry(value)
        micros = None if isinstance(value, int) else round((value - datetime.datetime.fromtimestamp(0, datetime.timezone.utc)) / datetime.timedelta(microseconds=1))  # fmt: skip
        written.append({"seconds": value if micros is None else None, "at": micros, "data": session._session_cache})
    return {"read": cases, "written": written}


def csrf_sources():
    origins = [
        None, "", "null", "http://good.com", "https://good.com", "https://good.com:443", "https://good.com/", "HTTPS://good.com",
        "https://GOOD.com", "https://evil.com", "https://good.com.evil.com", "https://evilgood.com", "https://trusted.io",
        "http://trusted.io", "https://trusted.io:8443", "https://a.wild.net", "https://wild.net", "https://evilwild.net",
        "https://a.b.wild.net", "http://a.wild.net", "https://a.wild.net:8443", "https://a.port.net:8443", "https://a.port.net",
        "https://[::1", "https://[::1]", "https://x@a.wild.net", "https://a.wild.net/path", "https://ex℀mple.wild.net", "é", "://", "https://",
        "https://evil.com, https://good.com", "https://A.WILD.NET",
    ]  # fmt: skip
    referers = [
        None, "", "nonsense", "/path", "//good.com/", "http://good.com/", "https://good.com", "https://good.com/a?b=c#d", "https://good.com:443/",
        "https://good.com:8443/x", "https://evil.com/?", "https://evil.com/a?b#c", "https://evil.com?#", "https://evilgood.com/", "https://trusted.io/x",
        "https://a.wild.net/", "https://wild.net/", "https://evilwild.net/", "https://cookie.com/", "https://a.cookie.com/", "https://a.cookie.com:8443/",
        "https://user@good.com/", "https://[::1/", "https://[v1.x]/", "https://[vg.x]/", "https://[127.0.0.1]/", "https://[fe80::1%25eth0]/", "HTTPS://Good.com/",
        "https:\n//good.com/\t", " https://good.com/", "https:good.com", "javascript:alert(1)", "https://good.com\\@evil.com/", "https://ex℀mple.com/",
    ]  # fmt: skip
    cases = []
    for host, port, cookie_domain in [
        ("good.com", "443", None), ("good.com:8443", "8443", None), ("unknown.com", "443", None),
        ("good.com", "443", ".cookie.com"), ("good.com", "8443", ".cookie.com"), ("good.com", "443", "cookie.com"),
    ]:  # fmt: skip
        for secure in [True, False]:
            # A referer matters over HTTPS only.
            asked = referers if secure else referers[:6]
            for headers in [*({"Origin": origin} for origin in origins), *({"Referer": referer} for referer in asked)]:
                sent = {name: value for name, value in headers.items() if value is not None}
                with override_settings(CSRF_TRUSTED_ORIGINS=TRUSTED, CSRF_COOKIE_DOMAIN=cookie_domain):
                    reason = csrf_reason(host, port, secure, sent)
                cases.append({
                    "host": host, "port": int(port), "secure": secure, "cookie_domain": cookie_domain,
                    "origin": sent.get("Origin"), "referer": sent.get("Referer"), "reason": reason,
                })  # fmt: skip
    return cases


def csrf_reason(host, port, secure, headers):
    request = RequestFactory().post("/", secure=secure, SERVER_PORT=port, HTTP_HOST=host)
    for name, value in headers.items():
        request.META["HTTP_" + name.upper()] = value
    return process(request)


def process(request):
    middleware = csrf.CsrfViewMiddleware(lambda request: None)
    reasons = []
    middleware._reject = lambda request, reason: reasons.append(reason)
    middleware.process_view(request, lambda request: None, (), {})
    return reasons[0] if reasons else None


def csrf_tokens():
    secret, other = "abcdefghijklmnopqrstuvwxyzABCDEF", "0" * 32
    cookies = [None, "", secret, csrf._mask_cipher_secret(secret), secret[:-1], secret + "x", secret[:-1] + "-", "é" * 32]
    tokens = [None, "", secret, csrf._mask_cipher_secret(secret), other, csrf._mask_cipher_secret(other), "x", secret[:-1] + " ", "é" * 32, "é" * 16]
    cases = []
    for cookie in cookies:
        for post in tokens:
            for header in tokens if cookie == secret else [None, secret]:
                request = RequestFactory().post("/", {} if post is None else {"csrfmiddlewaretoken": post})
                if cookie is not None:
                    request.COOKIES["csrftoken"] = cookie
                if header is not None:
                    request.META["HTTP_X_CSRFTOKEN"] = header
                cases.append({"cookie": cookie, "post": post, "header": header, "reason": process(request)})
    return cases


def hosts():
    names = [
        "good.com", "GOOD.com", "good.com.", "good.com..", "good.com:80", "good.com:", "good.com:٣", "good.com:80:80", "good.com.:80",
        "a.sub.org", "sub.org", "evilsub.org", ".sub.org", "", ".", ":80", "localhost", "a.localhost", "127.0.0.1:8000", "[::1]", "[::1]:80", "[::1]x",
        "[::1", "::1", "[1]", "[:]", "[:.]", "[g::1]", "[::FFFF:1.2.3.4]", "[]", "[::1].", "a]:80", "good.com\n", " good.com", "good.com/", "good.com@evil",
        "user:pw@good.com", "good_host.com", "gööd.com", "\u212aelvin.com", "good.com:99999999999999", "*", "a.*",
    ]  # fmt: skip
    patterns = [["good.com", ".sub.org"], ["*"], [], [".localhost", "127.0.0.1", "[::1]"], ["GOOD.COM", ".SUB.org", ""], [".", "kelvin.com", "[::1]"]]
    cases = []
    for host in names:
        domain, port = split_domain_port(host)
        for allowed in patterns:
            cases.append({
                "host": host, "allowed": allowed, "split": [domain, port],
                "ok": bool(domain) and validate_host(domain, allowed),
            })  # fmt: skip
    return cases


def safe_urls():
    urls = [
        "/", "/a?b=c#d", "a", "a:b", "?x", "#x", ".", "//good.com", "//good.com/x", "//evil.com", "///good.com", "////x", "/\\evil.com", "\\/evil.com",
        "\\\\good.com", "http://good.com", "https://good.com", "HTTP://good.com", "http://GOOD.com", "http://good.com:80", "http://user@good.com",
        "http:/good.com", "http:good.com", "http:///good.com", "https:\\\\good.com", "http://good.com\\@evil.com", "http://evil.com\\@good.com",
        "javascript:alert(1)", "data:,x", "mailto:x@good.com", "1http://good.com", "é/x", "é://x", "٣/x", "\x00/x", "\x7f/x", "\u200b//evil.com", "\ufeff/x",
        "\x1c/x\x1f", "\u2003/x", " //good.com", "/x y", "/é", "h\nttp://evil.com", "\t//evil.com", "http://[::1]", "http://[::1", "http://]", "http://[good.com]",
        "//ex℀mple.com", "", " ", "\n",
    ]  # fmt: skip
    cases = []
    for url in urls:
        for allowed in [["good.com"], [], ["[::1]", "ex℀mple.com"]]:
            for https in [False, True]:
                ok = http.url_has_allowed_host_and_scheme(url, set(allowed), require_https=https)
                cases.append({"url": url, "allowed": allowed, "require_https": https, "ok": ok})
    return cases


def emails():
    users = [
        "mike", "a.b+c", "!#$%&'*+/=?^_`{}|~-", "", ".a", "a.", "a..b", "a b", "a@b", "<mike", "Mike <mike", "é", "\u0130", "\u0131", "\u017f", "\u212a",
        '"a b"', '"a\\ b"', '"a\\"b"', '"a"b"', '""', '"', '"a\\"', '"\u017f"', '"\\\u212a"', '"é"', '"\t"', '"\\\t"', '"\n"', '"\\\n"', '"@"', "a\n", "a\x00", '"\x00"', "x" * 64,
    ]  # fmt: skip
    domains = [
        "example.org", "EXAMPLE.ORG", "localhost", "LOCALHOST", "b", "", ".", "b.", "example.org.", "-b.org", "b-.org", "b.-org", "b.org-", "b.o", "b.12", "b.o1", "1.de",
        "b_c.org", "b..org", "bücher.example", "b.éé", "b.xn--p1ai", "b.XN--p1ai", "b.xn--", "b.xn--9-", "b.xn--\u017f1", "b.\u017f1", "😀.org", "b.😀😀", "b.org>", "b.org\n", "b org.de",
        "[127.0.0.1]", "[127.0.0.01]", "[127.0.0.256]", "[::1]", "[::ffff:1.2.3.4]", "[0000:0000:0000:0000:0000:ffff:192.168.100.228]", "[::1%1]", "[]", "[::1", "[a]", "[::G]",
        "l" * 63 + ".org", "l" * 64 + ".org", "b." + "l" * 63, "b." + "l" * 64, "a.b.c.d.example.org", "\xa0.org", "\xa1.org", "\uffff.org",
    ]  # fmt: skip
    addresses = ["", "@", "mike", "Mike <mike@example.org>", "a@b", "a@b@example.org", " mike@example.org", "mike@example.org "]
    addresses += [f"{user}@example.org" for user in users] + [f"mike@{domain}" for domain in domains]
    long = ".".join(["l" * 60] * 5) + ".org"
    addresses += [f"{'u' * length}@{long}"[-length:] for length in (254, 255, 320, 321)]
    addresses += ["u" * length + "@example.org" for length in (242, 243, 308, 309)]
    field = User._meta.get_field("email")
    return [{"email": email, "errors": outcome_of(field, email)} for email in addresses]


def outcome_of(field, email):
    """What the field's validators say; they are not asked of an empty text."""
    errors = []
    for validator in [validate_email, MaxLengthValidator(field.max_length)]:
        try:
            validator(email)
        except ValidationError as error:
            errors += error.messages
    return errors


def quoted():
    texts = ["", "/é ♥/?a=b&c=%20#f", "".join(map(chr, range(256))), "😀", "//x", "///x", "/x", "%zz"]
    return [
        {
            "text": text,
            "iri_to_uri": encoding.iri_to_uri(text),
            "escape_uri_path": encoding.escape_uri_path(text),
            "escape_leading_slashes": http.escape_leading_slashes(text),
        }
        for text in texts
    ]


def authorizations():
    """Headers as Latin-1 text; `own` differences (COMPATIBILITY.md) are left to the unit tests."""
    basic = lambda text: "Basic " + base64.b64encode(text).decode()  # noqa: E731
    headers = [
        "", " ", "\t", "Basic", "basic ", "BASIC\t\x0b\x0c", "Basic a b", "Basic a b c", "Basic !", "Basic YQ", "Basic YQ==", "Basic YTpi", "Basic YTo=", "Basic YTp=",
        "Basic Og==", "Basic OjpiOg==", "\x0bbAsIc\x0b YTpi \x0c", "Basic \xff\xfe", "Basic\xa0YTpi", "Basic\x85YTpi", "BasicYTpi", "Basic,YTpi", "Basic YTpi, Bearer x",
        basic("é:ü".encode()), basic("é:ü".encode("latin-1")), basic(b"a:\x00"), basic(b"a:\xff\xfe"), basic("a:😀".encode()), basic(b"\xef\xbb\xbfa:b"), basic(b"nocolon\xff"),
        "Token", "token ", "Token a", "TOKEN a", "Token a b", "Token \xff", "Token \xc3\xa9", "Token\x0babc", "Tokena", "Tok\xe9n a",
        "Bearer", "Bearer a", "Bearer a b", "Bearer\ta.b.c\n", "Bearer a, Bearer a", "Bearer \xff", "JWT x", "JWT", "Digest x", "Foo",
    ]  # fmt: skip
    cases = []
    for header in headers:
        request = RequestFactory().get("/")
        request.META["HTTP_AUTHORIZATION"] = header
        cases.append({
            "header": header,
            "basic": refusal(AnyBasic().authenticate, request),
            "token": refusal(AnyToken().authenticate, request),
            "bearer": refusal(bearer, header),
        })  # fmt: skip
    return cases


class AnyBasic(authentication.BasicAuthentication):
    def authenticate_credentials(self, userid, password, request=None):
        return [userid, password]


class AnyToken(authentication.TokenAuthentication):
    def authenticate_credentials(self, key):
        return key


def bearer(header):
    raw = JWTAuthentication().get_raw_token(header.encode("latin-1"))
    return None if raw is None else raw.decode("latin-1")


def refusal(function, argument):
    try:
        return {"ok": function(argument)}
    except exceptions.AuthenticationFailed as error:
        detail = error.detail
        return {"error": str(detail["detail"] if isinstance(detail, dict) else detail)}


def numbers():
    values = [0, 1, 9, 10, 35, 36, 61, 62, 3843, 3844, 1_700_000_000, 2**31, 2**53, 2**63 - 1]
    return [{"number": n, "base62": signing.b62_encode(n), "minus": signing.b62_encode(-n), "base36": http.int_to_base36(n)} for n in values]


class ResetTokens(PasswordResetTokenGenerator):
    """As of a given time, in UTC, where Django asks the local clock."""

    def __init__(self, at, key=None):
        super().__init__()
        self.at = at
        self._secret = key

    def _now(self):
        return datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=self.at)


def reset_user(pk, password, last_login, email):
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    login = None if last_login is None else epoch + datetime.timedelta(microseconds=last_login)
    return User(pk=pk, password=password, last_login=login, email=email)


RESET_USERS = [
    (1, "pbkdf2_sha256$1000000$salt$hash", None, "alice@example.com"),
    (987654321, "!unusable", 1_700_000_000_750_000, ""),
    (7, "", 1_699_999_999_000_000, "ünï@example.com"),
    ("b9a5ba5c-8f1c-4ac1-9d0f-0b6f5fd7a8a6", "md5$a$b", 951_782_400_999_999, "Ａ@Ｂ.example"),
]


def reset_tokens():
    cases = []
    for pk, password, last_login, email in RESET_USERS:
        for at in [int(NOW * 1_000_000), 978_307_200_000_000, 4_102_444_800_000_000]:
            for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
                token = ResetTokens(at, key).make_token(reset_user(pk, password, last_login, email))
                uid = http.urlsafe_base64_encode(encoding.force_bytes(pk))
                cases.append({
                    "pk": str(pk), "password": password, "last_login": last_login, "email": email, "at": at,
                    "key": key, "token": token, "uid": uid,
                })  # fmt: skip
    return cases


def reset_checks():
    now = int(NOW * 1_000_000)
    pk, password, last_login, email = row = RESET_USERS[1]
    good = ResetTokens(now).make_token(reset_user(*row))
    old, older = (ResetTokens(now, key).make_token(reset_user(*row)) for key in settings.SECRET_KEY_FALLBACKS)
    foreign = ResetTokens(now, "another key").make_token(reset_user(*row))
    cases = []

    def case(token, at=now, user=row):
        pk, password, last_login, email = user
        verdict = ResetTokens(at).check_token(reset_user(*user), token)
        cases.append({
            "token": token, "at": at, "pk": str(pk), "password": password, "last_login": last_login, "email": email,
            "good": verdict,
        })  # fmt: skip

    for token in [
        good, old, older, foreign, "", "-", good[:-1], good + "0", good.upper(), good.replace("-", ""), good + "-",
        "-" + good, "0" + good, " " + good, good.replace("-", "--"), "zzzzzzzzzzzzzz-" + good.split("-")[1],
        "1-" + good.split("-")[1], good.split("-")[0] + "-", "é-é",
    ]:  # fmt: skip
        case(token)
    day = 86_400_000_000
    for at in [now - day, now + 3 * day, now + 3 * day + 999_999, now + 3 * day + 1_000_000, now + 30 * day]:
        case(good, at)
    case(good, user=(pk + 1, password, last_login, email))
    case(good, user=(pk, "!other", last_login, email))
    case(good, user=(pk, password, last_login + 1_000_000, email))
    case(good, user=(pk, password, last_login + 1, email))
    case(good, user=(pk, password, None, email))
    case(good, user=(pk, password, last_login, "new@example.com"))
    return cases


def main():
    makers = [
        json_texts, signatures, unsigned, objects, broken_objects, sessions, unreadable_sessions, session_auth_hashes, expiries,
        csrf_sources, csrf_tokens, hosts, safe_urls, emails, quoted, authorizations, numbers,
        reset_tokens, reset_checks,
    ]  # fmt: skip
    vectors = {"source": f"made by running Django {django.get_version()}", "time": int(NOW), "fraction": NOW % 1, **KEYS, "trusted_origins": TRUSTED}
    vectors |= {maker.__name__: maker() for maker in makers}
    target = pathlib.Path(__file__).parent.parent / "vectors" / "django_formats.json"
    target.write_text("{\n" + ",\n".join(map(member, vectors, vectors.values())) + "\n}\n")


def member(name, value):
    """One case a line, so that a difference can be read."""
    if not isinstance(value, list):
        return f"{json.dumps(name)}: {json.dumps(value)}"
    return f"{json.dumps(name)}: [\n" + ",\n".join(map(json.dumps, value)) + "\n]"


main()
