"""Mails about bookings: put down with what causes them, written and sent by the jobs."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email import message_from_bytes, policy
from io import BytesIO

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from post_office.models import STATUS, Attachment, Email
from pypdf import PdfReader
from rest_framework.test import APIClient

from accounts.outbox import forget_old_mail
from bookings.holds import Contact, hold
from bookings.models import Booking, Letter
from movies.models import Movie
from payments.letters.writing import write_letters
from payments.models import Invoice, Payment
from showtimes.models import Showtime
from theaters.models import Theater

Kind = Letter.Kind
GUEST = {"name": "Grace", "email": "grace@example.com"}


@pytest.fixture
def at_a_quarter_past_eight(showtime):
    """The showtime starts on Sat 28 November 2026 at 20:15 in Berlin."""
    starts = datetime(2026, 11, 28, 19, 15, tzinfo=UTC)
    with time_machine.travel(starts - timedelta(days=1), tick=True):
        showtime.starts_at, showtime.ends_at = starts, starts + timedelta(minutes=130)
        Showtime.objects.filter(pk=showtime.pk).update(
            starts_at=showtime.starts_at, ends_at=showtime.ends_at
        )
        yield


def html_of(letter):
    return letter.alternatives[0].content


def words_of(letter):
    """The plain text without its line ends."""
    return " ".join(letter.body.split())


def papers_of(letter):
    return {name: content for name, content, _ in letter.attachments}


def text_of(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def cancel(client, booking, *codes):
    body = {"tickets": list(codes)} if codes else {}
    path = f"/api/bookings/{booking['reference']}/cancel/"
    assert client.post(path, body).status_code == 200


def credit_note():
    return f"{Invoice.objects.get(kind=Invoice.Kind.CREDIT_NOTE).number}.pdf"


def run_out(booking):
    Booking.objects.filter(reference=booking["reference"]).update(held_until=timezone.now())
    Booking.objects.get(reference=booking["reference"]).expire()


def test_who_has_paid_gets_tickets_and_invoice(
    at_a_quarter_past_eight, client_of, alice, paid, showtime, seats, letters
):
    booking = paid(client_of(alice), showtime, seats[:2])
    assert mail.outbox == []
    [letter] = letters()
    assert letter.to == ["alice@example.com"]
    assert letter.subject == "Your tickets: The Long Way Down, Sat 28 November 2026, 20:15"
    for sentence in (
        "Thank you. Your seats are yours.",
        "The tickets are attached: show them at the door, on your phone or on paper.",
        "When: Sat 28 November 2026, 20:15",
        "Where: Lux, Screen 1",
        "Seats: A1 (Silver), A2 (Silver)",
        "Paid: €22.00",
        f"Your booking: http://127.0.0.1:8000/booking/{booking['reference']}/ Lux Kantstr. 1",
        "Lux Kantstr. 1, 10623 Berlin",
    ):
        assert sentence in words_of(letter)
    papers = papers_of(letter)
    assert list(papers) == [f"tickets-{booking['reference']}.pdf", "LUX-2026-000001.pdf"]
    tickets, invoice = papers.values()
    assert len(PdfReader(BytesIO(tickets)).pages) == 2
    assert "LUX-2026-000001" in text_of(invoice)
    assert letters() == []


def test_it_comes_from_the_theater_and_answers_go_there(me, paid, showtime, seats, letters):
    Theater.objects.update(name='Kino "Lüx" <Süd>', email="hallo@lux.example")
    paid(me, showtime, seats[:1])
    [letter] = letters()
    message = message_from_bytes(letter.message().as_bytes(), policy=policy.default)
    [sender] = message["From"].addresses
    assert (sender.display_name, sender.addr_spec) == ("Kino Lüx Süd", "tickets@localhost")
    assert message["Reply-To"] == "hallo@lux.example"
    assert message["Auto-Submitted"] == "auto-generated"


@pytest.mark.broken_by_hand
def test_the_link_opens_the_booking_of_a_guest(paid, showtime, seats, letters):
    guest = APIClient()
    held = guest.post(
        "/api/bookings/", {"showtime": showtime.pk, "seats": [seats[0].pk], "contact": GUEST}
    ).json()
    Booking.objects.get().confirm()
    [letter] = letters()
    link = f"/booking/{held['reference']}/?access_key={held['access_key']}"
    assert letter.to == ["grace@example.com"]
    assert f"http://127.0.0.1:8000{link}" in letter.body
    assert f'href="http://127.0.0.1:8000{link}"' in html_of(letter)
    # A stranger's words are not repeated to whatever address they typed.
    assert "Grace" not in letter.body + html_of(letter)


def test_confirming_costs_one_statement_more(booking, showtime, alice, django_assert_num_queries):
    with_address = Booking.objects.select_related("showtime", "promo_code").get()
    one = hold(showtime, [showtime.screen.seats.last().pk], user=alice, contact=Contact())
    without = Booking.objects.select_related("showtime", "promo_code").get(pk=one.pk)
    with CaptureQueriesContext(connection) as silent:
        without.confirm()
    with django_assert_num_queries(len(silent) + 1):
        with_address.confirm()
    assert Letter.objects.get().booking == with_address


def test_a_confirmation_that_fails_is_not_told(me, booking, showtime, letters):
    Showtime.objects.update(status=Showtime.Status.CANCELLED)
    with pytest.raises(Exception, match="cancelled"), transaction.atomic():
        Booking.objects.get().confirm()
    assert not Letter.objects.exists()


def test_who_paid_late_for_seats_that_were_free_hears_so(me, booking, payment, stripe, letters):
    run_out(booking)
    stripe.pay(payment)
    [letter] = letters()
    assert letter.subject.startswith("Your tickets: The Long Way Down")
    assert (
        "Your payment came after the time to pay had run out, but your seats were still free: they "
        "are yours." in words_of(letter)
    )
    assert len(letter.attachments) == 2


def test_who_paid_too_late_hears_what_comes_back_and_what_is_free(
    me, book, booking, payment, stripe, client_of, bob, showtime, seats, letters
):
    run_out(booking)
    assert book(client_of(bob), showtime, seats[:1]).status_code == 201
    stripe.pay(payment)
    [letter] = letters()
    assert letter.subject == "Your €22.00 for The Long Way Down comes back to you"
    for sentence in (
        "We are sorry: your payment came after the time to pay had run out, and your seats could "
        "not be kept for you.",
        "Taken by somebody else: A1.",
        "We are sending €22.00 back the way you paid.",
        "The nearest seats at the same price that were free when we wrote this: A2 and A3.",
        f"Take them, or choose others: http://127.0.0.1:8000/booking/{booking['reference']}/",
    ):
        assert sentence in words_of(letter)
    assert letter.attachments == []
    call_command("run_jobs", once=True)
    assert Letter.objects.get(kind=Kind.REFUNDED).dropped_at
    assert len(mail.outbox) == 1


def test_nothing_is_offered_when_there_is_nothing(
    book, booking, payment, stripe, client_of, bob, showtime, seats, letters
):
    run_out(booking)
    book(client_of(bob), showtime, seats[:6])
    stripe.pay(payment)
    [letter] = letters()
    assert "Take them" not in letter.body
    assert f"Your booking: http://127.0.0.1:8000/booking/{booking['reference']}/" in letter.body


@pytest.mark.broken_by_hand
def test_who_pays_twice_keeps_the_tickets(me, booking, payment, stripe, letters):
    Booking.objects.get().confirm()
    stripe.pay(payment)
    _, letter = letters()
    said = "This booking was paid already, and what you paid a second time comes back. Your tickets"
    assert f"{said} are good" in words_of(letter)
    assert "could not be kept" not in letter.body


def test_who_cancels_a_part_hears_what_comes_back_and_keeps_the_rest(
    me, paid, theater, showtime, seats, letters
):
    Theater.objects.update(cancellation_refund_percent=Decimal(50))
    booking = paid(me, showtime, seats[:3])
    letters()
    cancel(me, booking, booking["tickets"][0]["code"])
    [letter] = letters()
    assert letter.subject.startswith("Cancelled: 1 ticket for The Long Way Down, ")
    for sentence in (
        "As you asked, we have taken back 1 ticket: A1. It opens no door any more.",
        "€5.50 comes back to you the way you paid.",
        "You keep these seats. Their tickets are attached.",
        "Seats: A2 (Silver), A3 (Silver)",
    ):
        assert sentence in words_of(letter)
    [pdf] = papers_of(letter).values()
    assert len(PdfReader(BytesIO(pdf)).pages) == 2


def test_who_cancels_everything_gets_no_tickets(me, paid, theater, showtime, seats, letters):
    Theater.objects.update(cancellation_refund_percent=Decimal(0))
    booking = paid(me, showtime, seats[:2])
    letters()
    cancel(me, booking)
    [letter] = letters()
    assert "taken back 2 tickets: A1, A2. They open no door any more." in words_of(letter)
    assert "No money comes back for that." in letter.body
    assert letter.attachments == []


def test_one_mail_says_that_tickets_are_cancelled_and_that_the_money_went(
    me, paid, showtime, seats, letters
):
    booking = paid(me, showtime, seats[:2])
    letters()
    cancel(me, booking, booking["tickets"][0]["code"])
    for _ in range(2):
        call_command("run_jobs", once=True)
    [_, letter] = mail.outbox
    assert letter.subject.startswith("Cancelled: 1 ticket for The Long Way Down")
    assert "We have sent €11.00 back the way you paid; the credit note" in words_of(letter)
    assert list(papers_of(letter)) == [f"tickets-{booking['reference']}.pdf", credit_note()]
    assert Letter.objects.get(kind=Kind.REFUNDED).dropped_at


def test_who_waits_for_money_hears_when_it_left(me, paid, showtime, seats, letters):
    booking = paid(me, showtime, seats[:2])
    cancel(me, booking, booking["tickets"][0]["code"])
    letters()
    for _ in range(2):
        call_command("run_jobs", once=True)
    *_, letter = mail.outbox
    assert letter.subject == "Refunded: €11.00 for The Long Way Down"
    assert "We have sent €11.00 back the way you paid." in words_of(letter)
    [(name, pdf)] = papers_of(letter).items()
    assert name == credit_note()
    assert "Credit note" in text_of(pdf)


def test_who_exchanges_seats_gets_new_tickets(me, paid, showtime, seats, letters):
    booking = paid(me, showtime, seats[:2])
    letters()
    swap = {"ticket": booking["tickets"][0]["code"], "seat": seats[3].pk}
    assert (
        me.post(f"/api/bookings/{booking['reference']}/exchange/", {"swaps": [swap]}).status_code
        == 201
    )
    [letter] = letters()
    assert letter.subject.startswith("Your new seats: The Long Way Down, ")
    assert "Your seats are exchanged: A4 instead of A1." in words_of(letter)
    assert "The new tickets are attached." in letter.body
    assert list(papers_of(letter)) == [f"tickets-{booking['reference']}.pdf"]


@pytest.mark.parametrize(
    "first, then, said",
    [(0, 6, "Paid: €11.00, €4.50 for other"), (6, 0, "Paid: €15.50, of which €4.50 comes back")],
)
def test_a_price_stands_beside_the_seat_that_it_was_paid_for(
    me, paid, stripe, showtime, seats, letters, first, then, said
):
    """Also when seats were exchanged before the first mail was written."""
    booking = paid(me, showtime, seats[first : first + 1])
    swap = {"ticket": booking["tickets"][0]["code"], "seat": seats[then].pk}
    made = me.post(f"/api/bookings/{booking['reference']}/exchange/", {"swaps": [swap]}).json()
    if made["status"] == "pending":
        stripe.pay(me.post("/api/payments/", {"booking": booking["reference"]}).json())
    letter, _ = letters()
    assert letter.subject.startswith("Your tickets")
    assert f"Seats: {seats[then].label}" in words_of(letter)
    assert said in words_of(letter)


def test_a_cancelled_showtime_is_told_to_everybody(paid, me, showtime, seats, letters):
    paid(me, showtime, seats[:2])
    letters()
    Letter.objects.write(Booking.objects.get(), Kind.SHOWTIME_CANCELLED, due=Decimal("22.00"))
    [letter] = letters()
    assert letter.subject.startswith("Cancelled: The Long Way Down, ")
    assert "Please do not come for it." in letter.body
    assert "You get everything back: €22.00, the way you paid." in words_of(letter)


def test_many_letters_cost_as_much_each_as_one(showtime, seats, alice, django_assert_num_queries):
    for seat in seats[:6]:
        hold(showtime, [seat.pk], user=None, contact=Contact(email=f"g{seat.pk}@example.com"))
    first, *others = Booking.objects.all()
    Letter.objects.write(first, Kind.SHOWTIME_CANCELLED, due="11.00")
    # Two savepoints and the claim are for all; each letter is put off and put into the outbox, and
    # asks whether the money that it speaks of has gone.
    with django_assert_num_queries(3 + 7):
        assert write_letters() == 1
    for booking in others:
        Letter.objects.write(booking, Kind.SHOWTIME_CANCELLED, due="11.00")
    with django_assert_num_queries(3 + 7 * 5):
        assert write_letters() == 5


def test_nobody_is_written_to_without_an_address(showtime, seats, alice):
    one = hold(showtime, [seats[0].pk], user=alice, contact=Contact())
    one.confirm()
    assert not Letter.objects.exists()


def test_who_left_hears_of_their_booking_until_it_is_forgotten(me, booking, alice, letters):
    held = Booking.objects.get()
    held.confirm()
    alice.leave()
    [letter] = letters()
    assert letter.to == ["alice@example.com"]
    assert f"/booking/{held.reference}/?access_key={held.access_key}" in letter.body
    Letter.objects.write(held, Kind.SHOWTIME_CANCELLED, due="22.00")
    held.showtime.bookings.forget_contacts()
    assert letters() == []
    assert Letter.objects.get(kind=Kind.SHOWTIME_CANCELLED).dropped_at
    assert not Letter.objects.stuck().exists()


@pytest.mark.parametrize("address", ["", "who@prove-no-double-sale.invalid"])
def test_a_letter_to_nobody_is_dropped(booking, letters, address):
    Booking.objects.get().confirm()
    Booking.objects.update(contact_email=address)
    assert letters() == []
    assert Letter.objects.get().dropped_at


def test_tickets_that_were_given_back_meanwhile_are_not_sent(me, booking, letters):
    Booking.objects.get().confirm()
    cancel(me, booking)
    [letter] = letters()
    assert letter.subject.startswith("Cancelled: 2 tickets")


@pytest.mark.parametrize(
    "address", ["jörg@example.com", '"a,b"@example.com', "a\nBcc: all@example.com", "nobody", "@"]
)
def test_an_address_that_will_not_do_stops_nobody_else(booking, showtime, seats, letters, address):
    odd = Booking.objects.get()
    odd.confirm()
    Booking.objects.filter(pk=odd.pk).update(contact_email=address)
    contact = Contact(email="bob@example.com")
    hold(showtime, [seats[5].pk], user=None, contact=contact).confirm()
    assert [letter.to for letter in letters()] == [["bob@example.com"]]
    [stuck] = Letter.objects.stuck()
    assert stuck.booking == odd
    assert stuck.error
    assert letters() == []


def test_a_title_is_a_title_whatever_is_in_it(me, booking, letters):
    title = "Love & <b>War</b>'s\r\nBcc: all@example.com\n{{ secret }}"
    Movie.objects.update(title=title)
    Booking.objects.get().confirm()
    [letter] = letters()
    plain = "Love & <b>War</b>'s Bcc: all@example.com {{ secret }}"
    assert letter.subject.startswith(f"Your tickets: {plain}, ")
    assert f"Film:    {plain}\n" in letter.body
    assert "Love &amp; &lt;b&gt;War&lt;/b&gt;&#x27;s Bcc" in html_of(letter)
    assert letter.message()["Bcc"] is None


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("می‌خواهم زنده بمانم", "می‌خواهم زنده بمانم"),
        ("千と千尋の神隠し 👨‍👩‍👧", "千と千尋の神隠し 👨‍👩‍👧"),
        ("Top\x07 Gun\x1b[2J", "Top Gun[2J"),
        ("\u202efdp.exe\u202c Up", "fdp.exe Up"),
    ],
)
def test_titles_are_in_any_script(booking, letters, title, said):
    Movie.objects.update(title=title)
    Booking.objects.get().confirm()
    [letter] = letters()
    assert letter.subject.startswith(f"Your tickets: {said}, ")
    read = message_from_bytes(letter.message().as_bytes(), policy=policy.default)
    assert read["Subject"].strip() == letter.subject


def test_an_address_at_a_domain_in_any_script_will_do(booking, letters):
    Booking.objects.update(contact_email="grace@bücher.example")
    Booking.objects.get().confirm()
    [letter] = letters()
    assert letter.message()["To"] == "grace@xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("currency", "said"), [("JPY", "JP¥22"), ("KWD", "KWD\N{NBSP}22.000"), ("GBP", "£22.00")]
)
def test_amounts_are_written_for_people(booking, letters, currency, said):
    Booking.objects.update(currency=currency)
    Booking.objects.get().confirm()
    [letter] = letters()
    assert f"Paid:    {said}\n" in letter.body


def test_the_hours_after_midnight_say_their_night(
    at_a_quarter_past_eight, showtime, seats, letters
):
    starts = showtime.starts_at + timedelta(hours=4, minutes=30)
    Showtime.objects.update(starts_at=starts, ends_at=starts + timedelta(hours=2))
    showtime.refresh_from_db()
    hold(showtime, [seats[0].pk], user=None, contact=Contact(email="a@example.com")).confirm()
    [letter] = letters()
    assert "Sun 29 November 2026, 00:45 (the night from Saturday to Sunday)" in letter.body


def test_the_html_is_whole_and_loads_nothing(me, paid, showtime, seats, letters):
    paid(me, showtime, seats[:2])
    [letter] = letters()
    html = html_of(letter)
    assert '<html lang="en">' in html
    assert "<h1" in html
    assert "prefers-color-scheme: dark" in html
    assert not re.search(r"<(img|script|link|iframe)|url\(|@import", html)
    assert "{%" not in html + letter.body
    assert "{{" not in html + letter.body


def test_with_the_mail_server_down_nothing_is_lost_and_nobody_waits(
    settings, me, paid, showtime, seats
):
    working = settings.POST_OFFICE
    settings.POST_OFFICE = working | {
        "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"}
    }
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    booking = paid(me, showtime, seats[:1])
    assert booking["status"] == "confirmed"
    call_command("run_jobs", once=True)
    assert Email.objects.get().status == STATUS.requeued
    assert not Letter.objects.stuck().exists()
    later = timezone.now() + timedelta(hours=2)
    with time_machine.travel(later):
        assert [letter.booking.reference for letter in Letter.objects.stuck()] == [
            booking["reference"]
        ]
        settings.POST_OFFICE = working
        call_command("run_jobs", once=True)
        [letter] = mail.outbox
        assert len(letter.attachments) == 2
        assert not Letter.objects.stuck().exists()


def test_a_letter_that_cannot_be_written_is_tried_again_later(me, paid, showtime, seats, letters):
    paid(me, showtime, seats[:1])
    Letter.objects.update(kind=Kind.TOO_LATE, details={})
    assert letters() == []
    letter = Letter.objects.stuck().get()
    assert (letter.error, letter.tries, letter.written_at) == ("KeyError('payment')", 1, None)
    Letter.objects.update(kind=Kind.CONFIRMED)
    assert letters() == []
    with time_machine.travel(timezone.now() + timedelta(seconds=31)):
        assert len(letters()) == 1
    assert not Letter.objects.stuck().exists()


def test_a_letter_that_no_job_wrote_is_seen(me, paid, showtime, seats):
    paid(me, showtime, seats[:1])
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert Letter.objects.stuck().count() == 1


def test_the_papers_are_not_public_and_go_with_the_mail(
    me, paid, showtime, seats, letters, client, settings
):
    paid(me, showtime, seats[:1])
    letters()
    files = [paper.file for paper in Attachment.objects.all()]
    assert len(files) == 2
    for file in files:
        assert not file.path.startswith(str(settings.MEDIA_ROOT))
        assert client.get(f"/media/{file.name}").status_code == 404
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        forget_old_mail()
    assert not any(file.storage.exists(file.name) for file in files)
    assert Letter.objects.get().written_at
    assert not Letter.objects.stuck().exists()


def test_the_timeline_says_what_was_mailed(me, paid, showtime, seats, letters):
    booking = paid(me, showtime, seats[:1])
    letters()
    told = me.get(f"/api/bookings/{booking['reference']}/timeline/").json()
    assert (told[-1]["event"], told[-1]["detail"]) == ("mailed", "Mail: Your tickets.")


def test_a_payment_at_the_box_office_is_told_too(booking, letters):
    one = Booking.objects.get()
    payment = Payment.objects.create(
        booking=one, kind=Payment.Kind.CASH, amount=one.total, currency=one.currency
    )
    payment.succeed(amount=one.total, currency=one.currency)
    [letter] = letters()
    assert f"{Invoice.objects.get().number}.pdf" in papers_of(letter)


def test_a_backlog_of_letters_is_written_in_one_round(paid, me, showtime, seats):
    paid(me, showtime, seats[:1])
    booking = Booking.objects.get()
    Letter.objects.bulk_create(
        Letter(booking=booking, kind=Kind.SHOWTIME_CANCELLED) for _ in range(50)
    )
    call_command("run_jobs", once=True)
    assert len(mail.outbox) == 51


def test_letters_that_are_stuck_are_in_the_admin(paid, me, showtime, seats, manager, client):
    paid(me, showtime, seats[:1])
    client.force_login(manager)
    page = "/admin/bookings/letter/?attention=yes"
    assert client.get(page).context["cl"].result_count == 0
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert client.get(page).context["cl"].result_count == 1
