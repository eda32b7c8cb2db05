"""From a request to `/v1/…` to its answer: who calls, has it been asked before, do it, say it."""

import json
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse

from stripe_emulator import accounts, api_keys, expansion, forms
from stripe_emulator.errors import (
    InvalidParameter,
    KeyInUse,
    NoSuchUrl,
    SecretKeyRequired,
    StripeError,
)
from stripe_emulator.events import Cause
from stripe_emulator.idempotency import Answer, fingerprint, ledger
from stripe_emulator.intent_shape import public_form
from stripe_emulator.parameters import SENT_BY_STRIPE_JS
from stripe_emulator.store import store


@dataclass(frozen=True)
class Call:
    """One request to the API, or what somebody did on a pay page. `is_public`: no secret key.

    `account` is the connected account that it is made for, if any.
    """

    path: str
    base_url: str
    params: dict
    is_public: bool
    cause: Cause
    account: str | None = None


def endpoint(kind, *, public=(), **handlers):
    """A view that lets a handler answer each HTTP method: `endpoint(GET=retrieve, POST=update)`.

    A handler gets the Call and the ids in the path and returns an object or raises StripeError.
    One named `listing` or `list_…` returns a list of what the others return: objects of the sort
    `kind`.
    Only handlers named in `public` hear calls made with the publishable key.
    """

    def view(request, **ids):
        handler = handlers.get("GET" if request.method == "HEAD" else request.method)
        if handler is None:
            raise NoSuchUrl(request.method, request.path)
        params = _params(request)
        is_public = api_keys.is_publishable(request.headers.get("Authorization", ""), params)
        if is_public:
            if handler not in public:
                raise SecretKeyRequired
            params = {k: v for k, v in params.items() if k not in SENT_BY_STRIPE_JS}
        _check_headers(request)
        expand = expansion.paths(params.pop("expand", []), _kind(kind, handler, is_public))
        call = _call(request, params, is_public)

        def work():
            return _answer(handler, call, ids, expand)

        if request.method == "POST" and call.cause.idempotency_key:
            return _answer_once(work, call, fingerprint([params, expand]))
        status, body, _ = work()
        return _response(status, body)

    return view


def _kind(kind, handler, is_public):
    if handler.__name__.startswith("list"):
        return f"list of {kind}"
    return f"public {kind}" if is_public else kind


def error_answer(error):
    return _response(error.status, _json(error.body()), _retry_headers(error))


def _params(request):
    if request.method != "POST":
        return forms.decode(request.META.get("QUERY_STRING", ""))
    if request.body and request.content_type != "application/x-www-form-urlencoded":
        raise InvalidParameter(
            "Invalid request (check that your POST content type is "
            "application/x-www-form-urlencoded). If you have any questions, we can help at "
            "https://support.stripe.com/."
        )
    try:
        return forms.decode(request.body.decode())
    except UnicodeDecodeError:
        raise InvalidParameter("Invalid request: the body is not UTF-8.") from None


def _check_headers(request):
    version = request.headers.get("Stripe-Version", settings.API_VERSION)
    if version != settings.API_VERSION:
        raise InvalidParameter(
            f"Invalid Stripe API version: {version}. This emulator speaks {settings.API_VERSION}."
        )


def _call(request, params, is_public):
    return Call(
        path=request.path,
        base_url=f"{request.scheme}://{request.get_host()}",
        params=params,
        is_public=is_public,
        cause=Cause(request.stripe_id, request.headers.get("Idempotency-Key") or None),
        account=accounts.acting(request),
    )


def _answer_once(work, call, asked):
    key = call.cause.idempotency_key
    earlier = ledger.begin(key, call.path, asked, call.account)
    if earlier:
        replay = {"Idempotent-Replayed": "true", "Original-Request": earlier.request_id}
        return _response(earlier.status, earlier.body, replay)
    try:
        status, body, worked = work()
    except BaseException:
        ledger.forget(key, call.account)
        raise
    if worked:
        ledger.finish(key, Answer(status, body, call.cause.request_id), call.account)
    else:
        ledger.forget(key, call.account)
    return _response(status, body)


def _answer(handler, call, ids, expand):
    """HTTP status, body, and whether any work began. One call at a time."""
    with store.acting_as(call.account):
        try:
            obj = handler(call, **ids)
        except StripeError as error:
            return error.status, _json(_shown(error, call)), not error.refused_before_work_began
        for steps in expand:
            obj = expansion.expanded(obj, steps)
        return 200, _json(obj), True


def _shown(error, call):
    """The error's body; whoever has no secret key sees the public form of the intent in it."""
    body = error.body()
    if call.is_public and "payment_intent" in body["error"]:
        body["error"]["payment_intent"] = public_form(body["error"]["payment_intent"])
    return body


def _json(obj):
    return json.dumps(obj, indent=2, ensure_ascii=False).encode()


def _retry_headers(error):
    return {"Stripe-Should-Retry": "true"} if isinstance(error, KeyInUse) else {}


def _response(status, body, headers=None):
    return HttpResponse(body, status=status, content_type="application/json", headers=headers)
