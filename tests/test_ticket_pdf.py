"""Tickets on paper: a page for each valid one, that says everything and opens the door."""

import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from bookings import pdf
from bookings.customer import Contact
from bookings.holds import hold
from bookings.pdf import NoValidTickets, tickets_pdf
from movies.models import Movie
from showtimes.models import Showtime
from theaters.models import Screen, Seat, SeatCategory, Theater

ALICE = Contact("Alice Weiss", "alice@example.com")
HOSTILE = [
    "#panic()",
    '#read("/etc/passwd")',
    "#sys.inputs",
    "*x* _y_ `z` $ a^2 $",
    "= Heading",
    "@ref <label> // no comment /* none */",
    "\\ [a] {b} ~ -- ... -> 2x2 'q' \"q\"",
    "https://example.com/#!",
]


@pytest.fixture
def showtime(movie, screen):
    """A Wednesday evening in summer: 20:30 in Berlin."""
    return Showtime.objects.create(
        movie=movie,
        screen=screen,
        starts_at=datetime(2030, 7, 17, 18, 30, tzinfo=UTC),
        ends_at=datetime(2030, 7, 17, 20, 40, tzinfo=UTC),
        language="en",
        subtitles="de",
        status=Showtime.Status.ON_SALE,
    )


@pytest.fixture
def confirmed(showtime, settings):
    """A confirmed booking of some seats, of more than one customer may hold if need be."""
    settings.MAX_HELD_SEATS_PER_SHOWTIME = 100

    def make(seats, contact=ALICE):
        fresh = Showtime.objects.get(pk=showtime.pk)
        booking = hold(fresh, [seat.pk for seat in seats], user=None, contact=contact)
        booking.confirm()
        return booking

    return make


def pages(document: bytes) -> list[str]:
    """The text of each page, whatever its lines are broken like."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(document)).pages]


def test_there_is_a_page_for_each_ticket(confirmed, seats):
    first, second = pages(tickets_pdf(confirmed([seats[0], seats[7]])))
    assert "ROW A SEAT 1" in first and "Silver" in first and "10.00 EUR" in first
    assert "ROW B SEAT 2" in second and "Gold" in second and "14.50 EUR" in second
    assert "Ticket 1 of 2" in first and "Ticket 2 of 2" in second


def test_a_page_says_for_whom_it_is_if_not_for_an_adult(showtime, seats):
    types = {seats[0].pk: "student"}
    booking = hold(
        showtime, [seat.pk for seat in seats[:2]], user=None, contact=ALICE, ticket_types=types
    )
    booking.confirm()
    first, second = pages(tickets_pdf(booking))
    assert "Silver · Student" in first
    assert "Student" not in second and "Adult" not in second


def test_a_page_says_what_one_needs_to_know(confirmed, seats, movie):
    Movie.objects.filter(pk=movie.pk).update(certificate="FSK 12", minimum_age=12)
    booking = confirmed(seats[:1])
    [text] = pages(tickets_pdf(booking))
    for words in (
        "Lux",
        "Kantstr. 1, 10623 Berlin",
        "The Long Way Down",
        "English, German subtitles · 2D · 1 h 40 min",
        "FSK 12 · from 12 years",
        "Wednesday, 17 July 2030",
        "20:30",
        "CEST, Europe/Berlin",
        "Screen 1",
        "Alice Weiss",
        booking.reference,
        booking.tickets.get().code,
        "bring proof of your age",
    ):
        assert words in text


def test_what_is_not_known_leaves_no_trace(confirmed, seats):
    [text] = pages(tickets_pdf(confirmed(seats[:1], Contact())))
    assert "NAME" not in text
    assert "from 0 years" not in text and "proof" not in text
    assert "None" not in text


def test_the_qr_code_on_the_page_reads_as_the_code_of_its_ticket(confirmed, seats):
    booking = confirmed(seats[:2])
    tickets_pdf(booking)
    # The same document once more, as pictures: the compiler still has its data.
    shown = pdf._compiler(pdf.TEMPLATE).compile(format="png", ppi=150)
    read = [zxingcpp.read_barcodes(Image.open(io.BytesIO(png))) for png in shown]
    assert [[code.text for code in page] for page in read] == [
        [ticket.code] for ticket in booking.tickets.all()
    ]


def test_the_time_is_that_of_the_theater(confirmed, seats, theater):
    Theater.objects.filter(pk=theater.pk).update(timezone="America/Sao_Paulo")
    [text] = pages(tickets_pdf(confirmed(seats[:1])))
    assert "15:30" in text
    assert "UTC-03, America/Sao Paulo" in text


def test_after_midnight_the_page_says_which_night_is_meant(confirmed, seats, showtime):
    Showtime.objects.filter(pk=showtime.pk).update(
        starts_at=showtime.starts_at + timedelta(hours=4),
        ends_at=showtime.ends_at + timedelta(hours=4),
    )
    [text] = pages(tickets_pdf(confirmed(seats[:1])))
    assert "Thursday, 18 July 2030" in text and "00:30" in text
    assert "the night from Wednesday to Thursday" in text


@pytest.mark.parametrize(
    "currency, price, printed",
    [("JPY", "1800", "1800 JPY"), ("KWD", "4.25", "4.250 KWD"), ("EUR", "12.5", "12.50 EUR")],
)
def test_the_price_has_the_decimals_of_its_currency(
    confirmed, seats, theater, silver, currency, price, printed
):
    Theater.objects.filter(pk=theater.pk).update(currency=currency)
    SeatCategory.objects.filter(pk=silver.pk).update(default_price=Decimal(price))
    assert f"PRICE {printed}" in pages(tickets_pdf(confirmed(seats[:1])))[0]


def test_void_tickets_get_no_page(confirmed, seats):
    booking = confirmed(seats[:2])
    booking.cancel(booking.tickets.filter(seat=seats[0]))
    [text] = pages(tickets_pdf(booking))
    assert "SEAT 2" in text and "SEAT 1 " not in text


def test_without_a_valid_ticket_there_is_no_pdf(confirmed, showtime, seats):
    cancelled = confirmed(seats[:1])
    cancelled.cancel()
    unpaid = hold(showtime, [seats[1].pk], user=None, contact=ALICE)
    for booking in (cancelled, unpaid):
        with pytest.raises(NoValidTickets):
            tickets_pdf(booking)


@pytest.mark.parametrize("text", HOSTILE)
def test_every_text_is_printed_as_it_is(confirmed, seats, movie, theater, screen, text):
    Movie.objects.filter(pk=movie.pk).update(title=text, certificate=text[:20])
    Theater.objects.filter(pk=theater.pk).update(name=text, address=text)
    Screen.objects.filter(pk=screen.pk).update(name=text)
    [page] = pages(tickets_pdf(confirmed(seats[:1], Contact(name=text))))
    # A line may break anywhere that a line may break.
    assert page.replace(" ", "").count(text.replace(" ", "")) >= 5


@pytest.mark.parametrize(
    "title",
    ["Москва слезам не верит", "Größenwahn & Übermut", "Žižkov à l’œil", "Πολίτικη Κουζίνα"],
)
def test_european_titles_are_printed(confirmed, seats, movie, title):
    Movie.objects.filter(pk=movie.pk).update(title=title)
    assert title in pages(tickets_pdf(confirmed(seats[:1])))[0]


@pytest.mark.parametrize(
    "title",
    ["千と千尋の神隠し", "وهلأ لوين؟", "दिलवाले दुल्हनिया", "🎬🍿", "a\x07b\u202ec", "\u200b", " "],
)
def test_no_script_and_no_character_keeps_a_ticket_from_being_printed(
    confirmed, seats, movie, title
):
    Movie.objects.filter(pk=movie.pk).update(title=title)
    assert "ROW A SEAT 1" in pages(tickets_pdf(confirmed(seats[:1], Contact(name=title))))[0]


@pytest.mark.parametrize("word", ["W", "Wort ", "Ж", "g\u0301"])
def test_the_longest_names_stay_on_the_page(confirmed, seats, movie, theater, screen, silver, word):
    def long(length):
        return (word * length)[:length].strip()

    Movie.objects.filter(pk=movie.pk).update(title=long(200), certificate=long(20), minimum_age=18)
    Theater.objects.filter(pk=theater.pk).update(
        name=long(120), address=long(200), city=long(100), postal_code=long(20)
    )
    Screen.objects.filter(pk=screen.pk).update(name=long(60))
    SeatCategory.objects.filter(pk=silver.pk).update(name=long(60))
    Seat.objects.filter(pk=seats[0].pk).update(row=long(4), number=32767, kind="wheelchair")
    [text] = pages(tickets_pdf(confirmed(seats[:1], Contact(name=long(200)))))
    assert "32767" in text


def test_the_document_can_be_read_aloud(confirmed, seats):
    booking = confirmed(seats[:2])
    document = PdfReader(io.BytesIO(tickets_pdf(booking)))
    assert document.metadata.title == f"The Long Way Down: tickets {booking.reference}"
    assert document.metadata.author == "Lux"
    assert document.trailer["/Root"]["/Lang"] == "en"
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert [entry.title for entry in document.outline] == ["The Long Way Down"] * 2


def test_a_page_is_a6(confirmed, seats):
    [page] = PdfReader(io.BytesIO(tickets_pdf(confirmed(seats[:1])))).pages
    millimetres = [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]]
    assert millimetres == [105, 148]


@pytest.mark.parametrize("count", [1, 12])
def test_one_query_however_many_tickets(confirmed, seats, count, django_assert_num_queries):
    booking = confirmed(seats[:count])
    fresh = type(booking).objects.get(pk=booking.pk)
    with django_assert_num_queries(1):
        assert len(pages(tickets_pdf(fresh))) == count


def test_the_same_booking_gives_the_same_bytes(confirmed, seats):
    booking = confirmed(seats[:1])
    assert tickets_pdf(booking) == tickets_pdf(booking)
