"""`manage.py prove_no_double_sale` says so when a seat is sold twice."""

from showtimes.models import SeatsTaken, Showtime, TakenSeat
from tests.test_prove_no_double_sale import prove

from .test_seats import drop_one_taker_per_seat, restore_one_taker_per_seat


def test_many_clients_sell_no_seat_twice():
    figures, exit_code, _ = prove(clients=24, seconds=4)
    assert exit_code == 0
    assert figures["sold"] > 0
    assert figures["refused"] > 0
    assert figures["errors"] == figures["double sales"] == 0


def take_whatever_looks_free(self, seats, holder, until):
    """What somebody might write: look, then write."""
    wanted = [seat.pk for seat in seats]
    taken = self.taken_seats.filter(seat__in=wanted)
    if others := taken.live().exclude(holder=holder):
        raise SeatsTaken(row.seat for row in others)
    taken.delete()
    TakenSeat.objects.bulk_create(
        TakenSeat(showtime=self, seat_id=pk, holder=holder, held_until=until) for pk in wanted
    )
    return self


def test_without_locks_and_constraint_it_fails(monkeypatch):
    monkeypatch.setattr(Showtime, "take", take_whatever_looks_free)
    drop_one_taker_per_seat()
    try:
        outcome = prove(clients=24, seconds=8)
    finally:
        restore_one_taker_per_seat()
    assert outcome.exit_code == 1
    assert outcome.reason == "A seat was sold twice."
    assert outcome.figures["double sales"] > 0
