"""The theaters of the demo: where they are, what they charge, and who sits where in them."""

from dataclasses import dataclass
from decimal import Decimal

from theaters.models import Screen, Seat

Kind = Seat.Kind
# What the characters of the plans below stand for: a category and a kind of seat. A plan has the
# row at the canvas first; a blank is an aisle.
LEGEND = {
    ".": ("Stalls", Kind.STANDARD),
    "s": ("Superior", Kind.STANDARD),
    "r": ("Recliner", Kind.STANDARD),
    "c": ("Couple", Kind.COUPLE),
    "w": ("Stalls", Kind.WHEELCHAIR),
    "k": ("Stalls", Kind.COMPANION),
    "W": ("Superior", Kind.WHEELCHAIR),
    "K": ("Superior", Kind.COMPANION),
}


@dataclass(frozen=True, kw_only=True)
class Hall:
    """
    A screen: its name, its kind, its plan, and when its first show begins. `late_show` is the slug
    of the film that it shows after midnight at the end of the week.
    """

    name: str
    kind: str
    plan: tuple[str, ...]
    opens: str = "10:30"
    late_show: str = ""


@dataclass(frozen=True, kw_only=True)
class House:
    """
    A theater. `categories` has the colour and the price of each; the first is the simplest.
    `place` is everything that stands in the columns of the same name, `front` how it is painted.
    """

    place: dict
    amenities: tuple[str, ...]
    categories: dict[str, tuple[str, str]]
    halls: tuple[Hall, ...]
    evening_extra: Decimal
    three_d_extra: Decimal
    front: dict


# Each row is cut to the curve of the hall: short at the canvas, long in the middle.
STERNENSAAL = (
    "       ...... ........ ......       ",
    "     ........ ........ ........     ",
    "    ......... ........ .........    ",
    "   .......... ........ ..........   ",
    "  wk......... ........ .........kw  ",
    "",
    " sssssssssss ssssssssss sssssssssss ",
    " sssssssssss ssssssssss sssssssssss ",
    " sssssssssss ssssssssss sssssssssss ",
    "  ssssssssss ssssssssss ssssssssss  ",
    "  ssssssssss ssssssssss ssssssssss  ",
    "   cccccccc  cccccccccc  cccccccc   ",
)
KOMETENSAAL = (
    "  ..... ........ .....  ",
    " wk.... ........ ....kw ",
    " ...... ........ ...... ",
    " ...... ........ ...... ",
    "ssssss ssssssssss ssssss",
    "ssssss ssssssssss ssssss",
    "ssssss ssssssssss ssssss",
    " sssss ssssssssss sssss ",
    "  cccc  cccccccc  cccc  ",
)
MONDSAAL = (
    "   ...... ......   ",
    "  ....... .......  ",
    " wk...... ......kw ",
    " ........ ........ ",
    " ssssssss ssssssss ",
    " ssssssss ssssssss ",
    "  cccccc   cccccc  ",
)
PARKETT = (
    "  ..........  ",
    " ............ ",
    " wk.......... ",
    " ............ ",
    " ssssssssssss ",
    " ssssssssssss ",
    "  cccc  cccc  ",
)
SALON = (
    "  rr  rr  rr  ",
    "",
    "rr  rr  rr  WK",
    "",
    "cc  cc  cc  cc",
)
GRAND = (
    "      ......... .........      ",
    "    ........... ...........    ",
    "   ............ ............   ",
    "  wk........... ...........kw  ",
    "",
    " sssssss sssssssssssss sssssss ",
    " sssssss sssssssssssss sssssss ",
    " sssssss sssssssssssss sssssss ",
    " sssssss sssssssssssss sssssss ",
    "  ssssss sssssssssssss ssssss  ",
    "   cc rr rr rr rr rr rr rr cc  ",
)
STUDIO = (
    " rr rr rr  rr rr rr ",
    " rr rr rr  rr rr WK ",
    "",
    " rr rr rr  rr rr rr ",
    " rr rr rr  rr rr rr ",
    " rr rr rr  rr rr rr ",
    " cc cc cc  cc cc cc ",
)

STERNPALAST = House(
    place={
        "name": "Sternpalast",
        "slug": "sternpalast",
        "address": "Skalitzer Straße 214",
        "city": "Berlin",
        "postal_code": "10997",
        "country": "DE",
        "latitude": Decimal("52.500300"),
        "longitude": Decimal("13.432500"),
        "timezone": "Europe/Berlin",
        "currency": "EUR",
        # 030 23125 is kept for films and plays by the Bundesnetzagentur.
        "phone": "+49 30 23125 100",
        "email": "hallo@sternpalast.example",
        "legal_name": "Sternpalast Lichtspiele GmbH",
        "tax_id": "DE000000001",
        "invoice_prefix": "STERN",
        "booking_fee": Decimal("0.50"),
        "tax_rate": Decimal("19"),
        "prices_include_tax": True,
        "cancellation_cutoff_minutes": 60,
    },
    amenities=("Bar", "Wheelchair access", "Hearing loop", "Bicycle stands", "Dolby Atmos"),
    categories={
        "Stalls": ("#5b8def", "11.50"),
        "Superior": ("#8f5bd8", "14.00"),
        "Couple": ("#e0567f", "17.50"),
    },
    halls=(
        Hall(name="Sternensaal", kind=Screen.Kind.IMAX, plan=STERNENSAAL, opens="10:30"),
        Hall(
            name="Kometensaal",
            kind=Screen.Kind.DOLBY,
            plan=KOMETENSAAL,
            opens="11:00",
            late_show="the-house-below-the-house",
        ),
        Hall(name="Mondsaal", kind=Screen.Kind.STANDARD, plan=MONDSAAL, opens="10:15"),
    ),
    evening_extra=Decimal("2.00"),
    three_d_extra=Decimal("3.00"),
    front={"sign": "STERN", "neon": "#ff4f8b", "wall": "#27314f", "light": "#ffd27a"},
)

KINO_AM_KANAL = House(
    place={
        "name": "Kino am Kanal",
        "slug": "kino-am-kanal",
        "address": "Paul-Lincke-Ufer 86",
        "city": "Berlin",
        "postal_code": "10999",
        "country": "DE",
        "latitude": Decimal("52.494700"),
        "longitude": Decimal("13.424900"),
        "timezone": "Europe/Berlin",
        "currency": "EUR",
        "phone": "+49 30 23125 200",
        "email": "post@kino-am-kanal.example",
        "legal_name": "Kino am Kanal Betriebs-GmbH",
        "tax_id": "DE000000002",
        "invoice_prefix": "KANAL",
        "booking_fee": Decimal("0"),
        "tax_rate": Decimal("19"),
        "prices_include_tax": True,
        "cancellation_cutoff_minutes": 120,
        "admission_opens_minutes": 20,
        "admission_closes_minutes": 15,
        "cancellation_refund_percent": Decimal("90"),
    },
    amenities=("Café", "Wheelchair access", "Terrace", "Bicycle stands", "Dogs welcome"),
    categories={
        "Stalls": ("#3fa796", "9.50"),
        "Superior": ("#d99a2b", "11.00"),
        "Couple": ("#c2565b", "13.50"),
        "Recliner": ("#7a5ac2", "16.00"),
    },
    halls=(
        Hall(name="Parkett", kind=Screen.Kind.STANDARD, plan=PARKETT, opens="11:15"),
        Hall(name="Salon", kind=Screen.Kind.LOUNGE, plan=SALON, opens="11:45"),
    ),
    evening_extra=Decimal("1.50"),
    three_d_extra=Decimal("2.50"),
    front={"sign": "KINO", "neon": "#3fe0c5", "wall": "#4a2f2a", "light": "#ffcf8f"},
)

HALCYON = House(
    place={
        "name": "The Halcyon",
        "slug": "the-halcyon",
        "address": "418 Orchard Street",
        "city": "New York",
        "postal_code": "10002",
        "country": "US",
        "latitude": Decimal("40.721600"),
        "longitude": Decimal("-73.988100"),
        "timezone": "America/New_York",
        "currency": "USD",
        # 555-0100 to 555-0199 are kept for fiction.
        "phone": "+1 212-555-0142",
        "email": "hello@thehalcyon.example",
        "legal_name": "Halcyon Pictures House LLC",
        "tax_id": "00-0000001",
        "invoice_prefix": "HALCY",
        "booking_fee": Decimal("1.75"),
        "tax_rate": Decimal("8.875"),
        "prices_include_tax": False,
        "cancellation_cutoff_minutes": 90,
    },
    amenities=("Bar", "Wheelchair access", "Assistive listening", "Dine-in", "Parking"),
    categories={
        "Stalls": ("#4f9de0", "16.50"),
        "Superior": ("#9467d6", "19.50"),
        "Couple": ("#e0567f", "24.00"),
        "Recliner": ("#e0a13c", "23.00"),
    },
    halls=(
        Hall(name="Grand Auditorium", kind=Screen.Kind.IMAX, plan=GRAND, opens="10:45"),
        Hall(name="Studio", kind=Screen.Kind.STANDARD, plan=STUDIO, opens="11:30"),
    ),
    evening_extra=Decimal("3.00"),
    three_d_extra=Decimal("4.00"),
    front={"sign": "HALCYON", "neon": "#ffb347", "wall": "#3b1f2b", "light": "#ffe0a3"},
)

HOUSES = [STERNPALAST, KINO_AM_KANAL, HALCYON]
# Those that the demo's manager runs.
BERLIN = [STERNPALAST, KINO_AM_KANAL]
