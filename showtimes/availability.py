"""
Which seats of a showtime are gone. While people choose nothing is asked more often, so it is one
statement for whoever asks, and its answer is made by the database.
"""

from hashlib import md5

from django.db.models import F, OuterRef, QuerySet
from django.utils.http import quote_etag
from rest_framework.exceptions import NotFound

from .models import Showtime, TakenSeat
from .statements import MOMENT, ONE, IdList, Statement


def look(statement: Statement, showtime: int, user) -> tuple:
    """
    What `statement`, whose first column is the status, says of the showtime with that id. Asks who
    `user` is only when it is one that not everybody may see. Raises NotFound.
    """
    for row in statement.rows(showtime):
        is_seen = row[0] != Showtime.Status.PLANNED
        if is_seen or Showtime.objects.visible_to(user).filter(pk=showtime).exists():
            return row
    raise NotFound


def taken_ids() -> IdList:
    """In a statement about showtimes: the ids of the seats that are gone, in order."""
    rows = TakenSeat.objects.live_at(MOMENT).filter(showtime=OuterRef("pk"))
    return IdList(rows.order_by("seat_id").values(ids=F("seat_id")))


def etag_of(read) -> str:
    """A weak one, since answers may be compressed: changes when what was `read` does."""
    return f"W/{quote_etag(md5(repr(read).encode(), usedforsecurity=False).hexdigest())}"


class Availability:
    """The seats of one showtime that are gone at this moment. Raises NotFound."""

    def __init__(self, showtime: int, user):
        _, taken = look(TAKEN, showtime, user)
        self.json = f'{{"taken":[{taken or ""}]}}'
        self.etag = etag_of(taken)


def _showtime() -> QuerySet:
    return Showtime.objects.filter(pk=ONE).values_list("status", taken_ids())


TAKEN = Statement(_showtime)
