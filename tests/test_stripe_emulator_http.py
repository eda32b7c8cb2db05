"""How the API is spoken: CORS, errors, versions, forms and amounts."""

import pytest
import requests

from stripe_emulator import currencies, forms
from stripe_emulator.errors import InvalidParameter
from tests.test_stripe_emulator_process import SECRET_KEY, shared_emulator


@pytest.fixture
def emulator():
    return shared_emulator()


def test_a_browser_may_ask_first_and_is_let_through(emulator):
    answer = emulator.http(
        "OPTIONS",
        "/v1/payment_intents/pi_1/confirm",
        key=None,
        headers={
            "Origin": "http://localhost:8000",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        },
    )
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert answer.headers["Access-Control-Allow-Headers"] == "authorization,content-type"
    assert "Access-Control-Allow-Origin" not in emulator.http("GET", "/").headers


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/customers"), ("DELETE", "/v1/payment_intents/pi_1"), ("PUT", "/v1/refunds")],
)
def test_an_unknown_url_is_a_404_in_stripes_words(emulator, method, path):
    answer = emulator.http(method, path)
    assert answer.status_code == 404
    message = answer.json()["error"]["message"]
    assert message.startswith(f"Unrecognized request URL ({method}: {path})")


def test_other_versions_and_other_content_types_are_refused(emulator):
    answer = emulator.http("GET", "/v1/refunds", headers={"Stripe-Version": "2020-08-27"})
    assert (answer.status_code, "2020-08-27" in answer.text) == (400, True)
    answer = emulator.http("POST", "/v1/refunds", json={"payment_intent": "pi_1"})
    assert (answer.status_code, "x-www-form-urlencoded" in answer.text) == (400, True)


@pytest.mark.parametrize(
    "body", [b"\xff=1", b"a[b=1", b"a=1&a[b]=2", b"=&&&", b"%ff=%fe", b"a" * 9]
)
def test_no_body_makes_it_stumble(emulator, body):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = emulator.session.post(
        emulator.url + "/v1/payment_intents",
        data=body,
        headers={**headers, "Authorization": f"Bearer {SECRET_KEY}"},
    )
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"


def test_one_connection_carries_many_requests(emulator):
    with requests.Session() as session:
        url = emulator.url + "/v1/payment_intents?limit=1"
        for _ in range(3):
            answer = session.get(
                url, headers={"Authorization": f"Bearer {SECRET_KEY}"}, stream=True
            )
            assert answer.raw.version == 11
            assert "close" not in answer.headers.get("Connection", "")
            answer.content  # noqa: B018


@pytest.mark.parametrize(
    ("text", "params"),
    [
        ("", {}),
        ("a=1&b=", {"a": "1", "b": ""}),
        ("metadata%5Border%5D=6&metadata[a.b]=c", {"metadata": {"order": "6", "a.b": "c"}}),
        ("expand[]=x&expand[]=y", {"expand": ["x", "y"]}),
        ("expand[0]=x&expand[1]=y", {"expand": {"0": "x", "1": "y"}}),
        ("a[b][c][d]=deep+down&a[b][e]=%C3%A9", {"a": {"b": {"c": {"d": "deep down"}, "e": "é"}}}),
        ("a=1&a=2", {"a": "2"}),
    ],
)
def test_forms_are_read_as_deep_as_they_go(text, params):
    assert forms.decode(text) == params


@pytest.mark.parametrize("text", ["a[b=1", "[a]=1", "a]=1", "a=1&a[b]=2", "a[]=1&a[b]=2", "%FF=1"])
def test_forms_that_mean_nothing_are_refused(text):
    with pytest.raises(InvalidParameter):
        forms.decode(text)


def test_numbered_items_are_a_list_in_the_order_of_their_numbers():
    assert forms.as_list({"10": "c", "0": "a", "9": "b"}) == ["a", "b", "c"]
    assert forms.as_list({"a": "x"}) is forms.as_list("x") is None


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (1250, "eur", "€12.50"),
        (123456789, "usd", "$1,234,567.89"),
        (1200, "jpy", "¥1,200"),
        (1500, "kwd", "KWD 1.500"),
        (500, "isk", "ISK 5.00"),
        (5, "gbp", "£0.05"),
    ],
)
def test_amounts_are_spoken_with_their_currencys_decimals(amount, currency, text):
    assert currencies.spoken(amount, currency) == text
