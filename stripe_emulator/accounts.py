"""Connected accounts: which there are, and who acts for whom.

https://docs.stripe.com/connect/authentication and https://docs.stripe.com/api/accounts/object
"""

from django.conf import settings

from stripe_emulator import parameters
from stripe_emulator.api_keys import masked
from stripe_emulator.clock import timestamp
from stripe_emulator.errors import InvalidParameter, NoAccessToAccount, NoSuchObject, NotCapable
from stripe_emulator.store import store

PLATFORM = "acct_1MarqueeEmulator"


def add(account_id, *, name=None, country="US", currency="usd", transfers="active"):
    """Make a connected account known; the same one twice is one, that may receive money or not."""
    if not account_id.startswith("acct_") or not account_id[5:].isalnum() or len(account_id) > 60:
        raise InvalidParameter(f"Invalid account id: {account_id}", param="id")
    account = store.accounts.setdefault(account_id, _new(account_id, name, country, currency))
    account["capabilities"]["transfers"] = transfers
    return account


def add_configured():
    for account_id in filter(None, settings.EMULATOR_ACCOUNTS.split(",")):
        add(account_id.strip())


def acting(request):
    """The account that the `Stripe-Account` header names, or None. Raises NoAccessToAccount."""
    account_id = request.headers.get("Stripe-Account", "")
    if account_id in ("", PLATFORM):
        return None
    if account_id not in store.accounts:
        raise NoAccessToAccount(masked(settings.STRIPE_SECRET_KEY), account_id)
    return account_id


def check_known(account_id, noun, param):
    """Raises NoSuchObject, naming `param`, unless this is an account of ours."""
    if account_id not in store.accounts:
        raise NoSuchObject(noun, account_id, param=param, status=400)


def check_receives(account_id):
    """Raises NotCapable unless money may be passed on to this account of ours."""
    if store.accounts[account_id]["capabilities"]["transfers"] != "active":
        raise NotCapable


def retrieve(call, account_id):
    parameters.read(call.params, {})
    if account_id == PLATFORM:
        return _new(PLATFORM, settings.EMULATOR_MERCHANT, "US", "usd")
    if account_id not in store.accounts:
        raise NoAccessToAccount(masked(settings.STRIPE_SECRET_KEY), account_id)
    return store.accounts[account_id]


def retrieve_own(call):
    return retrieve(call, call.account or PLATFORM)


def _new(account_id, name, country, currency):
    return {
        "id": account_id,
        "object": "account",
        "business_profile": {"name": name},
        "business_type": "company",
        "capabilities": {"card_payments": "active", "transfers": "active"},
        "charges_enabled": True,
        "country": country,
        "created": timestamp(),
        "default_currency": currency,
        "details_submitted": True,
        "email": None,
        "metadata": {},
        "payouts_enabled": True,
        "type": "standard",
    }
