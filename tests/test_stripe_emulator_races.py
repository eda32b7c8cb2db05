"""Many at once: what the emulator says yes to, it says yes to once."""

import pytest

from tests.test_stripe_emulator_process import running_emulator, together

# Python lets another thread go on every 5 ms, longer than most answers take. Here it does so all
# the time, so that a missing lock shows.
HURRIED = (
    "import runpy, sys; sys.setswitchinterval(1e-6); "
    "runpy.run_module('stripe_emulator', run_name='__main__')"
)


@pytest.fixture(scope="module")
def emulator():
    with running_emulator(["-c", HURRIED]) as emulator:
        yield emulator


def test_of_many_confirming_at_once_one_pays(emulator):
    intent = emulator.intent()
    answers = together(12, lambda _: emulator.confirm(intent, "pm_card_visa").status_code)
    assert sorted(answers) == [200] + [400] * 11
    charges = emulator.stripe.v1.charges.list({"payment_intent": intent.id})
    assert len(charges.data) == 1


def test_paying_and_cancelling_at_once_ends_in_one_of_them(emulator):
    for _ in range(8):
        intent = emulator.intent()
        calls = (
            lambda intent=intent: emulator.confirm(intent, "pm_card_visa"),
            lambda intent=intent: emulator.http("POST", f"/v1/payment_intents/{intent.id}/cancel"),
        )
        codes = together(2, lambda n, calls=calls: calls[n]().status_code)
        assert sorted(codes) == [200, 400]
        status = emulator.stripe.v1.payment_intents.retrieve(intent.id).status
        assert status == ("succeeded" if codes[0] == 200 else "canceled")


def test_of_many_refunds_at_once_only_what_was_paid_goes_back(emulator):
    intent = emulator.paid()
    form = {"payment_intent": intent.id, "amount": "500"}
    codes = together(8, lambda _: emulator.http("POST", "/v1/refunds", form).status_code)
    assert sorted(codes) == [200, 200] + [400] * 6


def test_of_many_requests_at_once_a_fault_hits_as_many_as_it_was_asked_for(emulator):
    emulator.control("faults", fault="broken", method="GET", path="/v1/refunds", times=5)
    codes = together(16, lambda _: emulator.http("GET", "/v1/refunds").status_code)
    assert sorted(codes) == [200] * 11 + [500] * 5


def test_refunds_of_the_shop_and_of_the_dashboard_at_once_never_exceed_the_charge(emulator):
    intent = emulator.paid()
    form = {"payment_intent": intent.id, "amount": "500"}
    paths = ("/v1/refunds", "/_emulator/refunds")
    codes = together(8, lambda n: emulator.http("POST", paths[n % 2], form).status_code)
    assert sorted(codes) == [200, 200] + [400] * 6
    charge = emulator.stripe.v1.charges.retrieve(intent.latest_charge)
    assert charge.amount_refunded == 1000


def test_a_payment_is_settled_once_by_clock_control_and_cancellation_at_once(emulator):
    for _ in range(4):
        intent = emulator.intent(
            confirm=True, currency="usd", payment_method="pm_usBankAccount_success"
        )
        paths = (
            f"/_emulator/payment_intents/{intent.id}/settle",
            f"/v1/payment_intents/{intent.id}/cancel",
        )
        calls = (
            lambda: emulator.control("clock", advance=5),
            lambda paths=paths: emulator.http("POST", paths[0], {"outcome": "succeeded"}),
            lambda paths=paths: emulator.http("POST", paths[1]),
        )
        together(3, lambda n, calls=calls: calls[n]())
        status = emulator.stripe.v1.payment_intents.retrieve(intent.id).status
        assert status in ("succeeded", "canceled")
        events = emulator.stripe.v1.events.list({"limit": 30}).data
        ends = [
            event.type
            for event in events
            if event.data.object.id == intent.id
            and event.type in ("payment_intent.succeeded", "payment_intent.canceled")
        ]
        assert ends == [f"payment_intent.{status}"]
