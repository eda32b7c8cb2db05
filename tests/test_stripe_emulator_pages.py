"""What the pay pages tell: whom one pays, how much, and how it stands; also in a real browser."""

import re

import pytest

from tests.browser import chromium
from tests.test_stripe_emulator_pay_page import BACK, CARD, Browser, Page, pay_url
from tests.test_stripe_emulator_process import eventually, shared_emulator

__all__ = ["chromium"]
NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def emulator():
    emulator = shared_emulator()
    yield emulator
    emulator.control("reset")


@pytest.fixture
def intents(emulator):
    return emulator.stripe.v1.payment_intents


@pytest.fixture
def browser(emulator):
    return Browser(emulator)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en-US,en;q=0.9", "€1,234.50"),
        ("de-DE,de;q=0.9", f"1.234,50{NBSP}€"),
        ("fr", f"1{NBSP}234,50{NBSP}€"),
        ("ja", "€1,234.50"),
        ("xx-unknown", "€1,234.50"),
        ("\x01,;q=x", "€1,234.50"),
    ],
)
def test_amounts_are_written_as_the_reader_is_used_to(emulator, language, text):
    intent = emulator.intent(amount=123450)
    page = emulator.http(
        "GET", pay_url(intent), key=None, headers={"Accept-Language": language.encode()}
    )
    assert text in page.text.replace("\u202f", NBSP)


def test_the_page_names_who_is_paid(emulator, browser):
    assert "Marquee" in browser.open(pay_url(emulator.intent())).text
    theater = emulator.intent(metadata={"theater": "Lichtspielhaus"})
    assert "Lichtspielhaus" in browser.open(pay_url(theater)).text
    emulator.control("accounts", id="acct_1Named", name="Kino Luna")
    passed_on = emulator.intent(transfer_data={"destination": "acct_1Named"})
    assert "Kino Luna" in browser.open(pay_url(passed_on)).text


def test_paying_later_is_offered_where_the_currency_has_a_way(emulator, browser):
    euros = browser.open(pay_url(emulator.intent()))
    dollars = browser.open(pay_url(emulator.intent(currency="usd")))
    yen = browser.open(pay_url(emulator.intent(currency="jpy", amount=1200)))
    assert "SEPA Direct Debit" in euros.text
    assert "US bank account" in dollars.text
    assert ["Pay later" in page.text for page in (euros, dollars, yen)] == [True, True, False]


@pytest.mark.parametrize(
    "fields",
    [
        {"payment_method": "pm_success_de"},
        {"bank": "sepa_debit", "account": "DE89 3704 0044 0532 0130 00"},
    ],
)
def test_a_debit_is_on_its_way_until_the_bank_has_answered(emulator, browser, intents, fields):
    intent = emulator.intent()
    page = browser.send(browser.open(pay_url(intent)), **fields)
    assert "Your payment is on its way" in page.text
    assert "SEPA Direct Debit ending in 3000" in page.text
    assert "redirect_status=pending" in page.links["Return to localhost:8000"]
    assert page.forms == []
    assert eventually(lambda: intents.retrieve(intent.id).status == "succeeded")
    assert "Paid" in browser.open(page.links["Look again"]).text


def test_an_account_that_cannot_be_is_refused_on_the_page(emulator, browser, intents):
    intent = emulator.intent()
    page = browser.send(browser.open(pay_url(intent)), bank="sepa_debit", account="DE00")
    assert (page.status, "account number you provided is invalid" in page.text) == (402, True)
    other = browser.send(page, bank="us_bank_account", account="000123456789")
    assert (other.status, "is not allowed for this PaymentIntent" in other.text) == (402, True)
    assert intents.retrieve(intent.id).status == "requires_payment_method"


def test_money_that_is_held_back_is_approved(emulator, browser):
    intent = emulator.intent(capture_method="manual")
    page = browser.send(browser.open(pay_url(intent)), number="4242 4242 4242 4242", **CARD)
    assert "Approved" in page.text
    assert "The money is held back" in page.text


def test_a_receipt_says_what_was_paid_and_given_back(emulator):
    intent = emulator.paid(expand=["latest_charge"], metadata={"theater": "<b>Luna</b>"})
    emulator.stripe.v1.refunds.create({"payment_intent": intent.id, "amount": 250})
    url = intent.latest_charge.receipt_url
    assert url.startswith(f"{emulator.url}/receipts/")
    page = Page(emulator.http("GET", url.removeprefix(emulator.url), key=None))
    for text in ("€12.50", "€2.50", "Metropolis, 2 seats", "Card ending in 4242", "<b>Luna</b>"):
        assert text in page.text
    assert intent.client_secret not in page.html
    assert emulator.http("GET", "/receipts/ch_nobody", key=None).status_code == 404
    assert emulator.http("POST", "/receipts/ch_nobody", key=None).status_code == 405


def luminance(colour):
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(element):
    """The contrast of an element's text with the ground behind it, as WCAG 2.2 counts it."""
    ink, ground = element.evaluate(
        """element => {
            let holder = element;
            const ground = holder => getComputedStyle(holder).backgroundColor;
            while (ground(holder) === "rgba(0, 0, 0, 0)") holder = holder.parentElement;
            return [getComputedStyle(element).color, ground(holder)];
        }"""
    )
    light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_page_is_readable_on_any_screen_by_day_and_night(emulator, chromium, scheme, width):
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, locale="en-US"
    )
    requested = []
    page = context.new_page()
    page.on("request", lambda request: requested.append(request.url))
    page.goto(emulator.url + pay_url(emulator.intent()))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert {url.split("/")[2] for url in requested if url.startswith("http")} == {
        emulator.url.removeprefix("http://")
    }
    words = page.query_selector_all("h1, h2, p, label, button, a, summary, .soft, .notice span")
    poor = [word.inner_text() for word in words if word.is_visible() and contrast(word) < 4.5]
    assert poor == []
    context.close()


def test_one_pays_with_the_keyboard_alone(emulator, chromium, intents):
    context = chromium.new_context(locale="en-US")
    page = context.new_page()
    intent = emulator.intent()
    page.goto(emulator.url + pay_url(intent))
    typed = {"number": "4000000000000002", "expiry": "12/40", "cvc": "123"}
    for name, text in typed.items():
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.name") == name
        page.keyboard.type(text)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    assert page.title().startswith("Problem: ")
    number = page.get_by_label("Card number")
    assert number.get_attribute("aria-invalid") == "true"
    number.fill("4242424242424242")
    page.get_by_label("Expiry").fill("12/40")
    page.get_by_label("Security code").fill("123")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Return to")
    assert intents.retrieve(intent.id).status == "succeeded"
    assert page.get_by_role("link", name="Return to").get_attribute("href").startswith(BACK)
    context.close()


def test_a_screen_reader_finds_names_for_everything(emulator, chromium):
    context = chromium.new_context(locale="en-US")
    page = context.new_page()
    page.goto(emulator.url + pay_url(emulator.intent()))
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.locator("main").count() == page.locator("h1").count() == 1
    assert page.evaluate(
        "[...document.querySelectorAll('input:not([type=hidden])')].every(i => i.labels.length)"
    )
    decline = page.get_by_role("button", name="Decline", exact=True)
    described = decline.get_attribute("aria-describedby")
    assert page.locator(f"#{described}").inner_text() == "The bank declines the card"
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(element => element.id)")
    assert len(ids) == len(set(ids))
    context.close()
