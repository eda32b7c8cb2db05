"""However much hangs on a row, its page costs the same, and its list finds it by its parts."""

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import Booking, BookingLine, Letter, Scan, Swap, Ticket
from movies.models import Credit, Movie, Person
from payments.models import Refund
from showtimes.models import Price, SeatBlock
from theaters.models import Screen, Seat

from .test_admin import MODELS, address, everything_at, of_the_chain, row_of


def add_to(row, numbers):
    """One more for each of `numbers` of all that a page shows with its row."""
    for n in numbers:
        person = Person.objects.create(name=f"Actor {n}")
        Credit.objects.create(movie=row.movie, person=person, job="actor")
        film = Movie.objects.create(
            title=f"Film {n}", release_date="2026-01-01", duration_minutes=90, language="en"
        )
        Credit.objects.create(movie=film, person=row.person, job="director")
        more = everything_at(row.theater, row.movie, minutes=180 * (n + 1))
        Price.objects.create(showtime=row.showtime, category=more.seatcategory, amount=9)
        seat = Seat.objects.create(
            screen=row.screen, row="B", number=n, category=row.seatcategory, x=n, y=1
        )
        block = SeatBlock.objects.create(showtime=row.showtime, kind="house")
        for kept in (row.seatblock, block):
            kept.seats.add(seat)
        sell(row, seat, position=n + 2)
    Booking.objects.update(promo_code=row.promocode)


def sell(row, seat, *, position):
    """One more ticket of the booking, and what may come of it."""
    BookingLine.objects.create(
        booking=row.booking, position=position, kind="seat", type="adult", seat=seat, amount=9
    )
    old = Ticket.objects.create(booking=row.booking, seat=seat, price=9, paid=9)
    Scan.objects.create(ticket=old, raw_code=old.code, verdict="void", showtime=row.showtime)
    Swap.objects.create(exchange=row.exchange, old_ticket=old, seat=seat, price=9, paid=9)
    Refund.objects.create(payment=row.payment, amount=1, reason="cancelled")
    Letter.objects.create(booking=row.booking, kind="refunded")


def pages(row):
    return {model.__name__: address(model, "change", row_of(row, model).pk) for model in MODELS}


def cost(browser, page) -> int | None:
    """The statements of `page`; None if it is not for whoever asks."""
    with CaptureQueriesContext(connection) as queries:
        status = browser.get(page).status_code
    return len(queries) if status == 200 else None


def test_the_page_of_a_row_costs_the_same_however_much_hangs_on_it(client, manager, theater, movie):
    row = SimpleNamespace(**vars(of_the_chain()) | vars(everything_at(theater, movie)))
    add_to(row, range(1))
    client.force_login(manager)
    for page in pages(row).values():
        client.get(page)
    few = {name: cost(client, page) for name, page in pages(row).items()}
    add_to(row, range(1, 9))
    many = {name: cost(client, page) for name, page in pages(row).items()}
    assert {name: (few[name], n) for name, n in many.items() if n != few[name]} == {}


@pytest.mark.parametrize("booked", [False, True])
def test_deleting_much_is_asked_in_numbers(client, manager, theater, movie, booked):
    row = everything_at(theater, movie)
    screen = row.screen if booked else theater.screens.create(name="Empty")
    page, costs = address(Screen, "delete", screen.pk), []
    client.force_login(manager)
    client.get(page)
    for line in "CD":
        seats = [
            Seat(screen=screen, row=line, number=n, category=row.seatcategory, x=n, y=ord(line))
            for n in range(30)
        ]
        Seat.objects.bulk_create(seats)
        costs.append(cost(client, page))
    assert costs[0] == costs[1]
    html = client.get(page).content.decode()
    said = {line.strip() for line in html.splitlines()}
    assert ("60 seats" in html) == (not booked)
    assert {"1 showtime", "1 ticket"} <= said or not booked
    client.post(page, {"post": "yes"})
    assert Screen.objects.filter(pk=screen.pk).exists() == booked
