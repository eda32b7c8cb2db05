"""What somebody should look at, and where."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from operator import attrgetter

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from bookings.models import Letter
from manager_panel.models import Figures
from payments.books.waiting import flagged, not_sent
from payments.models import Dispute, Refund, Stray, WebhookEvent
from showtimes.models import Showtime
from theaters.models import Theater

from .words import number

# Of one kind of showtime, so many are named.
NAMED = 5
NEARLY_FULL, NEARLY_EMPTY = 90, 5
SOON = timedelta(days=2)
THEATER = "booking__showtime__screen__theater"


def waiting(theaters: list[Theater], user: User) -> list[dict]:
    """What waits for a human in `theaters`: how many of each kind, and the page that lists them."""
    found = [
        _listed(
            "Theaters at which nobody can pay online",
            Theater.objects.filter(pk__in=[one.pk for one in theaters]).refused_by_stripe(),
            {"id__exact": theaters[0].pk} if len(theaters) == 1 else {},
            stripe_refusal__isempty=0,
        ),
        _listed(
            "Refunds that failed, or are due at the box office",
            *_of(theaters, Refund.objects.needing_attention(), f"payment__{THEATER}"),
            attention="yes",
        ),
        _listed(
            "Refunds that Stripe has not taken for a day",
            *_of(theaters, not_sent(), f"payment__{THEATER}"),
            status__exact="pending",
        ),
        _listed(
            "Payments of another amount than was asked for",
            *_of(theaters, flagged(), THEATER),
            flag__isempty=0,
        ),
        _listed(
            "Disputes to answer",
            *_of(theaters, Dispute.objects.filter(closed_at=None), f"payment__{THEATER}"),
            closed_at__isempty=1,
        ),
        _listed(
            "Mails that could not be sent",
            *_of(theaters, Letter.objects.stuck().order_by(), THEATER),
            attention="yes",
        ),
    ]
    if user.role == Role.ADMIN:
        found += _of_the_chain()
    return [one for one in found if one["count"]]


def _of(theaters: list[Theater], rows: QuerySet, path: str) -> tuple[QuerySet, dict]:
    """Those of `rows` at `theaters`, and the filter of their list, which has one theater or all."""
    only = {f"{path}__id__exact": theaters[0].pk} if len(theaters) == 1 else {}
    return rows.filter(**{f"{path}__in": theaters}), only


def _of_the_chain() -> Iterator[dict]:
    yield _listed(
        "Money at Stripe that belongs to nothing",
        Stray.objects.unsettled(),
        {},
        settled_at__isempty=1,
    )
    yield _listed(
        "Events of Stripe's that failed",
        WebhookEvent.objects.filter(processed_at=None).exclude(error=""),
        {},
        error__isempty=0,
        processed_at__isempty=1,
    )


def _listed(words: str, rows: QuerySet, more: dict, **where) -> dict:
    opts = rows.model._meta
    page = f"admin:{opts.app_label}_{opts.model_name}_changelist"
    return {"words": words, "count": rows.count(), "link": reverse(page, query=where | more)}


def showtimes(live: Iterable[Figures]) -> list[dict]:
    """
    Of showtimes that are to come: those that are nearly sold out, with a thought of another one,
    and those that nearly nobody wants to see.
    """
    ahead = _ahead(live)
    full = [one for one in ahead if one.tickets * 100 >= one.capacity * NEARLY_FULL]
    empty = [
        one
        for one in ahead
        if one.tickets * 100 <= one.capacity * NEARLY_EMPTY
        and one.starts_at <= timezone.now() + SOON
    ]
    full.sort(key=lambda one: (one.tickets - one.capacity, one.starts_at))
    return [
        {"title": "Sold out, or nearly", "showtimes": full[:NAMED], "more": _more(full)},
        {"title": "Nearly empty, soon", "showtimes": empty[:NAMED], "more": _more(empty)},
    ]


def _ahead(live: Iterable[Figures]) -> list[Figures]:
    """One row for each showtime that will take place, with all its tickets, the next one first."""
    whole = {}
    for row in live:
        whole.setdefault(row.showtime_id, []).append(row)
    found = []
    for rows in whole.values():
        house = next((row for row in rows if row.capacity), None)
        if house and house.starts_at > timezone.now():
            found.append(_with_all_tickets(house, rows))
    return sorted(found, key=attrgetter("starts_at"))


def _with_all_tickets(house: Figures, rows: list[Figures]) -> Figures:
    # A row of its own: what is live is read for other figures, too.
    one = Figures(showtime_id=house.showtime_id, movie_id=house.movie_id, day=house.day)
    one.theater_id, one.capacity = house.theater_id, house.capacity
    one.screen_id, one.starts_at = house.screen_id, house.starts_at
    one.tickets = sum(row.tickets for row in rows)
    return one


def _more(found: list) -> str:
    return f"and {number(len(found) - NAMED)} more" if len(found) > NAMED else ""


def page_of(showtime: int) -> str:
    """The address of a showtime's page."""
    return reverse(f"admin:{Showtime._meta.label_lower.replace('.', '_')}_change", args=[showtime])
