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
