"""
A chain that has been open for two years: 200,000 bookings, each of two seats, of three theaters
with two screens each; and all that comes with them: mails, scans at the doors, refunds, reviews,
what staff changed. A hall with as many seats as there can be is sold out today.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product

from django.db import connection
from django.utils import timezone

from accounts.models import Role, User
from bookings.models import (
    Booking,
    BookingLine,
    Exchange,
    Letter,
    PromoCode,
    Scan,
    Swap,
    Ticket,
)
from history.models import Entry
from manager_panel.models import Report
from movies.models import Credit, Movie, Person, Slide
from payments.models import (
    Dispute,
    Invoice,
    LedgerEntry,
    Payment,
    Refund,
    RefusedWebhook,
    Stray,
    WebhookEvent,
)
from reviews.models import Review
from showtimes.models import Price, PriceRule, SeatBlock, Showtime, TakenSeat
from theaters.layouts import Place, seats_of
from theaters.models import Amenity, Screen, Seat

from . import sales
from .cinema import make_catalogue, make_customers, make_films, make_theater, take_stock
from .sales import multiply

HOUSES, HALLS = 3, 2
DAYS_BEFORE, DAYS_AFTER = 724, 6
STARTS = [14, 17, 20, 22]
EACH = 12
ROWS = ["s" * 10] * 8
LARGEST = ["s" * 50] * 60
PEOPLE, CAST = 50_000, 400
FIRST_NAMES = "Anna Jürgen Zoë Łukasz Émilie Ömer Søren Nadia Paul Ida".split()
LAST_NAMES = "Müller Schmidt Mueller Nguyen Kowalski Yılmaz García O’Neill Weiß Andersen".split()
# Of so many bookings one was paid back, exchanged, disputed.
BACK, EXCHANGED, DISPUTED = 50, 100, 1000


def open_chain() -> list[Showtime]:
    """One booking by the front door, and its copies, scattered over the showtimes; all the rest."""
    customers, films = make_customers(), make_films()
    screens = [screen for n in range(HOUSES) for screen in make_halls(f"house-{n}")]
    showtimes = make_showtimes(films, screens)
    template = showtimes[-1]
    sales.sell(template, customers[0])
    around_it(Booking.objects.get())
    with connection.cursor() as cursor:
        # The rows are right by how they are made; to look each of them up takes for ever.
        cursor.execute("SET session_replication_role = replica")
        copy(showtimes[:-1], customers)
        fill_the_largest(films[0], screens[0].theater)
        make_programme(showtimes, films)
        cursor.execute("SET session_replication_role = DEFAULT")
        take_stock()
    connection.close()
    return showtimes


def make_halls(slug: str) -> list[Screen]:
    theater = make_theater(slug)
    seat = Place(theater.seat_categories.create(name="Seat", default_price=10))
    halls = [theater.screens.create(name=f"Hall {n}") for n in range(HALLS)]
    for hall in halls:
        Seat.objects.bulk_create(seats_of(hall, ROWS, {"s": seat}))
    return halls


def make_showtimes(films, screens) -> list[Showtime]:
    """Four a day on each screen, in their order; the last one is tomorrow's or later."""
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    days = [midnight + timedelta(days=n) for n in range(-DAYS_BEFORE, DAYS_AFTER)]
    places = enumerate(product(days, STARTS, screens))
    return Showtime.objects.bulk_create(
        (
            Showtime(
                movie=films[n // 50 % len(films)],
                screen=screen,
                starts_at=day + timedelta(hours=hour),
                ends_at=day + timedelta(hours=hour + 2),
                language="de",
                status=Showtime.Status.ON_SALE,
            )
            for n, (day, hour, screen) in places
        ),
        batch_size=5000,
    )


def around_it(booking: Booking):
    """One row of each kind that may come with a booking."""
    ticket, payment = booking.tickets.earliest("pk"), booking.payments.get()
    Scan.objects.create(ticket=ticket, raw_code="scanned", verdict="admitted", gate="Main door")
    refund = Refund.objects.create(
        payment=payment, amount=1, reason="cancelled", status="succeeded", stripe_refund="re_one"
    )
    Refund.objects.filter(pk=refund.pk).update(finished_at=timezone.now())
    Dispute.objects.create(
        payment=payment,
        stripe_dispute="dp_one",
        status="lost",
        reason="fraudulent",
        amount=9,
        currency="EUR",
        opened_at=timezone.now(),
    )
    exchange = Exchange.objects.create(booking=booking, status="done", difference=0, tax=0)
    Swap.objects.create(
        exchange=exchange, old_ticket=ticket, seat_id=ticket.seat_id, price=9, paid=9
    )
    Review.objects.create(movie=booking.showtime.movie, user=booking.user, rating=4, text="Good.")
    Letter.objects.filter(booking=booking).update(written_at=timezone.now())


@dataclass
class Copied:
    """In SQL: what belongs to booking number `n`, which is SQL itself."""

    showtimes: list[Showtime]
    first_seat: int
    first_ticket: int
    n: str = "n"

    def number(self, n: str) -> "Copied":
        return replace(self, n=f"({n})")

    @property
    def uuid(self):
        return f"'000000000000000000000000' || (10000000 + {self.n})"

    @property
    def reference(self):
        return f"translate((10000000 + {self.n})::text, '0123456789', 'ACDEFGHJKL')"

    @property
    def showtime(self):
        return f"{self.showtimes[0].pk} + {self.n} / {EACH}"

    @property
    def start(self):
        return f"(SELECT starts_at FROM showtimes_showtime s WHERE s.id = {self.showtime})"

    @property
    def sold(self):
        return f"LEAST(now(), {self.start} - interval '1 hour' * ({self.n} * 7 % 70))"

    @property
    def seat(self):
        """The first of its seats, in order of the screens."""
        hall = f"{self.n} / {EACH} % {HOUSES * HALLS} * {len(ROWS) * 10}"
        return f"{self.first_seat} + {hall} + {self.n} % {EACH} * 2"

    @property
    def theater(self):
        return f"{self.showtimes[0].screen.theater_id} + {self.n} / {EACH} % 6 / {HALLS}"

    @property
    def ticket(self):
        return f"{self.first_ticket} + {self.n} * 2"


def copy(showtimes: list[Showtime], customers: list[User]):
    times = len(showtimes) * EACH
    nth = f"(seat_id - {TakenSeat.objects.earliest('seat').seat_id})"
    one = Copied(showtimes, Seat.objects.earliest("pk").pk, Ticket.objects.latest("pk").pk + 1)
    of_it = {"booking_id": one.uuid}
    seat, sold = f"{one.seat} + {nth}", one.sold
    multiply(
        Booking, times, id=one.uuid, reference=one.reference, access_key="10000000 + n",
        user_id=f"{customers[0].pk} + n % {len(customers)}", showtime_id=one.showtime,
        created_at=sold, confirmed_at=sold, contact_name=name_of("n"),
        contact_email="'guest' || n || '@example.com'", contact_phone="'+49 30 ' || (1000000 + n)",
    )  # fmt: skip
    multiply(BookingLine, times, **of_it, seat_id=seat)
    multiply(TakenSeat, times, holder=one.uuid, showtime_id=one.showtime, seat_id=seat)
    came = f"CASE WHEN {one.start} < now() AND n % 9 > 0 THEN {one.start} END"
    code = f"10000000 + n * 2 + {nth}"
    multiply(Ticket, times, **of_it, seat_id=seat, code=code, admitted_at=came)
    multiply(Payment, times, **of_it, id=one.uuid, stripe_intent="'pi_' || n", created_at=sold)
    paid = of_it | {"payment_id": one.uuid, "theater_id": one.theater}
    multiply(Invoice, times, **paid, number="'OLD-' || n", issued_at=sold)
    multiply(LedgerEntry, times, **paid, at=sold)
    multiply(Letter, times, **of_it, created_at=sold, written_at=sold)
    multiply(WebhookEvent, times, stripe_id="'evt_' || n", received_at=sold)
    multiply(
        Scan, times, ticket_id=one.ticket, raw_code="10000000 + n * 2", scanned_at=one.start,
        showtime_id=one.showtime,
    )  # fmt: skip
    copy_what_is_rare(times, one)


def copy_what_is_rare(times: int, one: Copied):
    """Of each of these there is one of `around_it`; every so many bookings have a copy."""
    paid, swapped, disputed = (one.number(f"n * {step}") for step in (BACK, EXCHANGED, DISPUTED))
    multiply(
        Refund, times // BACK, id=one.uuid, payment_id=paid.uuid, stripe_refund="'re_' || n",
        created_at=paid.sold, finished_at=paid.sold,
    )  # fmt: skip
    multiply(
        Exchange, times // EXCHANGED, id=one.uuid, booking_id=swapped.uuid, created_at=swapped.sold
    )
    multiply(
        Swap, times // EXCHANGED, exchange_id=one.uuid, old_ticket_id=swapped.ticket,
        new_ticket_id="NULL",
    )  # fmt: skip
    multiply(
        Dispute, times // DISPUTED, payment_id=disputed.uuid, stripe_dispute="'dp_' || n",
        opened_at=disputed.sold,
    )  # fmt: skip


def name_of(n: str) -> str:
    """In SQL: the name of whoever made booking n."""
    lists = [f"(ARRAY{names})" for names in (FIRST_NAMES, LAST_NAMES)]
    return f"{lists[0]}[1 + {n} % 10] || ' ' || {lists[1]}[1 + {n} / 10 % 10]"


def fill_the_largest(film: Movie, theater):
    """A hall of as many seats as there can be, and a showtime of today that is sold out there."""
    hall = theater.screens.create(name="Arena")
    seats_of_it = seats_of(hall, LARGEST, {"s": Place(theater.seat_categories.first())})
    seats = Seat.objects.bulk_create(seats_of_it)
    starts_at = timezone.now() + timedelta(hours=3)
    showtime = Showtime.objects.create(
        movie=film,
        screen=hall,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        language="de",
        status=Showtime.Status.ON_SALE,
    )
    times, first = len(seats) // 2, 5_000_000
    booking = Booking.objects.latest("created_at")
    own = {"first": first, "source": f"booking_id = '{booking.pk}'"}
    nth = f"(seat_id - {booking.tickets.earliest('seat').seat_id})"
    uuid = "'000000000000000000000000' || (10000000 + n)"
    seat = f"{seats[0].pk} + (n - {first}) * 2 + {nth}"
    letters = "translate((10000000 + n)::text, '0123456789', 'ACDEFGHJKL')"
    multiply(
        Booking, times, first=first, source=f"id = '{booking.pk}'", id=uuid, reference=letters,
        access_key="10000000 + n", showtime_id=str(showtime.pk), contact_name=name_of("n"),
    )  # fmt: skip
    multiply(BookingLine, times, booking_id=uuid, seat_id=seat, **own)
    multiply(Ticket, times, booking_id=uuid, seat_id=seat, code=f"30000000 + n * 2 + {nth}", **own)
    multiply(Payment, times, id=uuid, booking_id=uuid, stripe_intent="'pi_' || n", **own)
    own["source"] = f"holder = '{booking.pk}'"
    multiply(TakenSeat, times, holder=uuid, showtime_id=str(showtime.pk), seat_id=seat, **own)


def make_programme(showtimes: list[Showtime], films: list[Movie]):
    """What the office has made by hand in two years, and what people wrote."""
    make_catalogue()
    people = Person.objects.order_by("pk")[:CAST]
    Credit.objects.bulk_create(
        Credit(movie=films[0], person=person, job="actor", character=f"Part {n}", order=n)
        for n, person in enumerate(people)
    )
    multiply(User, PEOPLE, source="username = 'customer0'", username="'regular' || n",
             email="'regular' || n || '@example.com'", full_name=name_of("n"))  # fmt: skip
    review = Review.objects.get()
    first = User.objects.get(username="regular0").pk
    multiply(Review, PEOPLE // 2, source=f"id = {review.pk}", user_id=f"{first} + n",
             movie_id=f"{films[0].pk} + n % {len(films)}", text="'Text ' || n")  # fmt: skip
    category = {one.theater_id: one for one in theaters_categories(showtimes)}
    Price.objects.bulk_create(
        Price(showtime=one, category=category[one.screen.theater_id], amount=9) for one in showtimes
    )
    SeatBlock.objects.bulk_create(
        SeatBlock(showtime=one, kind="house", note="For the press.") for one in showtimes[::10]
    )
    for theater in {one.screen.theater for one in showtimes}:
        PriceRule.objects.bulk_create(
            PriceRule(theater=theater, name=f"Rule {n}", position=n, effect="percent", value=-n)
            for n in range(1, 41)
        )
        order_reports(theater)
    make_promo_codes({one.screen.theater for one in showtimes})
    Slide.objects.bulk_create(Slide(title=f"Slide {n}", image="slides/x.jpg") for n in range(20))
    Amenity.objects.bulk_create(Amenity(name=f"Amenity {n}") for n in range(20))
    note_what_staff_did(showtimes)
    hear_nonsense()


def theaters_categories(showtimes: list[Showtime]):
    return {c for one in showtimes[:6] for c in one.screen.theater.seat_categories.all()}


def order_reports(theater):
    boss = User.objects.create(username=f"chief-{theater.slug}", role=Role.MANAGER)
    theater.managers.add(boss)
    for n in range(100):
        last = date(2026, 11, 20) - timedelta(weeks=n)
        report = Report(first=last - timedelta(days=6), last=last, ordered_by=boss, status="done")
        report.save()
        report.theaters.add(theater)


def make_promo_codes(theaters):
    codes = PromoCode.objects.bulk_create(
        PromoCode(code=f"CODE{n:05}", percent=10) for n in range(3000)
    )
    link, theaters = PromoCode.theaters.through, list(theaters)
    link.objects.bulk_create(
        link(promocode=code, theater=theaters[n % len(theaters)]) for n, code in enumerate(codes)
    )


def note_what_staff_did(showtimes: list[Showtime]):
    """Each showtime was added, changed and put on sale."""
    Entry.objects.bulk_create(
        (
            Entry(
                at=one.starts_at - timedelta(days=20 - n),
                who=1,
                who_name="boss",
                door="admin",
                verb="changed",
                kind="showtimes.showtime",
                object_id=str(one.pk),
                title=f"Film, {one.starts_at}",
                theater=one.screen.theater_id,
                changes={"status": ["planned", "on_sale"]},
            )
            for one in showtimes
            for n in range(3)
        ),
        batch_size=5000,
    )


def hear_nonsense():
    Stray.objects.bulk_create(
        Stray(stripe_id=f"py_{n}", kind="payment", amount=9, currency="EUR", why="Unknown.")
        for n in range(500)
    )
    RefusedWebhook.objects.bulk_create(
        RefusedWebhook(day=date(2026, 11, 20) - timedelta(days=n), why="signature", count=3)
        for n in range(700)
    )
