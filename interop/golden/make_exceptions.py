"""Makes interop/vectors/exceptions.json: what DRF's exceptions say, and the responses made of them."""
import json
import os
from pathlib import Path

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="x" * 50,
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "rest_framework"],
    USE_TZ=True,
)
django.setup()

from rest_framework import exceptions  # noqa: E402
from rest_framework.renderers import JSONRenderer  # noqa: E402
from rest_framework.views import exception_handler  # noqa: E402

CASES = {
    "validation_error": exceptions.ValidationError(["Wrong."]),
    "validation_error_text": exceptions.ValidationError("Wrong."),
    "validation_error_fields": exceptions.ValidationError({"name": ["Too long."]}),
    "parse_error": exceptions.ParseError("Malformed request."),
    "authentication_failed": exceptions.AuthenticationFailed("Invalid token."),
    "not_authenticated": exceptions.NotAuthenticated(),
    "permission_denied": exceptions.PermissionDenied(),
    "not_found": exceptions.NotFound(),
    "method_not_allowed": exceptions.MethodNotAllowed("PUT"),
    "not_acceptable": exceptions.NotAcceptable(),
    "unsupported_media_type": exceptions.UnsupportedMediaType("text/plain"),
    "throttled": exceptions.Throttled(),
    "throttled_one": exceptions.Throttled(wait=0.2),
    "throttled_more": exceptions.Throttled(wait=59.1),
}


def answer(exception):
    response = exception_handler(exception, {})
    codes = exception.get_codes()
    return {
        "status": response.status_code,
        "code": codes if isinstance(codes, str) else exception.default_code,
        "body": JSONRenderer().render(response.data).decode(),
        "retry_after": response.headers.get("Retry-After"),
    }


out = {"source": "made by interop/golden/make_exceptions.py", **{k: answer(v) for k, v in CASES.items()}}
target = Path(__file__).resolve().parent.parent / "vectors" / "exceptions.json"
target.write_text(json.dumps(out, indent=1, sort_keys=True) + os.linesep)
