"""Other seats of the same showtime: taken before the old ones are let go, all of them or none."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from bookings.models import Booking, Exchange, Ticket
from history.models import Entry
from movies.models import Movie
from showtimes.models import Showtime, TakenSeat
from theaters.layouts import Place, seats_of
from theaters.models import Screen, Seat, Theater

A1, A2, A3, A4, A5, A6, B1, B2 = range(8)


@pytest.fixture
def booking(paid, me, showtime, seats):
    """A1 and A2, paid by Alice: 22.00 EUR."""
    return paid(me, showtime, seats[:2])


@pytest.fixture
def swap(seats):
    """Exchange the tickets for old seats for new ones, {A1: A3}; answers the response."""

    def post(client, booking, wishes, path="exchange/", **how):
        codes = {seat.pk: one["code"] for one, seat in valid(booking, seats)}
        swaps = [
            {"ticket": codes[seats[old].pk], "seat": seats[new].pk} for old, new in wishes.items()
        ]
        address = f"/api/bookings/{booking['reference']}/{path}"
        return client.post(address, {"swaps": swaps}, format="json", **how)

    return post


def valid(booking, seats):
    known = {seat.pk: seat for seat in seats}
    tickets = Ticket.objects.valid().filter(booking__reference=booking["reference"])
    return [({"code": ticket.code}, known[ticket.seat_id]) for ticket in tickets]


def read(client, booking):
    return client.get(f"/api/bookings/{booking['reference']}/").json()


def seats_of_tickets(client, booking):
    tickets = read(client, booking)["tickets"]
    return [
        f"{one['seat']['row']}{one['seat']['number']}"
        for one in tickets
        if one["status"] == "valid"
    ]


def taken(showtime):
    """Who has which seat, by its label."""
    rows = TakenSeat.objects.live().filter(showtime=showtime).select_related("seat")
    return {row.seat.label: row.holder for row in rows}


def code(answer):
    return answer.status_code, answer.json()["errors"][0]["code"]


# What is not dearer is done at once


def test_an_equal_seat_is_swapped_at_once(me, booking, swap, showtime):
    answer = swap(me, booking, {A1: A4})
    assert answer.status_code == 201
    assert (answer.json()["status"], answer.json()["difference"]) == ("done", "0.00")
    assert seats_of_tickets(me, booking) == ["A2", "A4"]
    assert set(taken(showtime)) == {"A2", "A4"}


def test_the_old_ticket_is_void_and_the_new_one_has_a_code_of_its_own(me, booking, swap):
    old = booking["tickets"][0]["code"]
    [one] = swap(me, booking, {A1: A4}).json()["swaps"]
    assert one["ticket"] == old != one["new_ticket"]
    assert me.get(f"/api/tickets/{old}/").json()["status"] == "void"
    assert me.get(f"/api/tickets/{one['new_ticket']}/").json()["status"] == "valid"


def test_the_seat_that_was_left_is_free_for_others(
    me, booking, swap, book, bob, client_of, showtime, seats
):
    swap(me, booking, {A1: A4})
    assert book(client_of(bob), showtime, [seats[A1]]).status_code == 201
    assert book(client_of(bob), showtime, [seats[A4]]).status_code == 409


@pytest.mark.parametrize("wishes", [{A1: A2, A2: A1}, {A1: A2, A2: A3}, {A2: A1, A1: A4}])
def test_own_seats_may_be_exchanged_for_each_other(me, booking, swap, showtime, seats, wishes):
    answer = swap(me, booking, wishes)
    assert answer.status_code == 201
    labels = sorted(seats[new].label for new in wishes.values())
    assert sorted(seats_of_tickets(me, booking)) == labels == sorted(taken(showtime))


def test_the_document_of_the_booking_stays_as_it_was(me, booking, swap):
    swap(me, booking, {A1: A4})
    after = read(me, booking)
    kept = ("status", "lines", "subtotal", "fees", "tax", "total")
    assert {name: after[name] for name in kept} == {name: booking[name] for name in kept}


def test_the_answer_is_found_again_in_the_list(me, booking, swap):
    made = [swap(me, booking, {A1: A4}).json(), swap(me, booking, {A4: A5}).json()]
    listed = me.get(f"/api/bookings/{booking['reference']}/exchange/").json()["results"]
    assert [one["id"] for one in listed] == [made[1]["id"], made[0]["id"]]
    assert listed[1] == made[0]


def test_a_key_sent_twice_exchanges_once(me, booking, swap, seats):
    body = {"swaps": [{"ticket": booking["tickets"][0]["code"], "seat": seats[A4].pk}]}
    address = f"/api/bookings/{booking['reference']}/exchange/"
    first, second = (
        me.post(address, body, format="json", headers={"Idempotency-Key": "once"}) for _ in "ab"
    )
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert Exchange.objects.count() == 1


def test_the_printed_tickets_are_the_new_ones(me, booking, swap):
    swap(me, booking, {A1: A4, A2: A5})
    answer = me.get(f"/api/bookings/{booking['reference']}/tickets.pdf")
    assert answer.status_code == 200


def test_each_ticket_stays_for_whom_it_was(book, me, showtime, seats, swap, theater, stripe):
    chosen = [{"seat": seats[A1].pk, "type": "student"}]
    held = me.post("/api/bookings/", {"showtime": showtime.pk, "seats": chosen}).json()
    stripe.pay(me.post("/api/payments/", {"booking": held["reference"]}).json())
    [one] = swap(me, held, {A1: A4}).json()["swaps"]
    assert one["type"] == Ticket.objects.get(code=one["new_ticket"]).type == "student"


# What it would cost


def test_a_quote_says_what_changes_and_holds_nothing(me, booking, swap, showtime):
    answer = swap(me, booking, {A1: B1}, path="exchange/quote/")
    assert answer.status_code == 200
    cost = answer.json()
    assert (cost["difference"], cost["currency"]) == ("4.50", "EUR")
    assert cost["lines"] == [
        {"kind": "seat", "description": "Seat B1, Gold, instead of A1", "amount": "4.50"}
    ]
    assert [cost["swaps"][0][name] for name in ("old_price", "new_price")] == ["10.00", "14.50"]
    assert set(taken(showtime)) == {"A1", "A2"}
    assert not Exchange.objects.exists()


def test_what_was_promised_is_what_is_done(me, booking, swap):
    quoted = swap(me, booking, {A1: B1, A2: A4}, path="exchange/quote/").json()
    made = swap(me, booking, {A1: B1, A2: A4}).json()
    assert {name: made[name] for name in quoted} == quoted


# What is dearer waits to be paid


def test_a_dearer_seat_is_held_and_the_old_one_stays_good(me, booking, swap, showtime):
    answer = swap(me, booking, {A1: B1}).json()
    assert (answer["status"], answer["difference"]) == ("pending", "4.50")
    until = timezone.datetime.fromisoformat(answer["held_until"]) - timezone.now()
    assert timedelta(minutes=9) < until <= timedelta(minutes=10)
    assert seats_of_tickets(me, booking) == ["A1", "A2"]
    own = Booking.objects.get().pk
    held = taken(showtime)
    assert (held["A1"], held["A2"], str(held["B1"])) == (own, own, answer["id"])


@pytest.mark.broken_by_hand
def test_its_new_seats_are_free_again_the_second_after(
    me, booking, swap, book, client_of, bob, showtime, seats
):
    swap(me, booking, {A1: B1})
    other = client_of(bob)
    assert book(other, showtime, [seats[B1]]).status_code == 409
    with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=1)):
        assert book(other, showtime, [seats[B1]]).status_code == 201
        listed = me.get(f"/api/bookings/{booking['reference']}/exchange/").json()["results"]
    assert listed[0]["status"] == "expired"


def test_letting_it_go_frees_its_seats_at_once(me, booking, swap, showtime):
    swap(me, booking, {A1: B1})
    address = f"/api/bookings/{booking['reference']}/exchange/"
    assert me.delete(address).status_code == 204
    assert set(taken(showtime)) == {"A1", "A2"}
    assert code(me.delete(address)) == (409, "booking_closed")
    assert me.get(address).json()["results"][0]["status"] == "cancelled"


def test_letting_it_go_after_its_time_is_too_late(me, booking, swap):
    swap(me, booking, {A1: B1})
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        answer = me.delete(f"/api/bookings/{booking['reference']}/exchange/")
    assert code(answer) == (409, "hold_expired")


@pytest.mark.parametrize("wishes", [{A1: B1}, {A2: B1}, {A1: B2, A2: B1}, {A1: A3}])
def test_a_new_one_takes_the_place_of_one_that_waits(me, booking, swap, showtime, seats, wishes):
    first = swap(me, booking, {A1: B1}).json()
    second = swap(me, booking, wishes)
    assert second.status_code == 201
    statuses = dict(Exchange.objects.values_list("pk", "status"))
    assert {str(pk): status for pk, status in statuses.items()}[first["id"]] == "cancelled"
    holders = set(TakenSeat.objects.values_list("holder", flat=True))
    assert first["id"] not in {str(holder) for holder in holders}


def test_a_refused_one_leaves_the_one_that_waits(
    me, booking, swap, book, client_of, bob, showtime, seats
):
    swap(me, booking, {A1: B1})
    book(client_of(bob), showtime, [seats[B2]])
    assert code(swap(me, booking, {A1: B2})) == (409, "seats_taken")
    assert Exchange.objects.get().status == "pending"
    assert "B1" in taken(showtime)


def test_cancelling_the_booking_lets_it_go(me, booking, swap, showtime):
    swap(me, booking, {A1: B1})
    assert me.post(f"/api/bookings/{booking['reference']}/cancel/").status_code == 200
    assert Exchange.objects.get().status == "cancelled"
    assert not TakenSeat.objects.exists()


@pytest.mark.parametrize(("given_back", "then"), [(0, "cancelled"), (1, "pending")])
def test_cancelling_a_ticket_lets_an_exchange_of_it_go(me, booking, swap, given_back, then):
    swap(me, booking, {A1: B1})
    codes = [booking["tickets"][given_back]["code"]]
    me.post(f"/api/bookings/{booking['reference']}/cancel/", {"tickets": codes}, format="json")
    assert Exchange.objects.get().status == then
    holders = TakenSeat.objects.filter(holder=Exchange.objects.get().pk)
    assert holders.exists() == (then == "pending")


# Who may


def test_a_guest_shows_the_key(client_of, book, stripe, showtime, seats, swap):
    guest = client_of()
    contact = {"name": "Grace", "email": "grace@example.com"}
    held = book(guest, showtime, [seats[A1]], contact=contact).json()
    key = {"Access-Key": held["access_key"]}
    stripe.pay(guest.post("/api/payments/", {"booking": held["reference"]}, headers=key).json())
    assert swap(guest, held, {A1: A4}).status_code == 404
    assert swap(guest, held, {A1: A4}, headers=key).status_code == 201


def test_a_manager_exchanges_for_a_customer(booking, swap, client_of, manager):
    assert swap(client_of(manager), booking, {A1: A4}).status_code == 201
    told = Entry.objects.get(kind="bookings.booking")
    assert (told.who_name, told.changes) == ("manager", {"exchange": [None, "A1 → A4 (Done)"]})


def test_somebody_elses_booking_is_not_there(booking, swap, client_of, bob):
    for path in ("exchange/", "exchange/quote/"):
        assert swap(client_of(bob), booking, {A1: A4}, path=path).status_code == 404
    address = f"/api/bookings/{booking['reference']}/exchange/"
    assert client_of(bob).get(address).status_code == 404


# Refusals


def test_a_seat_of_somebody_else_is_refused_and_nothing_changes(
    me, booking, swap, book, client_of, bob, showtime, seats
):
    book(client_of(bob), showtime, [seats[A4]])
    before = taken(showtime)
    answer = swap(me, booking, {A1: A5, A2: A4})
    assert code(answer) == (409, "seats_taken")
    assert answer.json()["seats"] == [seats[A4].pk]
    assert taken(showtime) == before
    assert seats_of_tickets(me, booking) == ["A1", "A2"]
    other = answer.json()["alternative"]
    path = f"/api/bookings/{booking['reference']}/exchange/"
    assert me.post(path, other).status_code == 201


def test_a_booking_that_is_not_paid_is_told_what_to_do(me, book, showtime, seats):
    held = book(me, showtime, [seats[A1]]).json()
    Ticket.objects.create(
        booking=Booking.objects.get(), seat=seats[A1], price=0, paid=0, code="A" * 26
    )
    body = {"swaps": [{"ticket": "A" * 26, "seat": seats[A2].pk}]}
    answer = me.post(f"/api/bookings/{held['reference']}/exchange/", body, format="json")
    assert code(answer) == (409, "booking_closed")
    assert "replaces" in answer.json()["errors"][0]["detail"]


def test_a_cancelled_booking_is_over(me, booking, seats):
    me.post(f"/api/bookings/{booking['reference']}/cancel/")
    body = {"swaps": [{"ticket": booking["tickets"][0]["code"], "seat": seats[A4].pk}]}
    answer = me.post(f"/api/bookings/{booking['reference']}/exchange/", body, format="json")
    assert code(answer) == (409, "booking_closed")


def test_only_while_sales_are_open(me, booking, swap, showtime):
    Showtime.objects.filter(pk=showtime.pk).update(starts_at=timezone.now())
    assert code(swap(me, booking, {A1: A4})) == (409, "sales_closed")
    assert code(swap(me, booking, {A1: A4}, path="exchange/quote/")) == (409, "sales_closed")


def test_a_ticket_that_was_used_or_is_void_stays(me, booking, swap, seats):
    Ticket.objects.filter(code=booking["tickets"][0]["code"]).update(admitted_at=timezone.now())
    assert code(swap(me, booking, {A1: A4})) == (409, "tickets_not_valid")
    swap(me, booking, {A2: A4})
    body = {"swaps": [{"ticket": booking["tickets"][1]["code"], "seat": seats[A5].pk}]}
    answer = me.post(f"/api/bookings/{booking['reference']}/exchange/", body, format="json")
    assert code(answer) == (409, "tickets_not_valid")


@pytest.mark.parametrize("wishes", [{A1: A1}, {A1: A2}, {A1: A3, A2: A2}])
def test_a_seat_that_the_booking_has_and_keeps_is_none_to_ask_for(me, booking, swap, wishes):
    answer = swap(me, booking, wishes)
    assert code(answer) == (400, "own_seat")
    assert answer.json()["errors"][0]["attr"].startswith("swaps")


def test_seats_of_another_hall_and_seats_out_of_use(me, booking, swap, theater, silver, seats):
    other = Screen.objects.create(theater=theater, name="Two")
    [strange] = Seat.objects.bulk_create(seats_of(other, ["s"], {"s": Place(silver)}))
    Seat.objects.filter(pk=seats[A6].pk).update(active=False)
    for pk in (strange.pk, seats[A6].pk, 10**18):
        body = {"swaps": [{"ticket": booking["tickets"][0]["code"], "seat": pk}]}
        answer = me.post(f"/api/bookings/{booking['reference']}/exchange/", body, format="json")
        assert code(answer) == (400, "not_of_this_screen")


TICKET, SEAT = "TICKET", "SEAT"
NONSENSE = [
    {},
    {"swaps": None},
    {"swaps": []},
    {"swaps": "all"},
    {"swaps": [None]},
    {"swaps": [[]]},
    {"swaps": [{}]},
    {"swaps": [{"ticket": TICKET}]},
    {"swaps": [{"seat": SEAT}]},
    {"swaps": [{"ticket": TICKET, "seat": "A1"}]},
    {"swaps": [{"ticket": TICKET, "seat": 0}]},
    {"swaps": [{"ticket": TICKET, "seat": 10**30}]},
    {"swaps": [{"ticket": TICKET, "seat": True}]},
    {"swaps": [{"ticket": "A" * 26, "seat": SEAT}]},
    {"swaps": [{"ticket": "\0", "seat": SEAT}]},
    {"swaps": [{"ticket": {}, "seat": SEAT}]},
    {"swaps": [{"ticket": TICKET, "seat": SEAT}] * 2},
    {"swaps": [{"ticket": TICKET, "seat": SEAT}] * 11},
]


@pytest.mark.parametrize("body", NONSENSE, ids=str)
@pytest.mark.parametrize("path", ["exchange/", "exchange/quote/"])
def test_nonsense_is_a_400_of_its_field(me, booking, seats, body, path):
    real = {TICKET: booking["tickets"][0]["code"], SEAT: seats[A4].pk}

    def filled(value):
        if isinstance(value, dict):
            return {name: filled(one) for name, one in value.items()}
        if isinstance(value, list):
            return [filled(one) for one in value]
        return real.get(value, value) if isinstance(value, str) else value

    answer = me.post(f"/api/bookings/{booking['reference']}/{path}", filled(body), format="json")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"].startswith("swaps")


def test_a_child_is_not_exchanged_into_a_film_that_lets_none_in(me, showtime, seats, swap, stripe):
    chosen = [{"seat": seats[A1].pk, "type": "child"}]
    held = me.post("/api/bookings/", {"showtime": showtime.pk, "seats": chosen}).json()
    stripe.pay(me.post("/api/payments/", {"booking": held["reference"]}).json())
    Movie.objects.update(minimum_age=16)
    answer = swap(me, held, {A1: A4})
    assert code(answer) == (400, "too_young")
    assert answer.json()["errors"][0]["attr"].startswith("swaps")


def test_a_choice_that_leaves_a_seat_alone_is_refused(me, booking, swap, seats):
    Theater.objects.update(refuses_lonely_seats=True)
    answer = swap(me, booking, {A1: A5})
    assert code(answer) == (409, "leaves_a_lonely_seat")
    assert swap(me, booking, {A1: A4, A2: A5}).status_code == 201


# The companion's seat


@pytest.fixture
def hall(theater, silver, showtime):
    screen = Screen.objects.create(theater=theater, name="Hall")
    legend = {
        "s": Place(silver),
        "w": Place(silver, Seat.Kind.WHEELCHAIR),
        "k": Place(silver, Seat.Kind.COMPANION),
    }
    Seat.objects.bulk_create(seats_of(screen, ["wkss"], legend))
    showtime.screen = screen
    showtime.save(update_fields=["screen"])
    return list(screen.seats.order_by("number"))


def swap_in(client, booking, hall, wishes):
    codes = {ticket["seat"]["number"]: ticket["code"] for ticket in booking["tickets"]}
    body = {
        "swaps": [{"ticket": codes[old], "seat": hall[new - 1].pk} for old, new in wishes.items()]
    }
    return client.post(f"/api/bookings/{booking['reference']}/exchange/", body, format="json")


def test_a_companions_seat_goes_with_the_space_beside_it(me, paid, showtime, hall):
    booking = paid(me, showtime, [hall[2]])
    assert code(swap_in(me, booking, hall, {3: 2})) == (409, "companion_seat")
    with_space = paid(me, showtime, [hall[0]])
    assert swap_in(me, with_space, hall, {1: 4}).status_code == 201


def test_the_companions_seat_is_not_kept_without_the_space(me, paid, showtime, hall):
    booking = paid(me, showtime, hall[:2])
    assert code(swap_in(me, booking, hall, {1: 3})) == (409, "companion_seat")
    assert swap_in(me, booking, hall, {2: 3}).status_code == 201


# What it costs the database


@pytest.mark.parametrize("wishes", [{A1: A3}, {A1: A3, A2: A4}, {A1: A3, A2: A4, A5: A6}])
def test_as_many_statements_for_many_seats_as_for_one(
    me, paid, swap, showtime, seats, wishes, django_assert_max_num_queries
):
    booking = paid(me, showtime, [seats[A1], seats[A2], seats[A5]])
    # On SQLite one more than on PostgreSQL, whatever is swapped.
    with django_assert_max_num_queries(30):
        assert swap(me, booking, wishes).status_code == 201


@pytest.mark.parametrize("times", [1, 3])
def test_a_list_costs_the_same_for_one_and_for_many(
    me, paid, swap, showtime, seats, times, django_assert_num_queries
):
    booking = paid(me, showtime, [seats[A1]])
    for step in range(times):
        assert swap(me, booking, {A1 + step: A2 + step}).status_code == 201
    with django_assert_num_queries(5):
        answer = me.get(f"/api/bookings/{booking['reference']}/exchange/")
    assert len(answer.json()["results"]) == times


def test_the_tickets_count_for_what_was_paid(me, booking, swap):
    swap(me, booking, {A1: A4})
    paid = Ticket.objects.valid().values_list("paid", flat=True)
    assert sum(paid) == Decimal(booking["total"])
