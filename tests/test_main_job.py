"""A customer finds a film, takes seats, pays, and holds tickets and an invoice."""

import io

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader
from rest_framework.test import APIClient


def qr_text(png: bytes) -> str:
    return zxingcpp.read_barcode(Image.open(io.BytesIO(png))).text


def pdf_text(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_from_the_list_of_films_to_tickets_and_an_invoice(showtime, stripe):
    me = APIClient()
    person = {"username": "ada", "email": "ada@example.com", "password": "popcorn-for-two"}
    assert me.post("/api/auth/register/", person).status_code == 201
    tokens = me.post("/api/auth/login/", person).json()
    me.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens['access']}")

    [film] = me.get("/api/movies/?now_showing=true").json()["results"]
    days = me.get(f"/api/movies/{film['id']}/showtimes/").json()
    day = me.get(f"/api/movies/{film['id']}/showtimes/?date={days['dates'][0]}").json()
    [slot] = day["theaters"][0]["showtimes"]
    free = me.get(f"/api/seats/?showtime={slot['id']}").json()["seats"][:2]
    choice = {"showtime": slot["id"], "seats": [seat["id"] for seat in free]}

    quote = me.post("/api/bookings/quote/", choice).json()
    assert quote["total"] == "22.00"
    booking = me.post("/api/bookings/", choice).json()
    assert (booking["status"], booking["total"]) == ("pending", "22.00")
    address = f"/api/bookings/{booking['reference']}/"

    payment = me.post("/api/payments/", {"booking": booking["reference"]}).json()
    assert (payment["amount"], payment["currency"]) == ("22.00", "EUR")
    assert stripe.confirm(payment)["status"] == "succeeded"
    assert me.get(address).json()["status"] == "pending"
    [event] = stripe.events("payment_intent.succeeded", payment["client_secret"].split("_s")[0])
    assert stripe.deliver(event).status_code == 200

    booking = me.get(address).json()
    assert booking["status"] == "confirmed"
    assert len(booking["tickets"]) == 2
    for ticket in booking["tickets"]:
        answer = me.get(f"/api/tickets/{ticket['code']}/qr.png")
        assert answer["Content-Type"] == "image/png"
        assert qr_text(answer.content) == ticket["code"]
    tickets = me.get(f"{address}tickets.pdf")
    assert tickets["Content-Type"] == "application/pdf"
    assert booking["reference"] in pdf_text(tickets.content)

    [invoice] = me.get(f"/api/invoices/?booking={booking['reference']}").json()["results"]
    assert invoice["total"] == "22.00"
    paper = me.get(f"/api/invoices/{invoice['number']}.pdf")
    assert invoice["number"] in pdf_text(paper.content)

    seats = me.get(f"/api/seats/?showtime={slot['id']}").json()["seats"]
    assert [s["id"] for s in seats if s["status"] == "taken"] == choice["seats"]


def test_a_guest_books_with_a_name_and_shows_the_access_key(showtime, seats, book, stripe):
    guest = APIClient()
    contact = {"name": "Grace Hopper", "email": "grace@example.com"}
    booking = book(guest, showtime, seats[:1], contact=contact).json()
    address = f"/api/bookings/{booking['reference']}/"
    assert guest.get(address).status_code == 404
    guest.credentials(HTTP_ACCESS_KEY=booking["access_key"])
    payment = guest.post("/api/payments/", {"booking": booking["reference"]}).json()
    stripe.pay(payment)
    ticket = guest.get(address).json()["tickets"][0]
    png = APIClient().get(
        f"/api/tickets/{ticket['code']}/qr.png?access_key={booking['access_key']}"
    )
    assert qr_text(png.content) == ticket["code"]


@pytest.mark.parametrize("path", ["/api/bookings", "/api/bookings/"])
def test_a_missing_last_slash_loses_nothing(path, showtime, seats, alice, client_of):
    body = {"showtime": showtime.pk, "seats": [seats[0].pk]}
    assert client_of(alice).post(path, body).status_code == 201
