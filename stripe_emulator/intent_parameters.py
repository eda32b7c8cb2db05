"""The parameters that each call about a PaymentIntent takes, and those that only Stripe takes.

https://docs.stripe.com/api/payment_intents
"""

from stripe_emulator import currencies, metadata, parameters, payment_methods

PAYING = {
    "payment_method": parameters.unsettable(parameters.text(5000)),
    "payment_method_data": payment_methods.payment_method_data,
    "receipt_email": parameters.unsettable(parameters.email),
}
ADDRESS = parameters.nested(
    {
        part: parameters.unsettable(parameters.text(5000))
        for part in ("city", "country", "line1", "line2", "postal_code", "state")
    }
)
SHIPPING = parameters.nested(
    {
        "address": ADDRESS,
        "carrier": parameters.text(5000),
        "name": parameters.text(5000),
        "phone": parameters.text(5000),
        "tracking_number": parameters.text(5000),
    },
    required=("address", "name"),
)
AMOUNT_PASSED_ON = {"amount": parameters.integer(at_least=0)}
UPDATING = {
    **PAYING,
    "application_fee_amount": parameters.unsettable(parameters.integer(at_least=0)),
    "amount": parameters.integer(at_least=1),
    "capture_method": parameters.choice("automatic", "automatic_async", "manual"),
    "currency": currencies.currency,
    "customer": parameters.text(5000),
    "description": parameters.unsettable(parameters.text(1000)),
    "metadata": metadata.changes,
    "shipping": parameters.unsettable(SHIPPING),
    "transfer_data": parameters.nested(AMOUNT_PASSED_ON),
    "transfer_group": parameters.unsettable(parameters.text(5000)),
    "statement_descriptor": parameters.text(22),
    "statement_descriptor_suffix": parameters.text(22),
}
CONFIRMING = {
    # Mandates are not kept: bank accounts are debited without one here.
    "mandate_data": parameters.anything,
    "error_on_requires_action": parameters.boolean,
    "off_session": parameters.boolean,
    "return_url": parameters.web_address,
    "use_stripe_sdk": parameters.boolean,
}
CREATING = {
    **UPDATING,
    **CONFIRMING,
    "on_behalf_of": parameters.text(5000),
    "transfer_data": parameters.nested(
        {**AMOUNT_PASSED_ON, "destination": parameters.text(5000)},
        required=("destination",),
        not_emulated=("description", "metadata", "payment_data"),
    ),
    "automatic_payment_methods": parameters.nested(
        {
            "enabled": parameters.boolean,
            "allow_redirects": parameters.choice("always", "never"),
        },
        required=("enabled",),
    ),
    "confirm": parameters.boolean,
    "confirmation_method": parameters.choice("automatic"),
}
CAPTURING = {
    "amount_to_capture": parameters.integer(at_least=1),
    "application_fee_amount": parameters.integer(at_least=0),
    "metadata": metadata.changes,
    "transfer_data": parameters.nested(AMOUNT_PASSED_ON),
}
NOT_EMULATED_WHEN_CAPTURING = (
    "amount_details",
    "final_capture",
    "hooks",
    "payment_details",
    "statement_descriptor",
    "statement_descriptor_suffix",
)
NOT_EMULATED_WHEN_UPDATING = (
    "allowed_payment_method_types",
    "amount_details",
    "customer_account",
    "excluded_payment_method_types",
    "hooks",
    "payment_details",
    "payment_method_configuration",
    "payment_method_options",
    "setup_future_usage",
)
NOT_EMULATED_WHEN_CONFIRMING = (
    "allowed_payment_method_types",
    "amount_details",
    "amount_to_confirm",
    "capture_method",
    "confirmation_token",
    "excluded_payment_method_types",
    "hooks",
    "mandate",
    "payment_details",
    "payment_method_options",
    "radar_options",
    "setup_future_usage",
    "shipping",
)
NOT_EMULATED_WHEN_CREATING = (
    *NOT_EMULATED_WHEN_UPDATING,
    "confirmation_token",
    "mandate",
    "radar_options",
)
