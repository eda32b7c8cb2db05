"""Whatever is set and chosen: lines, tickets and totals agree to the last unit of the currency."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as some
from hypothesis.extra.django import TestCase as PropertyCase

from bookings.holds import Contact, hold
from bookings.models import PromoCode
from movies.models import Movie
from showtimes.models import PriceRule, Showtime
from showtimes.price_rules import TicketType
from theaters.currencies import rounded
from theaters.layouts import Place, seats_of
from theaters.models import Screen, Seat, SeatCategory, Theater
from theaters.online_amounts import AmountNotPayable

MONEY = some.decimals(min_value=0, max_value=200, places=3)
EFFECTS = some.one_of(
    some.tuples(some.just("percent"), some.decimals(min_value=-100, max_value=200, places=3)),
    some.tuples(some.just("amount"), some.decimals(min_value=-50, max_value=50, places=3)),
    some.tuples(some.just("price"), MONEY),
)
RULES = some.tuples(EFFECTS, some.sets(some.sampled_from(TicketType.values)), some.booleans())
CODES = some.one_of(
    some.none(),
    some.builds(dict, percent=some.decimals(min_value=0, max_value=100, places=2)),
    some.builds(dict, amount=MONEY),
)


class Money(PropertyCase):
    @classmethod
    def setUpTestData(cls):
        cls.theater = Theater.objects.create(
            name="Lux", slug="lux", country="DE", timezone="Europe/Berlin", currency="EUR",
            legal_name="Lux", invoice_prefix="LUX",
        )  # fmt: skip
        screen = Screen.objects.create(theater=cls.theater, name="One")
        legend = {
            letter: Place(cls.theater.seat_categories.create(name=letter, default_price=9))
            for letter in "sg"
        }
        Seat.objects.bulk_create(seats_of(screen, ["sssss", "ggggg"], legend))
        starts = timezone.now() + timedelta(days=2)
        movie = Movie.objects.create(title="X", release_date="2026-01-01", duration_minutes=90)
        cls.showtime = Showtime.objects.create(
            movie=movie, screen=screen, starts_at=starts, ends_at=starts + timedelta(hours=2),
            status="on_sale",
        )  # fmt: skip

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        currency=some.sampled_from(["EUR", "JPY", "KWD"]),
        included=some.booleans(),
        rate=some.decimals(min_value=0, max_value=100, places=3),
        fee=MONEY,
        prices=some.tuples(MONEY, MONEY),
        rules=some.lists(RULES, max_size=4),
        code=CODES,
        types=some.lists(some.sampled_from(TicketType.values), min_size=1, max_size=10),
    )
    def test_all_agree(self, currency, included, rate, fee, prices, rules, code, types):
        self.set_up(currency, included, rate, fee, prices, rules)
        if code is not None:
            code = {"currency": currency if "amount" in code else ""} | code
            PromoCode.objects.create(code="CODE", **code)
        booking = self.sold(types, "CODE" if code else "")
        self.check(booking, currency, included)

    def set_up(self, currency, included, rate, fee, prices, rules):
        Theater.objects.update(
            currency=currency, prices_include_tax=included, tax_rate=rate, booking_fee=fee
        )
        for category, price in zip(SeatCategory.objects.all(), prices, strict=True):
            SeatCategory.objects.filter(pk=category.pk).update(default_price=price)
        for (effect, value), kinds, final in rules:
            PriceRule.objects.create(
                theater=self.theater, name="R", effect=effect, value=value,
                ticket_types=sorted(kinds), final=final,
            )  # fmt: skip

    def sold(self, types, code):
        showtime = Showtime.objects.get()
        seats = Seat.objects.order_by("number", "row").values_list("pk", flat=True)
        chosen = list(seats[: len(types)])
        of_seat = dict(zip(chosen, types, strict=True))
        try:
            booking = hold(
                showtime, chosen, user=None, contact=Contact("G", "g@example.com"),
                promo_code=code, ticket_types=of_seat,
            )  # fmt: skip
        except AmountNotPayable:
            reject()
        if booking.status == booking.Status.PENDING:
            booking.confirm()
        booking.refresh_from_db()
        return booking

    def check(self, booking, currency, included):
        lines = list(booking.lines.all())
        tickets = list(booking.tickets.all())
        seats = [line for line in lines if line.kind == "seat"]
        assert sum(line.amount for line in lines) == booking.total
        assert sum(ticket.paid for ticket in tickets) == booking.total
        assert sum(ticket.price for ticket in tickets) == booking.subtotal
        without_tax = booking.subtotal - booking.discount + booking.fees
        assert booking.total == without_tax + (0 if included else booking.tax)
        for line in seats:
            assert sum(Decimal(reason["amount"]) for reason in line.reasons) == line.amount
        amounts = [ticket.paid for ticket in tickets] + [line.amount for line in seats]
        amounts += [booking.discount, booking.fees, booking.tax, booking.total]
        assert all(amount >= 0 and amount == rounded(amount, currency) for amount in amounts)
        assert booking.discount <= booking.subtotal
        assert booking.tax <= booking.total or not included
