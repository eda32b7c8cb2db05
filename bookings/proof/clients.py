"""Clients that all want the same seats, and change their minds, until they are told to stop."""

import random
import threading
import time
import uuid
from collections import Counter
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from rest_framework.exceptions import APIException

from bookings.customer import Contact
from bookings.holds import hold
from bookings.models import Booking
from showtimes.contention import Busy, tried_twice
from showtimes.models import Showtime, TakenSeat

MOST_SEATS = 4
# So soon ends the hold of somebody who walks away, in seconds.
SOON = 0.03
# How often a client gives back what it bought, so that there is something left to fight for.
GIVEN_BACK = 0.8


class Crowd:
    """
    `number` clients, each in a thread and a connection of its own. `counts` has what came of it:
    attempts (to hold seats), sold, refused and busy (as the API would say it), errors.
    """

    def __init__(self, showtime: Showtime, seats: list[int], number: int):
        self.showtime, self.seats = showtime, seats
        self.over = threading.Event()
        self.counts, self.errors = Counter(), Counter()
        self._counting = threading.Lock()
        self._threads = [threading.Thread(target=self._visit, args=[n]) for n in range(number)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self._threads:
            thread.join()

    def _visit(self, number: int):
        dice, bought = random.Random(number), []
        try:
            while not self.over.is_set():
                self._try(lambda: self._come_and_go(dice, bought))
        finally:
            connection.close()

    def _try(self, visit):
        """What the API answers with a 409 or a 503 is nothing special; all else is an error."""
        try:
            visit()
        except Busy:
            self._count("busy")
        except APIException:
            self._count("refused")
        except Exception as error:
            self._count("errors")
            self.errors[f"{type(error).__name__}: {error}".strip()] += 1
            # Where nothing works there is no need to try as fast as we can.
            self.over.wait(0.1)

    def _count(self, what: str):
        with self._counting:
            self.counts[what] += 1

    def _come_and_go(self, dice: random.Random, bought: list):
        """Hold some seats; then buy them, let them go, or walk away and perhaps come back."""
        if bought and dice.random() < GIVEN_BACK:
            bought.pop().cancel()
        self._count("attempts")
        wish = dice.sample(self.seats, dice.randint(1, MOST_SEATS))
        guest = Contact("Guest", f"{uuid.uuid4().hex}@prove-no-double-sale.invalid")
        booking = hold(self.showtime, wish, user=None, contact=guest)
        match dice.choice(["buy", "let go", "walk away", "come back"]):
            case "buy":
                self._buy(booking, bought)
            case "let go":
                booking.let_go()
            case "walk away":
                _walk_away(booking)
            case "come back":
                _walk_away(booking)
                time.sleep(SOON * 2 * dice.random())
                self._buy(booking, bought)

    def _buy(self, booking: Booking, bought: list):
        tried_twice(booking.confirm)()
        self._count("sold")
        bought.append(booking)


@tried_twice
@transaction.atomic
def _walk_away(booking: Booking):
    """Let the time of a hold run out, as if its minutes had passed."""
    end = timezone.now() + timedelta(seconds=SOON)
    Booking.objects.held_now().filter(pk=booking.pk).update(held_until=end)
    TakenSeat.objects.held_by(booking.pk).extend(end)
