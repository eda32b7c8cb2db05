"""Connect: charges for connected accounts, and what comes back of them."""

import pytest
import requests
import stripe

from tests.test_stripe_emulator_process import SECRET_KEY, running_emulator, shared_emulator

CINEMA = "acct_1CinemaAtNight"
OTHER = "acct_1OtherCinema"


@pytest.fixture(scope="module")
def known_accounts():
    emulator = shared_emulator()
    for account in (CINEMA, OTHER):
        emulator.control("accounts", id=account)


@pytest.fixture
def emulator(known_accounts):
    return shared_emulator()


@pytest.fixture
def stripe_v1(emulator):
    return emulator.stripe.v1


def destination(emulator, **params):
    params = {"transfer_data": {"destination": CINEMA}, "application_fee_amount": 125, **params}
    expand = ["latest_charge.transfer", "latest_charge.application_fee"]
    return emulator.paid(expand=expand, **params)


def test_a_destination_charge_goes_on_to_the_account_less_our_fee(emulator, stripe_v1):
    intent = destination(emulator, on_behalf_of=CINEMA)
    assert intent.transfer_data.destination == CINEMA
    assert (intent.application_fee_amount, intent.on_behalf_of) == (125, CINEMA)
    charge = intent.latest_charge
    assert (charge.transfer.amount, charge.transfer.destination) == (1250, CINEMA)
    assert charge.transfer.source_transaction == charge.id
    assert charge.transfer_group == charge.transfer.transfer_group == f"group_{intent.id}"
    fee = charge.application_fee
    assert (fee.amount, fee.account, fee.originating_transaction) == (125, CINEMA, charge.id)
    assert fee.charge == charge.transfer.destination_payment
    found = stripe_v1.transfers.list({"destination": CINEMA, "limit": 1}).data
    assert [transfer.id for transfer in found] == [charge.transfer.id]
    assert stripe_v1.application_fees.retrieve(fee.id).amount == 125
    kinds = [entry.type for entry in stripe_v1.balance_transactions.list({"limit": 2}).data]
    assert kinds == ["application_fee", "transfer"]


def test_a_part_may_be_passed_on_instead_of_taking_a_fee(emulator):
    intent = emulator.paid(
        transfer_data={"destination": CINEMA, "amount": 1000}, expand=["latest_charge.transfer"]
    )
    assert intent.latest_charge.transfer.amount == 1000
    assert intent.latest_charge.application_fee is None


def test_a_refund_takes_back_the_transfer_and_gives_back_the_fee_in_proportion(emulator, stripe_v1):
    intent = destination(emulator)
    refund = stripe_v1.refunds.create(
        {
            "payment_intent": intent.id,
            "amount": 500,
            "reverse_transfer": True,
            "refund_application_fee": True,
            "expand": ["transfer_reversal"],
        }
    )
    assert refund.transfer_reversal.amount == 500
    transfer = stripe_v1.transfers.retrieve(intent.latest_charge.transfer.id)
    assert (transfer.amount_reversed, transfer.reversed) == (500, False)
    assert [reversal.id for reversal in transfer.reversals.data] == [refund.transfer_reversal.id]
    fee = stripe_v1.application_fees.retrieve(intent.latest_charge.application_fee.id)
    assert (fee.amount_refunded, fee.refunded) == (50, False)
    stripe_v1.refunds.create(
        {
            "payment_intent": intent.id,
            "reverse_transfer": True,
            "refund_application_fee": True,
        }
    )
    assert stripe_v1.transfers.retrieve(transfer.id).reversed
    assert stripe_v1.application_fees.retrieve(fee.id).refunded


def test_what_is_refunded_bit_by_bit_comes_back_to_the_last_cent(emulator, stripe_v1):
    before = {entry.id for entry in stripe_v1.balance_transactions.list({"limit": 100}).data}
    intent = destination(emulator, application_fee_amount=7)
    for amount in (333, 333, 584):
        stripe_v1.refunds.create(
            {
                "payment_intent": intent.id,
                "amount": amount,
                "reverse_transfer": True,
                "refund_application_fee": True,
            }
        )
    charge = intent.latest_charge
    assert stripe_v1.transfers.retrieve(charge.transfer.id).reversed
    assert stripe_v1.application_fees.retrieve(charge.application_fee.id).refunded
    entries = stripe_v1.balance_transactions.list({"limit": 100}).data
    passed_on = [entry for entry in entries if entry.id not in before]
    passed_on = [entry for entry in passed_on if entry.type not in ("charge", "refund")]
    assert {entry.type for entry in passed_on} == {
        "transfer",
        "transfer_refund",
        "application_fee",
        "application_fee_refund",
    }
    assert sum(entry.amount for entry in passed_on) == 0


def test_an_account_without_the_capability_gets_nothing(emulator):
    account = "acct_1RestrictedCinema"
    emulator.control("accounts", id=account, transfers="inactive")
    with pytest.raises(stripe.InvalidRequestError) as caught:
        emulator.intent(transfer_data={"destination": account})
    assert caught.value.code == "insufficient_capabilities_for_transfer"
    assert emulator.stripe.v1.accounts.retrieve(account).capabilities.transfers == "inactive"
    emulator.control("accounts", id=account)
    assert emulator.intent(transfer_data={"destination": account}).status.startswith("requires_")


def test_a_refund_alone_leaves_the_transfer_where_it_is(emulator, stripe_v1):
    intent = destination(emulator)
    refund = stripe_v1.refunds.create({"payment_intent": intent.id})
    assert refund.transfer_reversal is None
    transfer = stripe_v1.transfers.retrieve(intent.latest_charge.transfer.id)
    assert transfer.amount_reversed == 0


@pytest.mark.parametrize("name", ["reverse_transfer", "refund_application_fee"])
def test_what_never_went_out_cannot_come_back(emulator, stripe_v1, name):
    intent = emulator.paid()
    with pytest.raises(stripe.InvalidRequestError) as caught:
        stripe_v1.refunds.create({"payment_intent": intent.id, name: True})
    assert caught.value.param == name
    assert stripe_v1.charges.retrieve(intent.latest_charge).amount_refunded == 0


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"transfer_data": {"destination": "acct_nobody"}}, "transfer_data[destination]"),
        ({"on_behalf_of": "acct_nobody"}, "on_behalf_of"),
        ({"application_fee_amount": 10}, "application_fee_amount"),
        (
            {"application_fee_amount": 1251, "transfer_data": {"destination": CINEMA}},
            "application_fee_amount",
        ),
        ({"transfer_data": {"destination": CINEMA, "amount": 1251}}, "transfer_data[amount]"),
        (
            {
                "application_fee_amount": 10,
                "transfer_data": {"destination": CINEMA, "amount": 10},
            },
            "transfer_data[amount]",
        ),
        ({"transfer_data": {"amount": 10}}, "transfer_data[destination]"),
        ({"transfer_data": {"destination": CINEMA, "account": "x"}}, "transfer_data[account]"),
    ],
)
def test_what_connect_cannot_do_is_refused(emulator, params, param):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        emulator.intent(**params)
    assert (caught.value.http_status, caught.value.param) == (400, param)


@pytest.mark.parametrize("form", [{"transfer_data[amount]": "0"}, {"application_fee_amount": "9"}])
def test_an_intent_without_a_destination_gets_none_later(emulator, form):
    intent = emulator.intent()
    answer = emulator.http("POST", f"/v1/payment_intents/{intent.id}", form)
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] in ("transfer_data", "application_fee_amount")


def test_what_is_passed_on_can_be_changed_while_the_payment_is_open(emulator, stripe_v1):
    intent = emulator.intent(transfer_data={"destination": CINEMA, "amount": 500})
    changed = stripe_v1.payment_intents.update(
        intent.id, {"transfer_data": {"amount": 700}, "transfer_group": "show-7"}
    )
    assert changed.transfer_data.to_dict() == {"amount": 700, "destination": CINEMA}
    stripe_v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    [transfer] = stripe_v1.transfers.list({"transfer_group": "show-7"}).data
    assert transfer.amount == 700


def test_no_more_is_passed_on_than_was_captured(emulator, stripe_v1):
    intent = emulator.paid(
        capture_method="manual",
        transfer_data={"destination": CINEMA},
        application_fee_amount=300,
    )
    assert stripe_v1.charges.retrieve(intent.latest_charge).application_fee is None
    expand = ["latest_charge.transfer", "latest_charge.application_fee"]
    taken = stripe_v1.payment_intents.capture(
        intent.id, {"amount_to_capture": 200, "expand": expand}
    ).latest_charge
    assert (taken.transfer.amount, taken.application_fee.amount) == (200, 200)


def test_an_unknown_account_is_refused_as_stripe_does(emulator):
    with pytest.raises(stripe.PermissionError) as caught:
        emulator.stripe.v1.payment_intents.list({}, {"stripe_account": "acct_nobody"})
    assert (caught.value.http_status, caught.value.error.code) == (403, "account_invalid")
    assert SECRET_KEY not in caught.value.user_message
    with pytest.raises(stripe.PermissionError):
        emulator.stripe.v1.accounts.retrieve("acct_nobody")


def test_each_account_sees_its_own_and_nothing_else(emulator, stripe_v1):
    mine = {"stripe_account": CINEMA}
    params = {"amount": 1250, "currency": "eur", "confirm": True, "application_fee_amount": 100}
    options = {**mine, "idempotency_key": "the-same-for-both"}
    intent = stripe_v1.payment_intents.create({**params, "payment_method": "pm_card_visa"}, options)
    assert intent.status == "succeeded"
    assert stripe_v1.payment_intents.retrieve(intent.id, {}, mine).id == intent.id
    for others in ({}, {"stripe_account": OTHER}):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            stripe_v1.payment_intents.retrieve(intent.id, {}, others)
        assert caught.value.code == "resource_missing"
        known = stripe_v1.payment_intents.list({"limit": 100}, others).data
        assert intent.id not in [one.id for one in known]
    other = stripe_v1.payment_intents.create(
        {"amount": 600, "currency": "eur"}, {**options, "stripe_account": OTHER}
    )
    assert other.amount == 600
    refund = stripe_v1.refunds.create({"payment_intent": intent.id, "amount": 10}, mine)
    event = stripe_v1.events.list({"type": "refund.created", "limit": 1}, mine).data[0]
    assert (event.account, event.data.object.id) == (CINEMA, refund.id)
    charge = stripe_v1.charges.retrieve(intent.latest_charge, {}, mine)
    fee = stripe_v1.application_fees.retrieve(charge.application_fee)
    assert (fee.account, fee.charge, fee.amount) == (CINEMA, charge.id, 100)


def test_an_account_of_ours_can_be_looked_at(emulator, stripe_v1):
    account = stripe_v1.accounts.retrieve(CINEMA)
    assert (account.id, account.charges_enabled) == (CINEMA, True)
    assert stripe_v1.accounts.retrieve_current().id.startswith("acct_")


def test_accounts_may_be_there_from_the_start():
    with running_emulator(EMULATOR_ACCOUNTS="acct_1First, acct_1Second") as emulator:
        shown = requests.get(emulator.url + "/_emulator/", auth=(SECRET_KEY, "")).json()
        assert shown["accounts"] == ["acct_1First", "acct_1Second"]
        intent = emulator.intent(transfer_data={"destination": "acct_1Second"})
        assert intent.transfer_data.destination == "acct_1Second"
