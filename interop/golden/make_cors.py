"""Makes interop/vectors/cors.json by running django-cors-headers.

    python interop/golden/make_cors.py

The vectors are read by the tests of `doorward-core`.
"""

import importlib.metadata
import json
import pathlib

import django
from django.conf import settings

settings.configure(DATABASES={}, INSTALLED_APPS=["corsheaders"])
django.setup()

from corsheaders.middleware import CorsMiddleware  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.test import RequestFactory, override_settings  # noqa: E402

TWO = {"allowed_origins": ["https://app.example", "http://localhost:3000"]}
SITES = [
    {},
    TWO,
    {**TWO, "allow_credentials": True},
    {"allowed_origins": ["null", "file://"]},
    {"allow_all_origins": True},
    {"allow_all_origins": True, "expose_headers": ["X-Total", "Link"], "preflight_max_age": 0},
    {"allowed_origin_regexes": [r"^https://\w+\.app\.example$"], "allow_credentials": True},
    {**TWO, "allowed_origin_regexes": [r"^https://a\.example$", r"^http://127\.0\.0\.1:\d+$"]},
    {**TWO, "allow_headers": ["X-Own"], "allow_methods": ["GET"], "preflight_max_age": 60},
    {**TWO, "allow_private_network": True},
    {**TWO, "allow_credentials": True, "expose_headers": ["X-Total"], "allow_private_network": True},
]
ORIGINS = [
    None, "", "https://app.example", "http://app.example", "https://app.example:8443", "http://localhost:3000",
    "http://localhost", "https://app.example.evil.example", "https://evil.example", "https://appXexample",
    "https://sub.app.example", "https://a.b.app.example", "https://sub.app.example.evil.example", "null", "file://",
    "https://a.example", "https://a.example:1", "http://127.0.0.1:8000", "https://App.example", "app.example",
]  # fmt: skip
REQUESTS = [
    ("GET", {}),
    ("OPTIONS", {}),
    ("OPTIONS", {"access-control-request-method": "POST", "access-control-request-headers": "authorization"}),
    ("OPTIONS", {"access-control-request-method": "GET", "access-control-request-private-network": "true"}),
    ("GET", {"access-control-request-method": "POST"}),
    ("HEAD", {"access-control-request-private-network": "true"}),
    ("POST", {"access-control-request-private-network": "yes"}),
]
# Values of Vary that an answer has already.
VARIES = [None, "Accept", "Accept, Cookie", "Origin", "*"]


def answer(site, method, headers, vary=None):
    def view(request):
        return HttpResponse("view", headers={"Vary": vary} if vary else {})

    with override_settings(**{f"CORS_{key.upper()}": value for key, value in site.items()}):
        request = RequestFactory().generic(method, "/", headers=headers)
        response = CorsMiddleware(view)(request)
    kept = {key.lower(): value for key, value in response.headers.items()}
    if response.content:
        kept.pop("content-type")
    return {"preflight": not response.content, "headers": kept}


def cases():
    for site in SITES:
        for origin in ORIGINS:
            for method, extra in REQUESTS:
                headers = extra if origin is None else {"origin": origin, **extra}
                yield {"method": method, "headers": headers, "answer": answer(site, method, headers), "site": site}


def varies():
    headers = {"origin": "https://app.example"}
    return [{"had": vary, "has": answer(TWO, "GET", headers, vary)["headers"]["vary"]} for vary in VARIES]


def main():
    grouped = []
    for site in SITES:
        wanted = [case for case in cases() if case["site"] is site]
        grouped.append((site, [{k: v for k, v in case.items() if k != "site"} for case in wanted]))
    sites = ",\n".join(
        f'{{"settings": {json.dumps(site)}, "cases": [\n' + ",\n".join(json.dumps(case) for case in found) + "\n]}"
        for site, found in grouped
    )
    source = f"made by running django-cors-headers {importlib.metadata.version('django-cors-headers')}"
    path = pathlib.Path(__file__).parent.parent / "vectors" / "cors.json"
    path.write_text(
        f'{{\n"source": {json.dumps(source)},\n"varies": {json.dumps(varies())},\n"sites": [\n{sites}\n]\n}}\n'
    )


if __name__ == "__main__":
    main()
