"""What was sold is there to look at in the admin: nobody rewrites it, or deletes it from below."""

from showtimes.models import Showtime
from theaters.models import Screen, Seat, SeatCategory, Theater

from .test_admin import address, by_hand, everything, form_of, row_of
from .test_admin_own_theaters_only import THEIRS, TO_EDIT, each, state

__all__ = ["by_hand", "everything"]


@each([m for m in THEIRS if m not in (Theater, *TO_EDIT)])
def test_nobody_rewrites_what_was_sold(by_hand, admin, everything, model):
    browser = by_hand(admin)
    row = row_of(everything, model)
    before = state(row)
    for page in ("change", "delete"):
        answer = browser.post(address(model, page, row.pk), {"post": "yes", "status": "void"})
        assert answer.status_code == 403
    browser.post(
        address(model, "changelist"),
        {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"},
    )
    assert state(row) == before


@each([Theater, Screen, SeatCategory, Seat, Showtime])
def test_what_was_sold_protects_where_it_was_sold(by_hand, admin, everything, model):
    row = row_of(everything, model)
    answer = by_hand(admin).post(address(model, "delete", row.pk), {"post": "yes"})
    assert answer.status_code == 200
    assert answer.context["protected"]
    assert state(row)


def test_the_currency_stays_once_there_are_invoices(by_hand, admin, theater, everything):
    browser = by_hand(admin)
    page = address(Theater, "change", theater.pk)
    form = form_of(browser, page) | {"currency": "USD", "invoice_prefix": "X", "phone": "1"}
    assert browser.post(page, form).status_code == 302
    theater.refresh_from_db()
    assert (theater.currency, theater.invoice_prefix, theater.phone) == ("EUR", "LUX", "1")
