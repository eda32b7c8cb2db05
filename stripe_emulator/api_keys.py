"""Who is calling: https://docs.stripe.com/api/authentication and https://docs.stripe.com/keys"""

import base64
import binascii
import hmac

from django.conf import settings

from stripe_emulator.errors import Unauthenticated

TEST = ("sk_test_", "rk_test_", "pk_test_")
NO_KEY = (
    "You did not provide an API key. You need to provide your API key in the Authorization header, "
    "using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See "
    "https://stripe.com/docs/api#authentication for details, or we can help at "
    "https://support.stripe.com/."
)


def is_test_key(key):
    """Whether a key is one of Stripe's test mode, in which no money moves."""
    return key.startswith(TEST)


def is_publishable(authorization, params):
    """Whether the caller's key is the publishable one. Raises Unauthenticated for a key not ours.

    Only the publishable key may come as the parameter `key`, as Stripe.js sends it.
    """
    key = _from_header(authorization) or params.get("key", "")
    if not key or not isinstance(key, str):
        raise Unauthenticated(NO_KEY)
    if _same(key, settings.STRIPE_PUBLISHABLE_KEY):
        return True
    if _same(key, settings.STRIPE_SECRET_KEY) and authorization:
        return False
    raise Unauthenticated(f"Invalid API Key provided: {masked(key)}")


def masked(key):
    """As Stripe shows a wrong key: its kind, stars, its last four characters."""
    if len(key) <= 12:
        return "*" * len(key)
    return f"{key[:8]}{'*' * (len(key) - 12)}{key[-4:]}"


def _same(key, other):
    return hmac.compare_digest(key.encode(), other.encode())


def _from_header(authorization):
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            raise Unauthenticated(NO_KEY) from None
    return ""
