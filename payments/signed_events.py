"""
How we recognise Stripe's voice: a webhook's raw body and signature, before anything is kept.

https://docs.stripe.com/webhooks#verify-manually
"""

import json
import time

from django.conf import settings
from django.db import models

from . import gateway
from .minor_units import from_minor_units

TOLERANCE = 300  # seconds that a webhook's clock may be off, either way
LARGEST = 1024 * 1024  # bytes
DEEPEST = 64  # Stripe's own objects go seven deep or so
# What is about one payment, and more than any of them: our books have nine figures for it.
ABOUT_A_PAYMENT = {"payment_intent", "charge", "refund", "dispute"}
TOO_MUCH = 10**9


class WhyRefused(models.TextChoices):
    """What is wrong with a webhook that is not what Stripe sends."""

    TOO_LARGE = "too_large", "The body is too large."
    MALFORMED = "malformed", "The signature or the body is malformed."
    WRONG_SECRET = "wrong_secret", "No secret of ours has signed this."
    TOO_OLD = "too_old", "The signature is too old."
    FROM_THE_FUTURE = "from_the_future", "The signature is from the future."
    NO_EVENT = "no_event", "The body is not an event."
    OTHER_MODE = "other_mode", "The event is of the other mode, test or live."


class NotFromStripe(Exception):
    """A webhook whose signature, time or body is not what Stripe sends; `why` is one of a few."""

    def __init__(self, why: WhyRefused):
        self.why = why
        super().__init__(why.label)


def read_event(body: bytes, signature: str) -> dict:
    """
    The event in a webhook's raw `body`. Raises NotFromStripe unless one of our secrets signed it,
    within five minutes of now, and it is an event of the mode (test or live) that we are in.
    """
    if len(body) > LARGEST:
        raise NotFromStripe(WhyRefused.TOO_LARGE)
    try:
        text = body.decode()
        signed_at = _signed_at(signature)
    except ValueError as error:
        raise NotFromStripe(WhyRefused.MALFORMED) from error
    if not any(
        gateway.has_signed(secret, text, signature) for secret in settings.STRIPE_WEBHOOK_SECRETS
    ):
        raise NotFromStripe(WhyRefused.WRONG_SECRET)
    _check_clock(signed_at)
    return _checked_event(text)


def _signed_at(signature: str) -> int:
    """When, in seconds; raises ValueError. Of several times, the one that was signed: the first."""
    if not signature.isascii():
        raise ValueError("Not ASCII.")
    for part in signature.split(","):
        if part.startswith("t="):
            return int(part[2:])
    raise ValueError("No time.")


def _check_clock(signed_at: int):
    ahead = signed_at - time.time()
    if ahead < -TOLERANCE:
        raise NotFromStripe(WhyRefused.TOO_OLD)
    if ahead > TOLERANCE:
        raise NotFromStripe(WhyRefused.FROM_THE_FUTURE)


def _checked_event(text: str) -> dict:
    try:
        event = json.loads(text)
        _check_can_be_kept(event)
        whole = isinstance(event["id"], str) and isinstance(event["type"], str)
        whole = whole and isinstance(event["data"]["object"], dict)
        if whole:
            _check_amounts(event["data"]["object"])
        livemode = event["livemode"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NotFromStripe(WhyRefused.NO_EVENT) from error
    if not whole or not 0 < len(event["id"]) <= 255:
        raise NotFromStripe(WhyRefused.NO_EVENT)
    if livemode is not gateway.is_live():
        raise NotFromStripe(WhyRefused.OTHER_MODE)
    return event


def _check_can_be_kept(event):
    """Raises ValueError for what no database keeps: NaN, infinity, half characters, NUL, depth."""
    kept = json.dumps(event, allow_nan=False, ensure_ascii=False)
    kept.encode()
    if "\\u0000" in kept:
        raise ValueError("NUL")
    _check_depth([event], DEEPEST)


def _check_amounts(data: dict):
    """Raises ValueError for more money than anybody pays: SQLite would keep it, and choke on it."""
    if data.get("object") not in ABOUT_A_PAYMENT:
        return
    currency = str(data.get("currency")).upper()
    for name, amount in data.items():
        is_amount = "amount" in name and isinstance(amount, int | float)
        if is_amount and abs(from_minor_units(amount, currency)) >= TOO_MUCH:
            raise ValueError("More than our books can hold.")


def _check_depth(values, left: int):
    if not left:
        raise ValueError("Too deep.")
    for value in values:
        if isinstance(value, dict):
            _check_depth(value.values(), left - 1)
        elif isinstance(value, list):
            _check_depth(value, left - 1)
