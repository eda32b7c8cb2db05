"""The developer's page: what was paid lately, and which webhooks arrived."""

from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render

from stripe_emulator.currencies import spoken
from stripe_emulator.store import store
from stripe_emulator.webhooks import courier

MOST_SHOWN = 50


def front_page(request):
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    with store.lock:
        context = {
            "intents": [_intent(obj) for obj in store.payment_intents.newest_first()[:MOST_SHOWN]],
            "events": [_event(obj) for obj in store.events.newest_first()[:MOST_SHOWN]],
            "webhook_url": courier.url,
            "api_version": settings.API_VERSION,
        }
    return render(request, "stripe_emulator/front_page.html", context)


def health(request):
    return JsonResponse({"status": "ok", "api_version": settings.API_VERSION})


def _intent(intent):
    return {
        "id": intent["id"],
        "client_secret": intent["client_secret"],
        "amount": spoken(intent["amount"], intent["currency"]),
        "description": intent["description"],
        "status": intent["status"],
        "at": datetime.fromtimestamp(intent["created"], UTC),
    }


def _event(event):
    return {
        "id": event["id"],
        "type": event["type"],
        "about": event["data"]["object"]["id"],
        "at": datetime.fromtimestamp(event["created"], UTC),
        "delivery": store.deliveries.get(event["id"]),
    }
