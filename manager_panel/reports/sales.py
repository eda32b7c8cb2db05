"""Sales by what somebody wants to tell apart, and the money statement of each showtime."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from manager_panel.figures import Reading, Sums
from movies.models import Movie
from payments.models import Payment
from showtimes.models import Showtime
from theaters.models import Screen, Theater, cinema_date

from .table import CURRENCY, Column, Table, count, money, text

Found = dict[tuple, Sums]
Progress = Callable[[int, int], None]
AT_ONCE = timedelta(days=31)
AT_A_TIME = 5000
AT = "screen__theater"
PLACE = ["pk", "starts_at", f"{AT}__timezone", f"{AT}__name", "screen__name", "movie__title"]
FREE = "Nothing to pay"
ONLINE, BOX_OFFICE = "Web and apps", "Box office"
# By the way to pay: who sold it. What the apps sell cannot be told from what the web does.
SELLERS = {
    Payment.Kind.STRIPE: ONLINE,
    "": ONLINE,
    Payment.Kind.CASH: BOX_OFFICE,
    Payment.Kind.CARD_TERMINAL: BOX_OFFICE,
    Payment.Kind.COMPLIMENTARY: BOX_OFFICE,
}
SHOWTIME = [
    Column("Day", "day"),
    text("Start"),
    text("Theater"),
    text("Screen"),
    text("Film"),
]
PEOPLE = [
    count("Bookings"),
    count("Tickets"),
    count("Cancelled tickets"),
    count("Admitted"),
    count("No-shows"),
]
HALLS = [count("Showtimes"), count("Seats"), Column("Occupancy", "part")]
MONEY = [
    money("Face value"),
    money("Discount"),
    money("Booking fees"),
    money("Tax on top"),
    money("Dearer seats in exchange"),
    money("Paid without buying anything"),
    money("Paid"),
    money("Refunded"),
    money("Kept"),
    money("Tax in it"),
    money("Net"),
]


def by_showtime(theaters: list[Theater], first: date, last: date, say: Progress) -> Table:
    found = _sums(theaters, first, last, ["showtime_id"], say)
    return _table(SHOWTIME, HALLS[1:], _showtimes(found), found)


def statement(theaters: list[Theater], first: date, last: date, say: Progress) -> Table:
    """
    What each showtime came to. Face value less discount and so on, each with its sign, is what was
    kept; what is not in the books, which is nothing while they balance, is said at the end.
    """
    found = _sums(theaters, first, last, ["showtime_id"], say)
    more = [money("Still to go back"), money("Disputed"), money("Not in the books")]
    columns = [*SHOWTIME, Column(CURRENCY), count("Tickets"), *MONEY, *more]
    rows = [
        [*names, key[-1], sums.tickets, *_money(sums), *_open(sums)]
        for key, names, sums in _in_order(_showtimes(found), found)
    ]
    return Table("", columns, rows)


def _open(sums: Sums) -> list:
    """What is owed back and did not go yet; what banks have taken; what is wrong."""
    return [sums.going_back, sums.disputed, sums.not_in_the_books]


def by_film(theaters: list[Theater], first: date, last: date, say: Progress) -> Table:
    found = _sums(theaters, first, last, ["movie_id"], say)
    titles = Movie.objects.in_bulk({key[0] for key in found})
    return _table([text("Film")], HALLS, {key: [titles[key[0]].title] for key in found}, found)


def by_day(theaters: list[Theater], first: date, last: date, say: Progress) -> Table:
    found = _sums(theaters, first, last, ["day"], say)
    return _table([Column("Day", "day")], HALLS, {key: [key[0]] for key in found}, found)


def by_screen(theaters: list[Theater], first: date, last: date, say: Progress) -> Table:
    found = _sums(theaters, first, last, ["screen_id"], say)
    screens = Screen.objects.select_related("theater").in_bulk({key[0] for key in found})
    names = {key: [screens[key[0]].theater.name, screens[key[0]].name] for key in found}
    return _table([text("Theater"), text("Screen")], HALLS, names, found)


def by_seller(theaters: list[Theater], first: date, last: date, say: Progress) -> Table:
    found = {}
    for (kind, currency), sums in _sums(theaters, first, last, ["kind"], say).items():
        found.setdefault((SELLERS[kind], currency), Sums()).add(sums)
    return _table([text("Seller")], [], {key: [key[0]] for key in _sold(found)}, _sold(found))


def by_payment(theaters: list[Theater], first: date, last: date, say: Progress) -> Table:
    found = _sold(_sums(theaters, first, last, ["kind"], say))
    names = {key: [Payment.Kind(key[0]).label if key[0] else FREE] for key in found}
    return _table([text("Way to pay")], [], names, found)


def _sold(found: Found) -> Found:
    """Without rows in which there are halls only."""
    return {key: sums for key, sums in found.items() if sums.bookings or sums.paid or sums.refunded}


def _sums(theaters, first: date, last: date, names: list[str], say: Progress) -> Found:
    """Sums by `names` and currency: read a month at a time, so that somebody can see it grow."""
    found, days = {}, (last - first).days + 1
    for begin, end in months(first, last):
        for key, sums in Reading(theaters, begin, end).by(*names, "currency").items():
            found.setdefault(key, Sums()).add(sums)
        say((end - first).days + 1, days)
    return found


def months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The days from `first` to `last` in parts."""
    while first <= last:
        end = min(first + AT_ONCE - timedelta(days=1), last)
        yield first, end
        first = end + timedelta(days=1)


def _table(names: list[Column], halls: list[Column], shown: dict, found: Found) -> Table:
    columns = [*names, Column(CURRENCY), *halls, *PEOPLE, *MONEY]
    rows = [
        [*name, key[-1], *_halls(sums)[len(HALLS) - len(halls) :], *_people(sums), *_money(sums)]
        for key, name, sums in _in_order(shown, found)
    ]
    return Table("", columns, rows)


def _in_order(shown: dict[tuple, list], found: Found) -> Iterable[tuple[tuple, list, Sums]]:
    """By what is shown of each, which is its day and its start, or its name; then the currency."""
    for key in sorted(found, key=lambda key: (shown[key], key[-1])):
        yield key, shown[key], found[key]


def _showtimes(found: Found) -> dict[tuple, list]:
    """Of each its cinema day, its start by the theater's clock, and where what was shown."""
    ids = sorted({showtime for showtime, _ in found})
    named = {}
    for start in range(0, len(ids), AT_A_TIME):
        rows = Showtime.objects.filter(pk__in=ids[start : start + AT_A_TIME]).order_by()
        for pk, starts_at, zone, *names in rows.values_list(*PLACE):
            local = starts_at.astimezone(ZoneInfo(zone))
            named[pk] = [cinema_date(starts_at, zone), f"{local:%H:%M}", *names]
    return {key: named[key[0]] for key in found}


def _halls(sums: Sums) -> list:
    return [sums.shows, sums.capacity, sums.occupancy]


def _people(sums: Sums) -> list:
    return [sums.bookings, sums.tickets, sums.given_back, sums.admitted, sums.no_shows]


def _money(sums: Sums) -> list:
    """With the sign with which each goes into what was kept; then the parts of that."""
    came = [sums.face_value, -sums.discount, sums.fees, sums.added_tax, sums.exchanged]
    went = [sums.bought_nothing, sums.paid, -sums.refunded]
    return [*came, *went, sums.kept, sums.kept_tax, sums.net]
