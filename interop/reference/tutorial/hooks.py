"""What projects hang into DRF: a body of their own for what was refused."""
from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.views import exception_handler


def envelope(exception, context):
    """Every refusal in one shape, its code in a header too; that something is somebody else's is not told."""
    response = exception_handler(exception, context)
    if response is None:
        return None
    code, request = code_of(exception), context["request"]
    if code == "not_owner":
        response.status_code = 404
    response.data = {
        "success": False,
        "status": response.status_code,
        "code": code,
        "method": request.method,
        "path": request.path,
        "user": request.user.username or None,
        "errors": response.data,
    }
    response["X-Error-Code"] = code
    return response


def code_of(exception):
    if isinstance(exception, Http404):
        return exceptions.NotFound.default_code
    if isinstance(exception, PermissionDenied):
        return exceptions.PermissionDenied.default_code
    codes = exception.get_codes()
    return codes if isinstance(codes, str) else exception.default_code
