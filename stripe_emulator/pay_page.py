"""The page where a person pays, and the bank's page for 3-D Secure. Plain forms, no scripts."""

import re
from contextlib import suppress
from urllib.parse import urlencode, urlsplit

from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render

from stripe_emulator import (
    confirmation,
    merchants,
    pay_choices,
    payment_intents,
    payment_methods,
    receipts,
)
from stripe_emulator.answers import Call
from stripe_emulator.currencies import localized
from stripe_emulator.debits import ROUTING_NUMBER
from stripe_emulator.errors import StripeError
from stripe_emulator.events import Cause
from stripe_emulator.parameters import read
from stripe_emulator.store import store

REDIRECT_STATUS = {
    "succeeded": "succeeded",
    "requires_capture": "succeeded",
    "processing": "pending",
}
EXPIRY = re.compile(r"\s*(\d{1,2})\s*[/.-]?\s*(\d{2}|\d{4})\s*")


class SeeOther(HttpResponseRedirect):
    status_code = 303


def pay(request, intent_id):
    """GET shows how the payment stands, POST tries to pay."""
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    with store.acting_for(intent_id):
        intent = _intent(request, intent_id)
        if intent is None:
            return _not_found(request)
        if request.method == "POST":
            return _pay(request, intent)
        return _pay_page(request, intent)


def three_d_secure(request, intent_id):
    """GET shows the bank's question, POST answers it; then back to where the payment began."""
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    with store.acting_for(intent_id):
        intent = _intent(request, intent_id)
        if intent is None:
            return _not_found(request)
        challenge = confirmation.open_challenge(intent, _sent(request).get("attempt", ""))
        if challenge is None:
            return SeeOther(_pay_url(intent, ""))
        if request.method == "POST":
            return _answer_challenge(request, intent, challenge)
        return _challenge_page(request, intent, challenge)


def web_address(text):
    """`text` if a link may safely lead there, else an empty string."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    is_safe = parts.scheme in ("http", "https") and parts.hostname and text.isprintable()
    return text if is_safe and not re.search(r"[\s\\]", text) else ""


def _sent(request):
    return request.POST if request.method == "POST" else request.GET


def _intent(request, intent_id):
    """The intent, for whoever knows its client secret, else None."""
    intent = store.payment_intents.find(intent_id)
    client_secret = _sent(request).get("client_secret", "")
    return intent if intent and payment_intents.knows_secret(intent, client_secret) else None


def _return_url(request):
    return web_address(_sent(request).get("return_url", ""))


def _pay_url(intent, return_url):
    query = {"client_secret": intent["client_secret"]}
    if return_url:
        query["return_url"] = return_url
    return f"/pay/{intent['id']}?{urlencode(query)}"


def _call(request):
    base_url = f"{request.scheme}://{request.get_host()}"
    return Call(request.path, base_url, {}, True, Cause(request.stripe_id))


def _pay(request, intent):
    call = _call(request)
    here = _pay_url(intent, _return_url(request))
    try:
        wanted = _wanted(request.POST) | {"return_url": call.base_url + here}
        confirmation.confirm(intent, wanted, call)
    except StripeError as error:
        # What the bank or the state of the intent says is kept in the intent and shown there.
        if "payment_intent" in error.fields:
            return SeeOther(here)
        return _pay_page(request, intent, problem=str(error))
    next_action = intent["next_action"]
    return SeeOther(next_action["redirect_to_url"]["url"] if next_action else here)


def _wanted(form):
    """What to confirm with: one of the choices, or what was typed in."""
    if pay_choices.known(form.get("payment_method")):
        return {"payment_method": form["payment_method"]}
    data = _bank_account(form) if form.get("bank") else _card(form)
    readers = {"payment_method_data": payment_methods.payment_method_data}
    return read({"payment_method_data": data}, readers)


def _bank_account(form):
    number = form.get("account") or "0"
    if form["bank"] == "sepa_debit":
        return {"type": "sepa_debit", "sepa_debit": {"iban": number}}
    account = {"account_number": number, "routing_number": ROUTING_NUMBER}
    return {"type": "us_bank_account", "us_bank_account": account}


def _card(form):
    expiry = EXPIRY.fullmatch(form.get("expiry", ""))
    number, month, year = form.get("number", ""), *(expiry.groups() if expiry else ("0", "0"))
    data = {
        "type": "card",
        "card": {"number": number or "0", "exp_month": month, "exp_year": year},
    }
    if form.get("cvc"):
        data["card"]["cvc"] = form["cvc"]
    return data


def _answer_challenge(request, intent, challenge):
    call = _call(request)
    if request.POST.get("answer") == "approve":
        # If the bank declines after all, the intent keeps the reason.
        with suppress(StripeError):
            confirmation.answer_challenge_with_yes(intent, call)
    else:
        confirmation.answer_challenge_with_no(intent, call)
    if challenge.return_url:
        return SeeOther(_returning(challenge.return_url, intent))
    return SeeOther(_pay_url(intent, ""))


def _returning(return_url, intent):
    """Where Stripe sends the customer back to, with how it went.

    https://docs.stripe.com/payments/accept-a-payment
    """
    result = {
        "payment_intent": intent["id"],
        "payment_intent_client_secret": intent["client_secret"],
        "redirect_status": REDIRECT_STATUS.get(intent["status"], "failed"),
    }
    address, hash_sign, fragment = return_url.partition("#")
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}{urlencode(result)}{hash_sign}{fragment}"


def _pay_page(request, intent, *, problem=None):
    return_url = _return_url(request)
    error = intent["last_payment_error"]
    charge = store.charges.find(intent["latest_charge"])
    currency = intent["currency"]
    context = {
        **_common(request, intent),
        "status": intent["status"],
        "paid_url": _returning(return_url, intent) if return_url else "",
        "walk_away_url": return_url,
        "shop": urlsplit(return_url).netloc,
        "hidden": {"client_secret": intent["client_secret"], "return_url": return_url},
        "problem": problem or (error and error["message"]),
        "paid_with": charge and receipts.paid_with(charge),
        "receipt_url": charge and charge["receipt_url"],
        "refunded": charge
        and charge["amount_refunded"]
        and localized(charge["amount_refunded"], currency, request),
        "next_url": (intent["next_action"] or {}).get("redirect_to_url", {}).get("url"),
        "left": "left" in request.GET,
        "left_url": f"{_pay_url(intent, '')}&left=1",
        "here_url": _pay_url(intent, return_url),
        "usual": pay_choices.USUAL,
        "later": pay_choices.later(currency),
        "unusual": pay_choices.UNUSUAL,
        "bank": pay_choices.bank(currency),
        "bank_was_tried": bool(request.POST.get("bank")),
    }
    return render(request, "stripe_emulator/pay.html", context, status=402 if problem else 200)


def _challenge_page(request, intent, challenge):
    method = store.payment_methods.find(challenge.method_id)
    context = {
        **_common(request, intent),
        "last4": method["card"]["last4"],
        "hidden": {"client_secret": intent["client_secret"], "attempt": challenge.token},
    }
    return render(request, "stripe_emulator/three_d_secure.html", context)


def _not_found(request):
    return render(request, "stripe_emulator/not_found.html", status=404)


def _common(request, intent):
    return {
        "intent_id": intent["id"],
        "merchant": merchants.name_of(intent),
        "amount": localized(intent["amount"], intent["currency"], request),
        "description": intent["description"],
    }
