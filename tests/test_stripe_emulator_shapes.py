"""Every answer of the emulator against the SDK's own types, at the SDK's own API version."""

import typing
from functools import cache
from urllib.parse import parse_qsl, urlsplit

import pytest
import stripe

from tests.test_stripe_emulator_process import PUBLISHABLE_KEY, eventually, shared_emulator


@pytest.fixture
def emulator():
    return shared_emulator()


class NotExported:
    """Stands for a type of the SDK's that has no public name; nothing of ours may be one."""


class Names(dict):
    def __missing__(self, name):
        return getattr(stripe, name, NotExported)


@cache
def fields_of(cls):
    """The attributes that an SDK class declares, by name, with their types."""
    hints = typing.get_type_hints(cls, localns=Names())
    return {
        name: kind
        for name, kind in hints.items()
        if not name.startswith("_") and typing.get_origin(kind) is not typing.ClassVar
    }


def problems(value, kind, at="it"):
    """In what way `value`, as it came over HTTP, is not a `kind` of the SDK's."""
    origin = typing.get_origin(kind) or kind
    arguments = typing.get_args(kind)
    if kind is typing.Any or isinstance(kind, typing.TypeVar):
        return []
    if origin is typing.Union:
        return _none_of(value, arguments, at)
    if origin is typing.Literal:
        return [] if value in arguments else [f"{at} is {value!r}, none of {arguments[:9]}"]
    if origin is list:
        if not isinstance(value, list):
            return [f"{at} is no list"]
        return [
            p for n, item in enumerate(value) for p in problems(item, arguments[0], f"{at}.{n}")
        ]
    if isinstance(origin, type) and issubclass(origin, stripe.StripeObject):
        return _object_problems(value, origin, arguments, at)
    expected = (int, float) if origin is float else origin
    if isinstance(value, expected) and (origin is bool or not isinstance(value, bool)):
        return []
    return [f"{at} is {value!r}, not {kind}"]


def _none_of(value, kinds, at):
    # `Union[Literal[…], str]` is how the SDK leaves room for tomorrow's values. We know today's.
    if isinstance(value, str) and any(typing.get_origin(k) is typing.Literal for k in kinds):
        kinds = [kind for kind in kinds if kind is not str]
    tried = [problems(value, kind, at) for kind in kinds]
    return min(tried, key=lambda found: (len(found), "not <class 'NoneType'>" in str(found)))


def _object_problems(value, cls, arguments, at):
    if not isinstance(value, dict):
        return [f"{at} is {value!r}, not {cls.__name__}"]
    if cls.__name__ == "UntypedStripeObject":
        return [p for name, item in value.items() for p in problems(item, arguments[0], name)]
    fields = dict(fields_of(cls))
    if issubclass(cls, stripe.ListObject):
        fields |= {"data": list[arguments[0]], "object": typing.Literal["list"]}
    found = [f"{at}.{name} is unknown to {cls.__name__}" for name in value if name not in fields]
    for name, kind in fields.items():
        if name in value:
            found += problems(value[name], kind, f"{at}.{name}")
        elif type(None) not in typing.get_args(kind):
            found.append(f"{at}.{name} is missing")
    return found


def assert_is(value, kind):
    assert problems(value, kind) == []


def test_the_checker_itself_finds_what_is_wrong(emulator):
    intent = emulator.http("GET", f"/v1/payment_intents/{emulator.intent().id}").json()
    assert problems(intent, stripe.PaymentIntent) == []
    for field, wrong in [
        ("amount", "1250"),
        ("amount", None),
        ("livemode", 0),
        ("status", "paid"),
        ("object", "charge"),
        ("metadata", {"a": 1}),
        ("payment_method_types", ["card", 3]),
        ("latest_charge", 7),
        ("automatic_payment_methods", {"allow_redirects": "always"}),
        ("next_action", {"type": "redirect_to_url", "redirect_to_url": {"link": "x"}}),
        ("surprise", True),
    ]:
        assert problems({**intent, field: wrong}, stripe.PaymentIntent), field
    del intent["currency"]
    assert problems(intent, stripe.PaymentIntent) == ["it.currency is missing"]


def test_the_emulator_and_the_sdk_speak_of_the_same_api_version(emulator):
    health = emulator.http("GET", "/health").json()
    assert health["api_version"] == stripe.api_version
    answer = emulator.http("GET", "/v1/payment_intents")
    assert answer.headers["Stripe-Version"] == stripe.api_version


def test_an_intent_has_the_sdks_shape_in_each_of_its_states(emulator):
    client = emulator.stripe.v1.payment_intents
    intents = {
        "requires_payment_method": emulator.intent(),
        "requires_confirmation": emulator.intent(payment_method="pm_card_visa"),
        "requires_action": emulator.intent(
            confirm=True, payment_method="pm_card_authenticationRequired"
        ),
        "succeeded": emulator.paid(metadata={"booking": "7"}, receipt_email="a@example.com"),
        "canceled": client.cancel(emulator.intent().id, {"cancellation_reason": "abandoned"}),
    }
    for status, intent in intents.items():
        raw = emulator.http("GET", f"/v1/payment_intents/{intent.id}").json()
        assert raw["status"] == status
        assert_is(raw, stripe.PaymentIntent)


def test_a_paid_intent_has_the_sdks_shape_with_everything_expanded(emulator):
    intent = emulator.paid()
    eventually(
        lambda: emulator.stripe.v1.charges.retrieve(intent.latest_charge).balance_transaction
    )
    emulator.stripe.v1.refunds.create({"payment_intent": intent.id, "amount": 50})
    raw = emulator.http(
        "GET",
        f"/v1/payment_intents/{intent.id}",
        {
            "expand[0]": "latest_charge.balance_transaction",
            "expand[1]": "latest_charge.refunds",
            "expand[2]": "payment_method",
        },
    ).json()
    assert raw["latest_charge"]["balance_transaction"]["net"] == 1250 - 66
    assert raw["latest_charge"]["refunds"]["data"][0]["amount"] == 50
    assert raw["payment_method"]["card"]["last4"] == "4242"
    assert_is(raw, stripe.PaymentIntent)
    assert_is(raw["latest_charge"], stripe.Charge)
    assert_is(raw["latest_charge"]["balance_transaction"], stripe.BalanceTransaction)
    assert_is(raw["payment_method"], stripe.PaymentMethod)


def test_a_declined_intent_and_its_charge_have_the_sdks_shape(emulator):
    declined = emulator.intent()
    emulator.http(
        "POST",
        f"/v1/payment_intents/{declined.id}/confirm",
        {"payment_method": "pm_card_chargeDeclined"},
    )
    charges = emulator.http("GET", "/v1/charges", {"payment_intent": declined.id}).json()
    assert charges["data"][0]["status"] == "failed"
    assert_is(charges, stripe.ListObject[stripe.Charge])
    raw = emulator.http("GET", f"/v1/payment_intents/{declined.id}").json()
    assert raw["last_payment_error"]["decline_code"] == "generic_decline"
    assert_is(raw, stripe.PaymentIntent)


@pytest.mark.parametrize(("answer", "status"), [("approve", "succeeded"), ("fail", None)])
def test_an_answered_3d_secure_challenge_has_the_sdks_shape(emulator, answer, status):
    intent = emulator.intent(confirm=True, payment_method="pm_card_authenticationRequired")
    address = urlsplit(intent.next_action.redirect_to_url.url)
    form = dict(parse_qsl(address.query)) | {"answer": answer}
    assert emulator.http("POST", address.path, form, key=None).status_code == 303
    raw = emulator.http(
        "GET", f"/v1/payment_intents/{intent.id}", {"expand[]": "latest_charge"}
    ).json()
    assert (raw["latest_charge"] and raw["latest_charge"]["status"]) == status
    assert_is(raw, stripe.PaymentIntent)


def test_refunds_and_lists_of_everything_have_the_sdks_shape(emulator):
    intent = emulator.paid()
    created = emulator.http(
        "POST", "/v1/refunds", {"payment_intent": intent.id, "reason": "requested_by_customer"}
    ).json()
    assert_is(created, stripe.Refund)
    path = f"/v1/refunds/{created['id']}"
    assert eventually(
        lambda: "reference" in emulator.http("GET", path).json()["destination_details"]["card"]
    )
    assert_is(emulator.http("GET", path).json(), stripe.Refund)
    for path, kind in [
        ("/v1/payment_intents", stripe.PaymentIntent),
        ("/v1/refunds", stripe.Refund),
        ("/v1/charges", stripe.Charge),
        ("/v1/events", stripe.Event),
    ]:
        page = emulator.http("GET", path, {"limit": "100"}).json()
        assert page["data"], path
        assert page["url"] == path
        assert_is(page, stripe.ListObject[kind])


def test_the_object_inside_each_event_has_the_sdks_shape(emulator):
    kinds = {"payment_intent": stripe.PaymentIntent, "charge": stripe.Charge}
    kinds |= {"refund": stripe.Refund, "dispute": stripe.Dispute}
    kinds |= {"transfer": stripe.Transfer, "application_fee": stripe.ApplicationFee}
    intent = emulator.paid()
    emulator.stripe.v1.refunds.create({"payment_intent": intent.id})
    eventually(
        lambda: emulator.http("GET", "/v1/events", {"type": "refund.updated"}).json()["data"]
    )
    events = emulator.http("GET", "/v1/events", {"limit": "100"}).json()["data"]
    for event in events:
        inside = event["data"]["object"]
        assert_is(inside, kinds[inside["object"]])
        for name in event["data"].get("previous_attributes", {}):
            assert name in inside


def test_errors_have_the_sdks_shape(emulator):
    paid = emulator.paid()
    answers = [
        emulator.http("GET", "/v1/payment_intents/pi_nobody"),
        emulator.http("POST", "/v1/payment_intents", {"currency": "eur"}),
        emulator.http("POST", f"/v1/payment_intents/{paid.id}/cancel"),
        emulator.http(
            "POST",
            f"/v1/payment_intents/{emulator.intent().id}/confirm",
            {"payment_method": "pm_card_chargeDeclinedInsufficientFunds"},
        ),
        emulator.http("GET", "/v1/nothing"),
        emulator.http("GET", "/v1/refunds", key="sk_test_wrong"),
    ]
    assert [answer.status_code for answer in answers] == [404, 400, 400, 402, 404, 401]
    for answer in answers:
        assert list(answer.json()) == ["error"]
        assert_is(answer.json()["error"], stripe.ErrorObject)


def test_the_public_form_of_an_intent_holds_nothing_the_sdk_does_not_know(emulator):
    intent = emulator.paid(metadata={"internal": "yes"})
    raw = emulator.http(
        "GET",
        f"/v1/payment_intents/{intent.id}",
        {"client_secret": intent.client_secret},
        key=PUBLISHABLE_KEY,
    ).json()
    found = problems(raw, stripe.PaymentIntent)
    assert [problem for problem in found if not problem.endswith("is missing")] == []
    assert not {"metadata", "latest_charge", "customer", "amount_received"} & set(raw)


SENT_BY_THE_SDK = [
    ("POST", "/v1/payment_intents", "PaymentIntentCreateParams"),
    ("POST", "/v1/payment_intents/{intent}", "PaymentIntentUpdateParams"),
    ("POST", "/v1/payment_intents/{intent}/confirm", "PaymentIntentConfirmParams"),
    ("POST", "/v1/payment_intents/{intent}/cancel", "PaymentIntentCancelParams"),
    ("POST", "/v1/payment_intents/{intent}/capture", "PaymentIntentCaptureParams"),
    ("GET", "/v1/payment_intents/{intent}", "PaymentIntentRetrieveParams"),
    ("GET", "/v1/payment_intents", "PaymentIntentListParams"),
    ("POST", "/v1/refunds", "RefundCreateParams"),
    ("POST", "/v1/refunds/{refund}", "RefundUpdateParams"),
    ("GET", "/v1/refunds", "RefundListParams"),
    ("POST", "/v1/refunds/{refund}/cancel", "RefundCancelParams"),
    ("GET", "/v1/charges", "ChargeListParams"),
    ("POST", "/v1/charges/{charge}", "ChargeUpdateParams"),
    ("GET", "/v1/disputes", "DisputeListParams"),
    ("POST", "/v1/disputes/{dispute}", "DisputeUpdateParams"),
    ("POST", "/v1/disputes/{dispute}/close", "DisputeCloseParams"),
    ("GET", "/v1/transfers", "TransferListParams"),
    ("GET", "/v1/application_fees", "ApplicationFeeListParams"),
    ("GET", "/v1/balance_transactions", "BalanceTransactionListParams"),
    ("GET", "/v1/events", "EventListParams"),
]


def test_no_parameter_that_the_sdk_may_send_is_unknown(emulator):
    refund = emulator.stripe.v1.refunds.create({"payment_intent": emulator.paid().id})
    intent = emulator.intent()
    for method, path, params in SENT_BY_THE_SDK:
        names = set(getattr(stripe.params, params).__annotations__)
        names -= set(stripe.RequestOptions.__annotations__)
        form = {name: "x" for name in names if name != "expand"}
        url = path.format(intent=intent.id, refund=refund.id, charge="ch_1", dispute="du_1")
        answer = emulator.http(method, url, {**form, "surprise": "x"})
        message = answer.json()["error"]["message"]
        assert message == "Received unknown parameter: surprise", params
