"""
What the demo has sold: every booking is held and confirmed like a real one, dated back, and given
its invoice when its dates are right, for an invoice never changes. The last week's were bought for
showtimes that are moved into the past when all is sold.
"""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from random import Random

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from bookings.holds import hold
from bookings.models import Booking, PromoCode, Scan, Ticket
from payments.models import Invoice, Payment
from showtimes.models import Showtime
from theaters.models import Seat, Theater

from .people import GUESTS, contact_of, customers, guest
from .theaters import HOUSES
from .timetable import EVENING, evening_shows, known_movies, known_screens, plan, save

PAST_DAYS = 7
# Far enough ahead for every past showtime to be on sale while its tickets are sold.
AHEAD = timedelta(days=70)
GROUPS = [1, 2, 2, 2, 2, 3, 3, 4, 4, 5]


class FreeSeats:
    """What is left of one showtime, as somebody at the box office sees it."""

    def __init__(self, showtime: Showtime, draw: Random):
        self.showtime, self.draw = showtime, draw
        taken = showtime.taken_seats.live().values("seat")
        seats = showtime.screen.seats.filter(active=True).exclude(pk__in=taken)
        self.seats = list(seats.select_related("category").order_by("-y", "x"))

    def group(self, size: int) -> list[Seat]:
        """`size` free seats side by side, the farther back the likelier; fewer if need be."""
        blocks = [block for block in self._blocks() if len(block) >= size]
        if not blocks:
            return self.take((self._ordinary() or self.seats)[:size])
        block = blocks[min(int(self.draw.expovariate(4) * len(blocks)), len(blocks) - 1)]
        first = self.draw.randrange(len(block) - size + 1)
        return self.take(block[first : first + size])

    def take(self, seats: list[Seat]) -> list[Seat]:
        self.seats = [seat for seat in self.seats if seat not in seats]
        return seats

    def _ordinary(self) -> list[Seat]:
        # The others are sold to anybody only when these are gone.
        special = (Seat.Kind.WHEELCHAIR, Seat.Kind.COMPANION)
        return [seat for seat in self.seats if seat.kind not in special]

    def _blocks(self) -> list[list[Seat]]:
        blocks, before = [], None
        for seat in self._ordinary():
            if before and (seat.y, seat.x) == (before.y, before.x + 1):
                blocks[-1].append(seat)
            else:
                blocks.append([seat])
            before = seat
        return blocks


def load_sales():
    """Bookings of the last week and of the coming days, with tickets, invoices and scans."""
    draw = Random(2026)
    _load_promo_codes()
    _sell_the_last_week(draw)
    _sell_the_coming_days(draw)
    _date_back(draw)
    _admit(draw)
    _issue_invoices()


def _load_promo_codes():
    PromoCode.objects.get_or_create(code="POPCORN10", defaults={"percent": Decimal(10)})
    family, new = PromoCode.objects.get_or_create(
        code="FAMILY5",
        defaults={"amount": Decimal(5), "currency": "EUR", "minimum_tickets": 4},
    )
    if new:
        family.theaters.set(Theater.objects.filter(city="Berlin"))


def sell(showtime: Showtime, seats: list[Seat], buyer: User | str, promo_code: str = ""):
    """`seats` to `buyer`, an account or the name of a guest, against cash."""
    user = buyer if isinstance(buyer, User) else None
    contact = contact_of(user) if user else guest(buyer)
    booking = hold(
        showtime, [seat.pk for seat in seats], user=user, contact=contact, promo_code=promo_code
    )
    booking.confirm()
    Payment.objects.create(
        booking=booking,
        kind=Payment.Kind.CASH,
        status=Payment.Status.SUCCEEDED,
        amount=booking.total,
        currency=booking.currency,
        honoured_at=timezone.now(),
    )


def _sell_some(free: FreeSeats, bookings: int, buyers):
    for _ in range(bookings):
        seats = free.group(free.draw.choice(GROUPS))
        code = "POPCORN10" if free.draw.random() < 0.12 else ""
        sell(free.showtime, seats, free.draw.choice(buyers), code)


def _sell_until(free: FreeSeats, left: int, buyers):
    """All seats but `left`."""
    while len(free.seats) > left:
        size = min(free.draw.choice(GROUPS) + 1, len(free.seats) - left)
        sell(free.showtime, free.group(size), free.draw.choice(buyers))


def _sell_the_last_week(draw):
    """
    One evening show a day in each theater. Nobody can book what has begun: the showtimes are put
    into the future, sold, and put back.
    """
    buyers, ada = [*customers(), *GUESTS], User.objects.known_as("ada")
    shows = [show for house, show in _last_week() for show in save(house, [show])]
    _move(shows, AHEAD)
    for show in shows:
        _sell_some(FreeSeats(show, draw), 3, buyers)
    sell(shows[0], FreeSeats(shows[0], draw).group(2), ada)
    _move(shows, -AHEAD)


def _move(shows: list[Showtime], by: timedelta):
    for show in shows:
        show.starts_at, show.ends_at = show.starts_at + by, show.ends_at + by
    ids = [show.pk for show in shows]
    Showtime.objects.filter(pk__in=ids).update(
        starts_at=F("starts_at") + by, ends_at=F("ends_at") + by
    )


def _last_week():
    movies, seen = known_movies(), set()
    for house, hall, screen in known_screens():
        if screen.theater_id in seen:
            continue
        seen.add(screen.theater_id)
        for ago in range(1, PAST_DAYS + 1):
            day = screen.theater.today() - timedelta(days=ago)
            shows = plan(hall, screen, movies, day)
            at = [show.starts_at.astimezone(screen.theater.zone).time() for show in shows]
            show = next(show for show, time in zip(shows, at, strict=True) if time >= EVENING)
            show.sales_from = show.sales_until = None
            yield house, show


def _sell_the_coming_days(draw):
    buyers, ada = [*customers(), *GUESTS], User.objects.known_as("ada")
    stern, kanal, halcyon = (
        Theater.objects.get(slug=slug) for slug in ("sternpalast", "kino-am-kanal", "the-halcyon")
    )
    salon, parkett = evening_shows(kanal, "Salon"), evening_shows(kanal, "Parkett")
    _sell_until(FreeSeats(salon[1], draw), 0, buyers)
    _sell_until(FreeSeats(parkett[1], draw), 3, buyers)
    lively = evening_shows(stern, "Sternensaal")[:3] + evening_shows(stern, "Kometensaal")[:2]
    lively += evening_shows(stern, "Mondsaal")[:2] + evening_shows(halcyon, "Studio")[:2]
    lively += evening_shows(halcyon, "Grand Auditorium")[:2]
    for index, show in enumerate(lively):
        free = FreeSeats(show, draw)
        if index == 1:
            sell(show, free.group(2), ada, "POPCORN10")
        _sell_some(free, 6, buyers)
    sell(salon[3], FreeSeats(salon[3], draw).group(2), ada)


def _bookings():
    """All bookings in the theaters of the demo, which were empty before."""
    slugs = [house.place["slug"] for house in HOUSES]
    return Booking.objects.filter(showtime__screen__theater__slug__in=slugs)


def _date_back(draw):
    """Bought within three days before the show, or before now."""
    now = timezone.now()
    for booking in _bookings().select_related("showtime"):
        earlier = timedelta(minutes=draw.uniform(20, 3 * 24 * 60))
        bought = min(now, booking.showtime.starts_at) - earlier
        Booking.objects.filter(pk=booking.pk).update(
            created_at=bought,
            confirmed_at=bought,
            held_until=bought + timedelta(minutes=settings.HOLD_MINUTES),
        )
        booking.payments.update(created_at=bought, succeeded_at=bought, honoured_at=bought)


def _admit(draw):
    """Let most of the last week's guests in, minutes before their show."""
    past = _bookings().filter(showtime__starts_at__lt=timezone.now())
    tickets = Ticket.objects.filter(booking__in=past)
    at = defaultdict(list)
    for ticket in tickets.select_related("booking__showtime"):
        if draw.random() < 0.94:
            minutes = draw.randint(2, 18)
            at[ticket.booking.showtime.starts_at - timedelta(minutes=minutes)].append(ticket)
    doorman = User.objects.known_as("max")
    for moment, admitted in at.items():
        Ticket.objects.filter(pk__in=[ticket.pk for ticket in admitted]).update(admitted_at=moment)
        scans = Scan.objects.bulk_create(_scan(ticket, doorman) for ticket in admitted)
        Scan.objects.filter(pk__in=[scan.pk for scan in scans]).update(scanned_at=moment)


def _scan(ticket, doorman) -> Scan:
    return Scan(
        ticket=ticket,
        raw_code=ticket.code,
        verdict=Scan.Verdict.ADMITTED,
        gate="Foyer",
        showtime=ticket.booking.showtime,
        scanned_by=doorman,
    )


def _issue_invoices():
    """In the order in which they were bought, so that each is of its own day and year."""
    payments = Payment.objects.filter(booking__in=_bookings()).order_by("honoured_at")
    for payment in payments.select_related("booking__showtime__screen__theater"):
        Invoice.objects.issue(payment)
