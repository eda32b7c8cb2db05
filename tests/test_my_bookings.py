"""My bookings: the list says of each what its own address says, in a constant number of queries."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from bookings.models import Booking, PromoCode, Ticket
from showtimes.models import TakenSeat
from theaters.models import Theater


@pytest.fixture
def mine(me):
    """My bookings as they are listed, and each as its own address shows it."""

    def both(query=""):
        listed = me.get(f"/api/bookings/?{query}")
        assert listed.status_code == 200, listed.content
        alone = [
            me.get(f"/api/bookings/{one['reference']}/").content for one in listed.json()["results"]
        ]
        return listed.content.decode(), [one.decode() for one in alone]

    return both


def test_a_booking_is_listed_as_its_own_address_shows_it_byte_for_byte(
    mine, me, book, paid, showtime, seats, theater, movie
):
    movie.poster = "posters/0123456789abcdef0123456789abcdef.webp"
    movie.save()
    theater.price_rules.create(
        name='Kids "half"', effect="percent", value=-50, ticket_types=["child"]
    )
    PromoCode.objects.create(code="FREE", percent=100)
    PromoCode.objects.create(code="TENTH", percent=10)
    held = book(me, showtime, seats[:1]).json()
    confirmed = paid(me, showtime, seats[1:3])
    Ticket.objects.filter(code=confirmed["tickets"][0]["code"]).update(admitted_at=timezone.now())
    Theater.objects.update(booking_fee=0)
    free = book(me, showtime, seats[3:4], promo_code="FREE").json()
    assert free["status"] == "confirmed"
    child = [{"seat": seats[4].pk, "type": "child"}, seats[5].pk]
    cancelled = me.post(
        "/api/bookings/", {"showtime": showtime.pk, "seats": child, "promo_code": "tenth"}
    ).json()
    assert me.delete(f"/api/bookings/{cancelled['reference']}/").status_code == 204
    in_part = paid(me, showtime, seats[6:8])
    code = in_part["tickets"][0]["code"]
    me.post(f"/api/bookings/{in_part['reference']}/cancel/", {"tickets": [code]})
    lapsed = book(me, showtime, seats[8:9]).json()
    past = timezone.now() - timedelta(minutes=1)
    Booking.objects.filter(reference=lapsed["reference"]).update(held_until=past)
    TakenSeat.objects.filter(seat=seats[8]).update(held_until=past)
    listed, alone = mine()
    assert listed == f'{{"count":6,"next":null,"previous":null,"results":[{",".join(alone)}]}}'
    statuses = [one["status"] for one in me.get("/api/bookings/").json()["results"]]
    assert statuses == ["expired", "confirmed", "cancelled", "confirmed", "confirmed", "pending"]
    assert held["reference"] in alone[-1]


@pytest.mark.parametrize(("currency", "price"), [("JPY", "1200"), ("KWD", "3.250")])
def test_amounts_have_the_decimals_of_their_currency(
    mine, me, book, showtime, seats, theater, currency, price
):
    Theater.objects.update(currency=currency, booking_fee=0)
    theater.seat_categories.update(default_price=Decimal(price))
    assert book(me, showtime, seats[:2]).status_code == 201
    listed, [alone] = mine()
    assert alone in listed
    assert f'"amount":"{price}"' in alone


@pytest.mark.parametrize("number", [1, 25])
def test_the_list_costs_three_queries(
    me, alice, book, showtime, seats, number, django_assert_num_queries
):
    book(me, showtime, seats[:2])
    copies(Booking.objects.get(), number - 1)
    with django_assert_num_queries(3):
        listed = me.get("/api/bookings/").json()
    assert (listed["count"], len(listed["results"])) == (number, min(number, 20))


def copies(booking, number):
    """`number` bookings like this one, each a second older than the one before."""
    made = booking.created_at
    for n in range(number):
        copy = Booking.objects.get(pk=booking.pk)
        copy.pk, copy.reference, copy.access_key = None, f"COPY{n:04}", f"copy{n}"
        copy._state.adding = True
        copy.save(force_insert=True)
        Booking.objects.filter(pk=copy.pk).update(created_at=made - timedelta(seconds=n + 1))


def test_nobody_else_is_in_the_list(me, client_of, bob, book, showtime, seats):
    book(client_of(bob), showtime, seats[:1])
    assert me.get("/api/bookings/").json() == {
        "count": 0,
        "next": None,
        "previous": None,
        "results": [],
    }
