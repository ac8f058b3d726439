"""Golden vectors for the room `jwt`: what PyJWT and SimpleJWT write, and how they judge.

Run with a Python that has Django, DRF and SimpleJWT:

    python interop/golden/make_jwt.py

It writes interop/vectors/jwt.json.

`minted` are tokens that SimpleJWT made; ours must be the same to the byte. `verdicts` are forged tokens with
what the reference answers (`reference`) and what Doorward must answer (`expect`): the same, unless a wanted
difference is named in `why` (a row of differences.md, or of the catalogue of hostile input).
"""
import base64
import hashlib
import hmac
import json
import uuid
import warnings
from datetime import datetime, timedelta, timezone
from pathlib import Path

import django
from django.conf import settings

warnings.simplefilter("ignore")
VECTORS = Path(__file__).resolve().parent.parent / "vectors/jwt.json"
SECRET = "golden-secret-key-for-json-web-tokens-0123456789abcdefghijklmnopq"
OTHER = "another-secret-key-for-json-web-tokens-0123456789abcdefghijklmnop"
NOW = datetime(2023, 11, 14, 22, 13, 20, 500000, tzinfo=timezone.utc)
NOW_SECONDS = int(NOW.timestamp())
JTI = "00112233445566778899aabbccddeeff"

settings.configure(
    SECRET_KEY=SECRET,
    USE_TZ=True,
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "rest_framework_simplejwt"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
)
django.setup()

import jwt.api_jwt  # noqa: E402
import rest_framework  # noqa: E402
import rest_framework_simplejwt  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from rest_framework_simplejwt import authentication, tokens, utils  # noqa: E402
from rest_framework_simplejwt.backends import TokenBackend  # noqa: E402
from rest_framework_simplejwt.exceptions import TokenError  # noqa: E402

CLASSES = {
    "access": tokens.AccessToken,
    "refresh": tokens.RefreshToken,
    "sliding": tokens.SlidingToken,
    "untyped": tokens.UntypedToken,
}
PROFILES = {
    "default": {},
    "hs384": {"ALGORITHM": "HS384"},
    "hs512": {"ALGORITHM": "HS512"},
    "audience": {"AUDIENCE": "shop", "ISSUER": "https://issuer.example"},
    "audiences": {"AUDIENCE": ["shop", "depot"]},
    "leeway": {"LEEWAY": 10},
    "names": {
        "USER_ID_CLAIM": "sub",
        "TOKEN_TYPE_CLAIM": "kind",
        "JTI_CLAIM": "tid",
        "SLIDING_TOKEN_REFRESH_EXP_CLAIM": "rexp",
    },
    "untyped": {"TOKEN_TYPE_CLAIM": None},
}
DEFAULTS = {
    "ALGORITHM": "HS256",
    "AUDIENCE": None,
    "ISSUER": None,
    "LEEWAY": 0,
    "USER_ID_CLAIM": "user_id",
    "TOKEN_TYPE_CLAIM": "token_type",
    "JTI_CLAIM": "jti",
    "SLIDING_TOKEN_REFRESH_EXP_CLAIM": "refresh_exp",
}


class FixedDatetime(datetime):
    """The clock of PyJWT, stopped."""

    @classmethod
    def now(cls, tz=None):
        return NOW


def stop_the_clock():
    jwt.api_jwt.datetime = FixedDatetime
    tokens.aware_utcnow = utils.aware_utcnow = lambda: NOW
    tokens.uuid4 = lambda: uuid.UUID(hex=JTI, version=4)


def use(profile):
    chosen = {**DEFAULTS, **PROFILES[profile]}
    for name, value in chosen.items():
        setattr(tokens.api_settings, name, value)
    tokens.RefreshToken.no_copy_claims = (
        chosen["TOKEN_TYPE_CLAIM"], "exp", chosen["JTI_CLAIM"], "jti", "iat"
    )
    tokens.Token._token_backend = TokenBackend(
        chosen["ALGORITHM"], SECRET, "", chosen["AUDIENCE"], chosen["ISSUER"], None, chosen["LEEWAY"]
    )


# --- Tokens that SimpleJWT makes ------------------------------------------------


def minted():
    for profile in PROFILES:
        if profile == "untyped":
            continue  # SimpleJWT then writes a claim named `null`, which nobody wants
        use(profile)
        user = User(pk=5, password="pbkdf2_sha256$1$s$h")
        refresh = tokens.RefreshToken.for_user(user)
        refresh["café"] = ["😀\x7f\u2028", 1.5, 1e16, 1e-5, None, True, {"b": 1, "a": 2}, 10**40]
        # As it comes back: decoded, with the audience and the issuer among its claims.
        decoded = tokens.RefreshToken(str(refresh))
        rotated = tokens.RefreshToken(str(refresh))
        rotated.set_jti(), rotated.set_exp(), rotated.set_iat()
        sliding = tokens.SlidingToken.for_user(user)
        yield {
            "profile": profile,
            "refresh": str(refresh),
            "access": str(decoded.access_token),
            "rotated": str(rotated),
            "sliding": str(sliding),
        }


# --- Tokens that others make ----------------------------------------------------


def b64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def raw(value):
    return value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()


def signed(payload, header=None, secret=SECRET, digest="sha256"):
    header = {"alg": "HS256", "typ": "JWT"} if header is None else header
    text = f"{b64url(raw(header))}.{b64url(raw(payload))}"
    return f"{text}.{b64url(hmac.digest(secret.encode(), text.encode(), digest))}"


def resigned(text):
    """Any text of two parts, signed as it stands."""
    return f"{text}.{b64url(hmac.digest(SECRET.encode(), text.encode(), 'sha256'))}"


def claims(drop=(), **changes):
    out = {
        "token_type": "access",
        "exp": NOW_SECONDS + 300,
        "iat": NOW_SECONDS,
        "jti": JTI,
        "user_id": "5",
        **changes,
    }
    return {name: value for name, value in out.items() if name not in drop}


def with_text(name, text):
    """Claims with JSON that `json.dumps` would not write."""
    return raw(claims(**{name: "@"})).replace(b'"@"', text.encode())


def judge(profile, kind, token):
    use(profile)
    try:
        CLASSES[kind](token)
        return "ok"
    except TokenError as error:
        return str(error)
    except Exception as error:  # what would be a 500
        return f"500 {type(error).__name__}"


def verdicts():
    for row, name, token, *rest in (*header_cases(), *claim_cases(), *form_cases()):
        options = rest[0] if rest else {}
        profile, kind = options.get("profile", "default"), options.get("kind", "access")
        reference = judge(profile, kind, token)
        expect = options.get("expect", reference)
        if expect != reference:
            assert options["why"], name
        assert not expect.startswith("500"), (name, expect)
        out = {"row": row, "name": name, "profile": profile, "kind": kind, "token": token}
        out |= {"reference": reference, "expect": expect}
        if expect != reference:
            out["why"] = options["why"]
        yield out


INVALID = "Token is invalid"


def differs(why, **options):
    return {"expect": INVALID, "why": why, **options}


def header_cases():
    good = claims()
    for alg in ("none", "None", "NONE", "nOnE", ""):
        text = f"{b64url(raw({'alg': alg, 'typ': 'JWT'}))}.{b64url(raw(good))}"
        yield 26, f"alg {alg!r} without a signature", text + "."
        yield 26, f"alg {alg!r} with one", resigned(text)
    yield 27, "no alg", signed(good, {"typ": "JWT"})
    for alg in (["HS256"], 256, None, "HS256 ", "hs256"):
        yield 27, f"alg {alg!r}", signed(good, {"alg": alg, "typ": "JWT"})
    for alg, digest in (("HS384", "sha384"), ("HS512", "sha512")):
        yield 28, f"{alg} where HS256 is set", signed(good, {"alg": alg}, digest=digest)
        profile = {"profile": alg.lower()}
        yield 28, f"{alg} where it is set", signed(good, {"alg": alg}, digest=digest), profile
        yield 28, f"HS256 where {alg} is set", signed(good), profile
    for kid in ("../../../../dev/null", "/proc/self/environ", "x' UNION SELECT", "\0", "http://x.example"):
        yield 34, f"kid {kid!r}", signed(good, {"alg": "HS256", "kid": kid})
    for kid in (1, {}, [], None, True):
        yield 35, f"kid {kid!r}", signed(good, {"alg": "HS256", "kid": kid})
    foreign = {"kty": "oct", "k": b64url(OTHER.encode())}
    for name, value in (("jwk", foreign), ("jku", "http://127.0.0.1:1/"), ("x5u", "http://127.0.0.1:1/"), ("x5c", ["x"])):
        yield 36, f"{name} of another's key", signed(good, {"alg": "HS256", name: value}, OTHER)
        yield 36, f"{name} beside our signature", signed(good, {"alg": "HS256", name: value})
    for crit in (["x"], [], ["alg"], "exp", ["x", "x"], None, ["b64"], [1]):
        yield 37, f"crit {crit!r}", signed(good, {"alg": "HS256", "crit": crit, "x": 1})
    yield 37, "crit b64, true", signed(good, {"alg": "HS256", "crit": ["b64"], "b64": True})
    yield 37, "crit b64 twice", signed(good, {"alg": "HS256", "crit": ["b64", "b64"], "b64": True}), differs("row 37")
    yield 38, "b64 true", signed(good, {"alg": "HS256", "b64": True})
    yield 38, "b64 zero", signed(good, {"alg": "HS256", "b64": 0})
    for extra in ({}, {"crit": ["b64"]}):
        header = {"alg": "HS256", "b64": False, **extra}
        yield 38, f"b64 false {extra}", signed(good, header)
        yield 38, f"b64 false, detached {extra}", resigned(b64url(raw(header)) + ".")
    for header in ([], None, "x", 7, b"", b"\xff\xfe", b'{"alg":"HS256","typ":"\xff"}', b"{"):
        yield 39, f"header {header!r}", signed(good, raw(header))
    yield 40, "alg twice, ours last", signed(good, b'{"alg":"none","alg":"HS256"}'), differs("difference 3")
    yield 40, "alg twice, ours first", signed(good, b'{"alg":"HS256","alg":"none"}')
    for typ in ("JWE", "at+jwt", 7, None):
        yield 41, f"typ {typ!r}", signed(good, {"alg": "HS256", "typ": typ})
    yield 42, "nested", signed(signed(good).encode(), {"alg": "HS256", "cty": "JWT"})
    yield 63, "header after a byte order mark", signed(good, b'\xef\xbb\xbf{"alg":"HS256"}'), differs("difference 3")
    yield 63, "header in UTF-16", signed(good, '{"alg":"HS256"}'.encode("utf-16-le")), differs("difference 3")
    yield 64, "lone surrogate in the header", signed(good, b'{"alg":"HS256","x":"\\ud800"}'), differs("difference 3")
    yield 64, "NaN in the header", signed(good, b'{"alg":"HS256","x":NaN}'), differs("no JSON")


def claim_cases():
    now = NOW_SECONDS
    yield 40, "exp twice", signed(with_text("exp", f'1,"exp":{now + 300}')), differs("difference 3")
    yield 40, "user_id twice", signed(with_text("user_id", '"4","user_id":"5"')), differs("difference 3")
    yield 40, "twice, deeper", signed(with_text("x", '{"a":1,"a":2}')), differs("difference 3")
    for exp in (now - 300, now - 1, now, now + 1, 0, -1, True, False):
        yield 43, f"exp {exp!r}", signed(claims(exp=exp))
    for exp in (now - 9, now - 10, now - 8):
        yield 44, f"exp {exp - now} with ten seconds of leeway", signed(claims(exp=exp)), {"profile": "leeway"}
    for exp in (now + 300.5, now + 0.9, now + 0.0, now + 1.25, 5e9, 1e9):
        yield 45, f"exp {exp!r}", signed(claims(exp=exp))
    for exp in (str(now + 300), "9" * 30):
        yield 46, f"exp {exp!r}", signed(claims(exp=exp)), differs("difference 1")
    yield 46, "exp '100'", signed(claims(exp="100"))
    yield 46, "exp ' -100 '", signed(claims(exp=" -100 "))
    yield 46, "exp text", signed(claims(exp="soon"))
    yield 47, "exp 1e18", signed(claims(exp=10**18)), differs("difference 1")
    yield 47, "exp 10^400", signed(with_text("exp", "1" + "0" * 400)), differs("difference 1")
    yield 47, "exp 1e400", signed(with_text("exp", "1e400"))
    yield 47, "exp 1e300", signed(with_text("exp", "1e300")), differs("difference 1")
    yield 47, "the last second of 9999", signed(claims(exp=253402300799))
    yield 47, "the one after", signed(claims(exp=253402300800)), differs("difference 1")
    for exp in ("NaN", "Infinity", "-Infinity", "-0"):
        yield 48, f"exp {exp}", signed(with_text("exp", exp))
    for exp in (None, [now + 300], {}):
        yield 49, f"exp {exp!r}", signed(claims(exp=exp))
    yield 49, "no exp", signed(claims(drop=("exp",)))
    for name in ("nbf", "iat"):
        for value in (now + 1, now + 300, "soon", None, [], {}, now, now - 5, now + 0.9, now + 1.5, -5, True, 10**30):
            yield 50, f"{name} {value!r}", signed(claims(**{name: value}))
        yield 50, f"{name} in text", signed(claims(**{name: str(now)})), differs("row 50")
        yield 50, f"{name} in ten seconds, with leeway", signed(claims(**{name: now + 10})), {"profile": "leeway"}
        yield 50, f"{name} in eleven seconds, with leeway", signed(claims(**{name: now + 11})), {"profile": "leeway"}
    yield 50, "nbf future and exp past", signed(claims(nbf=now + 300, exp=now - 5))
    yield 50, "no iat", signed(claims(drop=("iat",)))
    for jti in (1, None, [], {}, True, "not-a-uuid"):
        yield 51, f"jti {jti!r}", signed(claims(jti=jti))
    for jti in ("", "x" * 300, "a\0", "%00"):
        yield 51, f"jti {jti[:5]!r}", signed(claims(jti=jti)), differs("row 51")
    yield 51, "jti of 255", signed(claims(jti="x" * 255))
    yield 51, "no jti", signed(claims(drop=("jti",)))
    for kind in ("Access", ["access"], None, "refresh", "sliding", "", "untyped", True):
        token = signed(claims(token_type=kind))
        yield 52, f"token_type {kind!r}", token
        yield 52, f"token_type {kind!r} where any will do", token, {"kind": "untyped"}
        yield 52, f"token_type {kind!r} where none is asked for", token, {"profile": "untyped"}
    yield 52, "no token_type", signed(claims(drop=("token_type",)))
    yield 52, "no token_type where any will do", signed(claims(drop=("token_type",))), {"kind": "untyped"}
    yield 52, "no jti, exp or type", signed(claims(drop=("jti", "exp", "token_type")))
    yield 52, "no jti or type", signed(claims(drop=("jti", "token_type")))
    for sub in (5, None, [], "", "x"):
        yield 60, f"sub {sub!r}", signed(claims(sub=sub))
    for aud in (["a", 1], 5, None, "x", {}):
        yield 60, f"aud {aud!r} where none is set", signed(claims(aud=aud))
    for iss in (["x"], 5, None):
        yield 60, f"iss {iss!r} where none is set", signed(claims(iss=iss))
    good = {"aud": "shop", "iss": "https://issuer.example"}
    for changes in (
        good, {"aud": "shop"}, {"iss": good["iss"]}, {},
        *({**good, "aud": aud} for aud in (["other", "shop"], "other", [], ["shop", 1], "", None, 1, {"shop": 1}, "Shop")),
        *({**good, "iss": iss} for iss in ([good["iss"]], "https://elsewhere.example", "", None, 1)),
    ):
        yield 61, f"{changes} where both are set", signed(claims(**changes)), {"profile": "audience"}
    for aud in ("shop", "depot", ["depot"], "other", ["x", "y"], []):
        yield 61, f"aud {aud!r} where two are set", signed(claims(aud=aud)), {"profile": "audiences"}
    yield 75, "access as refresh", signed(claims()), {"kind": "refresh"}
    yield 76, "refresh as access", signed(claims(token_type="refresh"))
    renamed = {"kind": "access", "tid": JTI, "sub": "alice"}
    plain = ("token_type", "jti", "user_id")
    yield 52, "other names", signed(claims(plain, **renamed)), {"profile": "names"}
    yield 52, "other names, the plain ones given", signed(claims()), {"profile": "names"}
    yield 51, "other names, jti a number besides", signed(claims(plain, **renamed) | {"jti": 1}), {"profile": "names"}
    yield 51, "other names, the id a number", signed(claims(plain, **{**renamed, "tid": 1})), differs("row 51", profile="names")


def form_cases():
    good = signed(claims())
    head, body, signature = good.split(".")
    for payload in ([], "x", 7, None, b"foo", b"", b" ", b"{", b"{}x"):
        yield 62, f"payload {payload!r}", signed(raw(payload))
    yield 62, "white space around", signed(b" \r\n\t" + raw(claims()) + b" ")
    yield 62, "empty object", signed({})
    yield 63, "payload after a byte order mark", signed(b"\xef\xbb\xbf" + raw(claims())), differs("difference 3")
    yield 63, "payload in UTF-16", signed(json.dumps(claims()).encode("utf-16-le")), differs("difference 3")
    yield 64, "not UTF-8", signed(with_text("x", '"@"').replace(b"@", b"\xff"))
    yield 64, "overlong", signed(with_text("x", '"@"').replace(b"@", b"\xc0\xaf"))
    for text in ('"\\ud800"', '"\\udc00\\ud800"', '{"\\ud800":1}'):
        yield 64, f"lone surrogate {text}", signed(with_text("x", text)), differs("difference 3")
    yield 64, "surrogate pair", signed(with_text("x", '"\\ud83d\\ude00"'))
    yield 64, "raw control character", signed(with_text("x", '"\n"'))
    yield 64, "NaN in another claim", signed(with_text("x", "NaN")), differs("no JSON")
    for levels in (127, 128):
        yield 65, f"{levels} levels", signed(with_text("x", "[" * (levels - 1) + "]" * (levels - 1)))
    yield 65, "129 levels", signed(with_text("x", "[" * 128 + "]" * 128)), differs("the limit of difference 19")
    yield 67, "a character less", good[:-1]
    yield 67, "a character more", good + "A"
    yield 67, "four characters more", good + "AAAA"
    yield 67, "no signature", f"{head}.{body}."
    yield 67, "half a signature", f"{head}.{body}.{signature[:20]}"
    yield 68, "signature padded", good + "=", differs("difference 3")
    yield 68, "signature padded too much", good + "=="
    # The last character of 43 carries two bits that mean nothing: set one.
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for bit in (1, 2):
        yield 69, f"unused bit {bit} of the signature", good[:-1] + alphabet[alphabet.index(good[-1]) ^ bit]
    odd_header, odd_body = b64url(b'{"alg":"HS256" }'), b64url(raw(claims(x="")) + b" " * (2 - len(raw(claims(x=""))) % 3))
    for name, text in (
        ("header padded", f"{odd_header}==.{body}"),
        ("payload padded", f"{head}.{odd_body}" + "=" * (-len(odd_body) % 4)),
    ):
        yield 68, name, resigned(text), differs("difference 3")
    yield 69, "unused bit of the header", resigned(f"{odd_header[:-1]}{alphabet[alphabet.index(odd_header[-1]) ^ 1]}.{body}")
    mark = b64url(raw(claims(x="???>>>~~~")))
    assert "_" in mark or "-" in mark
    yield 70, "the other alphabet", resigned(f"{head}.{mark.replace('_', '/').replace('-', '+')}")
    for junk in (" ", "\n", "%20", "\0", "\r", "=", "é"):
        yield 70, f"{junk!r} in the signature", f"{head}.{body}.{signature[:9]}{junk}{signature[9:]}"
        yield 70, f"{junk!r} in the payload", resigned(f"{head}.{body[:8]}{junk}{body[8:]}")
        yield 70, f"{junk!r} after", good + junk, ({"expect": INVALID, "why": "difference 3"} if junk == "=" else {})
        yield 70, f"{junk!r} before", junk + good
    for token in ("", ".", "..", "...", head, f"{head}.{body}", f"{good}.{signature}", f"{good}.x.y", f".{body}.{signature}"):
        yield 71, f"parts {token[:6]!r} {token.count('.')}", token
    jwe = {"alg": "PBES2-HS256+A128KW", "enc": "A128GCM", "p2c": 2**31, "p2s": "eA", "zip": "DEF"}
    yield 72, "encrypted", f"{b64url(raw(jwe))}.AA.AA.AA.AA"
    yield 72, "encrypted, of three parts", signed(claims(), jwe)
    yield 72, "zip", signed(claims(), {"alg": "HS256", "zip": "DEF"})
    yield 73, "another key", signed(claims(), secret=OTHER)
    yield 73, "the empty key", signed(claims(), secret="")
    yield 73, "good", good
    yield 73, "older header", signed(claims(), {"typ": "JWT", "alg": "HS256"})
    yield 73, "expired, by another key", signed(claims(exp=1), secret=OTHER)
    yield 73, "an expired token of the wrong type", signed(claims(exp=1, token_type="refresh"))


# --- Users that a token names ---------------------------------------------------


def user_ids():
    """What JWTAuthentication makes of the claim, with users 1, 2 and 5 in the table."""
    use("default")
    call_command("migrate", verbosity=0)
    for number in (1, 2, 5):
        User.objects.create(pk=number, username=f"user{number}")
    for text in (
        "2", '"2"', "-1", '"-1"', "99", '"99"', str(2**63), f'"{2**63}"', str(10**30), '"abc"', "{}", "[]", "null",
        '""', '"2\\u0000"', '"1e0"', '"0x2"', "true", "false", "2.0", "2.5", '" 2 "', '"\\uff12"', '"+2"', '"02"',
        '"2_0"', '"2.0"', "[2]",
    ):
        token = tokens.AccessToken(signed(with_text("user_id", text)).encode())
        try:
            reference = f"user {authentication.JWTAuthentication().get_user(token).pk}"
        except Exception as error:
            reference = getattr(error, "detail", {}).get("code") or f"500 {type(error).__name__}"
        yield {"claim": text, "reference": str(reference), "expect": expected_user(text, str(reference))}


def expected_user(text, reference):
    """Difference 3: an integer has one spelling; difference 1: what names nobody is not found."""
    if text in ("true", "false", "2.0", "2.5", '" 2 "', '"\\uff12"', '"+2"', '"02"', '"2_0"'):
        return "token_not_valid"
    return "user_not_found" if reference.startswith("500") else reference


def sliding():
    """The second expiry of a sliding token."""
    use("default")
    for value in (NOW_SECONDS + 1, NOW_SECONDS, NOW_SECONDS + 0.75, NOW_SECONDS + 0.25, True, 0, None, "x", str(NOW_SECONDS + 9), [], 10**18):
        token = signed(claims(token_type="sliding", refresh_exp=value))
        try:
            tokens.SlidingToken(token).check_exp("refresh_exp")
            reference = "ok"
        except TokenError as error:
            reference = str(error)
        except Exception as error:
            reference = f"500 {type(error).__name__}"
        yield {"token": token, "reference": reference, "expect": INVALID if reference[:3] == "500" else reference}
    token = signed(claims(token_type="sliding"))
    yield {"token": token, "reference": "Token has no 'refresh_exp' claim", "expect": "Token has no 'refresh_exp' claim"}


def main():
    stop_the_clock()
    document = {
        "source": f"made by running PyJWT {jwt.__version__} and SimpleJWT {rest_framework_simplejwt.__version__}"
        f" on Django {django.__version__}, DRF {rest_framework.VERSION}",
        "secret": SECRET,
        "now_micros": int(NOW.timestamp() * 1_000_000),
        "jti": JTI,
        "profiles": {name: {**DEFAULTS, **changes} for name, changes in PROFILES.items()},
        "minted": list(minted()),
        "verdicts": list(verdicts()),
        "sliding": list(sliding()),
        "user_ids": list(user_ids()),
        "revoke": [
            {"password": text, "digest": utils.get_md5_hash_password(text)}
            for text in ("", "pbkdf2_sha256$1$s$h", "!é")
        ],
    }
    VECTORS.write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
