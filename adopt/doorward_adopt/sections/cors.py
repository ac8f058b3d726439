"""`[cors]`: django-cors-headers."""
import re

KEYS = (
    ("CORS_ALLOWED_ORIGINS", "allowed_origins", []),
    ("CORS_ALLOW_ALL_ORIGINS", "allow_all_origins", False),
    ("CORS_ALLOW_CREDENTIALS", "allow_credentials", False),
    ("CORS_ALLOW_HEADERS", "allow_headers", None),
    ("CORS_ALLOW_METHODS", "allow_methods", None),
    ("CORS_ALLOW_PRIVATE_NETWORK", "allow_private_network", False),
    ("CORS_EXPOSE_HEADERS", "expose_headers", []),
    ("CORS_PREFLIGHT_MAX_AGE", "preflight_max_age", 86400),
)

# What the package called them of old; such a name counts where the new one is not there.
OLD = {"CORS_ALLOWED_ORIGINS": "CORS_ORIGIN_WHITELIST", "CORS_ALLOW_ALL_ORIGINS": "CORS_ORIGIN_ALLOW_ALL"}


def export(project, report):
    if not project.has_app("corsheaders"):
        return {}
    table = project.carried(new_or_old(project))
    regexes = project.get("CORS_ALLOWED_ORIGIN_REGEXES", project.get("CORS_ORIGIN_REGEX_WHITELIST", ()))
    if regexes:
        table["allowed_origin_regexes"] = [whole(each) for each in regexes]
    if project.get("CORS_URLS_REGEX", r"^.*$") not in (r"^.*$", ".*"):
        report.different("CORS_URLS_REGEX", "CORS holds on every path")
    report.covered("django-cors-headers")
    return {"cors": table}


def new_or_old(project):
    for name, key, usual in KEYS:
        is_new = project.get(name) is not None or name not in OLD
        yield name if is_new else OLD[name], key, usual


def whole(regex):
    """The package asks whether an origin begins so, Doorward whether it is so."""
    given = getattr(regex, "pattern", regex)
    ignores_case = getattr(regex, "flags", 0) & re.IGNORECASE
    return f"^(?{'i' if ignores_case else ''}:{given}).*$"
