"""Places: theaters, their screens, and the seats in them."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Role
from pictures.fields import PictureField
from pictures.models import HasPictures

from .currencies import validate_currency

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


class Amenity(models.Model):
    """Something that a theater offers, such as parking."""

    name = models.CharField(max_length=60, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "amenities"

    def __str__(self):
        return self.name


class TheaterQuerySet(models.QuerySet):
    def managed_by(self, user):
        """All of them for an admin, their own for a manager, none for anybody else."""
        if getattr(user, "role", None) == Role.ADMIN:
            return self
        if getattr(user, "role", None) == Role.MANAGER:
            return self.filter(managers=user)
        return self.none()


class Theater(HasPictures):
    """A cinema building: its place, its money, its rules. Prices are in its own currency."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    address = models.CharField(max_length=200)
    city = models.CharField(max_length=100, db_index=True)
    postal_code = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2, as in DE.")
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    timezone = models.CharField(max_length=64, validators=[validate_timezone])
    currency = models.CharField(max_length=3, validators=[validate_currency])
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    image = PictureField(upload_to="theaters/", small=400, medium=800, large=1600, blank=True)
    amenities = models.ManyToManyField(Amenity, related_name="theaters", blank=True)
    managers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="theaters", blank=True)

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
        default=60, help_text="Customers may cancel until so many minutes before the start."
    )
    cancellation_refund_percent = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        default=100,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text="The part of what was paid that a customer who cancels gets back.",
    )

    objects = TheaterQuerySet.as_manager()

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
        ]

    def __str__(self):
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def today(self) -> date:
        """The cinema day that it is now at this theater."""
        return cinema_date(timezone.now(), self.timezone)


class Screen(models.Model):
    """A hall. Its layout is its seats; the version counts the changes of it."""

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

    class Meta:
        ordering = ["theater_id", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["theater", "name"], name="screen_names_differ_within_a_theater"
            )
        ]

    def __str__(self):
        return f"{self.theater}, {self.name}"


class SeatCategory(models.Model):
    """What a seat costs by default, and how it is shown on the plan. The best has the top rank."""

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
    rank = models.PositiveSmallIntegerField(default=0)

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


class Seat(models.Model):
    """
    A place to sit. `x` grows to the right and `y` away from the canvas, both in seat widths. A
    seat that was ever sold is never deleted: it is made inactive.
    """

    class Kind(models.TextChoices):
        STANDARD = "standard"
        WHEELCHAIR = "wheelchair"
        COMPANION = "companion"
        COUPLE = "couple"

    screen = models.ForeignKey(Screen, on_delete=models.CASCADE, related_name="seats")
    row = models.CharField(max_length=4)
    number = models.PositiveSmallIntegerField()
    category = models.ForeignKey(SeatCategory, on_delete=models.PROTECT, related_name="seats")
    x = models.FloatField()
    y = models.FloatField()
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.STANDARD)
    active = models.BooleanField(default=True)

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
