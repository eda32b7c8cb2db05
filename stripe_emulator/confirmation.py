"""Confirming a PaymentIntent: charge the card, or send its holder to 3-D Secure first.

Bank accounts are debited in `settling.py`; money that is only held back is in `capturing.py`.

https://docs.stripe.com/payments/paymentintents/lifecycle
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from stripe_emulator import capturing, cards, charges, events, payment_methods, settling
from stripe_emulator.errors import DOC_URL, CardError, InvalidRequest, UnexpectedState
from stripe_emulator.store import random_id, store

AUTHENTICATION_FAILED = (
    "The provided PaymentMethod has failed authentication. You can provide payment_method_data or "
    "a new PaymentMethod to attempt to fulfill this PaymentIntent again."
)


@dataclass(frozen=True)
class Challenge:
    """A bank's question, open until it is answered or the intent moves on without it."""

    token: str
    method_id: str
    return_url: str | None


def missing_payment_method():
    return InvalidRequest(
        "You cannot confirm this PaymentIntent because it's missing a payment method. You can "
        "either update the PaymentIntent with a payment method and then confirm it again, or "
        "confirm it again directly with a payment method or ConfirmationToken.",
        code="payment_intent_unexpected_state",
    )


def confirm(intent, read, call):
    """Try to pay with the method that the call or the intent names.

    Raises UnexpectedState, or CardError when the bank declines; the intent then says so too.
    """
    _check_open(intent)
    method = payment_methods.chosen(read) or store.payment_methods.find(intent["payment_method"])
    if method is None:
        error = missing_payment_method()
        raise UnexpectedState(str(error), intent)
    if "receipt_email" in read:
        intent["receipt_email"] = read["receipt_email"]
    attempt(intent, method, read, call)


def attempt(intent, method, read, call):
    payment_methods.check_suits(method, intent["currency"])
    forget_challenge(intent)
    intent.update(payment_method=method["id"], last_payment_error=None)
    card = payment_methods.instrument_of(method)
    if card.kind != "card":
        settling.begin(intent, method, call)
    elif not card.challenged:
        _charge(intent, method, card.decline, call)
    elif read.get("off_session") or read.get("error_on_requires_action"):
        _charge(intent, method, cards.AUTHENTICATION_REQUIRED, call)
    else:
        _challenge(intent, method, read.get("return_url"), call)


def answer_challenge_with_yes(intent, call):
    """The card's holder proved who they are: charge. Raises CardError if the bank declines."""
    method = store.payment_methods.find(store.challenges[intent["id"]].method_id)
    forget_challenge(intent)
    _charge(intent, method, payment_methods.instrument_of(method).decline, call)


def answer_challenge_with_no(intent, call):
    method = store.payment_methods.find(store.challenges[intent["id"]].method_id)
    forget_challenge(intent)
    code = "payment_intent_authentication_failure"
    _fail(
        intent,
        {
            "code": code,
            "doc_url": DOC_URL.format(code.replace("_", "-")),
            "message": AUTHENTICATION_FAILED,
            "payment_method": dict(method),
            "type": "invalid_request_error",
        },
    )
    events.record("payment_intent.payment_failed", intent, call.cause)


def open_challenge(intent, token):
    """The challenge of this intent that `token` belongs to, or None if it is over."""
    challenge = store.challenges.get(intent["id"])
    return challenge if challenge and challenge.token == token else None


def forget_challenge(intent):
    store.challenges.pop(intent["id"], None)
    intent["next_action"] = None


def _check_open(intent):
    if intent["status"] == "succeeded":
        raise UnexpectedState(
            "You cannot confirm this PaymentIntent because it has already succeeded after being "
            "previously confirmed.",
            intent,
        )
    if intent["status"] in ("canceled", "processing", "requires_capture"):
        raise UnexpectedState(
            "You cannot confirm this PaymentIntent because it has a status of "
            f"{intent['status']}. Only a PaymentIntent with one of the following statuses may be "
            "confirmed: requires_confirmation, requires_action.",
            intent,
        )


def _challenge(intent, method, return_url, call):
    token = random_id("payatt_3")
    store.challenges[intent["id"]] = Challenge(token, method["id"], return_url)
    query = urlencode({"client_secret": intent["client_secret"], "attempt": token})
    page = f"{call.base_url}/pay/{intent['id']}/3d-secure?{query}"
    intent["status"] = "requires_action"
    # Stripe says `use_stripe_sdk` where no return_url is given, for Stripe.js to act on. There is
    # no Stripe.js here, so the customer is always sent to a page.
    intent["next_action"] = {
        "redirect_to_url": {"return_url": return_url, "url": page},
        "type": "redirect_to_url",
    }
    events.record("payment_intent.requires_action", intent, call.cause)


def _charge(intent, method, decline, call):
    charge = charges.take(intent, method, decline, call)
    intent["latest_charge"] = charge["id"]
    if decline:
        error = _declined(charge, method, decline)
        _fail(intent, error.fields)
        events.record("payment_intent.payment_failed", intent, call.cause)
        error.fields = {**error.fields, "payment_intent": intent}
        raise error
    if not charge["captured"]:
        capturing.hold(intent, call.cause)
        return
    intent.update(status="succeeded", amount_received=intent["amount"])
    events.record("payment_intent.succeeded", intent, call.cause)


def _declined(charge, method, decline):
    return CardError(
        decline.message,
        charge=charge["id"],
        code=decline.code,
        decline_code=decline.decline_code,
        payment_method=dict(method),
    )


def _fail(intent, last_payment_error):
    intent.update(
        status="requires_payment_method",
        payment_method=None,
        last_payment_error=last_payment_error,
    )
