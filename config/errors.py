"""The one shape of an error, whoever found it: REST framework, Django, or nobody."""

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import JsonResponse
from django.views import defaults
from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework.exceptions import APIException, ParseError


class BodyTooLarge(APIException):
    """The body is longer than DATA_UPLOAD_MAX_MEMORY_SIZE bytes."""

    status_code = 413
    default_code = "body_too_large"
    default_detail = "The body of a request may be 1 MiB long at most."


class Handler(ExceptionHandler):
    """Also gives Django's own refusals the one shape."""

    def convert_known_exceptions(self, exc):
        if isinstance(exc, RequestDataTooBig):
            return BodyTooLarge()
        if isinstance(exc, SuspiciousOperation):
            return ParseError()
        return super().convert_known_exceptions(exc)


class ErrorWithAnswer(ExceptionFormatter):
    """The one error shape, and beside it what the error has to offer (`SeatsTaken`: `seats`)."""

    def format_error_response(self, error_response):
        return super().format_error_response(error_response) | getattr(self.exc, "answer", {})


def api_errors_are_json(get_response):
    """
    Middleware: gives Django's own 400 and 404 pages the one error shape under /api/, under DEBUG as
    well.
    """

    def middleware(request):
        response = get_response(request)
        of_the_api = request.path == "/api" or request.path.startswith("/api/")
        is_page = response.get("Content-Type", "").startswith("text/html")
        if of_the_api and is_page and response.status_code in DJANGOS_OWN:
            return refusal(response.status_code, *DJANGOS_OWN[response.status_code])
        return response

    return middleware


DJANGOS_OWN = {
    400: ("bad_request", "The request could not be understood."),
    404: ("not_found", "There is nothing at this address."),
}


def server_error(request):
    """handler500: the one error shape under /api/, Django's page elsewhere."""
    if request.path.startswith("/api/"):
        return refusal(500, "error", "Something went wrong on our side.")
    return defaults.server_error(request)


def refusal(status: int, code: str, detail: str, *, attr: str | None = None) -> JsonResponse:
    """The one error shape, where REST framework is not asked."""
    kind = "server_error" if status >= 500 else "validation_error" if attr else "client_error"
    body = {"type": kind, "errors": [{"code": code, "detail": detail, "attr": attr}]}
    return JsonResponse(body, status=status, headers={"Cache-Control": "no-store"})
