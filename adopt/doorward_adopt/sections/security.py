"""`[security]` and `[server]`."""
from ..toml import Unsafe

KEYS = (
    ("SECURE_HSTS_SECONDS", "hsts_seconds", 0),
    ("SECURE_HSTS_INCLUDE_SUBDOMAINS", "hsts_include_subdomains", False),
    ("SECURE_HSTS_PRELOAD", "hsts_preload", False),
    ("SECURE_SSL_REDIRECT", "ssl_redirect", False),
    ("SECURE_SSL_HOST", "ssl_host", None),
    ("SECURE_REDIRECT_EXEMPT", "redirect_exempt", []),
    ("SECURE_CONTENT_TYPE_NOSNIFF", "content_type_nosniff", True),
    ("SECURE_REFERRER_POLICY", "referrer_policy", "same-origin"),
    ("SECURE_CROSS_ORIGIN_OPENER_POLICY", "cross_origin_opener_policy", "same-origin"),
    ("X_FRAME_OPTIONS", "x_frame_options", "DENY"),
)
PROXIED = (
    ("USE_X_FORWARDED_HOST", "use_x_forwarded_host", False),
    ("USE_X_FORWARDED_PORT", "use_x_forwarded_port", False),
)


def export(project, report):
    table = project.carried(KEYS)
    if not table.get("ssl_host"):  # an empty text is none, as in Django
        table.pop("ssl_host", None)
    policy = table.get("referrer_policy")
    if isinstance(policy, list):
        table["referrer_policy"] = ", ".join(policy)
    proxied = project.carried(PROXIED)
    header = project.get("SECURE_PROXY_SSL_HEADER")
    if header:
        name = header[0][len("HTTP_"):] if header[0].startswith("HTTP_") else header[0]
        proxied["proxy_ssl_header"] = f"{name.replace('_', '-').title()}: {header[1]}"
    if proxied:
        report.different(
            "headers of proxies",
            "they count from proxies that `throttle.trusted_proxies` names only: write it, and take the comments off",
        )
    table.update({key: Unsafe(value, "with `throttle.trusted_proxies`") for key, value in proxied.items()})
    report.covered("SECURE_…, X_FRAME_OPTIONS")
    server = {}
    limit = project.get("DATA_UPLOAD_MAX_MEMORY_SIZE", 2621440)
    if limit is None:
        report.different("DATA_UPLOAD_MAX_MEMORY_SIZE = None", "bodies are limited to 2.5 MiB; set `server.max_body`")
    elif limit != 2621440:
        server["max_body"] = limit
    return {"security": table, "server": server}
