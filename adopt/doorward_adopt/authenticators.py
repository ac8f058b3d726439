"""Of what kind an authentication class of the project's own is, as far as its source tells: the guide has a recipe for each kind."""
import inspect
import re

# The headings of the recipes, and what the source of such a class has; the plainest signs first.
SIGNS = {
    "A foreign issuer": r"jwks|PyJWKClient|PyJWKSet|firebase|keycloak|auth0|cognito|verify_id_token|openid",
    "A credential from a cookie": r"\bCOOKIES\b",
    "Signed requests and URLs": r"\bhmac\b|TimestampSigner|\bsigning\b|\bunsign\b|signature",
    "Hashed keys with a prefix": r"check_password|make_password|hashlib|\bprefix\b|hash_(key|token)|hashed",
    "Tokens of your own table": r"expir|revoked|last_(used|seen)",
    "A bad credential means anonymous": r"except[^\n]*(AuthenticationFailed|InvalidToken|APIException|Exception)[^\n]*:\s*return\b",
    "A check after success": r"super\(\)\.authenticate\(",
}
WITHOUT_CSRF = "A session without CSRF token"
SESSION = "rest_framework.authentication.SessionAuthentication"
KNOWN = ("builtins", "rest_framework", "rest_framework_simplejwt")


def recipes(cls):
    """What a report says after "write an authenticator"."""
    found = kinds(cls)
    names = ", ".join(f'"{kind}"' for kind in found)
    return f": see {names} in the guide's page Authentication" if found else ""


def kinds(cls):
    """The recipes that fit a class."""
    own = [base for base in getattr(cls, "__mro__", ()) if base.__module__.split(".")[0] not in KNOWN]
    text = "\n".join(source(base) for base in own)
    found = [kind for kind, sign in SIGNS.items() if re.search(sign, text, re.IGNORECASE)]
    return ([WITHOUT_CSRF] if changes_session(cls, own) else []) + found


def changes_session(cls, own):
    """Whether it is DRF's class for sessions with another CSRF check, or another challenge."""
    names = {f"{base.__module__}.{base.__qualname__}" for base in getattr(cls, "__mro__", ())}
    return SESSION in names and any({"enforce_csrf", "authenticate_header"} & vars(base).keys() for base in own)


def source(cls):
    try:
        return inspect.getsource(cls)
    except (OSError, TypeError):
        return ""
