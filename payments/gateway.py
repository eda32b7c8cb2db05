"""
What we say to Stripe. The only module that imports stripe.

Never called inside a transaction. Every write carries an idempotency key made from our own UUID, so
that asking twice does it once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache

import stripe
from django.conf import settings
from rest_framework import status
from rest_framework.exceptions import APIException

from .minor_units import to_minor_units
from .stripe_objects import Intent, StripeDispute, StripeRefund

stripe.enable_telemetry = False

TIMEOUT = 10  # seconds, for one attempt
ATTEMPTS_AGAIN = 2
# What Stripe would not say again: https://docs.stripe.com/error-codes
JUST_NOW = {"idempotency_key_in_use", "lock_timeout", "rate_limit"}
# What Stripe says of an account that is not connected to ours, or may not receive money.
OF_ACCOUNTS = {
    "account_invalid",
    "capability_not_active",
    "insufficient_capabilities_for_transfer",
    "transfers_not_allowed",
}
OF_AN_INTENT = frozenset({"transfer_data", "on_behalf_of", "application_fee_amount"})
OF_A_REFUND = frozenset({"reverse_transfer", "refund_application_fee"})
LONGEST_WAIT = 600  # seconds that we wait when Stripe asks for it


class StripeUnreachable(APIException):
    """Stripe cannot be reached just now. Nothing is lost; try again."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "payment_provider_unavailable"
    default_detail = "The payment provider cannot be reached just now. Please try again."
    wait = 5  # seconds, said as Retry-After

    def __init__(self, wait: int | None = None):
        super().__init__()
        self.wait = wait or self.wait


class Refused(Exception):
    """
    Stripe says no, and would say it again. `code` is Stripe's own word for why, and `param` what
    it was about, if Stripe says.
    """

    def __init__(self, error: stripe.StripeError):
        self.code = error.code or ""
        self.param = (getattr(error, "param", None) or "").partition("[")[0]
        self.is_in_words_only = (
            isinstance(error, stripe.InvalidRequestError) and not self.code and not self.param
        )
        super().__init__(error.user_message or str(error))


class AccountRefused(Refused):
    """Stripe refuses the account of the theater that is paid out separately, not the payment."""


def create_intent(payment) -> Intent:
    """
    Ask Stripe to take `payment`. Called again, the same intent. Raises Refused (AccountRefused, if
    it is the theater's account), StripeUnreachable.
    """
    booking = payment.booking
    params = {
        "amount": to_minor_units(payment.amount, payment.currency),
        "currency": payment.currency.lower(),
        "description": f"Booking {booking.reference}",
        "metadata": {"payment": str(payment.pk), "booking": booking.reference},
    }
    if payment.exchange_id:
        params["description"] += ", other seats"
        params["metadata"]["exchange"] = str(payment.exchange_id)
    if booking.contact_email:
        params["receipt_email"] = booking.contact_email
    options = {"idempotency_key": f"payment-{payment.pk}"}
    if not payment.stripe_account:
        return _intent("create", params, options)
    with _about_the_account(OF_AN_INTENT):
        return _intent("create", params | _passed_on(payment), options)


def _passed_on(payment) -> dict:
    """
    A destination charge, with the theater as the merchant: its name is on the customer's statement.
    https://docs.stripe.com/connect/destination-charges#settlement-merchant
    """
    account = payment.stripe_account
    params = {"transfer_data": {"destination": account}, "on_behalf_of": account}
    if fee := to_minor_units(payment.application_fee, payment.currency):
        params["application_fee_amount"] = fee
    return params


@contextmanager
def _about_the_account(params: frozenset[str]):
    """
    Raises AccountRefused for what is refused because of one of `params`, or of the account, or for
    a reason that Stripe gives in words only, as for one in a region that ours cannot pay to.
    """
    try:
        yield
    except Refused as refusal:
        if refusal.is_in_words_only or refusal.code in OF_ACCOUNTS or refusal.param in params:
            raise AccountRefused(refusal.__cause__) from refusal
        raise


def find_intent(intent: str) -> Intent:
    """What Stripe says of an intent now. Raises Refused or StripeUnreachable."""
    return _intent("retrieve", intent)


def cancel_intent(payment) -> Intent:
    """
    Take back what we asked; the answer tells whether the money came first. Raises Refused or
    StripeUnreachable.
    """
    options = {"idempotency_key": f"cancel-{payment.pk}-{payment.tries}"}
    try:
        return _intent("cancel", payment.stripe_intent, None, options)
    except Refused as refusal:
        if refusal.code == "payment_intent_unexpected_state":
            return find_intent(payment.stripe_intent)
        raise


def send_refund(refund) -> StripeRefund:
    """
    Give the money of `refund` back: once, however often we ask. Raises Refused (AccountRefused, if
    Stripe cannot take the theater's part back), StripeUnreachable.

    Stripe forgets idempotency keys after a day, so from the second attempt on we look first
    whether it has the refund already.
    """
    if refund.tries and (known := _find_refund(refund)):
        return known
    params = {
        "payment_intent": refund.payment.stripe_intent,
        "amount": to_minor_units(refund.amount, refund.currency),
        "metadata": {"refund": str(refund.pk), "booking": refund.payment.booking.reference},
    }
    options = {"idempotency_key": f"refund-{refund.pk}"}
    if not refund.reverses_transfer:
        return _refund(params, options)
    with _about_the_account(OF_A_REFUND):
        return _refund(params | _taken_back(refund.payment), options)


def _taken_back(payment) -> dict:
    """
    The theater gives its part back, and gets back the same part of our fee: both in proportion.
    https://docs.stripe.com/connect/destination-charges#issue-refunds
    """
    fee = {"refund_application_fee": True} if payment.application_fee else {}
    return {"reverse_transfer": True} | fee


def _refund(params: dict, options: dict) -> StripeRefund:
    return StripeRefund.read(_ask(connect().v1.refunds.create, params, options))


def capture_intent(payment) -> Intent:
    """
    Take money that is only set aside for us. Raises Refused or StripeUnreachable.

    We never ask for that; somebody may have changed it in Stripe's dashboard.
    """
    options = {"idempotency_key": f"capture-{payment.pk}-{payment.tries}"}
    return _intent("capture", payment.stripe_intent, None, options)


def find_refund(stripe_refund: str) -> StripeRefund:
    """What Stripe says of a refund now. Raises Refused or StripeUnreachable."""
    return StripeRefund.read(_ask(connect().v1.refunds.retrieve, stripe_refund))


def _find_refund(refund) -> StripeRefund | None:
    for theirs in refunds_of(refund.payment):
        if theirs.metadata.get("refund") == str(refund.pk):
            return theirs
    return None


def refunds_of(payment) -> list[StripeRefund]:
    """All of `payment` that Stripe knows, whoever made them. Raises Refused, StripeUnreachable."""
    refunds = connect().v1.refunds
    return list(_all(refunds, StripeRefund, {"payment_intent": payment.stripe_intent}))


def disputes_of(payment) -> list[StripeDispute]:
    """All of `payment` that Stripe knows. Raises Refused, StripeUnreachable."""
    disputes = connect().v1.disputes
    return list(_all(disputes, StripeDispute, {"payment_intent": payment.stripe_intent}))


def intents_since(moment: datetime) -> Iterator[Intent]:
    """All that were made since `moment`, page by page. Raises Refused, StripeUnreachable."""
    return _all(connect().v1.payment_intents, Intent, _since(moment))


def refunds_since(moment: datetime) -> Iterator[StripeRefund]:
    """All that were made since `moment`, page by page. Raises Refused, StripeUnreachable."""
    return _all(connect().v1.refunds, StripeRefund, _since(moment))


def disputes_since(moment: datetime) -> Iterator[StripeDispute]:
    """All that were opened since `moment`, page by page. Raises Refused, StripeUnreachable."""
    return _all(connect().v1.disputes, StripeDispute, _since(moment))


def _since(moment: datetime) -> dict:
    return {"created": {"gte": int(moment.timestamp())}}


def _all(collection, shape, params: dict) -> Iterator:
    """Everything that a list of Stripe's has, as `shape` reads it; the next page when needed."""
    params = params | {"limit": 100}
    while True:
        page = _ask(collection.list, params)
        for data in page["data"]:
            yield shape.read(data)
        if not page["has_more"]:
            return
        params = params | {"starting_after": page["data"][-1]["id"]}


def has_signed(secret: str, text: str, signature: str) -> bool:
    """Whether `secret` is what signed the webhook `text`; whenever that was."""
    try:
        return stripe.WebhookSignature.verify_header(text, signature, secret)
    except stripe.SignatureVerificationError:
        return False


def is_live() -> bool:
    """Whether our key moves money."""
    return "_live_" in settings.STRIPE_SECRET_KEY


@cache
def connect() -> stripe.StripeClient:
    """The client, made once: its connections are kept."""
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        base_addresses={"api": settings.STRIPE_API_BASE},
        max_network_retries=ATTEMPTS_AGAIN,
        http_client=stripe.RequestsClient(timeout=TIMEOUT),
    )


def _intent(verb: str, *args) -> Intent:
    return Intent.read(_ask(getattr(connect().v1.payment_intents, verb), *args))


def _ask(function, *args) -> dict:
    try:
        return function(*args).to_dict()
    except (stripe.InvalidRequestError, stripe.CardError, stripe.IdempotencyError) as error:
        if error.code in JUST_NOW:
            raise StripeUnreachable from error
        raise Refused(error) from error
    except stripe.StripeError as error:
        if error.code in OF_ACCOUNTS:
            raise Refused(error) from error
        # Also a wrong key of ours: that says nothing about the payment.
        raise StripeUnreachable(_asked_to_wait(error)) from error


def _asked_to_wait(error: stripe.StripeError) -> int | None:
    """Seconds, if Stripe says so, as with a 429: https://docs.stripe.com/rate-limits"""
    wait = (error.headers or {}).get("Retry-After", "")
    return min(int(wait), LONGEST_WAIT) if wait.isdecimal() else None
