"""`[cors]`: django-cors-headers."""
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


def export(project, report):
    if not project.has_app("corsheaders"):
        return {}
    table = project.carried(KEYS)
    regexes = [getattr(each, "pattern", each) for each in project.get("CORS_ALLOWED_ORIGIN_REGEXES", [])]
    whole = [each if each.endswith("$") else f"{each}.*$" for each in regexes]
    whole = [each if each.startswith("^") else f"^{each}" for each in whole]
    if whole:
        table["allowed_origin_regexes"] = whole
    if project.get("CORS_URLS_REGEX", r"^.*$") not in (r"^.*$", ".*"):
        report.different("CORS_URLS_REGEX", "CORS holds on every path")
    report.covered("django-cors-headers")
    return {"cors": table}
