"""
Given a theater with a Stripe account of its own, when people pay, swap and give back, then the
money goes on to that account and comes back from it, and nobody waits for theirs because of it.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings.models import Booking, Ticket
from payments.books import problems
from payments.models import Payment, Refund, Stray
from theaters.models import SeatCategory, Theater

from .balance import check_balance
from .stripe_wire import intent_id

LUX, ODEON = "acct_1LuxKino", "acct_1OdeonKino"
A1, A2, A3, B1 = 0, 1, 2, 6


@pytest.fixture(autouse=True)
def books(db):
    """Whatever happened, the books balance after it."""
    yield
    assert list(problems()) == []
    check_balance()


@pytest.fixture
def passed_on(theater, stripe):
    """The theater is paid out separately; the chain keeps 10 % and 0.50 of each ticket."""
    for account in (LUX, ODEON):
        stripe.add_account(account)
    Theater.objects.update(
        stripe_account=LUX, application_fee_percent=10, application_fee_per_ticket=Decimal("0.5")
    )


@pytest.fixture
def at_stripe(stripe):
    """Of the charge of a payment: what went on, to whom, what of that came back; and of our fee."""

    def look(payment):
        expand = ["latest_charge.transfer", "latest_charge.application_fee"]
        intent = stripe.api.payment_intents.retrieve(payment.stripe_intent, {"expand": expand})
        transfer, fee = intent.latest_charge.transfer, intent.latest_charge.application_fee
        assert transfer.destination == intent.on_behalf_of
        kept = (fee.amount, fee.amount_refunded) if fee else (0, 0)
        return transfer.destination, (transfer.amount, transfer.amount_reversed), kept

    return look


def pay(client, booking):
    return client.post("/api/payments/", {"booking": booking["reference"]})


def give_back(client, booking, *tickets):
    body = {"tickets": [ticket["code"] for ticket in tickets]} if tickets else {}
    assert client.post(f"/api/bookings/{booking['reference']}/cancel/", body).status_code == 200


def run_jobs(**later):
    with time_machine.travel(timezone.now() + timedelta(**later)):
        call_command("run_jobs", once=True)


def code(answer):
    return answer.status_code, answer.json()["errors"][0]["code"]


def refunds():
    rows = Refund.objects.order_by("created_at")
    return list(rows.values_list("amount", "status", "from_theater"))


def swap(client, booking, seats, old, new):
    ticket = Ticket.objects.get(
        booking__reference=booking["reference"], seat=seats[old], voided_at=None
    )
    swaps = [{"ticket": ticket.code, "seat": seats[new].pk}]
    address = f"/api/bookings/{booking['reference']}/exchange/"
    assert client.post(address, {"swaps": swaps}, format="json").status_code == 201


# A sale


def test_what_is_paid_goes_on_to_the_theater_less_our_fee(
    passed_on, paid, me, showtime, seats, at_stripe
):
    assert paid(me, showtime, seats[:2])["status"] == "confirmed"
    payment = Payment.objects.get()
    assert at_stripe(payment) == (LUX, (2200, 0), (320, 0))
    assert (payment.stripe_account, payment.application_fee) == (LUX, Decimal("3.2"))


def test_without_an_account_nothing_of_that_is_asked_for(paid, me, showtime, seats, stripe):
    Theater.objects.update(application_fee_percent=10)
    bought = paid(me, showtime, seats[:2])
    payment = Payment.objects.get()
    intent = stripe.api.payment_intents.retrieve(payment.stripe_intent)
    asked = (intent.transfer_data, intent.on_behalf_of, intent.application_fee_amount)
    assert asked == (None, None, None)
    give_back(me, bought)
    run_jobs()
    [refund] = stripe.api.refunds.list({"payment_intent": payment.stripe_intent}).data
    assert (refund.amount, refund.transfer_reversal) == (2200, None)
    assert refunds() == [(22, "succeeded", False)]


@pytest.mark.parametrize(
    ("percent", "per_ticket", "kept"),
    [("0.01", "0", 0), ("100", "1", 2200), ("7.77", "0", 170)],
)
def test_the_fee_is_rounded_down_and_never_more_than_was_paid(
    passed_on, paid, me, showtime, seats, at_stripe, percent, per_ticket, kept
):
    Theater.objects.update(application_fee_percent=percent, application_fee_per_ticket=per_ticket)
    paid(me, showtime, seats[:2])
    assert at_stripe(Payment.objects.get()) == (LUX, (2200, 0), (kept, 0))


@pytest.mark.parametrize(
    ("currency", "price", "went_on", "kept"),
    [("JPY", "1000", (2002, 1001), (201, 100)), ("KWD", "2.5", (7000, 3500), (1710, 855))],
)
def test_in_the_coins_of_the_currency(
    passed_on, paid, me, showtime, seats, at_stripe, currency, price, went_on, kept
):
    Theater.objects.update(currency=currency, application_fee_per_ticket="0.505")
    SeatCategory.objects.update(default_price=price)
    bought = paid(me, showtime, seats[:2])
    give_back(me, bought, bought["tickets"][0])
    run_jobs()
    assert at_stripe(Payment.objects.get()) == (LUX, went_on, kept)


def test_it_costs_the_database_no_more(stripe, theater, me, book, showtime, seats):
    stripe.add_account(LUX)
    counts = []
    for account, seat in (("", A1), (LUX, A2)):
        Theater.objects.update(stripe_account=account, application_fee_percent=10)
        booking = book(me, showtime, seats[seat : seat + 1]).json()
        with CaptureQueriesContext(connection) as asking:
            payment = pay(me, booking).json()
        with CaptureQueriesContext(connection) as hearing:
            stripe.pay(payment)
        counts.append((len(asking), len(hearing)))
    assert counts[0] == counts[1]


# Giving back


def test_the_theater_gives_its_part_back_and_gets_that_part_of_the_fee(
    passed_on, paid, me, showtime, seats, at_stripe
):
    bought = paid(me, showtime, seats[:2])
    give_back(me, bought, bought["tickets"][0])
    run_jobs()
    payment = Payment.objects.get()
    assert at_stripe(payment) == (LUX, (2200, 1100), (320, 160))
    give_back(me, bought)
    run_jobs()
    assert at_stripe(payment) == (LUX, (2200, 2200), (320, 320))
    assert refunds() == [(11, "succeeded", True)] * 2


def test_it_comes_from_the_account_that_had_it(passed_on, paid, me, showtime, seats, at_stripe):
    bought = paid(me, showtime, seats[:1])
    Theater.objects.update(stripe_account=ODEON, application_fee_percent=50)
    other = paid(me, showtime, seats[1:2])
    give_back(me, bought)
    Theater.objects.update(stripe_account="")
    give_back(me, other)
    run_jobs()
    first, second = Payment.objects.order_by("created_at")
    assert at_stripe(first) == (LUX, (1100, 1100), (160, 160))
    assert at_stripe(second) == (ODEON, (1100, 1100), (600, 600))


def test_a_cancelled_showtime_gives_all_of_it_back(
    passed_on, paid, me, showtime, seats, at_stripe, client_of, manager, bob
):
    paid(me, showtime, seats[:2])
    paid(client_of(bob), showtime, seats[2:3])
    house = client_of(manager)
    house.post(f"/api/showtimes/{showtime.pk}/cancel/", {"reason": "The projector is broken."})
    run_jobs()
    for payment in Payment.objects.all():
        _, (went, came), (fee, back) = at_stripe(payment)
        assert (went, fee) == (came, back)
    assert refunds() == [(22, "succeeded", True), (11, "succeeded", True)]


def test_money_that_came_too_late_comes_back_from_the_theater(
    passed_on, book, me, client_of, bob, showtime, seats, stripe, at_stripe
):
    payment = pay(me, book(me, showtime, seats[:2]).json()).json()
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert book(client_of(bob), showtime, seats[:1]).status_code == 201
        assert stripe.pay(payment).status_code == 200
        run_jobs()
    assert at_stripe(Payment.objects.get(pk=payment["id"])) == (LUX, (2200, 2200), (320, 320))
    assert refunds() == [(22, "succeeded", True)]


def test_a_refund_that_the_bank_sends_back_is_not_taken_from_the_theater_twice(
    passed_on, paid, me, showtime, seats, stripe, at_stripe, reconcile
):
    bought = paid(me, showtime, seats[:2])
    give_back(me, bought, bought["tickets"][0])
    run_jobs()
    first = Refund.objects.get()
    stripe.settle_refund(first.stripe_refund, "failed", "declined")
    for event in stripe.events("refund.failed", first.stripe_refund):
        assert stripe.deliver(event).status_code == 200
    Refund.objects.get().try_again()
    run_jobs()
    assert at_stripe(Payment.objects.get()) == (LUX, (2200, 1100), (320, 160))
    assert refunds() == [(11, "failed", True), (11, "succeeded", True)]
    assert not Refund.objects.given_by_the_chain().exists()
    assert reconcile() == []


def test_what_stripe_cannot_take_back_the_chain_gives_at_once(
    paid, me, showtime, seats, client_of, admin, client
):
    bought = paid(me, showtime, seats[:2])
    # Stripe and we disagree on whom it went to: there is no transfer to take back.
    Payment.objects.update(stripe_account=LUX)
    give_back(me, bought)
    run_jobs()
    run_jobs()
    assert refunds() == [(22, "failed", False), (22, "succeeded", False)]
    assert "transfer" in Refund.objects.get(status="failed").failure
    assert not Refund.objects.needing_attention().exists()
    client.force_login(admin)
    listed = client.get("/admin/payments/refund/?attention=chain").content.decode()
    assert listed.count(bought["reference"]) == 1


# Other seats


def test_the_difference_of_a_swap_goes_on_too_without_a_fee_for_tickets(
    passed_on, paid, me, showtime, seats, stripe, at_stripe
):
    bought = paid(me, showtime, seats[:2])
    swap(me, bought, seats, A1, B1)
    assert stripe.pay(pay(me, bought).json()).status_code == 200
    first, difference = Payment.objects.order_by("created_at")
    assert at_stripe(difference) == (LUX, (450, 0), (45, 0))
    swap(me, bought, seats, B1, A3)
    run_jobs()
    assert at_stripe(first) == (LUX, (2200, 450), (320, 65))
    assert refunds() == [(Decimal("4.5"), "succeeded", True)]


# What Stripe refuses


def refuse(stripe, how):
    """The theater gets an account that Stripe refuses; answers it."""
    account = f"acct_1{how}"
    if how == "MayNotReceive":
        stripe.add_account(account, transfers="inactive")
    Theater.objects.update(stripe_account=account)
    return account


@pytest.mark.parametrize("how", ["Unknown", "MayNotReceive"])
def test_an_account_that_stripe_refuses(
    passed_on, book, me, showtime, seats, stripe, client, admin, how, capsys
):
    account, me.raise_request_exception = refuse(stripe, how), False
    booking = book(me, showtime, seats[:2]).json()
    answer = pay(me, booking)
    assert code(answer) == (503, "theater_takes_no_payments")
    assert answer["Retry-After"] == "60"
    assert account not in answer.content.decode()
    assert Booking.objects.get().status == "pending"
    client.force_login(admin)
    page = client.get("/admin/payments/refund/?attention=yes").content.decode()
    assert "Nobody can pay online at Lux" in page
    assert (
        "Lux" in client.get("/admin/theaters/theater/?stripe_refusal__isempty=0").content.decode()
    )
    call_command("check_books")
    assert f"nobody can pay there online. Lux, {account}: " in capsys.readouterr().out
    stripe.add_account(account)
    assert stripe.pay(pay(me, booking).json()).status_code == 200
    assert Booking.objects.get().status == "confirmed"
    assert not Theater.objects.refused_by_stripe().exists()


def test_one_that_is_refused_later_keeps_the_jobs_from_nothing(
    passed_on, book, me, showtime, seats, stripe
):
    first, second = (book(me, showtime, [seat]).json() for seat in seats[:2])
    account, me.raise_request_exception = refuse(stripe, "Later"), False
    stripe.fail("lost_request", method="POST", path="/v1/payment_intents", times=3)
    assert code(pay(me, first)) == (503, "payment_provider_unavailable")
    Theater.objects.update(stripe_account=LUX)
    stripe.confirm(pay(me, second).json())
    run_jobs(minutes=3)
    ours = dict(Payment.objects.values_list("stripe_account", "status"))
    assert ours == {account: "cancelled", LUX: "succeeded"}
    assert not Theater.objects.refused_by_stripe().exists()
    assert stripe.pay(pay(me, first).json()).status_code == 200


# What Stripe says of others


def test_an_event_of_the_theaters_account_is_not_ours(passed_on, book, me, showtime, seats, stripe):
    payment = pay(me, book(me, showtime, seats[:2]).json()).json()
    stripe.confirm(payment)
    [event] = stripe.events("payment_intent.succeeded", intent_id(payment))
    theirs = event | {"id": f"{event['id']}_theirs", "account": LUX}
    assert stripe.deliver(theirs).status_code == 200
    assert Payment.objects.get().status == "open"
    assert stripe.deliver(event).status_code == 200
    assert Payment.objects.get().status == "succeeded"


@pytest.mark.parametrize("goes_on", [True, False])
def test_a_second_intent_of_the_same_payment_goes_back_whence_it_went(
    passed_on, book, me, showtime, seats, stripe, goes_on
):
    booking = book(me, showtime, seats[:2]).json()
    payment = pay(me, booking).json()
    assert stripe.pay(payment).status_code == 200
    account = {"transfer_data": {"destination": LUX}, "on_behalf_of": LUX}
    twin = stripe.api.payment_intents.create(
        {
            "amount": 2200,
            "currency": "eur",
            "confirm": True,
            "payment_method": "pm_card_visa",
            "metadata": {"payment": payment["id"], "booking": booking["reference"]},
        }
        | (account if goes_on else {})
    )
    [event] = stripe.events("payment_intent.succeeded", twin.id)
    assert stripe.deliver(event).status_code == 200
    run_jobs()
    assert refunds() == [(22, "succeeded", goes_on)]


def test_a_stray_says_whom_it_went_to(passed_on, book, me, showtime, seats, stripe):
    payment = pay(me, book(me, showtime, seats[:2]).json()).json()
    stripe.confirm(payment)
    [event] = stripe.events("payment_intent.succeeded", intent_id(payment))
    intent = event["data"]["object"] | {"id": "pi_strange_of_lux", "metadata": {}}
    assert stripe.deliver(event | {"data": {"object": intent}}).status_code == 200
    assert Stray.objects.get().why.endswith(f"It went on to {LUX}")


@pytest.fixture
def reconcile(capsys):
    """Compare our books with Stripe's; answers what is said of the payments of these tests."""

    def run():
        capsys.readouterr()
        try:
            call_command("reconcile_stripe", "--since", "2026-01-01")
        except CommandError as error:
            assert error.returncode == 1
        lines = capsys.readouterr().out.splitlines()
        mine = [
            *Payment.objects.values_list("stripe_intent", flat=True),
            *Refund.objects.exclude(stripe_refund="").values_list("stripe_refund", flat=True),
        ]
        return [line for line in lines if any(one in line for one in mine)]

    return run


def test_reconciling_names_whom_it_went_to_and_what_did_not_come_back(
    passed_on, paid, me, showtime, seats, stripe, reconcile
):
    bought = paid(me, showtime, seats[:2])
    assert reconcile() == []
    Payment.objects.update(application_fee=1)
    assert "we kept €3.20 of it, and not €1" in reconcile()[0]
    Payment.objects.update(stripe_account=ODEON, application_fee=Decimal("3.2"))
    assert f"it went on to {LUX}, and was to go to {ODEON}" in reconcile()[0]
    Payment.objects.update(stripe_account=LUX)
    stripe.api.refunds.create({"payment_intent": Payment.objects.get().stripe_intent})
    for event in stripe.events("refund.created", Payment.objects.get().stripe_intent):
        assert stripe.deliver(event).status_code == 200
    assert reconcile() == []
    assert Refund.objects.given_by_the_chain().get().reason == "dashboard"
    Refund.objects.update(from_theater=True)
    assert "the theater's part did not come back" in reconcile()[0]
    give_back(me, bought)


# Who may see and change it


def of_the_form(client, theater, **changes):
    address = f"/admin/theaters/theater/{theater.pk}/change/"
    form = client.get(address).context["adminform"].form
    data = {name: form.initial.get(name) for name in form.fields}
    data |= {"amenities": [], "managers": [], "image": ""}
    data |= {
        f"{part}-{n}_FORMS": 0
        for part in ("screens", "seat_categories", "staff_members")
        for n in ("TOTAL", "INITIAL")
    }
    data = {name: "" if value is None else value for name, value in (data | changes).items()}
    return client.post(address, data)


@pytest.mark.parametrize("account", ["acct_", "acct_1Lux Kino", "pi_1Lux"])
def test_an_account_has_to_look_like_one(theater, client, admin, account):
    client.force_login(admin)
    answer = of_the_form(client, theater, stripe_account=account)
    assert "As in acct_1032D82eZvKYlo2C." in answer.content.decode()
    assert Theater.objects.get().stripe_account == ""


def test_an_admin_sets_it_and_the_old_refusal_is_forgotten(theater, client, admin):
    Theater.objects.update(stripe_account=ODEON, stripe_refusal="No such destination.")
    client.force_login(admin)
    terms = {"application_fee_percent": "2.5", "application_fee_per_ticket": "0.25"}
    assert of_the_form(client, theater, stripe_account=LUX, **terms).status_code == 302
    theater.refresh_from_db()
    assert (theater.stripe_account, theater.stripe_refusal) == (LUX, "")
    assert (theater.application_fee_percent, theater.application_fee_per_ticket) == (
        Decimal("2.5"),
        Decimal("0.25"),
    )
    answer = of_the_form(client, theater, application_fee_per_ticket="0.005")
    assert "Amounts in EUR have 2 decimals." in answer.content.decode()


def test_a_manager_sees_it_and_changes_nothing_and_the_public_sees_nothing(
    theater, client, manager, me
):
    Theater.objects.update(stripe_account=LUX)
    client.force_login(manager)
    page = client.get(f"/admin/theaters/theater/{theater.pk}/change/")
    assert LUX in page.content.decode()
    assert "stripe_account" not in page.context["adminform"].form.fields
    of_the_form(client, theater, stripe_account=ODEON)
    assert Theater.objects.get().stripe_account == LUX
    assert LUX not in me.get(f"/api/theaters/{theater.pk}/").content.decode()
