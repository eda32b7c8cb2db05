"""The parameters that each call about a PaymentIntent takes, and those that only Stripe takes.

https://docs.stripe.com/api/payment_intents
"""

from stripe_emulator import currencies, metadata, parameters, payment_methods

PAYING = {
    "payment_method": parameters.unsettable(parameters.text(5000)),
    "payment_method_data": payment_methods.payment_method_data,
    "receipt_email": parameters.unsettable(parameters.email),
}
UPDATING = {
    **PAYING,
    "amount": parameters.integer(at_least=1),
    "capture_method": parameters.choice("automatic", "automatic_async"),
    "currency": currencies.currency,
    "customer": parameters.text(5000),
    "description": parameters.unsettable(parameters.text(1000)),
    "metadata": metadata.changes,
    "statement_descriptor": parameters.text(22),
    "statement_descriptor_suffix": parameters.text(22),
}
CONFIRMING = {
    "error_on_requires_action": parameters.boolean,
    "off_session": parameters.boolean,
    "return_url": parameters.web_address,
    "use_stripe_sdk": parameters.boolean,
}
CREATING = {
    **UPDATING,
    **CONFIRMING,
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
NOT_EMULATED_WHEN_UPDATING = (
    "allowed_payment_method_types",
    "amount_details",
    "application_fee_amount",
    "customer_account",
    "excluded_payment_method_types",
    "hooks",
    "payment_details",
    "payment_method_configuration",
    "payment_method_options",
    "setup_future_usage",
    "shipping",
    "transfer_data",
    "transfer_group",
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
    "mandate_data",
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
    "mandate_data",
    "on_behalf_of",
    "radar_options",
)
