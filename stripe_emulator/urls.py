from django.urls import path

from stripe_emulator import (
    accounts,
    balance,
    capturing,
    charges,
    connect,
    controls,
    disputes,
    events,
    front_page,
    money_controls,
    pay_page,
    payment_intents,
    payment_methods,
    receipts,
    refunds,
)
from stripe_emulator.answers import endpoint
from stripe_emulator.controls import control

urlpatterns = [
    path("", front_page.front_page),
    path("health", front_page.health),
    path("_emulator/", control(GET=controls.state)),
    path("_emulator/reset", control(POST=controls.reset)),
    path("_emulator/clock", control(GET=controls.show_clock, POST=controls.move_clock)),
    path("_emulator/faults", control(POST=controls.add_fault, DELETE=controls.clear_faults)),
    path(
        "_emulator/disturbances",
        control(POST=controls.add_disturbance, DELETE=controls.clear_disturbances),
    ),
    path("_emulator/disturbances/release", control(POST=controls.release)),
    path("_emulator/endpoint", control(POST=controls.set_endpoint)),
    path("_emulator/events/<event_id>/deliver", control(POST=controls.deliver)),
    path("_emulator/accounts", control(POST=money_controls.add_account)),
    path(
        "_emulator/payment_intents/<intent_id>/settle", control(POST=money_controls.settle_intent)
    ),
    path("_emulator/refunds", control(POST=money_controls.refund)),
    path("_emulator/refunds/<refund_id>/settle", control(POST=money_controls.settle_refund)),
    path("_emulator/disputes", control(POST=money_controls.dispute)),
    path("_emulator/disputes/<dispute_id>/decide", control(POST=money_controls.decide_dispute)),
    path("pay/<intent_id>", pay_page.pay),
    path("pay/<intent_id>/3d-secure", pay_page.three_d_secure),
    path("receipts/<charge_id>", receipts.receipt),
    path(
        "v1/payment_intents",
        endpoint("payment_intent", GET=payment_intents.listing, POST=payment_intents.create),
    ),
    path(
        "v1/payment_intents/<intent_id>",
        endpoint(
            "payment_intent",
            GET=payment_intents.retrieve,
            POST=payment_intents.update,
            public=[payment_intents.retrieve],
        ),
    ),
    path(
        "v1/payment_intents/<intent_id>/confirm",
        endpoint("payment_intent", POST=payment_intents.confirm, public=[payment_intents.confirm]),
    ),
    path(
        "v1/payment_intents/<intent_id>/cancel",
        endpoint("payment_intent", POST=payment_intents.cancel),
    ),
    path(
        "v1/payment_intents/<intent_id>/capture",
        endpoint("payment_intent", POST=capturing.capture),
    ),
    path(
        "v1/payment_methods/<method_id>", endpoint("payment_method", GET=payment_methods.retrieve)
    ),
    path("v1/charges", endpoint("charge", GET=charges.listing)),
    path("v1/charges/<charge_id>", endpoint("charge", GET=charges.retrieve, POST=charges.update)),
    path("v1/refunds", endpoint("refund", GET=refunds.listing, POST=refunds.create)),
    path("v1/refunds/<refund_id>", endpoint("refund", GET=refunds.retrieve, POST=refunds.update)),
    path("v1/refunds/<refund_id>/cancel", endpoint("refund", POST=refunds.cancel)),
    path("v1/disputes", endpoint("dispute", GET=disputes.listing)),
    path(
        "v1/disputes/<dispute_id>",
        endpoint("dispute", GET=disputes.retrieve, POST=disputes.update),
    ),
    path("v1/disputes/<dispute_id>/close", endpoint("dispute", POST=disputes.close)),
    path("v1/transfers", endpoint("transfer", GET=connect.list_transfers)),
    path("v1/transfers/<transfer_id>", endpoint("transfer", GET=connect.retrieve_transfer)),
    path("v1/application_fees", endpoint("application_fee", GET=connect.list_fees)),
    path("v1/application_fees/<fee_id>", endpoint("application_fee", GET=connect.retrieve_fee)),
    path("v1/account", endpoint("account", GET=accounts.retrieve_own)),
    path("v1/accounts/<account_id>", endpoint("account", GET=accounts.retrieve)),
    path(
        "v1/balance_transactions",
        endpoint("balance_transaction", GET=balance.listing),
    ),
    path(
        "v1/balance_transactions/<transaction_id>",
        endpoint("balance_transaction", GET=balance.retrieve),
    ),
    path("v1/events", endpoint("event", GET=events.listing)),
    path("v1/events/<event_id>", endpoint("event", GET=events.retrieve)),
    path("v1/events/<event_id>/retry", endpoint("event", POST=events.retry)),
]
