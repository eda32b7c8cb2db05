"""However seats are exchanged, and whatever they cost by then: no unit of money is lost."""

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from bookings.exchanges.exchanging import OwnSeat, exchange
from bookings.models import Booking, Exchange, PromoCode, Ticket
from showtimes.models import TakenSeat
from showtimes.price_rules import TicketType
from theaters.currencies import rounded
from theaters.models import Seat
from theaters.online_amounts import AmountNotPayable

from . import test_money_properties as money

PRICES = some.tuples(money.MONEY, money.MONEY)
# Prices as they are by then, and which tickets are exchanged for which seats.
STEPS = some.tuples(PRICES, some.dictionaries(some.integers(0, 3), some.integers(0, 9), min_size=1))


class Exchanges(money.Money):
    test_all_agree = None

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        currency=some.sampled_from(["EUR", "JPY", "KWD"]),
        included=some.booleans(),
        rate=some.decimals(min_value=0, max_value=100, places=3),
        fee=money.MONEY,
        prices=PRICES,
        rules=some.lists(money.RULES, max_size=2),
        code=money.CODES,
        types=some.lists(some.sampled_from(TicketType.values), min_size=1, max_size=4),
        steps=some.lists(STEPS, min_size=1, max_size=4),
    )
    def test_nothing_is_lost(
        self, currency, included, rate, fee, prices, rules, code, types, steps
    ):
        self.set_up(currency, included, rate, fee, prices, rules)
        if code is not None:
            code = {"currency": currency if "amount" in code else ""} | code
            PromoCode.objects.create(code="CODE", **code)
        booking = self.sold(types, "CODE" if code else "")
        for prices, wishes in steps:
            self.set_up(currency, included, rate, fee, prices, [])
            self.swap(booking, wishes)
            self.check_sums(booking, currency)
        booking.cancel()
        assert booking.amount_due_back == booking.total + booking.amount_added
        assert not TakenSeat.objects.exists()

    def swap(self, booking, wishes):
        seats = list(Seat.objects.select_related("category").order_by("number", "row"))
        tickets = list(booking.tickets.valid())
        wishes = {tickets[old % len(tickets)].pk: seats[new] for old, new in wishes.items()}
        if len(set(wishes.values())) < len(wishes):
            return
        try:
            made = exchange(Booking.objects.get(pk=booking.pk), wishes)
        except (OwnSeat, AmountNotPayable):
            return
        assert sum(Decimal(line["amount"]) for line in made.lines) == made.difference
        if made.status == Exchange.Status.PENDING:
            Exchange.objects.get(pk=made.pk).complete()

    def check_sums(self, booking, currency):
        booking.refresh_from_db()
        valid = list(booking.tickets.valid())
        assert all(one.paid >= 0 and one.paid == rounded(one.paid, currency) for one in valid)
        asked = booking.total + booking.amount_added
        assert sum(one.paid for one in valid) + booking.amount_due_back == asked
        held = TakenSeat.objects.filter(holder=booking.pk, held_until=None)
        assert set(held.values_list("seat", flat=True)) == {one.seat_id for one in valid}
        assert TakenSeat.objects.count() == len(valid)
        types = [Ticket.objects.get(code=one.code).type for one in valid]
        bought = booking.lines.filter(kind="seat").values_list("type", flat=True)
        assert sorted(types) == sorted(bought)
