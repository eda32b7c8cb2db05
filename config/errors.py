"""The one shape of an error, whoever found it: REST framework, Django, or nobody."""

import sys

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, JsonResponse
from django.views import defaults
from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework.exceptions import APIException, ParseError


class BodyTooLarge(APIException):
    """The body is longer than DATA_UPLOAD_MAX_MEMORY_SIZE bytes."""

    status_code = 413
    default_code = "body_too_large"
    default_detail = "The body of a request may be 1 MiB long at most."


class DatabaseUnavailable(APIException):
    """The database is away or has its hands full. With an `Idempotency-Key`, send it again."""

    status_code = 503
    default_code = "database_unavailable"
    default_detail = "We cannot do this just now. Please try again in a moment."
    wait = 2  # seconds, said as Retry-After


def is_an_outage(error: BaseException | None) -> bool:
    """Whether `error` is the database's and passes by itself: a restart, a full house, a lock."""
    if not isinstance(error, (OperationalError, InterfaceError)):
        return False
    # SQLite calls mistakes in our SQL operational as well.
    of_sqlite = type(error.__cause__).__module__ == "sqlite3"
    return not of_sqlite or "locked" in str(error)


class Handler(ExceptionHandler):
    """Also gives Django's own refusals the one shape, and the database's."""

    def convert_known_exceptions(self, exc):
        if is_an_outage(exc):
            return DatabaseUnavailable()
        if isinstance(exc, RequestDataTooBig):
            return BodyTooLarge()
        if isinstance(exc, SuspiciousOperation):
            return ParseError()
        return super().convert_known_exceptions(exc)


class ErrorWithAnswer(ExceptionFormatter):
    """
    The one error shape, and beside it what the error has to offer (`SeatsTaken`: `seats`). Half a
    character that was sent cannot be sent back: a question mark stands for it.
    """

    def format_error_response(self, error_response):
        said = super().format_error_response(error_response)
        for error in said["errors"]:
            error |= {name: _writable(error[name]) for name in ("detail", "attr")}
        return said | getattr(self.exc, "answer", {})


def _writable(text: str | None) -> str | None:
    return text and text.encode(errors="replace").decode()


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
    """
    handler500: the one error shape under /api/, Django's page elsewhere; a 503 while the database
    is away.
    """
    of_the_api = request.path.startswith("/api/")
    if is_an_outage(sys.exception()):
        return _come_back(of_the_api)
    if of_the_api:
        return refusal(500, "error", "Something went wrong on our side.")
    return defaults.server_error(request)


def _come_back(of_the_api: bool) -> HttpResponse:
    away = DatabaseUnavailable()
    if of_the_api:
        response = refusal(503, away.default_code, away.default_detail)
    else:
        response = HttpResponse(away.default_detail, status=503, content_type="text/plain")
    response["Retry-After"] = str(away.wait)
    return response


def refusal(status: int, code: str, detail: str, *, attr: str | None = None) -> JsonResponse:
    """The one error shape, where REST framework is not asked."""
    kind = "server_error" if status >= 500 else "validation_error" if attr else "client_error"
    body = {"type": kind, "errors": [{"code": code, "detail": detail, "attr": attr}]}
    return JsonResponse(body, status=status, headers={"Cache-Control": "no-store"})
