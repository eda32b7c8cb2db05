"""The pay page as a browser without scripts uses it: pages, forms, redirects."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.test_stripe_emulator_process import shared_emulator

BACK = "http://localhost:8000/bookings/B7?tab=1"


@pytest.fixture
def emulator():
    return shared_emulator()


@pytest.fixture
def intents(emulator):
    return emulator.stripe.v1.payment_intents


class Page:
    def __init__(self, answer):
        self.status = answer.status_code
        self.html = answer.text
        self.headers = answer.headers
        self.forms = re.findall(r"<form.*?</form>", self.html, re.DOTALL)
        self.links = {
            unescape(text): unescape(href)
            for href, text in re.findall(r'<a [^>]*href="([^"]*)"[^>]*>([^<]*)</a>', self.html)
        }
        self.text = unescape(re.sub(r"<[^>]*>", " ", self.html.partition("</style>")[2]))

    def hidden(self):
        """The hidden fields of the first form."""
        fields = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', self.forms[0])
        return {name: unescape(value) for name, value in fields}


class Browser:
    """Follows redirects of the emulator's own; stops where one leads to the shop."""

    def __init__(self, emulator):
        self.emulator = emulator
        self.url = None

    def open(self, url):
        self.url = url
        return self._arrive(self.emulator.http("GET", self._path(url), key=None))

    def send(self, page, **fields):
        form = page.hidden() | fields
        return self._arrive(self.emulator.http("POST", self._path(self.url), form, key=None))

    def _path(self, url):
        return url.removeprefix(self.emulator.url)

    def _arrive(self, answer):
        if answer.status_code != 303:
            return Page(answer)
        self.url = answer.headers["Location"]
        if self._path(self.url).startswith("/"):
            return self.open(self.url)
        return None


@pytest.fixture
def browser(emulator):
    return Browser(emulator)


def pay_url(intent, return_url=BACK):
    return f"/pay/{intent.id}?client_secret={intent.client_secret}&return_url={return_url}"


CARD = {"expiry": "12 / 40", "cvc": "123"}


def test_the_page_shows_what_is_paid_and_that_no_money_moves(emulator, browser):
    page = browser.open(pay_url(emulator.intent(amount=123456)))
    assert page.status == 200
    assert "€1,234.56" in page.text
    assert "Metropolis, 2 seats" in page.text
    assert "no money moves" in page.text
    for number in ("4242 4242 4242 4242", "4000 0000 0000 0002", "4000 0025 0000 3155"):
        assert number in page.html
    for choice in ("Pay", "Decline", "3-D Secure"):
        assert f">{choice}</button>" in page.html
    assert page.links["Walk away"] == BACK


@pytest.mark.parametrize(
    ("amount", "currency", "text"), [(1200, "jpy", "¥1,200"), (4500, "kwd", "KWD 4.500")]
)
def test_amounts_have_their_currencys_decimals(emulator, browser, amount, currency, text):
    assert text in browser.open(pay_url(emulator.intent(amount=amount, currency=currency))).text


def test_the_page_loads_nothing_runs_nothing_and_does_not_pass_the_secret_on(emulator, browser):
    page = browser.open(pay_url(emulator.intent()))
    assert "<script" not in page.html
    assert re.findall(r'(?:src|href)="(https?:[^"]*)"', page.html) == [BACK]
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_a_typed_card_pays_and_leads_back_to_the_shop(emulator, browser, intents):
    intent = emulator.intent()
    page = browser.open(pay_url(intent))
    paid = browser.send(page, number="4242 4242 4242 4242", **CARD)
    assert intents.retrieve(intent.id).status == "succeeded"
    assert "Paid" in paid.text
    assert "€12.50" in paid.text
    assert "ending in 4242" in paid.text
    assert paid.forms == []
    back = paid.links["Return to localhost:8000"]
    assert back.startswith(BACK + "&")
    assert parse_qs(urlsplit(back).query)["redirect_status"] == ["succeeded"]
    assert parse_qs(urlsplit(back).query)["payment_intent"] == [intent.id]


def test_the_quick_button_pays_without_a_return_url(emulator, browser, intents):
    intent = emulator.intent()
    page = browser.open(f"/pay/{intent.id}?client_secret={intent.client_secret}")
    paid = browser.send(page, payment_method="pm_card_visa")
    assert "You can close this page" in paid.text
    assert intents.retrieve(intent.id).status == "succeeded"


@pytest.mark.parametrize(
    "fields",
    [
        {"payment_method": "pm_card_visa_chargeDeclined"},
        {"number": "4000000000000002", **CARD},
    ],
)
def test_a_declined_card_says_so_and_another_may_be_tried(emulator, browser, intents, fields):
    intent = emulator.intent()
    declined = browser.send(browser.open(pay_url(intent)), **fields)
    assert "Your card was declined." in declined.text
    assert intents.retrieve(intent.id).status == "requires_payment_method"
    paid = browser.send(declined, payment_method="pm_card_visa")
    assert "Paid" in paid.text


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"number": "4242 4242 4242 4241", **CARD}, "card number is incorrect"),
        ({"number": "not a card", **CARD}, "card number is invalid"),
        ({"number": "", **CARD}, "card number is invalid"),
        ({"number": "4111 1111 1111 1111", **CARD}, "used a non test card"),
        ({"number": "4242424242424242", "expiry": "12/20"}, "expiration year is invalid"),
        ({"number": "4242424242424242", "expiry": "13/40"}, "expiration month is invalid"),
        ({"number": "4242424242424242", "expiry": "soon"}, "expiration month is invalid"),
        ({"number": "4242424242424242", "expiry": "12/40", "cvc": "x"}, "security code is invalid"),
    ],
)
def test_a_card_that_cannot_be_is_refused_on_the_page(emulator, browser, intents, fields, problem):
    intent = emulator.intent()
    page = browser.send(browser.open(pay_url(intent)), **fields)
    assert (page.status, problem in page.text) == (402, True)
    assert intents.retrieve(intent.id).last_payment_error is None
    assert fields["number"] == "" or fields["number"] not in page.html.partition("Test cards")[0]


def test_3d_secure_approved_pays(emulator, browser, intents):
    intent = emulator.intent()
    bank = browser.send(browser.open(pay_url(intent)), number="4000 0025 0000 3155", **CARD)
    assert intents.retrieve(intent.id).status == "requires_action"
    assert "€12.50" in bank.text
    assert "•••• 3155" in bank.text
    paid = browser.send(bank, answer="approve")
    assert "Paid" in paid.text
    assert "Return to localhost:8000" in paid.links
    charge = intents.retrieve(intent.id, {"expand": ["latest_charge"]}).latest_charge
    assert charge.payment_method_details.card.three_d_secure.result == "authenticated"


def test_3d_secure_failed_says_so_and_another_card_may_be_tried(emulator, browser, intents):
    intent = emulator.intent()
    bank = browser.send(
        browser.open(pay_url(intent)), payment_method="pm_card_authenticationRequiredOnSetup"
    )
    failed = browser.send(bank, answer="fail")
    assert "failed authentication" in failed.text
    after = intents.retrieve(intent.id)
    assert after.status == "requires_payment_method"
    assert after.last_payment_error.code == "payment_intent_authentication_failure"
    assert after.latest_charge is None
    assert "Paid" in browser.send(failed, payment_method="pm_card_visa").text


@pytest.mark.parametrize(("answer", "status"), [("approve", "succeeded"), ("fail", "failed")])
def test_3d_secure_begun_by_the_api_leads_to_its_return_url(emulator, browser, answer, status):
    intent = emulator.intent(
        confirm=True, payment_method="pm_card_threeDSecure2Required", return_url=BACK + "#seats"
    )
    assert browser.send(browser.open(intent.next_action.redirect_to_url.url), answer=answer) is None
    back = urlsplit(browser.url)
    assert (back.netloc, back.path, back.fragment) == ("localhost:8000", "/bookings/B7", "seats")
    query = parse_qs(back.query)
    assert (query["tab"], query["redirect_status"]) == (["1"], [status])
    assert query["payment_intent_client_secret"] == [intent.client_secret]


def test_3d_secure_may_still_end_in_a_decline(emulator, browser, intents):
    method = "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds"
    intent = emulator.intent(confirm=True, payment_method=method)
    page = browser.send(browser.open(intent.next_action.redirect_to_url.url), answer="approve")
    assert "insufficient funds" in page.text
    assert intents.retrieve(intent.id).latest_charge is not None


def test_an_old_challenge_approves_nothing(emulator, browser, intents):
    intent = emulator.intent(confirm=True, payment_method="pm_card_authenticationRequired")
    old = browser.open(intent.next_action.redirect_to_url.url)
    intents.update(intent.id, {"amount": 99999})
    page = browser.send(old, answer="approve")
    assert "€999.99" in page.text
    assert intents.retrieve(intent.id).status == "requires_confirmation"


def test_only_the_newest_challenge_counts(emulator, browser, intents):
    method = "pm_card_authenticationRequired"
    intent = emulator.intent(confirm=True, payment_method=method)
    old = browser.open(intent.next_action.redirect_to_url.url)
    intents.confirm(intent.id, {"payment_method": method})
    browser.send(old, answer="approve")
    assert intents.retrieve(intent.id).status == "requires_action"


def test_a_customer_who_closed_the_banks_page_may_go_on_or_use_another_card(emulator, browser):
    intent = emulator.intent(confirm=True, payment_method="pm_card_authenticationRequired")
    page = browser.open(pay_url(intent))
    assert page.links["Continue to your bank"] == intent.next_action.redirect_to_url.url
    assert "Paid" in browser.send(page, payment_method="pm_card_visa").text


def test_walking_away_leaves_the_payment_open(emulator, browser, intents):
    intent = emulator.intent()
    page = browser.open(f"/pay/{intent.id}?client_secret={intent.client_secret}")
    left = browser.open(page.links["Walk away"])
    assert "You left without paying" in left.text
    assert intents.retrieve(intent.id).status == "requires_payment_method"
    assert "Paid" in browser.send(left, payment_method="pm_card_visa").text


def test_a_cancelled_payment_says_so_and_cannot_be_paid(emulator, browser, intents):
    intent = emulator.intent()
    page = browser.open(pay_url(intent))
    intents.cancel(intent.id)
    late = browser.send(page, payment_method="pm_card_visa")
    assert "This payment was cancelled" in late.text
    assert late.links["Return to localhost:8000"] == BACK
    assert late.forms == []
    assert intents.retrieve(intent.id).status == "canceled"


def test_pressing_pay_twice_pays_once(emulator, browser):
    intent = emulator.intent()
    page = browser.open(pay_url(intent))
    for _ in range(2):
        assert "Paid" in browser.send(page, payment_method="pm_card_visa").text
    assert len(emulator.stripe.v1.charges.list({"payment_intent": intent.id}).data) == 1


@pytest.mark.parametrize("secret", ["", "wrong", "é"])
@pytest.mark.parametrize("path", ["/pay/{}", "/pay/{}/3d-secure", "/pay/pi_nobody"])
def test_without_the_client_secret_there_is_no_such_payment(emulator, intents, path, secret):
    intent = emulator.intent()
    url = path.format(intent.id)
    for method in ("GET", "POST"):
        form = {"client_secret": secret, "payment_method": "pm_card_visa", "answer": "approve"}
        answer = emulator.http(method, url, form, key=None)
        assert answer.status_code == 404
        assert "Metropolis" not in answer.text
    assert intents.retrieve(intent.id).status == "requires_payment_method"


@pytest.mark.parametrize(
    "return_url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "ftp://a",
        "https:evil",
        "http://[x",
        "java%0ascript:x",
        "http:%5C%5Cevil.example",
    ],
)
def test_only_web_addresses_are_linked(emulator, browser, return_url):
    page = browser.open(pay_url(emulator.intent(), return_url))
    assert page.links["Walk away"].startswith("/pay/")
    assert "return_url" not in page.hidden()
    paid = browser.send(page, payment_method="pm_card_visa", return_url=return_url)
    assert paid.links == {}


def test_what_the_shop_wrote_is_text_and_never_markup(emulator, browser):
    intent = emulator.intent(description='<script>alert("1")</script>')
    page = browser.open(pay_url(intent, 'http://localhost/"><script>x</script>'))
    paid = browser.send(page, payment_method="pm_card_visa")
    front = Page(emulator.http("GET", "/", key=None))
    for shown in (page, paid, front):
        assert "<script" not in shown.html
        assert "&lt;script&gt;" in shown.html


def test_the_front_page_lists_what_happened(emulator):
    intent = emulator.paid(amount=4321)
    page = Page(emulator.http("GET", "/", key=None))
    assert f"/pay/{intent.id}?client_secret={intent.client_secret}" in page.links.values()
    assert "€43.21" in page.text
    assert "payment_intent.succeeded" in page.text
    assert "delivered to nobody" in page.text
