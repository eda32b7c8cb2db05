"""A customer with a browser, from the poster to the tickets; and what the pages may load."""

import io
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import zxingcpp
from django.contrib.staticfiles import finders
from PIL import Image
from playwright.sync_api import expect
from rest_framework.test import APIClient

import storefront
from bookings.models import Booking
from movies.models import Movie
from showtimes.models import TakenSeat

from .browser import PHONE, chromium, watched_page

__all__ = ["chromium"]
GUEST = {"name": "Grace Hopper", "email": "grace@example.com"}
PAGES = [
    "/",
    "/film/1/",
    "/cinema/1/",
    "/showing/1/",
    "/booking/H7KQ3XMW/",
    "/booking/H7KQ3XMW/seats/",
    "/sign-in/",
    "/sign-up/",
    "/reset-password/",
    "/reset-password/7-d3k1x2-5f2b0c9e/",
    "/confirm-email/7-d3k1x2-5f2b0c9e/",
    "/my-bookings/",
]
SOURCES = sorted(
    path
    for path in Path(storefront.__file__).parent.rglob("*")
    if path.suffix in {".js", ".css", ".html", ".svg"}
)
NAMES = [path.name for path in SOURCES]


@pytest.fixture
def phone(chromium, live_server, stripe, settings):
    """A page of a browser on a phone. It fails the test on a script error or a foreign address."""
    settings.STRIPE_PAY_PAGE = f"{stripe.address}/pay/"
    watched = watched_page(chromium, live_server.url, others=[stripe.address], viewport=PHONE)
    with watched as page:
        yield page


def seat(page, label):
    return page.get_by_role("button", name=re.compile(f"^Row {label[0]} seat {label[1:]},"))


def hold(page):
    page.get_by_role("button", name=re.compile("^Hold .* for ")).click()
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"^\d+:\d\d$"))
    return page.url.rstrip("/").rpartition("/")[2]


def pay(page):
    return page.get_by_role("button", name=re.compile("^Pay "))


def test_a_guest_goes_from_the_poster_to_the_tickets(phone, showtime, seats, stripe, book):
    title = "<img src=x onerror=alert(1)> & Sons"
    Movie.objects.update(title=title)
    phone.goto("/")
    phone.get_by_role("link", name=title).click()
    expect(phone.get_by_role("heading", name=title)).to_be_visible()
    start = showtime.starts_at.astimezone(showtime.theater.zone)
    phone.get_by_role("link", name=f"{start:%H:%M}").click()

    expect(seat(phone, "B1")).to_have_accessible_name("Row B seat 1, Gold, 14.50 EUR, free")
    seat(phone, "A1").click()
    seat(phone, "B1").focus()
    phone.keyboard.press("ArrowRight")
    phone.keyboard.press("Space")
    expect(phone.get_by_role("button", name="Hold 2 seats for €26.50")).to_be_visible()

    # Somebody else is faster: the customer sees it without doing anything.
    assert book(APIClient(), showtime, seats[:1], contact=GUEST).status_code == 201
    expect(phone.get_by_role("alert").filter(has_text="A1 is taken now")).to_be_visible()
    expect(seat(phone, "A1")).to_be_disabled()
    seat(phone, "A2").click()
    phone.get_by_label("Name").fill("Ada Byron")
    phone.get_by_label("E-mail").fill("ada@example.com")
    reference = hold(phone)

    pay(phone).click()
    phone.get_by_role("button", name="Pay", exact=True).click()
    phone.get_by_role("link", name=re.compile("^Return to ")).click()
    expect(phone.get_by_role("heading", name="Payment received")).to_be_visible()
    booking = Booking.objects.get(reference=reference)
    intent = booking.payments.get().stripe_intent
    [event] = stripe.events("payment_intent.succeeded", intent)
    assert stripe.deliver(event).status_code == 200

    codes = phone.locator("img.qr[src^=blob]")
    expect(codes).to_have_count(2)
    expect(phone.get_by_text("Row B, seat 2")).to_be_visible()
    shown = {read(code) for code in codes.all()}
    assert shown == {ticket.code for ticket in booking.tickets.all()}
    for paper in ("Tickets", "Invoice"):
        with phone.expect_download() as download:
            phone.get_by_role("button", name=re.compile(f"^{paper}.*PDF")).click()
        assert download.value.path().read_bytes().startswith(b"%PDF")

    phone.get_by_role("button", name="Give tickets back").click()
    expect(phone.get_by_role("dialog")).to_contain_text("You get back")
    phone.get_by_label("Row B, seat 2").uncheck()
    phone.get_by_role("button", name="Give back", exact=True).click()
    expect(phone.get_by_text("go back the way you paid")).to_be_visible()
    expect(codes).to_have_count(1)
    phone.get_by_role("link", name="My bookings").click()
    expect(phone.get_by_role("link", name=reference)).to_be_visible()


def read(picture) -> str:
    return zxingcpp.read_barcode(Image.open(io.BytesIO(picture.screenshot()))).text


def test_a_customer_signs_up_is_declined_and_keeps_the_seats(phone, showtime, stripe):
    phone.goto(f"/showing/{showtime.pk}/")
    seat(phone, "A3").click()
    phone.get_by_role("main").get_by_role("link", name="sign in").click()
    phone.get_by_role("link", name="Make an account").click()
    phone.get_by_label("Name", exact=True).fill("Ada Byron")
    phone.get_by_label("E-mail").fill("ada@example.com")
    phone.get_by_label("Password").fill("popcorn-for-two")
    phone.get_by_role("button", name="Make my account").click()
    expect(phone.get_by_text("Booking as Ada Byron, ada@example.com")).to_be_visible()

    # The access token is dead, as after 15 minutes: the page gets another by itself.
    phone.evaluate(
        "localStorage['marquee.session'] = JSON.stringify("
        "{...JSON.parse(localStorage['marquee.session']), access: 'dead'})"
    )
    reference = hold(phone)
    pay(phone).click()
    phone.get_by_role("button", name="Decline").click()
    payment = Booking.objects.get(reference=reference).payments.get()
    [event] = stripe.events("payment_intent.payment_failed", payment.stripe_intent)
    stripe.deliver(event)
    phone.get_by_role("link", name="Walk away").click()
    expect(phone.get_by_text("your seats are still held")).to_be_visible()

    phone.go_back()
    phone.goto(f"/showing/{showtime.pk}/")
    expect(phone.get_by_text("You are holding A3")).to_be_visible()
    phone.get_by_role("button", name="Choose other seats").click()
    expect(seat(phone, "A3")).to_be_enabled()


def test_a_hold_that_ran_out_leads_back_to_the_seats(phone, showtime):
    phone.goto(f"/showing/{showtime.pk}/")
    seat(phone, "A1").click()
    phone.get_by_label("Name").fill("Ada Byron")
    phone.get_by_label("E-mail").fill("ada@example.com")
    reference = hold(phone)
    booking = Booking.objects.get(reference=reference)
    Booking.objects.update(held_until=booking.created_at)
    TakenSeat.objects.update(held_until=booking.created_at)
    phone.reload()
    expect(phone.get_by_text("The time to pay ran out")).to_be_visible()
    phone.get_by_role("link", name="Choose seats again").click()
    expect(seat(phone, "A2")).to_be_enabled()


def test_the_best_seats_are_found_and_replaced_when_somebody_is_faster(
    phone, showtime, seats, book
):
    phone.goto(f"/showing/{showtime.pk}/")
    phone.route("**/availability/", lambda route: route.abort())
    phone.get_by_label("Best seats for").fill("2")
    phone.get_by_role("button", name="Find seats").click()
    expect(phone.get_by_role("alert")).to_contain_text("B2, B3: together. Not to be had: leaving")
    expect(seat(phone, "B2")).to_have_attribute("aria-pressed", "true")
    phone.get_by_role("button", name="OK").click()
    phone.get_by_label("Name").fill("Ada Byron")
    phone.get_by_label("E-mail").fill("ada@example.com")

    assert book(APIClient(), showtime, [seats[7]], contact=GUEST).status_code == 201
    phone.get_by_role("button", name="Hold 2 seats for €31.00").click()
    words = "B2 is taken now. B4, B5 are free at the same price."
    expect(phone.get_by_role("alert").filter(has_text=words)).to_be_visible()
    phone.get_by_role("button", name="Hold B4, B5").click()
    expect(phone.get_by_role("timer")).to_have_text(re.compile(r"^\d+:\d\d$"))
    booking = Booking.objects.get(contact_name="Ada Byron")
    assert [line.seat.label for line in booking.lines.filter(kind="seat")] == ["B4", "B5"]


FAKE_STRIPE_JS = """
window.Stripe = (key) => ({
  elements: ({ clientSecret }) => ({
    create: () => ({
      mount: (place) => { document.querySelector(place).textContent = `${key} ${clientSecret}`; },
    }),
  }),
  confirmPayment: async ({ confirmParams }) => {
    location.assign(`${confirmParams.return_url}?redirect_status=succeeded`);
    return {};
  },
});
"""


def test_without_a_pay_page_stripe_s_own_form_is_mounted(phone, showtime, settings):
    settings.STRIPE_PAY_PAGE = ""
    phone.route(
        "https://js.stripe.com/v3/",
        lambda route: route.fulfill(body=FAKE_STRIPE_JS, content_type="text/javascript"),
    )
    phone.goto(f"/showing/{showtime.pk}/")
    seat(phone, "A1").click()
    phone.get_by_label("Name").fill("Ada Byron")
    phone.get_by_label("E-mail").fill("ada@example.com")
    hold(phone)
    pay(phone).click()
    form = phone.locator("#payment-element")
    expect(form).to_have_text(re.compile(f"^{settings.STRIPE_PUBLISHABLE_KEY} pi_.*_secret_"))
    pay(phone).click()
    expect(phone.get_by_role("heading", name="Payment received")).to_be_visible()
    assert phone.foreigners == ["Asked https://js.stripe.com/v3/"]
    phone.foreigners.clear()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_files_of_ours_and_nothing_else(client, path, settings):
    settings.STRIPE_PAY_PAGE = "http://127.0.0.1:12111/pay/"
    answer = client.get(path)
    assert answer.status_code == 200
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
    assert "unsafe" not in policy and "http" not in policy
    html = answer.content.decode()
    addresses = re.findall(r'(?:src|href)="([^"#]+)', html)
    assert addresses and all(address.startswith("/") for address in addresses)
    files = [address for address in addresses if address.startswith("/static/")]
    assert [name for name in files if not finders.find(name.removeprefix("/static/"))] == []
    assert not re.findall(r'<script(?![^>]+src=)|<style|\sstyle="|\son[a-z]+="', html)


@pytest.mark.parametrize("path", PAGES)
def test_only_the_booking_page_may_load_stripe_js_and_only_with_stripe(client, path, settings):
    settings.STRIPE_PAY_PAGE = ""
    policy = client.get(path)["Content-Security-Policy"]
    assert ("script-src 'self' https://js.stripe.com" in policy) == (path == "/booking/H7KQ3XMW/")


@pytest.mark.parametrize("source", SOURCES, ids=NAMES)
def test_the_sources_name_no_foreign_address_and_insert_no_html(source):
    text = source.read_text().replace("http://www.w3.org/2000/svg", "")
    assert set(re.findall(r"https?://[\w.]+", text)) <= {"https://js.stripe.com"}
    assert not re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text)


@pytest.mark.parametrize("address", ["/sign-in/", "/sign-up/", "/reset-password/"])
def test_who_is_faster_than_the_script_sends_no_password_as_an_address(phone, address):
    phone.route("**/pages/*.js", lambda route: None)  # It never comes.
    phone.goto(address, wait_until="commit")
    for field in phone.locator("form input").all():
        field.fill("alice@example.com")
    phone.keyboard.press("Enter")
    phone.locator("form button").click(force=True)
    assert urlsplit(phone.url).query == ""
