"""Debits, disputes, refunds and Connect against the SDK's own types; and the Stripe CLI's calls."""

import pytest
import requests
import stripe

from tests.test_stripe_emulator_process import SECRET_KEY, shared_emulator
from tests.test_stripe_emulator_shapes import assert_is

CINEMA = "acct_1CinemaOfShapes"


@pytest.fixture
def emulator():
    emulator = shared_emulator()
    yield emulator
    emulator.control("reset")


def get(emulator, path, *expand):
    answer = emulator.http("GET", path, {f"expand[{n}]": path for n, path in enumerate(expand)})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_debited_intent_has_the_sdks_shape_in_each_of_its_states(emulator):
    for currency, method, outcome in [
        ("eur", "pm_successDelayed_at", "succeeded"),
        ("eur", "pm_successDelayed_de", "failed"),
        ("usd", "pm_usBankAccount_processing", "succeeded"),
        ("usd", "pm_usBankAccount_processing", "failed"),
    ]:
        intent = emulator.paid(currency=currency, payment_method=method)
        for settle in (False, True):
            if settle:
                emulator.control(f"payment_intents/{intent.id}/settle", outcome=outcome)
            raw = get(emulator, f"/v1/payment_intents/{intent.id}", "latest_charge")
            assert_is(raw, stripe.PaymentIntent)
            assert_is(raw["latest_charge"], stripe.Charge)
            method_id = raw["latest_charge"]["payment_method"]
            assert_is(get(emulator, f"/v1/payment_methods/{method_id}"), stripe.PaymentMethod)


def test_a_held_and_a_captured_intent_have_the_sdks_shape(emulator):
    intent = emulator.paid(capture_method="manual")
    path = f"/v1/payment_intents/{intent.id}"
    assert_is(get(emulator, path, "latest_charge"), stripe.PaymentIntent)
    captured = emulator.http("POST", path + "/capture", {"amount_to_capture": "1000"}).json()
    assert_is(captured, stripe.PaymentIntent)
    assert_is(get(emulator, path, "latest_charge.balance_transaction"), stripe.PaymentIntent)


def test_refunds_have_the_sdks_shape_whatever_becomes_of_them(emulator):
    for outcome in ("pending", "requires_action", "failed"):
        made = emulator.http("POST", "/v1/refunds", {"payment_intent": emulator.paid().id}).json()
        emulator.control(f"refunds/{made['id']}/settle", outcome=outcome)
        raw = get(emulator, f"/v1/refunds/{made['id']}", "failure_balance_transaction", "charge")
        assert raw["status"] == outcome
        assert_is(raw, stripe.Refund)
    intent = emulator.paid(payment_method="pm_success_at")
    emulator.control("clock", advance=5)
    made = emulator.http("POST", "/v1/refunds", {"payment_intent": intent.id}).json()
    assert_is(made, stripe.Refund)
    emulator.control("clock", advance=5)
    assert_is(get(emulator, f"/v1/refunds/{made['id']}"), stripe.Refund)


@pytest.mark.parametrize("outcome", ["won", "lost"])
@pytest.mark.parametrize("reason", ["fraudulent", "inquiry"])
def test_a_dispute_has_the_sdks_shape_from_beginning_to_end(emulator, outcome, reason):
    made = emulator.control("disputes", payment_intent=emulator.paid().id, reason=reason)
    assert_is(made, stripe.Dispute)
    path = f"/v1/disputes/{made['id']}"
    form = {"evidence[uncategorized_text]": "x"}
    assert_is(emulator.http("POST", path, form).json(), stripe.Dispute)
    emulator.control(f"disputes/{made['id']}/decide", outcome=outcome)
    raw = get(emulator, path, "charge", "payment_intent")
    assert_is(raw, stripe.Dispute)
    assert_is(raw["charge"], stripe.Charge)


def test_connect_has_the_sdks_shapes(emulator):
    emulator.control("accounts", id=CINEMA)
    intent = emulator.paid(
        transfer_data={"destination": CINEMA}, application_fee_amount=100, on_behalf_of=CINEMA
    )
    form = {"payment_intent": intent.id, "amount": "300", "reverse_transfer": "true"}
    made = emulator.http("POST", "/v1/refunds", {**form, "refund_application_fee": "true"}).json()
    refund = get(emulator, f"/v1/refunds/{made['id']}", "transfer_reversal")
    assert_is(refund, stripe.Refund)
    assert_is(refund["transfer_reversal"], stripe.TransferReversal)
    path = f"/v1/payment_intents/{intent.id}"
    raw = get(emulator, path, "latest_charge.transfer", "latest_charge.application_fee")
    assert_is(raw, stripe.PaymentIntent)
    charge = raw["latest_charge"]
    assert_is(charge, stripe.Charge)
    assert_is(charge["transfer"], stripe.Transfer)
    assert charge["transfer"]["reversals"]["data"]
    assert_is(charge["application_fee"], stripe.ApplicationFee)
    assert charge["application_fee"]["refunds"]["data"]
    assert_is(get(emulator, f"/v1/accounts/{CINEMA}"), stripe.Account)
    assert_is(get(emulator, "/v1/account"), stripe.Account)


def test_lists_of_all_this_and_the_events_about_it_have_the_sdks_shape(emulator):
    emulator.control("accounts", id=CINEMA)
    intent = emulator.paid(transfer_data={"destination": CINEMA}, application_fee_amount=10)
    emulator.http("POST", "/v1/refunds", {"payment_intent": intent.id, "amount": "5"})
    emulator.control("disputes", payment_intent=intent.id)
    for path, kind in [
        ("/v1/disputes", stripe.Dispute),
        ("/v1/transfers", stripe.Transfer),
        ("/v1/application_fees", stripe.ApplicationFee),
        ("/v1/balance_transactions", stripe.BalanceTransaction),
        ("/v1/events", stripe.Event),
    ]:
        page = emulator.http("GET", path, {"limit": "100"}).json()
        assert page["data"], path
        assert_is(page, stripe.ListObject[kind])
    kinds = {
        "payment_intent": stripe.PaymentIntent,
        "charge": stripe.Charge,
        "refund": stripe.Refund,
        "dispute": stripe.Dispute,
        "transfer": stripe.Transfer,
        "application_fee": stripe.ApplicationFee,
    }
    for event in emulator.http("GET", "/v1/events", {"limit": "100"}).json()["data"]:
        inside = event["data"]["object"]
        assert_is(inside, kinds[inside["object"]])


# What the Stripe CLI sends for `stripe trigger` and its resource commands: forms with a Bearer
# key, a User-Agent of its own, and lists with numbers (pkg/requests and pkg/fixtures in
# github.com/stripe/stripe-cli).
CLI = {"User-Agent": "Stripe/v1 stripe-cli/1.30.0", "Authorization": f"Bearer {SECRET_KEY}"}
SHIPPING = {
    "shipping[name]": "Jenny Rosen",
    "shipping[address][line1]": "510 Townsend St",
    "shipping[address][postal_code]": "94103",
    "shipping[address][city]": "San Francisco",
    "shipping[address][state]": "CA",
    "shipping[address][country]": "US",
}


def test_the_stripe_clis_triggers_are_understood(emulator):
    def trigger(path, **form):
        return requests.post(emulator.url + path, data=form, headers=CLI, timeout=30)

    created = {"amount": "2000", "currency": "usd", "description": "(created by Stripe CLI)"}
    paid = trigger(
        "/v1/payment_intents", **created, **SHIPPING, confirm="true", payment_method="pm_card_visa"
    )
    assert paid.json()["status"] == "succeeded", paid.text
    assert paid.json()["shipping"]["address"]["city"] == "San Francisco"
    assert_is(paid.json(), stripe.PaymentIntent)
    declined = trigger(
        "/v1/payment_intents", **created, confirm="true", payment_method="pm_card_chargeDeclined"
    )
    assert declined.status_code == 402
    open_one = trigger("/v1/payment_intents", **created).json()
    canceled = trigger(f"/v1/payment_intents/{open_one['id']}/cancel")
    assert canceled.json()["status"] == "canceled"
    held = trigger(
        "/v1/payment_intents",
        **created,
        confirm="true",
        payment_method="pm_card_visa",
        capture_method="manual",
    ).json()
    captured = trigger(f"/v1/payment_intents/{held['id']}/capture")
    assert captured.json()["status"] == "succeeded"
    refunded = trigger("/v1/refunds", payment_intent=held["id"])
    assert refunded.json()["status"] == "succeeded"


@pytest.mark.parametrize("auth", [{"headers": CLI}, {"auth": (SECRET_KEY, "")}])
def test_the_stripe_clis_lists_and_expansions_are_answered(emulator, auth):
    intent = emulator.paid()

    def ask(path, **form):
        return requests.get(emulator.url + path, params=form, timeout=30, **auth)

    page = ask("/v1/payment_intents", limit="3", **{"expand[]": "data.latest_charge"})
    assert page.json()["data"][0]["latest_charge"]["id"] == intent.latest_charge
    one = ask(f"/v1/payment_intents/{intent.id}", **{"expand[0]": "payment_method"})
    assert one.json()["payment_method"]["object"] == "payment_method"
    wrong = ask("/v1/payment_intents", colour="red")
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (400, "parameter_unknown")
