"""The page that a charge's `receipt_url` leads to."""

from datetime import UTC, datetime

from django.http import HttpResponseNotAllowed
from django.shortcuts import render

from stripe_emulator import merchants, pay_choices
from stripe_emulator.currencies import localized
from stripe_emulator.store import store


def receipt(request, charge_id):
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    with store.acting_for(charge_id):
        charge = store.charges.find(charge_id)
        if charge is None or charge["status"] == "failed":
            return render(request, "stripe_emulator/not_found.html", status=404)
        context = {
            "merchant": merchants.name_of(charge),
            "amount": localized(charge["amount"], charge["currency"], request),
            "refunded": charge["amount_refunded"]
            and localized(charge["amount_refunded"], charge["currency"], request),
            "description": charge["description"],
            "paid_with": paid_with(charge),
            "at": datetime.fromtimestamp(charge["created"], UTC),
            "is_pending": charge["status"] == "pending",
            "number": charge["id"],
        }
    return render(request, "stripe_emulator/receipt.html", context)


def paid_with(charge):
    """A card or bank account in the words of a receipt."""
    details = charge["payment_method_details"]
    last4 = details[details["type"]]["last4"]
    if details["type"] == "card":
        return f"Card ending in {last4}"
    name, _ = pay_choices.NAMES[details["type"]]
    return f"{name} ending in {last4}"
