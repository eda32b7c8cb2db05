"""Events: what happened to which object, kept for the API and handed to the webhooks.

https://docs.stripe.com/api/events/object
"""

import copy
from dataclasses import dataclass
from fnmatch import fnmatchcase

from django.conf import settings

from stripe_emulator import lists, parameters, webhooks
from stripe_emulator.clock import timestamp
from stripe_emulator.store import EVERYONE, random_id, store


@dataclass(frozen=True)
class Cause:
    """The API request that made something happen; without ids, it happened by itself."""

    request_id: str | None = None
    idempotency_key: str | None = None


AUTOMATIC = Cause()


def record(kind, obj, cause, *, previously=None):
    """An event of the type `kind` with `obj` as it is at this moment, delivered soon."""
    data = {"object": copy.deepcopy(obj)}
    if previously is not None:
        data["previous_attributes"] = previously
    event = {
        "id": random_id("evt_3"),
        "object": "event",
        "api_version": settings.API_VERSION,
        "created": timestamp(),
        "data": data,
        "livemode": False,
        "pending_webhooks": 1 if webhooks.courier.url else 0,
        "request": {"id": cause.request_id, "idempotency_key": cause.idempotency_key},
        "type": kind,
    }
    if store.account not in (None, EVERYONE):
        event["account"] = store.account
    store.events.put(event)
    webhooks.courier.send(event)


def retrieve(call, event_id):
    parameters.read(call.params, {})
    return store.events.get(event_id, param="id")


def retry(call, event_id):
    """`stripe events resend`: deliver it once more."""
    text = parameters.text(5000)
    parameters.read(
        call.params, dict.fromkeys(("account", "for_stripecli", "webhook_endpoint"), text)
    )
    event = store.events.get(event_id, param="id")
    if webhooks.courier.url:
        webhooks.courier.send_again(event)
    return event


def listing(call):
    filters = {
        "type": parameters.text(5000),
        "types": parameters.strings,
        "delivery_success": parameters.boolean,
    }
    return lists.page(call, store.events, filters=filters, keep=_wanted)


def _wanted(event, read):
    kinds = read.get("types") or [read.get("type", "*")]
    if "delivery_success" in read and read["delivery_success"] != (event["pending_webhooks"] == 0):
        return False
    return any(fnmatchcase(event["type"], kind) for kind in kinds)
