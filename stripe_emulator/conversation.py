"""The HTTP around every answer: request ids, CORS, errors of the API as Stripe's JSON."""

import logging

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import Http404, HttpResponse

from stripe_emulator.answers import error_answer
from stripe_emulator.errors import InternalError, InvalidParameter, NoSuchUrl, StripeError
from stripe_emulator.store import random_id

log = logging.getLogger("stripe_emulator")

# Pages of any origin talk to the API with the publishable key, as Stripe.js does from its own.
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, PUT, PATCH, POST, DELETE",
    "Access-Control-Expose-Headers": "Request-Id, Stripe-Manage-Version, Stripe-Should-Retry",
    "Access-Control-Max-Age": "300",
}
# The address of a pay page holds the client secret, so it must not travel on as a referrer.
PAGES = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


# Where answers are JSON, errors too.
API = ("/v1/", "/_emulator/")


class Conversation:
    """Middleware, the outermost."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.stripe_id = random_id("req_", 14)
        try:
            request.get_host()
        except DisallowedHost:
            return HttpResponse("This emulator only answers on loopback names.\n", status=400)
        if request.path.startswith("/_emulator/"):
            return self._controls(request)
        if not request.path.startswith("/v1/"):
            return _with_headers(self.get_response(request), {"Cache-Control": "no-store", **PAGES})
        response = HttpResponse() if request.method == "OPTIONS" else self.get_response(request)
        if response.status_code == 404 and not response.headers["Content-Type"].startswith(
            "application/json"
        ):
            response = error_answer(NoSuchUrl(request.method, request.path))
        return _with_headers(response, _api_headers(request))

    def _controls(self, request):
        """No CORS here: a page of another origin has no business with the controls."""
        response = self.get_response(request)
        if response.status_code == 404 and not response.headers["Content-Type"].startswith(
            "application/json"
        ):
            response = error_answer(NoSuchUrl(request.method, request.path))
        return _with_headers(response, {"Cache-Control": "no-store"})

    def process_exception(self, request, exception):
        if not request.path.startswith(API) or isinstance(exception, Http404):
            return None
        if isinstance(exception, RequestDataTooBig):
            exception = InvalidParameter("The request is too large.", status=413)
        if not isinstance(exception, StripeError):
            log.exception("%s %s broke", request.method, request.path)
            exception = InternalError()
        return error_answer(exception)


def _api_headers(request):
    headers = {
        "Request-Id": request.stripe_id,
        "Stripe-Version": settings.API_VERSION,
        "Cache-Control": "no-cache, no-store",
        **CORS,
    }
    if asked := request.headers.get("Access-Control-Request-Headers"):
        headers["Access-Control-Allow-Headers"] = asked
    if key := request.headers.get("Idempotency-Key"):
        headers["Idempotency-Key"] = key
    return headers


def _with_headers(response, headers):
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    # Without its length an answer ends the connection, and the SDK likes to keep one open.
    response.headers["Content-Length"] = str(len(response.content))
    return response
