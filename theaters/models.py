"""Places: theaters, their screens, and the seats in them."""

from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.models import Role
from history.remembering import Remembered, RememberedQuerySet, Remembers
from pictures.fields import PictureField
from pictures.models import HasPictures

from .admission import MOST_MINUTES, LetsPeopleIn
from .currencies import is_payable, validate_currency
from .distances import Point, kilometres
from .payouts import PaidOutSeparately
from .staff import StaffMember

# A cinema day runs from 03:00 to 02:59: the 00:30 show belongs to the evening before.
DAY_STARTS_AT = time(3)


def validate_timezone(value: str):
    """Raises ValidationError unless `value` is a name of the IANA time zone database."""
    if value not in available_timezones():
        raise ValidationError("A name of the IANA database, as in Europe/Berlin.", code="invalid")


def cinema_day(day: date, zone: str) -> tuple[datetime, datetime]:
    """When the cinema day `day` begins and ends in the time zone `zone`; the end is outside it."""
    return tuple(
        datetime.combine(date, DAY_STARTS_AT, ZoneInfo(zone)) for date in (day, day + timedelta(1))
    )


def cinema_date(moment: datetime, zone: str) -> date:
    """The cinema day to which `moment` belongs in the time zone `zone`."""
    local = moment.astimezone(ZoneInfo(zone))
    return local.date() if local.time() >= DAY_STARTS_AT else local.date() - timedelta(days=1)


class Amenity(Remembered):
    """Something that a theater offers, such as parking."""

    remembers = Remembers()
    name = models.CharField(max_length=60, unique=True)

    objects = RememberedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "amenities"

    def __str__(self):
        return self.name


class TheaterQuerySet(RememberedQuerySet):
    def managed_by(self, user):
        """All of them for an admin, their own for a manager, none for anybody else."""
        if getattr(user, "role", None) == Role.ADMIN:
            return self
        if getattr(user, "role", None) == Role.MANAGER:
            return self.filter(managers=user)
        return self.none()

    def matching(self, words: str):
        """Those with each of `words` in the name, the address or the city."""
        for word in words.split():
            self = self.filter(
                Q(name__icontains=word) | Q(address__icontains=word) | Q(city__icontains=word)
            )
        return self

    def showing(self, *, day: date | None = None, **where):
        """
        Those with a listed showtime that fits all of `where`: of the cinema day `day` by their own
        clocks, or else one to come.
        """
        # This app does not know the timetable; the relation in the database leads there.
        showtimes = Screen._meta.get_field("showtimes").related_model.objects.listed()
        showtimes = showtimes.on_cinema_day(day) if day else showtimes.upcoming()
        return self.filter(Exists(showtimes.filter(screen__theater=OuterRef("pk"), **where)))

    def refused_by_stripe(self):
        """Those whose Stripe account Stripe refuses: nobody can pay online there."""
        return self.exclude(stripe_account="").exclude(stripe_refusal="")

    def with_distance(self, point: Point):
        """Each with `distance` from `point` in km; None for those without coordinates."""
        return self.annotate(distance=kilometres(point, F("latitude"), F("longitude")))


class Theater(Remembered, HasPictures, PaidOutSeparately, LetsPeopleIn):
    """A cinema building: its place, its money, its rules. Prices are in its own currency."""

    remembers = Remembers(theater="pk", lists=["managers", "amenities"])

    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    address = models.CharField(max_length=200)
    city = models.CharField(max_length=100, db_index=True)
    postal_code = models.CharField(max_length=20, blank=True)
    country = models.CharField(
        max_length=2,
        validators=[RegexValidator(r"^[A-Z]{2}\Z", "Two capital letters, as in DE.")],
        help_text="ISO 3166-1 alpha-2, as in DE.",
    )
    latitude = models.DecimalField(
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    timezone = models.CharField(max_length=64, validators=[validate_timezone])
    currency = models.CharField(max_length=3, validators=[validate_currency])
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    image = PictureField(upload_to="theaters/", small=400, medium=800, large=1600, blank=True)
    amenities = models.ManyToManyField(Amenity, related_name="theaters", blank=True)
    managers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="theaters", blank=True)
    staff = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through=StaffMember, related_name="workplaces", blank=True
    )

    legal_name = models.CharField(max_length=200, help_text="The seller, as on invoices.")
    tax_id = models.CharField(max_length=40, blank=True)
    invoice_prefix = models.CharField(
        max_length=8,
        unique=True,
        validators=[RegexValidator(r"^[A-Z0-9]+\Z", "Capital letters and digits only.")],
        help_text="Begins each invoice number: LUX in LUX-2026-000001.",
    )
    booking_fee = models.DecimalField(
        max_digits=10,
        decimal_places=3,
        default=0,
        validators=[MinValueValidator(0)],
        help_text="Per ticket, in the theater's currency.",
    )
    tax_rate = models.DecimalField(
        max_digits=6,
        decimal_places=3,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text="Percent.",
    )
    prices_include_tax = models.BooleanField(default=True)
    cancellation_cutoff_minutes = models.PositiveIntegerField(
        default=60,
        validators=[MaxValueValidator(366 * 24 * 60)],
        help_text="Customers may cancel until so many minutes before the start.",
    )
    cancellation_refund_percent = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        default=100,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text="The part of what was paid that a customer who cancels gets back.",
    )
    cancellation_returns_fee = models.BooleanField(
        default=True,
        help_text="A customer who cancels gets the booking fee back too, in the same part.",
    )
    refuses_lonely_seats = models.BooleanField(
        default=False,
        help_text="Customers may not leave a single empty seat between taken ones.",
    )

    objects = TheaterQuerySet.as_manager()

    # The chain's business: a manager sees it and cannot change it.
    OF_THE_CHAIN = (
        *("slug", "country", "timezone", "currency", "legal_name", "tax_id", "invoice_prefix"),
        *("booking_fee", "tax_rate", "prices_include_tax", "managers"),
        *("stripe_account", "application_fee_percent", "application_fee_per_ticket"),
    )

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(tax_rate__gte=0, tax_rate__lte=100), name="tax_rate_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=Q(
                    cancellation_refund_percent__gte=0, cancellation_refund_percent__lte=100
                ),
                name="cancellation_refund_is_a_percentage",
            ),
            models.CheckConstraint(
                condition=Q(booking_fee__gte=0), name="booking_fee_is_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(application_fee_percent__gte=0, application_fee_percent__lte=100),
                name="application_fee_is_a_percentage",
            ),
            models.CheckConstraint(
                condition=Q(application_fee_per_ticket__gte=0),
                name="application_fee_is_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(latitude__gte=-90, latitude__lte=90) | Q(latitude=None),
                name="latitude_is_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(longitude__gte=-180, longitude__lte=180) | Q(longitude=None),
                name="longitude_is_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(admission_opens_minutes__lte=MOST_MINUTES),
                name="doors_open_at_most_a_day_before_the_start",
            ),
            models.CheckConstraint(
                condition=Q(admission_closes_minutes=None)
                | Q(admission_closes_minutes__lte=MOST_MINUTES),
                name="doors_close_at_most_a_day_after_the_start",
            ),
            models.CheckConstraint(
                condition=Q(admission_closes_minutes=None)
                | Q(admission_closes_minutes__gt=0)
                | Q(admission_opens_minutes__gt=0),
                name="there_is_time_to_come_in",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def today(self) -> date:
        """The cinema day that it is now at this theater."""
        return cinema_date(timezone.now(), self.timezone)

    def fixed_fields(self) -> list[str]:
        """What cannot change any more: invoices were numbered by it, or bookings made in it."""
        fixed = set()
        if self.invoice_series.exists():
            fixed |= {"currency", "invoice_prefix"}
        if self.screens.filter(showtimes__bookings__isnull=False).exists():
            fixed |= {"currency", "timezone"}
        return sorted(fixed)

    def check_prices_are_payable_in(self, currency: str):
        """Raises ValidationError if a category has a price that `currency` has no coins for."""
        for price in self.seat_categories.values_list("default_price", flat=True):
            if not is_payable(price, currency):
                raise ValidationError(
                    f"A seat category costs {price.normalize():f}, which is no amount in "
                    f"{currency}.",
                    code="invalid",
                )


class ScreenQuerySet(RememberedQuerySet):
    def with_seat_counts(self):
        """Each with the number of its active seats: `seats_total`, and `seats_` of each kind."""
        active = Q(seats__active=True)
        kinds = {
            f"seats_{kind}": Count("seats", filter=active & Q(seats__kind=kind))
            for kind in Seat.Kind.values
        }
        return self.annotate(seats_total=Count("seats", filter=active), **kinds)

    def count_a_layout_change(self):
        """Their seats are others than before: whoever knows the old layout version can tell."""
        return self.update(layout_version=F("layout_version") + 1)


class Screen(Remembered):
    """A hall. Its layout is its seats; the version counts the changes of it."""

    remembers = Remembers(theater="theater_id", related=["theater"], but_not=["layout_version"])

    class Kind(models.TextChoices):
        STANDARD = "standard", "Standard"
        IMAX = "imax", "IMAX"
        DOLBY = "dolby", "Dolby Cinema"
        SCREENX = "screenx", "ScreenX"
        FOUR_DX = "4dx", "4DX"
        LOUNGE = "lounge", "Lounge"
        OPEN_AIR = "open_air", "Open air"

    theater = models.ForeignKey(Theater, on_delete=models.PROTECT, related_name="screens")
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.STANDARD)
    layout_version = models.PositiveIntegerField(default=0, editable=False)

    objects = ScreenQuerySet.as_manager()

    class Meta:
        ordering = ["theater_id", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["theater", "name"], name="screen_names_differ_within_a_theater"
            )
        ]

    def __str__(self):
        return f"{self.theater}, {self.name}"


class SeatCategory(Remembered):
    """What a seat costs by default, and how it is shown on the plan. The best has the top rank."""

    remembers = Remembers(theater="theater_id", related=["theater"])

    theater = models.ForeignKey(Theater, on_delete=models.PROTECT, related_name="seat_categories")
    name = models.CharField(max_length=60)
    colour = models.CharField(
        max_length=7,
        default="#888888",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}\Z", "As in #c0ffee.")],
    )
    default_price = models.DecimalField(
        max_digits=10, decimal_places=3, validators=[MinValueValidator(0)]
    )
    rank = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(1000)])

    objects = RememberedQuerySet.as_manager()

    class Meta:
        ordering = ["theater_id", "rank", "pk"]
        verbose_name_plural = "seat categories"
        constraints = [
            models.UniqueConstraint(
                fields=["theater", "name"], name="category_names_differ_within_a_theater"
            ),
            models.CheckConstraint(
                condition=Q(default_price__gte=0), name="default_price_is_not_negative"
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.theater})"

    @property
    def currency(self) -> str:
        return self.theater.currency


class SeatQuerySet(RememberedQuerySet):
    def used(self):
        """Those that something refers to: they were sold, held or blocked once."""
        relations = [
            field
            for field in Seat._meta.get_fields(include_hidden=True)
            if field.one_to_many and field.auto_created
        ]
        return self.filter(reduce(or_, (Q(_refers(relation)) for relation in relations)))


def _refers(relation) -> Exists:
    rows = relation.related_model._base_manager
    return Exists(rows.filter(**{relation.field.name: OuterRef("pk")}))


# In seat widths: a plan that is larger is a typing error.
FURTHEST = 1000
ON_THE_PLAN = [MinValueValidator(-FURTHEST), MaxValueValidator(FURTHEST)]


class Seat(Remembered):
    """
    A place to sit. `x` grows to the right and `y` away from the canvas, both in seat widths. A
    seat that was ever sold is never deleted: it is made inactive.
    """

    remembers = Remembers(theater="screen.theater_id", related=["screen__theater", "category"])

    class Kind(models.TextChoices):
        STANDARD = "standard"
        WHEELCHAIR = "wheelchair"
        COMPANION = "companion"
        COUPLE = "couple"

    screen = models.ForeignKey(Screen, on_delete=models.CASCADE, related_name="seats")
    row = models.CharField(max_length=4)
    number = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(9999)]
    )
    category = models.ForeignKey(SeatCategory, on_delete=models.PROTECT, related_name="seats")
    x = models.FloatField(validators=ON_THE_PLAN)
    y = models.FloatField(validators=ON_THE_PLAN)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.STANDARD)
    active = models.BooleanField(default=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ["screen_id", "y", "x"]
        constraints = [
            models.UniqueConstraint(fields=["screen", "row", "number"], name="one_seat_per_place")
        ]

    def __str__(self):
        return self.label

    @property
    def label(self) -> str:
        """What is written on the seat: A1."""
        return f"{self.row}{self.number}"

    def title_to_remember(self):
        return f"{self.label}, {self.screen}"
