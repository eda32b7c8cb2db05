"""Bulk prices: before and after, for whom, and what stays as it was."""

from datetime import timedelta

from django.utils import timezone

from showtimes.models import Price, Showtime
from theaters.models import Screen

from .boards import board, day, planned, prices, refusal, statements_of
from .test_admin import theater_called

__all__ = ["board", "day", "planned"]


def test_bulk_prices_show_before_and_after_and_then_are_set(
    board, planned, silver, day, book, me, seats
):
    sold, other = planned("20:15", status="on_sale"), planned("20:15", later=1)
    booking = book(me, sold, seats[:1]).json()
    looked = board("prices/", prices(day, silver, "12.50")).json()
    assert (looked["changing"], looked["sold"]) == (2, 1)
    assert looked["lines"][0]["changes"] == [
        {"category": "Silver", "before": "10.00", "after": "12.50"}
    ]
    assert not Price.objects.exists()
    done = board("reprice/", prices(day, silver, "12.50")).json()
    assert done["lines"] == looked["lines"]
    assert {price.showtime_id for price in Price.objects.all()} == {sold.pk, other.pk}
    kept = me.get(f"/api/bookings/{booking['reference']}/").json()
    assert kept["total"] == booking["total"]
    again = board("reprice/", prices(day, silver, "12.50")).json()
    assert (again["changing"], again["reasons"]) == (0, {"It costs that already.": 2})
    assert board("reprice/", prices(day, silver, None)).json()["changing"] == 2
    assert not Price.objects.exists()


def test_bulk_prices_are_for_the_showtimes_that_are_chosen(board, planned, silver, day, theater):
    planned("14:00"), planned("20:15"), planned("20:15", later=1), planned("00:30", later=2)
    other = Screen.objects.create(theater=theater, name="Screen 2")
    planned("20:15", on=other)

    def changing(**choice):
        return board("prices/", prices(day, silver, "12.50", **choice)).json()["changing"]

    assert changing() == 4
    assert changing(weekdays=[2]) == 2
    assert changing(starts_from="18:00") == 3
    assert changing(screens=[other.pk]) == 0
    assert changing(movie=theater.pk + 10_000) == 0
    assert changing(last=day) == 2


def test_what_has_started_keeps_its_price(board, showtime, silver, theater):
    start = timezone.now() - timedelta(minutes=5)
    Showtime.objects.filter(pk=showtime.pk).update(starts_at=start)
    asked = prices(theater.today(), silver, "12.50")
    assert board("prices/", asked).json()["reasons"] == {"It has started.": 1}


def test_bulk_prices_cost_the_same_however_many(board, planned, silver, gold, day):
    planned("10:00")
    board("reprice/", prices(day, silver, "12"))  # What is there is taken away, and remembered.
    few, answer = statements_of(board, "reprice/", prices(day, silver, "12.50"))
    assert answer["changing"] == 1
    for later in range(5):
        for clock in ("13:00", "16:00", "19:00", "22:00"):
            planned(clock, later=later)
    many, answer = statements_of(board, "reprice/", prices(day, silver, "13"))
    assert answer["changing"] == 21
    assert many <= few + 1


def test_foreign_categories_and_what_nobody_can_pay_are_refused(board, planned, day, silver):
    planned()
    far = theater_called("Far").seat_categories.create(name="Sofa", default_price=9)
    assert "Not a category" in refusal(board("prices/", prices(day, far, "9")))
    assert "2 decimals" in refusal(board("prices/", prices(day, silver, "9.005")))
