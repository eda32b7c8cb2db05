"""A chain of theaters in which anything may be sold: drawn from a seed, the same each time."""

from datetime import timedelta
from decimal import Decimal
from random import Random

from django.db.models import F
from django.utils import timezone

from bookings.exchanges.exchanging import exchange
from bookings.holds import Contact, hold
from bookings.models import Booking, PromoCode, Ticket
from movies.models import Movie
from payments.jobs import call_off_bookings, record_owed_refunds
from payments.models import LedgerEntry, Payment, Refund
from showtimes.models import Showtime, TakenSeat
from showtimes.planning import cancel
from theaters.layouts import Place, seats_of
from theaters.models import Screen, Seat, Theater

# Prices with tax in them, on top of them, and without coins; on both sides of the date line.
HOUSES = {
    "apollo": {"currency": "EUR", "timezone": "Europe/Berlin", "tax_rate": 19, "booking_fee": 1},
    "ritz": {
        "currency": "USD",
        "timezone": "America/Los_Angeles",
        "tax_rate": Decimal("8.875"),
        "prices_include_tax": False,
        "booking_fee": Decimal("1.75"),
    },
    "ginza": {"currency": "JPY", "timezone": "Asia/Tokyo", "tax_rate": 10, "booking_fee": 100},
}
PRICES = {"EUR": (Decimal("9.90"), Decimal("13.50")), "USD": (12, 17), "JPY": (1800, 2400)}
AHEAD = timedelta(days=60)
GUEST = Contact("Jo Guest", "jo@example.com")
KINDS = ["stripe", "stripe", "stripe", "cash", "card_terminal", "complimentary"]
# What is moved into the past is not overlapping: each showtime has its hall and its four hours.
SLOT = timedelta(hours=4)


def open_chain() -> list[Theater]:
    """Three theaters with a hall of eight seats each, half of them dear, and two films."""
    for title in ("The Long Way Down", "Small Boats"):
        Movie.objects.create(
            title=title, release_date="2020-01-01", duration_minutes=90, language="en"
        )
    PromoCode.objects.create(code="THIRD", percent=33)
    PromoCode.objects.create(code="FREE", percent=100)
    for slug, house in HOUSES.items():
        _open(slug, **house)
    return list(Theater.objects.filter(slug__in=HOUSES).order_by("pk"))


def _open(slug: str, **house):
    theater = Theater.objects.create(
        name=slug.title(), slug=slug, country="DE", invoice_prefix=slug.upper(), legal_name=slug,
        refuses_lonely_seats=False, **house,
    )  # fmt: skip
    cheap, dear = PRICES[theater.currency]
    legend = {
        "s": Place(theater.seat_categories.create(name="Silver", default_price=cheap)),
        "g": Place(theater.seat_categories.create(name="Gold", default_price=dear, rank=1)),
    }
    screen = Screen.objects.create(theater=theater, name="Hall")
    Seat.objects.bulk_create(seats_of(screen, ["ssss", "gggg"], legend))


class Seller:
    """Sells what the dice say. What it did is in the database, and nowhere else."""

    def __init__(self, seed: int):
        self.draw = Random(seed)

    def sell_some_days(self, theaters: list[Theater], *, shows: int, ends: timedelta):
        """`shows` in each theater, four hours apart; the last of them ends `ends` from now."""
        planned = [self._plan(theater, nth) for theater in theaters for nth in range(shows)]
        for showtime in planned:
            for _ in range(self.draw.randint(0, 4)):
                self.sell(showtime)
        self._move(planned, ends - AHEAD - SLOT * shows)
        self._scatter(planned)
        for showtime in planned:
            showtime.refresh_from_db()
            self.open_the_door(showtime)
        return planned

    def _plan(self, theater: Theater, nth: int) -> Showtime:
        starts = timezone.now() + AHEAD + SLOT * nth
        return Showtime.objects.create(
            movie=self.draw.choice(Movie.objects.order_by("pk")),
            screen=theater.screens.get(),
            starts_at=starts,
            ends_at=starts + timedelta(hours=2),
            language="en",
            status=self.draw.choice(["on_sale"] * 5 + ["planned"]),
        )

    def sell(self, showtime: Showtime):
        taken = TakenSeat.objects.live().filter(showtime=showtime).values("seat")
        free = list(showtime.screen.seats.exclude(pk__in=taken))
        if showtime.status != "on_sale" or not free:
            return
        chosen = self.draw.sample(free, min(len(free), self.draw.randint(1, 3)))
        code = self.draw.choice(["", "", "", "THIRD", "FREE"])
        ids = [seat.pk for seat in chosen]
        contact = Contact("Jo", f"{self.draw.random()}@example.com")
        booking = hold(showtime, ids, user=None, contact=contact, promo_code=code)
        if booking.status == Booking.Status.PENDING:
            self.draw.choice([self.pay] * 6 + [self.pay_wrongly, self.pay_too_late])(booking)
            booking.refresh_from_db()
        if booking.status == Booking.Status.CONFIRMED:
            self.draw.choice([bool, bool, self.swap, self.give_back, self.give_back])(booking)
            self.work()

    def pay(self, booking: Booking, exchange=None) -> Payment:
        amount = exchange.difference if exchange else booking.total
        of_it = {"amount": amount, "currency": booking.currency}
        kind = self.draw.choice(KINDS)
        payment = Payment.objects.create(booking=booking, exchange=exchange, kind=kind, **of_it)
        payment.succeed(**of_it)
        if self.draw.random() < 0.1:
            LedgerEntry.objects.dispute(payment, stripe_dispute=f"dp_{payment.pk}", **of_it)
        return payment

    def pay_wrongly(self, booking: Booking):
        payment = Payment.objects.create(
            booking=booking, amount=booking.total, currency=booking.currency
        )
        payment.succeed(amount=Decimal(7), currency=self.draw.choice(["CHF", booking.currency]))

    def pay_too_late(self, booking: Booking):
        booking.let_go()
        self.pay(booking)

    def swap(self, booking: Booking):
        taken = TakenSeat.objects.live().filter(showtime=booking.showtime_id).values("seat")
        free = list(booking.showtime.screen.seats.exclude(pk__in=taken).select_related("category"))
        if free:
            ticket = self.draw.choice(booking.tickets.valid())
            made = exchange(booking, {ticket.pk: self.draw.choice(free)})
            if made.status == "pending":
                self.pay(booking, exchange=made)

    def give_back(self, booking: Booking):
        tickets = list(booking.tickets.valid().select_related("seat__category"))
        booking.cancel(self.draw.sample(tickets, self.draw.randint(1, len(tickets))))

    def call_off(self, showtime: Showtime):
        cancel(showtime, "The projector is broken.")
        call_off_bookings()
        self.work()

    def work(self):
        """What the jobs do, and Stripe: most refunds go through, some fail or come back."""
        record_owed_refunds()
        for refund in Refund.objects.filter(status="pending"):
            if self.draw.random() < 0.8:
                refund.succeed()
                if self.draw.random() < 0.2:
                    refund.fail("expired_or_canceled_card")

    def open_the_door(self, showtime: Showtime):
        if self.draw.random() < 0.7:
            tickets = Ticket.objects.valid().filter(booking__showtime=showtime)
            came = [ticket.pk for ticket in tickets if self.draw.random() < 0.8]
            Ticket.objects.filter(pk__in=came).update(admitted_at=showtime.starts_at)

    def _move(self, showtimes: list[Showtime], by: timedelta):
        ids = [showtime.pk for showtime in showtimes]
        Showtime.objects.filter(pk__in=ids).update(
            starts_at=F("starts_at") + by, ends_at=F("ends_at") + by
        )

    def _scatter(self, showtimes: list[Showtime]):
        """Sold at some moment in the four days before."""
        sold = Booking.objects.filter(showtime__in=showtimes, confirmed_at__isnull=False)
        for booking in sold.select_related("showtime"):
            at = min(booking.showtime.starts_at, timezone.now())
            at -= timedelta(minutes=self.draw.randint(1, 4 * 24 * 60))
            Booking.objects.filter(pk=booking.pk).update(confirmed_at=at)
