"""A small cinema, people, and the doors by which tests come in."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.core.management.commands import flush
from django.db import connection
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import Role, User
from accounts.outbox import send_waiting_mail
from accounts.passwords import write_reset_mails
from accounts.tokens import tokens_for
from bookings.holds import Contact, hold
from bookings.promises import broken_promises
from movies.models import Genre, Movie, Person, Slide
from payments import gateway
from payments.books import problems
from payments.letters.writing import write_letters
from payments.models import Payment
from reviews.models import Review
from showtimes.models import SeatBlock, Showtime
from theaters.layouts import Place, seats_of
from theaters.models import Amenity, Screen, Seat, SeatCategory, Theater

from .stripe_wire import StripeWire, start_emulator

PASSWORD = "a-quiet-evening-42"
# nobody: not signed in. owner: a customer who has booked. other: a customer who has not.
# manager: of the theater. elsewhere: manager of another one. admin: runs everything.
PEOPLE = ["nobody", "owner", "other", "manager", "elsewhere", "admin"]


@pytest.fixture(autouse=True)
def outbox(settings):
    """Mail waits for the jobs, as it does in life; Django's own tests would deliver it at once."""
    settings.EMAIL_BACKEND = "config.mail.Outbox"


@pytest.fixture
def in_autumn():
    """It is 21 November 2026, 18:00 UTC: what is said of 2027 is to come, whenever tests run."""
    with time_machine.travel(datetime(2026, 11, 21, 18, tzinfo=UTC)):
        yield


@pytest.fixture
def theater(db):
    """A theater in Berlin: euros, 19 % tax in its prices, a fee of 1.00 for each ticket."""
    return Theater.objects.create(
        name="Lux",
        slug="lux",
        address="Kantstr. 1",
        city="Berlin",
        postal_code="10623",
        country="DE",
        timezone="Europe/Berlin",
        currency="EUR",
        legal_name="Lux Kino GmbH",
        tax_id="DE123456789",
        invoice_prefix="LUX",
        booking_fee=Decimal("1.00"),
        tax_rate=Decimal("19"),
    )


@pytest.fixture
def silver(theater):
    return SeatCategory.objects.create(theater=theater, name="Silver", default_price=Decimal("10"))


@pytest.fixture
def gold(theater):
    return SeatCategory.objects.create(
        theater=theater, name="Gold", default_price=Decimal("14.50"), rank=1
    )


@pytest.fixture
def screen(theater, silver, gold):
    """Two rows of six: A is Silver, B is Gold."""
    screen = Screen.objects.create(theater=theater, name="Screen 1")
    legend = {"s": Place(silver), "g": Place(gold)}
    Seat.objects.bulk_create(seats_of(screen, ["sss sss", "ggg ggg"], legend))
    return screen


@pytest.fixture
def seats(screen):
    """A1 … A6, B1 … B6."""
    return list(screen.seats.order_by("row", "number"))


@pytest.fixture
def movie(db):
    return Movie.objects.create(
        title="The Long Way Down",
        release_date=date(2026, 1, 1),
        duration_minutes=100,
        language="en",
    )


@pytest.fixture
def showtime(movie, screen):
    """On sale; starts tomorrow."""
    starts_at = (timezone.now() + timedelta(days=1)).replace(microsecond=0)
    return Showtime.objects.create(
        movie=movie,
        screen=screen,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=130),
        language="en",
        status=Showtime.Status.ON_SALE,
    )


@pytest.fixture
def alice(db):
    return User.objects.create_user("alice", "alice@example.com", PASSWORD, full_name="Alice Weiss")


@pytest.fixture
def bob(db):
    return User.objects.create_user("bob", "bob@example.com", PASSWORD, full_name="Bob Stone")


@pytest.fixture
def manager(theater):
    """The manager of the theater."""
    user = User.objects.create_user("manager", "m@example.com", PASSWORD, role=Role.MANAGER)
    theater.managers.add(user)
    return user


@pytest.fixture
def admin(db):
    return User.objects.create_user("root", "root@example.com", PASSWORD, role=Role.ADMIN)


@pytest.fixture
def client_of():
    """A client that a person is signed in with, by the token that the API gave them."""

    def make(user=None) -> APIClient:
        client = APIClient()
        if user:
            answer = client.post(
                "/api/auth/login/", {"username": user.username, "password": PASSWORD}
            )
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()['access']}")
        return client

    return make


@pytest.fixture
def book():
    """Hold seats through the API; answers the response."""

    def post(client, showtime, seats, **more):
        ids = [seat.pk for seat in seats]
        return client.post("/api/bookings/", {"showtime": showtime.pk, "seats": ids} | more)

    return post


@pytest.fixture
def letters(db):
    """Have the jobs deliver mail; answers what they delivered."""

    def deliver():
        before = len(mail.outbox)
        for job in (write_reset_mails, write_letters, send_waiting_mail):
            job()
        return mail.outbox[before:]

    return deliver


@pytest.fixture(scope="session")
def emulator():
    """The address of a Stripe emulator that runs for the tests of this process."""
    process, address = start_emulator()
    yield address
    process.terminate()
    process.wait(10)


@pytest.fixture
def stripe(emulator, settings):
    """Stripe: the emulator behind the unmodified SDK, and webhooks signed as Stripe signs them."""
    settings.STRIPE_API_BASE = emulator
    gateway.connect.cache_clear()
    wire = StripeWire(emulator, Client(raise_request_exception=False))
    yield wire
    wire.reset()
    gateway.connect.cache_clear()


@pytest.fixture(scope="session", autouse=True)
def emptied_row_by_row(django_db_modify_db_settings):
    """
    After a test that commits, PostgreSQL deletes the few rows there are. To truncate seventy tables
    takes a hundred times as long. Whoever runs the server may leave triggers and foreign keys out.
    What a migration wrote down about our models stays, so it need not be written again.
    """
    patch = pytest.MonkeyPatch()
    if connection.vendor == "postgresql":
        patch.setattr(type(connection.ops), "sql_flush", _deleting)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *args, **options: None)
    yield
    patch.undo()


def _deleting(operations, style, tables, **options) -> list[str]:
    stay = {model._meta.db_table for model in (ContentType, Permission)}
    quoted = [operations.quote_name(table) for table in tables if table not in stay]
    unasked = "SET session_replication_role = replica"
    return [
        unasked,
        *(f"DELETE FROM {table}" for table in quoted),
        "RESET session_replication_role",
    ]


@pytest.fixture(autouse=True)
def no_promise_is_broken(request):
    """
    After each test in which Stripe has a part, on PostgreSQL: the books balance, and seats have
    their owner.
    """
    moves_money = {"stripe", "theater"} <= set(request.fixturenames)
    moves_money = moves_money and connection.vendor == "postgresql"
    if moves_money:
        request.getfixturevalue("db")
    yield
    if moves_money and not request.node.get_closest_marker("broken_by_hand"):
        assert broken_promises() == []
        assert list(problems()) == []


@pytest.fixture
def me(client_of, alice):
    """Alice's client."""
    return client_of(alice)


@pytest.fixture
def booking(book, me, showtime, seats):
    """A1 and A2, held for Alice: 22.00 EUR."""
    return book(me, showtime, seats[:2]).json()


@pytest.fixture
def payment(me, booking, stripe):
    """The open payment of that booking."""
    return me.post("/api/payments/", {"booking": booking["reference"]}).json()


@pytest.fixture
def paid(book, stripe):
    """Book, pay and hear from Stripe; answers the confirmed booking as the API shows it."""

    def go(client, showtime, seats, **more):
        booking = book(client, showtime, seats, **more).json()
        payment = client.post("/api/payments/", {"booking": booking["reference"]}).json()
        assert stripe.pay(payment).status_code == 200
        return client.get(f"/api/bookings/{booking['reference']}/").json()

    return go


@pytest.fixture
def users(alice, bob, manager, admin):
    """Whoever of PEOPLE has an account."""
    elsewhere = User.objects.create_user("far", "far@example.com", role=Role.MANAGER)
    place = {"address": "Am Rhein 1", "city": "Bonn", "country": "DE", "timezone": "Europe/Berlin"}
    far = Theater.objects.create(name="Far", slug="far", currency="EUR", **place)
    far.managers.add(elsewhere)
    return dict(zip(PEOPLE[1:], (alice, bob, manager, elsewhere, admin), strict=True))


@pytest.fixture
def people(users):
    """A client for each of PEOPLE."""
    clients = {"nobody": APIClient()}
    for name, user in users.items():
        token = tokens_for(user)["access"]
        clients[name] = APIClient(headers={"Authorization": f"Bearer {token}"})
    return clients


@pytest.fixture
def cinema(movie, theater, showtime, seats, alice):
    """One of everything, by id. Alice booked `held`, and `booking`, paid; she wrote `review`."""
    contact = Contact(alice.full_name, alice.email)
    wanted = [seat.pk for seat in seats[:3]]
    held = hold(showtime, wanted[:1], user=alice, contact=contact)
    booking = hold(showtime, wanted[1:], user=alice, contact=contact)
    payment = Payment.objects.create(
        booking=booking, amount=booking.total, currency=booking.currency, stripe_intent="pi_1"
    )
    payment.succeed(amount=booking.total, currency=booking.currency)
    block = SeatBlock(showtime=showtime, kind="house", freed_minutes_before=60)
    block.put_on(seats[-1:])
    return SimpleNamespace(
        movie=movie.pk,
        genre=Genre.objects.create(name="Drama", slug="drama").pk,
        person=Person.objects.create(name="Grace Holm").pk,
        slide=Slide.objects.create(title="Tonight", image="slides/tonight.webp").pk,
        review=Review.objects.create(movie=movie, user=alice, rating=4).pk,
        theater=theater.pk,
        amenity=Amenity.objects.create(name="Bar").pk,
        screen=showtime.screen_id,
        category=seats[0].category_id,
        showtime=showtime.pk,
        block=str(block.pk),
        free_seats=[seat.pk for seat in seats[3:5]],
        price_rule=theater.price_rules.create(name="Matinee", effect="percent", value=-20).pk,
        held=held.reference,
        booking=booking.reference,
        access_key=booking.access_key,
        ticket=booking.tickets.first().code,
        payment=str(payment.pk),
        invoice=booking.invoices.get().number,
    )
