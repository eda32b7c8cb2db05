"""Stripe's errors, each named for what happened and carrying its HTTP answer.

Shapes and codes: https://docs.stripe.com/api/errors and https://docs.stripe.com/error-codes
"""

DOC_URL = "https://stripe.com/docs/error-codes/{}"


class StripeError(Exception):
    """An answer other than 200. `fields` become the `error` object of the body."""

    status = 400
    type = "invalid_request_error"
    # Stripe stores an answer under its idempotency key once an endpoint has begun to work;
    # a request refused before that may be sent again with the same key.
    # https://docs.stripe.com/api/idempotent_requests
    refused_before_work_began = False

    def __init__(self, message, **fields):
        super().__init__(message)
        self.status = fields.pop("status", self.status)
        self.fields = {"message": message, "type": self.type, **fields}
        if code := self.fields.get("code"):
            self.fields["doc_url"] = DOC_URL.format(code.replace("_", "-"))

    def body(self):
        return {"error": {key: self.fields[key] for key in sorted(self.fields)}}


class InvalidRequest(StripeError):
    """The request asks for something that the state of things does not allow."""


class InvalidParameter(StripeError):
    refused_before_work_began = True


class UnknownParameters(InvalidParameter):
    def __init__(self, names):
        word = "parameter" if len(names) == 1 else "parameters"
        super().__init__(
            f"Received unknown {word}: {', '.join(names)}",
            code="parameter_unknown",
            param=names[0],
        )


class MissingParameter(InvalidParameter):
    def __init__(self, name):
        super().__init__(f"Missing required param: {name}.", code="parameter_missing", param=name)


class NotEmulated(InvalidParameter):
    """Stripe would take this parameter; the emulator says so instead of ignoring it."""

    def __init__(self, name):
        super().__init__(f"The Stripe emulator does not support `{name}`.", param=name)


class NoSuchObject(InvalidRequest):
    def __init__(self, noun, object_id, *, param, status=404):
        super().__init__(
            f"No such {noun}: '{object_id}'", code="resource_missing", param=param, status=status
        )


class NoSuchUrl(StripeError):
    status = 404
    refused_before_work_began = True

    def __init__(self, method, path):
        super().__init__(
            f"Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or "
            "we can help at https://support.stripe.com/."
        )


class Unauthenticated(StripeError):
    status = 401
    refused_before_work_began = True


class SecretKeyRequired(StripeError):
    status = 403
    refused_before_work_began = True

    def __init__(self):
        super().__init__(
            "This API call cannot be made with a publishable API key. Please use a secret API "
            "key. You can find a list of your API keys at "
            "https://dashboard.stripe.com/account/apikeys.",
            code="secret_key_required",
        )


class NoAccessToAccount(StripeError):
    status = 403
    refused_before_work_began = True

    def __init__(self, key, account_id):
        super().__init__(
            f"The provided key '{key}' does not have access to account '{account_id}' (or that "
            "account does not exist). Application access may have been revoked.",
            code="account_invalid",
        )


class NotCapable(InvalidRequest):
    """https://docs.stripe.com/connect/account-capabilities#transfers"""

    def __init__(self):
        super().__init__(
            "Your destination account needs to have at least one of the following capabilities "
            "enabled: transfers, crypto_transfers, legacy_payments",
            code="insufficient_capabilities_for_transfer",
        )


class KeyUsedDifferently(StripeError):
    type = "idempotency_error"
    refused_before_work_began = True


class KeyInUse(StripeError):
    status = 409
    type = "idempotency_error"
    refused_before_work_began = True

    def __init__(self, key):
        super().__init__(
            "There is currently another in-progress request using this Idempotent Key (that "
            "probably means you submitted twice, and the other request is still going through): "
            f"{key}. Please try again later.",
            code="idempotency_key_in_use",
        )


class UnexpectedState(InvalidRequest):
    """The PaymentIntent, shown inside the error, is not in a state that allows this."""

    def __init__(self, message, intent):
        super().__init__(message, code="payment_intent_unexpected_state", payment_intent=intent)


class CardError(StripeError):
    status = 402
    type = "card_error"


class InternalError(StripeError):
    status = 500
    type = "api_error"
    refused_before_work_began = True

    def __init__(self):
        super().__init__("An unknown error occurred")


class BrokenOnRequest(InternalError):
    """A 500 that somebody asked for."""


class RateLimited(StripeError):
    status = 429
    refused_before_work_began = True

    def __init__(self):
        super().__init__(
            "Request rate limit exceeded. You can learn more about rate limits here "
            "https://stripe.com/docs/rate-limits.",
            code="rate_limit",
        )
