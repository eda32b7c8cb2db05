"""The admin: every model of ours, for admins and for the managers of theaters."""

from django.apps import apps
from django.contrib import admin

from ..searching import pages_that_are_there
from . import (
    bookings,
    exchanges,
    films,
    from_stripe,
    history,
    ledger,
    letters,
    payments,
    people,
    price_rules,
    promo_codes,
    reports,
    reviews,
    seat_blocks,
    showtimes,
    theaters,
)

__all__ = [
    "bookings",
    "exchanges",
    "films",
    "from_stripe",
    "history",
    "ledger",
    "letters",
    "payments",
    "people",
    "price_rules",
    "promo_codes",
    "reports",
    "reviews",
    "seat_blocks",
    "showtimes",
    "theaters",
]

admin.site.index_title = "Dashboard"
admin.site.search = pages_that_are_there(admin.site.search)
admin.site.index_template = "manager_panel/dashboard.html"

# The role says what a person may do, not a group; and a page that shows tokens, or mail with links
# in it, lends them out.
for name in (
    "auth.Group",
    "token_blacklist.OutstandingToken",
    "token_blacklist.BlacklistedToken",
    "post_office.Email",
    "post_office.EmailTemplate",
    "post_office.Log",
    "post_office.Attachment",
    "otp_totp.TOTPDevice",
    "otp_static.StaticDevice",
):
    if admin.site.is_registered(model := apps.get_model(name)):
        admin.site.unregister(model)
