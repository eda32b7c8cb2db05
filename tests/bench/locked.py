"""
What we do not do: the same hold under a lock on the whole showtime, to compare ours with.

Its transaction begins with the lock, and then looks, works out the price and writes: what it saw
before it had the lock, it would have to look at again.
"""

from django.db import transaction

from bookings import views
from bookings.best_seats import views as best_seats
from bookings.holds import hold
from showtimes.contention import tried_twice
from showtimes.models import Showtime


@tried_twice
@transaction.atomic
def hold_under_a_lock(showtime: Showtime, seats, **how):
    """As `hold`, one after another of all who want seats of `showtime`."""
    Showtime.objects.select_for_update().get(pk=showtime.pk)
    return hold(showtime, seats, **how)


def lock_the_showtime():
    """From now on the views of this process hold like that."""
    views.hold = best_seats.hold = hold_under_a_lock
