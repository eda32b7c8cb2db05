"""`/_emulator/`: what no customer and no shop can do at Stripe, for tests. docs/stripe-emulator.md

Only the emulator's own secret test key opens them; to anybody else they are not there.
"""

import json
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, JsonResponse

from stripe_emulator import answers, api_keys, forms, parameters
from stripe_emulator.clock import agenda, clock, now, timestamp
from stripe_emulator.disturbances import disturbances
from stripe_emulator.errors import InvalidParameter, NoSuchUrl, Unauthenticated
from stripe_emulator.events import Cause
from stripe_emulator.faults import plan
from stripe_emulator.store import store
from stripe_emulator.webhooks import courier

LOOPBACK = ("127.0.0.1", "localhost", "::1")
FURTHEST = 10 * 365 * 24 * 3600


def control(**handlers):
    """A view that lets a handler answer each HTTP method with something to show as JSON."""

    def view(request, **ids):
        if not _is_ours(request):
            raise Http404
        handler = handlers.get(request.method)
        if handler is None:
            raise NoSuchUrl(request.method, request.path)
        base_url = f"{request.scheme}://{request.get_host()}"
        cause = Cause(request.stripe_id)
        call = answers.Call(request.path, base_url, _params(request), False, cause)
        return JsonResponse(handler(call, **ids), json_dumps_params={"indent": 2})

    return view


def state(call):
    """What has been asked for, and what is on its way."""
    parameters.read(call.params, {})
    with store.lock:
        states = [delivery.state for delivery in store.deliveries.values()]
        return {
            "clock": _clock(),
            "agenda": agenda.waiting(),
            "faults": plan.shown(),
            "disturbances": disturbances.shown(),
            "endpoint": courier.url or None,
            "deliveries": {name: states.count(name) for name in sorted(set(states))},
            "accounts": sorted(store.accounts),
        }


def reset(call):
    """No faults, no disturbances, the machine's time. What was paid stays, held events go out."""
    parameters.read(call.params, {})
    with store.lock:
        plan.clear()
        courier.release(disturbances.take_held())
        disturbances.clear()
    clock.reset()
    agenda.look_again()
    return state(call)


def add_fault(call):
    with store.lock:
        return plan.add(call.params)


def clear_faults(call):
    with store.lock:
        plan.clear()
    return {"faults": []}


def add_disturbance(call):
    with store.lock:
        return disturbances.add(call.params)


def clear_disturbances(call):
    with store.lock:
        courier.release(disturbances.take_held())
        disturbances.clear()
    return {"disturbances": []}


def release(call):
    """Send what is held back: as it happened, backwards, or in the order of `events`."""
    readers = {"order": parameters.choice("forward", "backward"), "events": parameters.strings}
    read = parameters.read(call.params, readers)
    with store.lock:
        if "events" in read:
            events = [store.events.get(event_id, param="events") for event_id in read["events"]]
            disturbances.take_held()
        else:
            events = disturbances.take_held()
        if read.get("order") == "backward":
            events.reverse()
        courier.release(events)
    return {"released": [event["id"] for event in events]}


def deliver(call, event_id):
    """Send an event once more, or several times at once."""
    read = parameters.read(call.params, {"copies": parameters.integer(at_least=1, at_most=200)})
    with store.lock:
        event = store.events.get(event_id, param="id")
        if not courier.url:
            raise InvalidParameter("No webhook URL is set.")
        courier.send_again(event, read.get("copies", 1))
    return {"event": event_id, "copies": read.get("copies", 1)}


def set_endpoint(call):
    """Where webhooks go from now on, and what they are signed with. An empty URL: nowhere."""
    readers = {
        "url": parameters.unsettable(parameters.web_address),
        "secret": parameters.text(500),
    }
    read = parameters.read(call.params, readers, required=("url",))
    if read["url"] and urlsplit(read["url"]).hostname not in LOOPBACK:
        raise InvalidParameter("Only addresses of this machine may be set.", param="url")
    with store.lock:
        secret = read.get("secret", courier.secret)
        if read["url"] and not secret:
            raise InvalidParameter("Webhooks need a `secret` to sign with.", param="secret")
        courier.url, courier.secret = read["url"] or "", secret
    return {"url": courier.url or None}


def move_clock(call):
    """Go `advance` seconds on, or to the moment `now`; `freeze` the clock or let it tick."""
    readers = {
        "advance": parameters.integer(at_least=0, at_most=FURTHEST),
        "now": parameters.integer(at_least=0, at_most=timestamp() + FURTHEST),
        "freeze": parameters.boolean,
    }
    read = parameters.read(call.params, readers)
    if "advance" in read and "now" in read:
        raise InvalidParameter("Either `advance` or `now`.", param="now")
    if read.get("freeze"):
        clock.freeze()
    if "advance" in read:
        agenda.travel(now() + read["advance"])
    if "now" in read:
        agenda.travel(read["now"])
    if read.get("freeze") is False:
        clock.thaw()
    agenda.look_again()
    return _clock()


def show_clock(call):
    return _clock()


def _clock():
    return {"now": now(), "ahead": clock.ahead, "frozen": clock.frozen_at is not None}


def _is_ours(request):
    """Whether the caller has our secret key, and that is one that can move no money."""
    if not api_keys.is_test_key(settings.STRIPE_SECRET_KEY):
        return False
    try:
        return not api_keys.is_publishable(request.headers.get("Authorization", ""), {})
    except Unauthenticated:
        return False


def _params(request):
    """The parameters as the API has them, from JSON or a form."""
    if request.method != "POST" or request.content_type != "application/json":
        text = request.META.get("QUERY_STRING", "") if request.method == "GET" else None
        return forms.decode(request.body.decode(errors="replace") if text is None else text)
    try:
        params = _as_form(json.loads(request.body or b"{}"))
    except (ValueError, RecursionError):
        raise InvalidParameter("Invalid request: the body is not JSON.") from None
    if not isinstance(params, dict):
        raise InvalidParameter("Invalid request: the body is not a JSON object.")
    return params


def _as_form(value):
    if isinstance(value, dict):
        return {name: _as_form(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_as_form(inner) for inner in value]
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else str(value)
