"""Whom a customer pays, as the pages name them."""

from django.conf import settings

from stripe_emulator.store import store


def name_of(obj):
    """The name of whoever sells what an intent or a charge is for.

    The connected account that it is on behalf of or goes on to; or what the metadata calls the
    `theater` or `merchant`; or else the account's own name.
    """
    destination = (obj["transfer_data"] or {}).get("destination")
    account = store.accounts.get(obj["on_behalf_of"] or destination or "", {})
    named = obj["metadata"]
    return (
        account.get("business_profile", {}).get("name")
        or named.get("theater")
        or named.get("merchant")
        or settings.EMULATOR_MERCHANT
    )
