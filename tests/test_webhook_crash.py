"""
Given what Stripe tells us, when our connection to the database is cut after any statement of what
follows from it, then nothing is half done, and when Stripe tells us again all is done once.
"""

from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import count

import pytest
import time_machine
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone

from bookings.models import Exchange, Letter, Ticket
from payments.jobs import settle_open_payments
from payments.models import Invoice, LedgerEntry, Payment, Refund, WebhookEvent
from theaters.layouts import Place, seats_of
from theaters.models import Screen, Seat

from .stripe_wire import intent_id

pytestmark = pytest.mark.django_db(transaction=True)
# Each story has more statements than this: the tests below have something to cut.
FEWEST = 8


class Killed(BaseException):
    """The process is gone: nobody handles this."""


class Broken(Exception):
    """Something of ours does not work."""


@pytest.fixture
def screen(theater, silver, gold):
    """A seat for each statement of a confirmation, and more."""
    screen = Screen.objects.create(theater=theater, name="Screen 1")
    legend = {"s": Place(silver), "g": Place(gold)}
    Seat.objects.bulk_create(seats_of(screen, ["s" * 36, "g" * 4], legend))
    return screen


@pytest.fixture
def cut():
    """Cuts our connection as an operator of PostgreSQL does; SQLite has none to cut."""
    other = connection.copy()

    def now():
        if connection.vendor != "postgresql":
            raise Killed
        pid = connection.connection.info.backend_pid
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])

    yield now
    other.close()


@pytest.fixture
def cut_after(cut):
    """Whether `act` was through before it came to statement `number`, after which all was over."""

    def act_until(number, act) -> bool:
        statements = count(1)

        def run(execute, *statement):
            answer = execute(*statement)
            if next(statements) == number:
                cut()
            return answer

        try:
            with connection.execute_wrapper(run):
                act()
        except Killed:
            pass
        connection.close()
        return next(statements) <= number

    return act_until


@contextmanager
def broken_at(number):
    """Let one statement fail, the one with this number."""
    statements = count(1)

    def run(execute, *statement):
        if next(statements) == number:
            raise Broken("No.")
        return execute(*statement)

    with connection.execute_wrapper(run):
        yield


def everything() -> dict:
    """All rows that money has to do with, but for when a job looks at them next."""
    rows = {}
    for app in ("payments", "bookings", "showtimes"):
        for model in apps.get_app_config(app).get_models():
            fields = {field.attname for field in model._meta.concrete_fields}
            wanted = fields - {"tries", "next_try_at"}
            rows[model.__name__] = list(model.objects.order_by("pk").values(*wanted))
    return rows


@pytest.fixture
def buy(book, me, seats, showtime, stripe):
    """Hold seats and pay at Stripe; answers the booking and the event of which we do not know."""

    def go(*places):
        booking = book(me, showtime, [seats[place] for place in places]).json()
        payment = me.post("/api/payments/", {"booking": booking["reference"]}).json()
        stripe.confirm(payment)
        [event] = stripe.events("payment_intent.succeeded", intent_id(payment))
        return booking, event

    return go


def check_it_was_bought(me, booking, *, number):
    """Confirmed once, and the customer knows: one ticket, one invoice and one letter."""
    shown = me.get(f"/api/bookings/{booking['reference']}/").json()
    assert (shown["status"], len(shown["tickets"])) == ("confirmed", 1)
    of_it = {"booking__reference": booking["reference"]}
    assert Invoice.objects.get(**of_it).number.endswith(f"-{number:06d}")
    assert Payment.objects.get(**of_it).honoured_at
    assert Letter.objects.get(**of_it).kind == "confirmed"
    assert LedgerEntry.objects.get(**of_it).amount == 11


def test_a_confirmation_is_cut_after_each_statement_and_told_again(me, buy, stripe, cut_after):
    for number in count(1):
        booking, event = buy(number)
        before = everything()
        answers = []
        through = cut_after(number, lambda: answers.append(stripe.deliver(event)))  # noqa: B023
        if not through:
            assert [one.status_code for one in answers] in ([503], [])
            assert everything() == before
        assert stripe.deliver(event).status_code == 200
        check_it_was_bought(me, booking, number=number)
        if through:
            break
    assert number > FEWEST
    assert Invoice.objects.count() == WebhookEvent.objects.count() == number


def test_a_confirmation_breaks_at_each_statement_and_is_replayed(me, buy, stripe):
    """But for the first, which only asks whether we have had the event."""
    for number in count(2):
        booking, event = buy(number)
        before = everything()
        with broken_at(number):
            answer = stripe.deliver(event)
        if answer.status_code == 200:
            break
        assert answer.status_code == 500
        assert answer.json()["errors"][0]["code"] == "event_failed"
        row = WebhookEvent.objects.failed().get()
        assert "Broken: No." in row.error
        assert everything() | {"WebhookEvent": before["WebhookEvent"]} == before
        call_command("replay_webhooks")
        check_it_was_bought(me, booking, number=number - 1)
        row.refresh_from_db()
        assert row.processed_at
        assert not row.error
    assert number > FEWEST


# What else Stripe tells us. Each gives the event, and a check of what becomes of it.


@pytest.fixture
def too_late(buy, book, client_of, bob, showtime, seats):
    booking, event = buy(0)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert book(client_of(bob), showtime, seats[:1]).status_code == 201
        yield event
        assert Letter.objects.get().kind == "too_late"
        call_command("run_jobs", once=True)
        assert Refund.objects.get().status == "succeeded"


@pytest.fixture
def kept_with_its_error(buy, stripe):
    _, event = buy(0)
    with broken_at(5):
        assert stripe.deliver(event).status_code == 500
    yield event
    assert WebhookEvent.objects.get().processed_at
    assert Invoice.objects.get().total == 11


@pytest.fixture
def other_seats(buy, me, seats, stripe):
    booking, event = buy(0)
    stripe.deliver(event)
    ticket = Ticket.objects.get().code
    swaps = {"swaps": [{"ticket": ticket, "seat": seats[-1].pk}]}
    me.post(f"/api/bookings/{booking['reference']}/exchange/", swaps, format="json")
    payment = me.post("/api/payments/", {"booking": booking["reference"]}).json()
    stripe.confirm(payment)
    yield stripe.events("payment_intent.succeeded", intent_id(payment))[0]
    assert Exchange.objects.get().status == "done"
    assert [one.total for one in Invoice.objects.order_by("pk")] == [11, 4.5]
    assert Ticket.objects.valid().get().seat == seats[-1]


@pytest.fixture
def given_back_in_vain(buy, me, stripe):
    booking, event = buy(0)
    stripe.deliver(event)
    me.post(f"/api/bookings/{booking['reference']}/cancel/", {})
    call_command("run_jobs", once=True)
    refund = Refund.objects.get().stripe_refund
    stripe.settle_refund(refund, "failed", "insufficient_funds")
    yield stripe.events("refund.failed", refund)[0]
    assert Refund.objects.in_force().get().attempt == 2
    assert LedgerEntry.objects.filter(kind="refund_came_back").count() == 1


STORIES = ["too_late", "kept_with_its_error", "other_seats", "given_back_in_vain"]


@pytest.mark.parametrize("story", STORIES)
def test_whatever_stripe_tells_is_done_whole_or_not_at_all(story, request, stripe, cut_after):
    event = request.getfixturevalue(story)
    before = everything()
    for number in count(1):
        if cut_after(number, lambda: stripe.deliver(event)):
            break
        assert everything() == before
    assert number > FEWEST
    assert everything() != before
    assert stripe.deliver(event).status_code == 200


def test_a_job_that_is_cut_leaves_the_rest_to_the_next(buy, me, cut_after):
    """Without any word from Stripe."""

    def a_round():
        with suppress(OperationalError):
            settle_open_payments()

    booking, _ = buy(0)
    before = everything()
    for number in count(1):
        Payment.objects.update(next_try_at=timezone.now())
        if cut_after(number, a_round) or everything() != before:
            break
    assert number > FEWEST
    check_it_was_bought(me, booking, number=1)


def test_replaying_says_what_still_fails(buy, stripe, capsys):
    _, succeeded = buy(0)
    broken = succeeded | {"id": "evt_broken", "data": {"object": {"id": "pi_x"}}}
    assert stripe.deliver(broken).status_code == 500
    with pytest.raises(CommandError, match="1 failed"):
        call_command("replay_webhooks")
    with pytest.raises(CommandError, match="1 failed"):
        call_command("replay_webhooks", event="evt_broken")
    with pytest.raises(CommandError, match="No event evt_other"):
        call_command("replay_webhooks", event="evt_other")
    assert "evt_broken payment_intent.succeeded: failed again" in capsys.readouterr().out
    stripe.deliver(succeeded)
    call_command("replay_webhooks", event=succeeded["id"])
    assert Ticket.objects.count() == 1


def test_an_event_that_can_never_take_effect_is_put_aside(buy, stripe, capsys):
    _, succeeded = buy(0)
    broken = succeeded | {"id": "evt_broken", "data": {"object": {}}}
    assert stripe.deliver(broken).status_code == 500
    call_command("replay_webhooks", "--put-aside", "evt_broken")
    call_command("replay_webhooks")
    assert "evt_broken: put aside" in capsys.readouterr().out
    assert WebhookEvent.objects.get().error
    assert stripe.deliver(broken).status_code == 200
    with pytest.raises(CommandError, match="No event evt_broken has failed"):
        call_command("replay_webhooks", "--put-aside", "evt_broken")
    stripe.deliver(succeeded)
    assert Ticket.objects.count() == 1
