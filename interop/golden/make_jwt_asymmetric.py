"""Golden vectors for tokens signed with key pairs: what PyJWT and SimpleJWT write, and how they judge.

Run with a Python that has Django, DRF, SimpleJWT and cryptography:

    python interop/golden/make_jwt_asymmetric.py

It writes interop/vectors/jwt_asymmetric.json. The keys were made once, for tests alone, and are kept; so are tokens
whose signature is random (PS*, ES*), as long as they say the same. `minted` are SimpleJWT's tokens. `verdicts` are
forged ones with what the reference answers (`reference`) and what Doorward must answer (`expect`), by their row in the
catalogue of hostile input. `refused_keys` must stop a start.
"""
import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import django
from django.conf import settings

VECTORS = Path(__file__).resolve().parent.parent / "vectors/jwt_asymmetric.json"
NOW = datetime(2023, 11, 14, 22, 13, 20, tzinfo=timezone.utc)

settings.configure(
    SECRET_KEY="x" * 50, USE_TZ=True, INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"]
)
django.setup()

import cryptography  # noqa: E402
import jwt  # noqa: E402
import jwt.api_jwt  # noqa: E402
import rest_framework_simplejwt  # noqa: E402
from cryptography import x509  # noqa: E402
from cryptography.hazmat.primitives import hashes  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa  # noqa: E402
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature  # noqa: E402
from cryptography.hazmat.primitives.serialization import (  # noqa: E402
    BestAvailableEncryption as Encrypted,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from rest_framework_simplejwt.backends import TokenBackend  # noqa: E402
from rest_framework_simplejwt.exceptions import TokenBackendError, TokenBackendExpiredToken  # noqa: E402

KEYS = {
    "rsa": ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
    "p256": ["ES256"],
    "p384": ["ES384"],
    "p521": ["ES512"],
    "secp256k1": ["ES256K"],
    "ed25519": ["EdDSA"],
}
MAKERS = {
    "rsa": lambda: rsa.generate_private_key(65537, 2048),
    "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "p521": lambda: ec.generate_private_key(ec.SECP521R1()),
    "secp256k1": lambda: ec.generate_private_key(ec.SECP256K1()),
    "ed25519": ed25519.Ed25519PrivateKey.generate,
}
CLAIMS = {
    "token_type": "access",
    "exp": int(NOW.timestamp()) + 300,
    "iat": int(NOW.timestamp()),
    "jti": "00112233445566778899aabbccddeeff",
    "user_id": "5",
    "café": ["😀", 1.5],
}
TOLD = {TokenBackendError: "Token is invalid", TokenBackendExpiredToken: "Token is expired"}
OLD = json.loads(VECTORS.read_text()) if VECTORS.exists() else {}
FIRST = not OLD


class FixedDatetime(datetime):
    """The clock of PyJWT, stopped."""

    @classmethod
    def now(cls, tz=None):
        return NOW


# --- Keys -----------------------------------------------------------------------


def private_pem(key, form=PrivateFormat.PKCS8, encryption=NoEncryption()):
    return key.private_bytes(Encoding.PEM, form, encryption).decode()


def public_pem(key, form=PublicFormat.SubjectPublicKeyInfo):
    return key.public_key().public_bytes(Encoding.PEM, form).decode()


def load_or_make(name):
    kept = OLD.get("keys", {}).get(name)
    return load_pem_private_key(kept["pkcs8"].encode(), None) if kept else MAKERS[name]()


def forms(name, key):
    """Every text of a key that must be read."""
    yield "pkcs8", private_pem(key)
    yield "spki", public_pem(key)
    if name != "ed25519":
        yield "traditional", private_pem(key, PrivateFormat.TraditionalOpenSSL)
    if name == "rsa":
        yield "pkcs1_public", public_pem(key, PublicFormat.PKCS1)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        yield "with_parameters", parameters(key) + private_pem(key, PrivateFormat.TraditionalOpenSSL)


def parameters(key):
    """The block that `openssl ecparam -genkey` writes before a key: the curve's name."""
    oid = {"secp256r1": "06082a8648ce3d030107", "secp384r1": "06052b81040022", "secp521r1": "06052b81040023",
           "secp256k1": "06052b8104000a"}[key.curve.name]
    body = base64.b64encode(bytes.fromhex(oid)).decode()
    return f"-----BEGIN EC PARAMETERS-----\n{body}\n-----END EC PARAMETERS-----\n"


def jwk(name, key):
    algorithm = jwt.algorithms.get_default_algorithms()[KEYS[name][0]]
    return algorithm.to_jwk(key.public_key(), as_dict=True)


def certificate(key):
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(NOW).not_valid_after(NOW + timedelta(days=1))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


def compressed(key):
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    head = bytes.fromhex("3039301306072a8648ce3d020106082a8648ce3d030107032200")
    body = base64.b64encode(head + point).decode()
    return f"-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n"


def bound_to_pss(key):
    """The same public key under id-RSASSA-PSS, without parameters."""
    bits = key.public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)
    inner = bytes.fromhex("300b06092a864886f70d01010a") + b"\x03\x82" + (len(bits) + 1).to_bytes(2, "big") + b"\0" + bits
    der = b"\x30\x82" + len(inner).to_bytes(2, "big") + inner
    return f"-----BEGIN PUBLIC KEY-----\n{base64.encodebytes(der).decode()}-----END PUBLIC KEY-----\n"


def refused_keys(keys):
    """Keys for an algorithm that must be refused, and the kind of refusal."""
    if not FIRST:
        return OLD["refused_keys"]
    word, rsa_key, p256 = Encrypted(b"pass"), keys["rsa"], keys["p256"]
    weak, long_one = rsa.generate_private_key(65537, 1024), rsa.generate_private_key(65537, 2040)
    elsewhere, goldilocks = ec.generate_private_key(ec.BrainpoolP256R1()), ed448.Ed448PrivateKey.generate()
    other_rsa, other_p256 = MAKERS["rsa"](), MAKERS["p256"]()
    damaged = private_pem(rsa_key).replace("M", "N", 1)
    cut = "\n".join(line for number, line in enumerate(private_pem(rsa_key).split("\n")) if number != 9)
    rows = [
        ("RS256", private_pem(rsa_key, encryption=word), "", "Encrypted"),
        ("RS256", private_pem(rsa_key, PrivateFormat.TraditionalOpenSSL, word), "", "Encrypted"),
        ("ES256", private_pem(p256, PrivateFormat.TraditionalOpenSSL, word), "", "Encrypted"),
        ("RS256", "", certificate(rsa_key), "Certificate"),
        ("RS256", public_pem(rsa_key), "", "NotPrivate"),
        ("RS256", public_pem(rsa_key, PublicFormat.PKCS1), "", "NotPrivate"),
        ("RS256", "", private_pem(rsa_key), "NotPublic"),
        ("ES256", "", private_pem(p256, PrivateFormat.TraditionalOpenSSL), "NotPublic"),
        ("RS256", private_pem(weak), "", "RsaSize"),
        ("RS256", private_pem(weak, PrivateFormat.TraditionalOpenSSL), "", "RsaSize"),
        ("PS256", "", public_pem(weak), "RsaSize"),
        ("PS256", "", public_pem(weak, PublicFormat.PKCS1), "RsaSize"),
        ("RS512", private_pem(long_one), "", "RsaSize"),
        ("RS256", private_pem(p256), "", "WrongKind"),
        ("RS256", private_pem(p256, PrivateFormat.TraditionalOpenSSL), "", "WrongKind"),
        ("RS256", "", public_pem(p256), "WrongKind"),
        ("RS256", "", bound_to_pss(rsa_key), "WrongKind"),
        ("PS256", "", bound_to_pss(rsa_key), "WrongKind"),
        ("ES256", private_pem(rsa_key), "", "WrongKind"),
        ("ES256", private_pem(rsa_key, PrivateFormat.TraditionalOpenSSL), "", "WrongKind"),
        ("ES256", "", public_pem(rsa_key, PublicFormat.PKCS1), "WrongKind"),
        ("ES256", private_pem(keys["p384"]), "", "WrongKind"),
        ("ES256", private_pem(keys["p384"], PrivateFormat.TraditionalOpenSSL), "", "WrongKind"),
        ("ES256", private_pem(keys["secp256k1"]), "", "WrongKind"),
        ("ES256K", "", public_pem(p256), "WrongKind"),
        ("ES512", "", public_pem(keys["p384"]), "WrongKind"),
        ("ES256", private_pem(elsewhere), "", "WrongKind"),
        ("EdDSA", private_pem(p256), "", "WrongKind"),
        ("EdDSA", private_pem(goldilocks), "", "WrongKind"),
        ("EdDSA", "", public_pem(goldilocks), "WrongKind"),
        ("RS256", private_pem(rsa_key, PrivateFormat.OpenSSH), "", "WrongKind"),
        ("RS256", private_pem(dsa.generate_private_key(2048)), "", "WrongKind"),
        ("ES256", "", compressed(p256), "Malformed"),
        ("RS256", cut, "", "Malformed"),
        ("RS256", damaged, "", "Malformed"),
        ("RS256", private_pem(rsa_key), public_pem(other_rsa), "Mismatch"),
        ("ES256", private_pem(p256), public_pem(other_p256), "Mismatch"),
        ("RS256", "", "", "Missing"),
        ("ES256", " \n", "\t", "Missing"),
        ("RS256", "a secret that is longer than thirty-two bytes", "", "NotPem"),
        ("RS256", "", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB", "NotPem"),
        ("RS256", private_pem(rsa_key) * 2, "", "NotPem"),
    ]
    names = ("algorithm", "signing_key", "verifying_key", "error")
    return [dict(zip(names, row)) for row in rows]


# --- Tokens ---------------------------------------------------------------------


def backend(algorithm, key):
    return TokenBackend(algorithm, private_pem(key), public_pem(key))


def kept(name, fresh, is_good):
    """The old token where it says the same and is good: what is random is drawn once."""
    old = OLD.get("minted", {}).get(name)
    return old if old and old.rsplit(".", 1)[0] == fresh.rsplit(".", 1)[0] and is_good(old) else fresh


def minted(keys):
    for name, algorithms in KEYS.items():
        for algorithm in algorithms:
            judge = backend(algorithm, keys[name])
            yield algorithm, kept(algorithm, judge.encode(CLAIMS), lambda token: judge.decode(token))


def b64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def text(header, payload=None):
    dump = lambda value: b64url(json.dumps(value, separators=(",", ":")).encode())  # noqa: E731
    return f"{dump(header)}.{dump(payload or CLAIMS)}"


def with_signature(message, signature):
    return f"{message}.{b64url(signature)}"


def rsa_signed(key, header, pad, digest):
    message = text(header)
    return with_signature(message, key.sign(message.encode(), pad, digest))


def algorithm_cases(keys):
    """Rows 26 to 29, 36 and 38: whose algorithm is it, and whose key?"""
    pkcs1, digest = padding.PKCS1v15(), hashes.SHA256()
    for name in ("none", "None", "NONE", "nOnE", ""):
        yield 26, f"alg {name!r}", "RS256", with_signature(text({"alg": name, "typ": "JWT"}), b"")
        yield 26, f"alg {name!r}, well signed", "RS256", rsa_signed(keys["rsa"], {"alg": name}, pkcs1, digest)
    for value in (["RS256"], 256, None, "RS256 ", "rs256", {"RS256": 1}, True):
        yield 27, f"alg {value!r}", "RS256", rsa_signed(keys["rsa"], {"alg": value}, pkcs1, digest)
    yield 27, "no alg", "RS256", rsa_signed(keys["rsa"], {"typ": "JWT"}, pkcs1, digest)
    for algorithm, other in (("RS256", "RS384"), ("RS512", "RS256"), ("PS256", "PS512"), ("RS256", "PS256"), ("PS384", "RS384")):
        yield 28, f"{other} where {algorithm} is set", algorithm, OLD["minted"][other]
    public = public_pem(keys["rsa"])
    der = keys["rsa"].public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    secrets = {
        "PEM": public,
        "PEM with CRLF": public.replace("\n", "\r\n"),
        "trimmed PEM": public.strip(),
        "PKCS #1": public_pem(keys["rsa"], PublicFormat.PKCS1),
        "JWK": json.dumps(jwk("rsa", keys["rsa"]), separators=(",", ":")),
    }
    for name, secret in [*((name, secret.encode()) for name, secret in secrets.items()), ("DER", der), ("nothing", b"")]:
        for algorithm, function in (("HS256", hashlib.sha256), ("HS512", hashlib.sha512)):
            message = text({"alg": algorithm, "typ": "JWT"})
            token = with_signature(message, hmac.digest(secret, message.encode(), function))
            yield 29, f"{algorithm} with the public key as {name}", "RS256", token
            lying = text({"alg": "RS256", "typ": "JWT"})
            token = with_signature(lying, hmac.digest(secret, lying.encode(), function))
            yield 29, f"{algorithm} with the public key as {name}, called RS256", "RS256", token
    if FIRST:
        thief = MAKERS["rsa"]()
        for name in ("jwk", "jku", "x5u", "x5c"):
            header = {"alg": "RS256", name: jwk("rsa", thief) if name == "jwk" else "http://thief.example/"}
            yield 36, f"the thief's key in {name}", "RS256", rsa_signed(thief, header, pkcs1, digest)
    yield 38, "not encoded", "RS256", rsa_signed(keys["rsa"], {"alg": "RS256", "b64": False, "crit": ["b64"]}, pkcs1, digest)


def ecdsa_cases(keys):
    """Rows 30 and 31: numbers out of range, other lengths, DER, and the other s."""
    for algorithm, name in (("ES256", "p256"), ("ES384", "p384"), ("ES512", "p521"), ("ES256K", "secp256k1")):
        curve = keys[name].curve
        size, n = (curve.key_size + 7) // 8, curve.group_order
        token = OLD["minted"][algorithm]
        message, encoded = token.rsplit(".", 1)
        raw = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
        r, s = int.from_bytes(raw[:size], "big"), int.from_bytes(raw[size:], "big")
        top = (1 << 8 * size) - 1
        for what, pair in {
            "zeros": (0, 0), "r=0": (0, s), "s=0": (r, 0), "r=n": (n, s), "s=n": (r, n), "r=s=n": (n, n), "r=s=1": (1, 1),
            "r and s at the top": (top, top), "r and s swapped": (s, r), "s=n+1": (r, n + 1),
            **({"r+n": (r + n, s)} if r + n <= top else {}), **({"s+n": (r, s + n)} if s + n <= top else {}),
        }.items():
            numbers = b"".join(number.to_bytes(size, "big") for number in pair)
            yield 30, what, algorithm, with_signature(message, numbers)
        yield 30, "DER", algorithm, with_signature(message, encode_dss_signature(r, s))
        yield 30, "a byte less", algorithm, with_signature(message, raw[:-1])
        yield 30, "a byte more", algorithm, with_signature(message, raw + b"\0")
        yield 30, "a zero before each", algorithm, with_signature(message, b"\0" + raw[:size] + b"\0" + raw[size:])
        yield 30, "half as long again", algorithm, with_signature(message, raw + raw[:size])
        yield 30, "r alone", algorithm, with_signature(message, raw[:size])
        yield 30, "nothing", algorithm, with_signature(message, b"")
        yield 31, "the other s", algorithm, with_signature(message, raw[:size] + (n - s).to_bytes(size, "big"))


def rsa_cases(keys):
    """Rows 32 and 33: forged paddings, other salts, other digests."""
    key, sha256 = keys["rsa"], hashes.SHA256()
    size, numbers = key.key_size // 8, key.private_numbers()
    message = text({"alg": "RS256", "typ": "JWT"})
    digest = hashlib.sha256(message.encode()).digest()
    info = bytes.fromhex("3031300d060960864801650304020105000420") + digest
    without_null = bytes.fromhex("302f300b0609608648016503040201") + b"\x04\x20" + digest

    def padded(block, first=b"\x00\x01", fill=b"\xff"):
        return first + fill * (size - 3 - len(block)) + b"\x00" + block

    for what, block in {
        "well padded": padded(info),
        "without NULL": padded(without_null),
        "garbage after the digest": b"\x00\x01" + b"\xff" * 8 + b"\x00" + info + b"\x41" * (size - 11 - len(info)),
        "padded for encryption": padded(info, b"\x00\x02", b"\x55"),
        "padded with zeros": padded(info, fill=b"\x00"),
        "the bare digest": padded(digest),
        "another digest's name": padded(bytes.fromhex("3031300d060960864801650304020305000420") + digest),
    }.items():
        signature = pow(int.from_bytes(block, "big"), numbers.d, numbers.public_numbers.n).to_bytes(size, "big")
        yield 32, what, "RS256", with_signature(message, signature)
    good = key.sign(message.encode(), padding.PKCS1v15(), sha256)
    larger = int.from_bytes(good, "big") + numbers.public_numbers.n
    for what, signature in {
        "a byte less": good[1:], "a byte more": b"\0" + good, "zeros": bytes(size), "one": (1).to_bytes(size, "big"),
        "the modulus": numbers.public_numbers.n.to_bytes(size, "big"), "nothing": b"",
        **({"plus the modulus": larger.to_bytes(size, "big")} if larger.bit_length() <= 8 * size else {}),
    }.items():
        yield 32, what, "RS256", with_signature(message, signature)
    if not FIRST:
        yield from ((row["row"], row["name"], row["algorithm"], row["token"]) for row in OLD["verdicts"] if row["row"] in (33, 36))
        return
    for salt in (0, 20, 31, 32, 33, 64, padding.PSS.MAX_LENGTH):
        pad = padding.PSS(padding.MGF1(sha256), salt)
        yield 33, f"salt {salt}", "PS256", rsa_signed(key, {"alg": "PS256", "typ": "JWT"}, pad, sha256)
    other_mask = padding.PSS(padding.MGF1(hashes.SHA1()), 32)
    yield 33, "masked with SHA-1", "PS256", rsa_signed(key, {"alg": "PS256"}, other_mask, sha256)
    pss = padding.PSS(padding.MGF1(sha256), 32)
    yield 33, "PSS, called RS256", "RS256", rsa_signed(key, {"alg": "RS256", "typ": "JWT"}, pss, sha256)
    yield 33, "PKCS #1, called PS256", "PS256", rsa_signed(key, {"alg": "PS256", "typ": "JWT"}, padding.PKCS1v15(), sha256)
    yield 33, "PSS, as it should be", "PS256", rsa_signed(key, {"alg": "PS256", "typ": "JWT"}, pss, sha256)


def verdicts(keys):
    owner = {algorithm: name for name, algorithms in KEYS.items() for algorithm in algorithms}
    for cases in (algorithm_cases, ecdsa_cases, rsa_cases):
        for row, name, algorithm, token in cases(keys):
            try:
                backend(algorithm, keys[owner[algorithm]]).decode(token)
                reference = "ok"
            except Exception as error:
                # As `Token.__init__` tells them.
                known = TOLD.get(type(error))
                reference = known or f"500 {type(error).__name__}"
            expect = "Token is invalid" if reference[:3] == "500" else reference
            yield {"row": row, "name": name, "algorithm": algorithm, "token": token, "reference": reference, "expect": expect}


def main():
    jwt.api_jwt.datetime = FixedDatetime
    keys = {name: load_or_make(name) for name in KEYS}
    document = {
        "source": f"made by running PyJWT {jwt.__version__}, SimpleJWT {rest_framework_simplejwt.__version__}"
        f" and cryptography {cryptography.__version__}",
        "now_micros": int(NOW.timestamp() * 1_000_000),
        "claims": CLAIMS,
        "algorithms": KEYS,
        "keys": {name: {**dict(forms(name, key)), "jwk": jwk(name, key)} for name, key in keys.items()},
        "refused_keys": refused_keys(keys),
        "minted": dict(minted(keys)),
    }
    OLD["minted"] = document["minted"]
    document["verdicts"] = sorted(verdicts(keys), key=lambda row: row["row"])
    VECTORS.write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
