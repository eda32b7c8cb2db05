"""Who may ask for what: the secret key, and Stripe.js with the publishable one."""

import base64

import pytest
import requests
import stripe

from tests.test_stripe_emulator_process import PUBLISHABLE_KEY, SECRET_KEY, shared_emulator


@pytest.fixture
def emulator():
    return shared_emulator()


@pytest.fixture
def intents(emulator):
    return emulator.stripe.v1.payment_intents


@pytest.mark.parametrize("key", ["sk_test_wrong_key_1234", "", "pk_test_wrong"])
def test_a_wrong_key_is_a_401(emulator, key):
    answer = emulator.http("GET", "/v1/payment_intents", key=key)
    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "invalid_request_error"
    assert "wrong_key" not in answer.text
    if key.startswith("sk"):
        with pytest.raises(stripe.AuthenticationError):
            emulator.sdk(key).v1.payment_intents.list()


def test_the_secret_key_works_as_basic_authentication_but_not_as_a_parameter(emulator):
    url = emulator.url + "/v1/payment_intents"
    assert requests.get(url, auth=(SECRET_KEY, "")).status_code == 200
    assert requests.get(url, params={"key": SECRET_KEY}).status_code == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/payment_intents"),
        ("GET", "/v1/payment_intents"),
        ("POST", "/v1/payment_intents/{}"),
        ("POST", "/v1/payment_intents/{}/cancel"),
        ("GET", "/v1/refunds"),
        ("POST", "/v1/refunds"),
        ("GET", "/v1/charges"),
        ("GET", "/v1/events"),
    ],
)
def test_the_publishable_key_opens_nothing_else(emulator, method, path):
    intent = emulator.intent()
    form = {"client_secret": intent.client_secret}
    answer = emulator.http(method, path.format(intent.id), form, key=PUBLISHABLE_KEY)
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "secret_key_required"


def _with_key(kind):
    basic = base64.b64encode(f"{PUBLISHABLE_KEY}:".encode()).decode()
    return {
        "bearer": ({"Authorization": f"Bearer {PUBLISHABLE_KEY}"}, {}),
        "basic": ({"Authorization": f"Basic {basic}"}, {}),
        "field": ({}, {"key": PUBLISHABLE_KEY, "_stripe_version": "2026-10-28.endive"}),
    }[kind]


@pytest.mark.parametrize("kind", ["bearer", "basic", "field"])
def test_a_customer_pays_with_the_publishable_key_and_the_client_secret(emulator, intents, kind):
    intent = emulator.intent(metadata={"internal": "secret"})
    headers, form = _with_key(kind)
    url = f"{emulator.url}/v1/payment_intents/{intent.id}"
    confirmed = requests.post(
        url + "/confirm",
        headers=headers,
        data={
            **form,
            "client_secret": intent.client_secret,
            "payment_method_data[type]": "card",
            "payment_method_data[card][number]": "4242 4242 4242 4242",
            "payment_method_data[card][exp_month]": "12",
            "payment_method_data[card][exp_year]": "40",
            "payment_method_data[card][cvc]": "123",
            "expected_payment_method_type": "card",
            "use_stripe_sdk": "true",
        },
    )
    assert confirmed.status_code == 200, confirmed.text
    form.pop("_stripe_version", None)
    public = {"client_secret": intent.client_secret}
    seen = requests.get(
        url, headers=headers, params={**({"key": form["key"]} if form else {}), **public}
    )
    assert seen.json()["status"] == confirmed.json()["status"] == "succeeded"
    assert "metadata" not in seen.json()
    assert seen.headers["Access-Control-Allow-Origin"] == "*"
    assert intents.retrieve(intent.id).status == "succeeded"


@pytest.mark.parametrize("secret", [None, "", "pi_x_secret_y", "OTHER"])
def test_a_wrong_client_secret_neither_shows_nor_pays(emulator, intents, secret):
    intent = emulator.intent()
    if secret == "OTHER":
        secret = emulator.intent().client_secret
    form = {} if secret is None else {"client_secret": secret}
    path = f"/v1/payment_intents/{intent.id}"
    shown = emulator.http("GET", path, form, key=PUBLISHABLE_KEY)
    paid = emulator.http(
        "POST", path + "/confirm", {**form, "payment_method": "pm_card_visa"}, key=PUBLISHABLE_KEY
    )
    for answer in (shown, paid):
        assert answer.status_code == 400
        assert intent.client_secret not in answer.text
    assert intents.retrieve(intent.id).status == "requires_payment_method"


def test_errors_show_a_customer_no_more_than_the_public_form(emulator):
    intent = emulator.intent(metadata={"internal": "yes"})
    answers = [
        emulator.http(
            "POST",
            f"/v1/payment_intents/{intent.id}/confirm",
            {"payment_method": method, "client_secret": intent.client_secret},
            key=PUBLISHABLE_KEY,
        )
        for method in ("pm_card_chargeDeclined", "pm_card_visa", "pm_card_visa")
    ]
    assert [answer.status_code for answer in answers] == [402, 200, 400]
    for answer in (answers[0], answers[2]):
        assert "metadata" not in answer.json()["error"]["payment_intent"]
        assert answer.json()["error"]["payment_intent"]["client_secret"] == intent.client_secret


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("number", "4242424242424241", "incorrect_number"),
        ("number", "4242", "invalid_number"),
        ("number", "4111111111111111", "card_declined"),
        ("exp_month", "13", "invalid_expiry_month"),
        ("exp_year", "2020", "invalid_expiry_year"),
        ("cvc", "12", "invalid_cvc"),
    ],
)
def test_a_card_that_cannot_be_is_refused_and_changes_nothing(
    emulator, intents, field, value, code
):
    intent = emulator.intent()
    card = {"number": "4242424242424242", "exp_month": "12", "exp_year": "2040", "cvc": "123"}
    form = {f"payment_method_data[card][{k}]": v for k, v in (card | {field: value}).items()}
    answer = emulator.http(
        "POST",
        f"/v1/payment_intents/{intent.id}/confirm",
        {**form, "payment_method_data[type]": "card", "client_secret": intent.client_secret},
        key=PUBLISHABLE_KEY,
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (402, code)
    assert intents.retrieve(intent.id).status == "requires_payment_method"
