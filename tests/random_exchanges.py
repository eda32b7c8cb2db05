"""What customers do with seats that they have paid for: exchange them, and let the new ones go."""

from decimal import Decimal

from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

ONE_OF_THEM = some.integers(0, 3)
# Which ticket, and which seat instead: by their places among those that are.
WISHES = some.dictionaries(some.integers(0, 2), some.integers(0, 3), min_size=1, max_size=2)
REFUSED = {"own_seat", "tickets_not_valid", "booking_closed", "seats_taken"}
THEN = [
    lambda sale, number: sale.pay(number),
    lambda sale, number: sale.pay(number),
    lambda sale, number: sale.pay_late(number, 11, rival=False),
    lambda sale, number: sale.pay_late(number, 11, rival=True),
    lambda sale, number: sale.cancel(number, {0}),
    lambda sale, number: sale.let_exchange_go(number),
    lambda sale, number: sale.pay_at_stripe(number, "pm_card_visa"),
]


class Exchanging(RuleBasedStateMachine):
    """Rules of a sale; half of its seats are `dear`."""

    @precondition(lambda self: self.with_tickets())
    @rule(number=ONE_OF_THEM, wishes=WISHES)
    def exchange_seats(self, number, wishes):
        """For dearer ones, cheaper ones, or such as cost the same."""
        booking = self.one(self.with_tickets()[number % len(self.with_tickets())])
        taken = self.shown_as_taken()
        tickets = sorted(booking.last["tickets"], key=lambda ticket: ticket["status"] != "valid")
        seats = sorted(self.seats, key=lambda seat: (seat in taken, seat not in self.dear))
        swaps = {tickets[old % len(tickets)]["code"]: seats[new] for old, new in wishes.items()}
        if len(set(swaps.values())) == len(swaps):
            could = self._could(booking, swaps, taken - booking.seats)
            self._exchange(booking, swaps, could=could)

    @precondition(lambda self: self.with_tickets())
    @rule(number=ONE_OF_THEM, wishes=WISHES, then=some.sampled_from(THEN))
    def exchange_seats_and(self, number, wishes, then):
        """Go on at once, for an exchange does not wait for long."""
        number = self.with_tickets()[number % len(self.with_tickets())]
        self.exchange_seats(self.with_tickets().index(number), wishes)
        then(self, number)

    def with_tickets(self) -> list[int]:
        """The numbers of bookings that have valid tickets."""
        return [number for number in range(4) if self.one(number).valid_tickets()]

    def _could(self, booking, swaps: dict[str, int], taken: set[int]) -> bool:
        has = {ticket["code"]: ticket["seat"]["id"] for ticket in booking.valid_tickets()}
        stays = {seat for code, seat in has.items() if code not in swaps}
        return (
            booking.last["status"] == "confirmed"
            and set(swaps) <= set(has)
            and not set(swaps.values()) & (taken | stays)
            and all(has[code] != seat for code, seat in swaps.items())
        )

    def _exchange(self, booking, swaps: dict[str, int], *, could: bool):
        wishes = [{"ticket": code, "seat": seat} for code, seat in swaps.items()]
        address, before = f"{booking.address}exchange/", booking.waiting
        quote = booking.client.post(f"{address}quote/", {"swaps": wishes}, format="json")
        answer = booking.client.post(address, {"swaps": wishes}, format="json")
        assert (quote.status_code, answer.status_code) == (200, 201) or not could
        if not could:
            assert quote.json() == answer.json(), "refused in one way, and not in the other"
            assert answer.json()["errors"][0]["code"] in REFUSED
            return
        made = answer.json()
        assert made["lines"] == quote.json()["lines"], "it was said to cost something else"
        self._check_costs(made)
        booking.exchanges[made["id"]] = made
        if before:
            booking.called_off.add(before["id"])

    def _check_costs(self, made: dict):
        dearer = sum(
            (swap["new_seat"]["id"] in self.dear) - (swap["old_seat"]["id"] in self.dear)
            for swap in made["swaps"]
        )
        difference = Decimal(made["difference"])
        assert (difference > 0, difference < 0) == (dearer > 0, dearer < 0)
        assert made["status"] == ("pending" if difference > 0 else "done")

    @rule(number=ONE_OF_THEM)
    def let_exchange_go(self, number):
        booking = self.one(number)
        before = booking.look() and booking.waiting
        answer = booking.client.delete(f"{booking.address}exchange/")
        assert answer.status_code == (204 if before else 409)
        if before:
            booking.called_off.add(before["id"])
