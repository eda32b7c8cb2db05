"""How lists and pages show money, times, pictures and states."""

import json
from contextlib import suppress
from datetime import datetime, tzinfo
from decimal import Decimal
from operator import attrgetter

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from unfold.decorators import display

from theaters.currencies import decimals

NO_BREAK = "\u00a0"
COLOURS = {
    "confirmed": "success",
    "succeeded": "success",
    "valid": "success",
    "on_sale": "success",
    "admitted": "success",
    "done": "success",
    "pending": "info",
    "open": "info",
    "sent": "info",
    "planned": "info",
    "waiting": "info",
    "working": "info",
    "manager": "info",
    "admin": "warning",
    "already_admitted": "warning",
    "too_early": "warning",
    "too_late": "warning",
    "void": "danger",
    "failed": "danger",
    "forged": "danger",
    "wrong_theater": "danger",
    "wrong_showtime": "danger",
    "unknown": "danger",
}


def money(amount: Decimal | None, currency: str) -> str:
    """An amount with its currency, as in 12.50 EUR, on one line."""
    return "" if amount is None else f"{amount:.{decimals(currency)}f}{NO_BREAK}{currency}"


def local(moment: datetime | None, zone: tzinfo) -> str:
    """A moment by the clocks of `zone`, as in Sat 21 Nov, 20:15; with its year if not this one."""
    if not moment:
        return ""
    # On the last day of the calendar, which people type for "for ever", it may be over elsewhere.
    with suppress(OverflowError):
        moment = moment.astimezone(zone)
    this_year = moment.year == timezone.now().astimezone(zone).year
    date = f"{moment:%a %d %b}" if this_year else f"{moment:%a %d %b %Y}"
    return f"{date.replace(' ', NO_BREAK)}, {moment:%H:%M}"


def money_column(field: str, *, currency: str = "currency", title: str = ""):
    """A column for the amount `field`, in what the path `currency` leads to."""

    @display(description=title or field.replace("_", " "), ordering=field)
    def column(self, row):
        return money(getattr(row, field), attrgetter(currency)(row)) or None

    return column


def time_column(field: str, *, theater: str, title: str = ""):
    """A column for the moment `field`, by the clocks of the theater that the path leads to."""

    @display(description=title or field.replace("_", " "), ordering=field)
    def column(self, row):
        moment = getattr(row, field)
        return local(moment, attrgetter(theater)(row).zone) if moment else None

    return column


class Label(tuple):
    """A word for its colour, and what people read; lists paint it, forms just say it."""

    def __new__(cls, word: str, read: str):
        return super().__new__(cls, (word, read))

    def __str__(self):
        return self[1]


def label_column(field: str):
    """A column that shows the choice `field` as a coloured label."""

    @display(description=field, ordering=field, label=COLOURS)
    def column(self, row):
        return Label(getattr(row, field), getattr(row, f"get_{field}_display")())

    return column


def picture_column(field: str):
    """A column with a small picture."""

    @display(description=field)
    def column(self, row):
        picture = getattr(row, field)
        if not picture:
            return None
        return format_html(
            '<img src="{}" alt="" loading="lazy" class="h-12 max-w-none rounded-default w-auto">',
            picture.urls["small"],
        )

    return column


def shown_in_sizes(field: str, sizes: dict[str, tuple[str, int, int]]):
    """
    A block with the picture as customers see it: `sizes` names each of its renditions that is shown
    with what it is for, and how many pixels wide and high it appears there.
    """

    @display(description="as customers see it")
    def column(self, row):
        picture = getattr(row, field)
        if not picture:
            return "No picture yet: customers see a plain surface with the name on it."
        figure = (
            '<figure><img data-shows="{}" src="{}" alt="" width="{}" height="{}" '
            'style="width: {}px; aspect-ratio: {} / {}; max-width: 100%">'
            "<figcaption>{}</figcaption></figure>"
        )
        shown = [
            (field, picture.urls[size], wide, high, wide, wide, high, words)
            for size, (words, wide, high) in sizes.items()
        ]
        return format_html('<div class="pictures">{}</div>', format_html_join("", figure, shown))

    return column


def told(entries) -> str:
    """A table of what happened (payments.timeline.Entry), by the theater's clocks."""
    rows = [
        (
            local(one.at, one.theater.zone),
            one.event.replace("_", " "),
            one.detail,
            money(one.amount, one.currency),
        )
        for one in entries
    ]
    row = "<tr>" + '<td class="pr-4">{}</td>' * 4 + "</tr>"
    return format_html("<table>{}</table>", format_html_join("", row, rows))


def json_column(field: str):
    """A block with the JSON in `field`, indented."""

    @display(description=field)
    def column(self, row):
        text = json.dumps(getattr(row, field), indent=2, ensure_ascii=False)
        return format_html('<pre class="font-mono overflow-x-auto text-xs">{}</pre>', text)

    return column
