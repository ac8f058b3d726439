"""`[jwt]`: SimpleJWT."""
from ..project import dotted, short
from ..toml import duration

DURATIONS = (
    ("ACCESS_TOKEN_LIFETIME", 300), ("REFRESH_TOKEN_LIFETIME", 86400), ("SLIDING_TOKEN_LIFETIME", 300),
    ("SLIDING_TOKEN_REFRESH_LIFETIME", 86400), ("LEEWAY", 0),
)
CARRIED = {
    "ROTATE_REFRESH_TOKENS": False, "BLACKLIST_AFTER_ROTATION": False, "UPDATE_LAST_LOGIN": False,
    "ALGORITHM": "HS256", "AUDIENCE": None, "ISSUER": None, "JWK_URL": None, "AUTH_HEADER_TYPES": ["Bearer"],
    "AUTH_HEADER_NAME": "HTTP_AUTHORIZATION", "USER_ID_FIELD": "id", "USER_ID_CLAIM": "user_id",
    "TOKEN_TYPE_CLAIM": "token_type", "JTI_CLAIM": "jti", "SLIDING_TOKEN_REFRESH_EXP_CLAIM": "refresh_exp",
    "CHECK_REVOKE_TOKEN": False, "REVOKE_TOKEN_CLAIM": "hash_password", "CHECK_USER_IS_ACTIVE": True,
}
SECRETS = {"SIGNING_KEY": "DOORWARD_JWT__SIGNING_KEY", "VERIFYING_KEY": "DOORWARD_JWT__VERIFYING_KEY"}
SERIALIZERS = {
    "TOKEN_OBTAIN_SERIALIZER": "TokenObtainPairSerializer", "TOKEN_REFRESH_SERIALIZER": "TokenRefreshSerializer",
    "TOKEN_VERIFY_SERIALIZER": "TokenVerifySerializer", "TOKEN_BLACKLIST_SERIALIZER": "TokenBlacklistSerializer",
    "SLIDING_TOKEN_OBTAIN_SERIALIZER": "TokenObtainSlidingSerializer",
    "SLIDING_TOKEN_REFRESH_SERIALIZER": "TokenRefreshSlidingSerializer",
}
TOKENS = {"AccessToken": "access", "SlidingToken": "sliding", "RefreshToken": "refresh", "UntypedToken": "untyped"}


def export(project, report):
    if not (project.get("SIMPLE_JWT") or project.has_app("rest_framework_simplejwt")):
        return {}
    table = {}
    for name, usual in DURATIONS:
        given = project.jwt(name)
        seconds = given.total_seconds() if hasattr(given, "total_seconds") else given
        if seconds is not None and seconds != usual:
            table[name.lower()] = duration(seconds)
    for name, usual in CARRIED.items():
        given = project.jwt(name, usual)
        given = [given] if name == "AUTH_HEADER_TYPES" and isinstance(given, str) else given
        given = list(given) if isinstance(given, tuple) else given
        if given != usual:
            table[name.lower()] = "" if given is None else given
    table.update(keys(project, report))
    table.update(token_classes(project, report))
    own_code(project, report)
    report.covered("SimpleJWT", ", ".join(sorted(table)) or "as it comes")
    return {"jwt": table}


def keys(project, report):
    """The keys; the HMAC secret that is SECRET_KEY is Doorward's default too."""
    table = {}
    for name, variable in SECRETS.items():
        given = project.jwt(name)
        given = given.decode() if isinstance(given, bytes) else given
        if not given or given == project.get("SECRET_KEY"):
            continue
        if project.with_secrets:
            table[name.lower()] = str(given)
        else:
            report.different(f"SIMPLE_JWT[{name!r}]", f"left out: set {variable}")
    return table


def token_classes(project, report):
    given = project.jwt("AUTH_TOKEN_CLASSES", ("rest_framework_simplejwt.tokens.AccessToken",))
    names = []
    for path in given:
        if dotted(path).startswith("rest_framework_simplejwt.tokens.") and short(path) in TOKENS:
            names.append(TOKENS[short(path)])
        else:
            report.missing(f"AUTH_TOKEN_CLASSES: {dotted(path)}", "a class of the project's own")
    return {"auth_token_classes": names} if names and names != ["access"] else {}


def own_code(project, report):
    for name, usual in SERIALIZERS.items():
        path = project.jwt(name)
        if path and dotted(path) != f"rest_framework_simplejwt.serializers.{usual}":
            report.missing(f"{name}: {dotted(path)}", "claims: `[jwt.claims]` or a hook; more in the answer: a route of yours")
    for name, usual in (
        ("USER_AUTHENTICATION_RULE", "rest_framework_simplejwt.authentication.default_user_authentication_rule"),
        ("ON_LOGIN_SUCCESS", "rest_framework_simplejwt.serializers.default_on_login_success"),
        ("ON_LOGIN_FAILED", "rest_framework_simplejwt.serializers.default_on_login_failed"),
        ("TOKEN_USER_CLASS", "rest_framework_simplejwt.models.TokenUser"),
        ("JSON_ENCODER", None),
    ):
        given = project.jwt(name)
        if given and dotted(given) != usual:
            report.missing(f"SIMPLE_JWT[{name!r}]", f"{dotted(given)}: code of the project's own")
