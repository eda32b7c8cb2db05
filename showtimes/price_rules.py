"""Price rules: when a seat costs more or less than its category, and what customers are told."""

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from history.remembering import Remembered, RememberedQuerySet, Remembers
from movies.models import Movie
from theaters.currencies import decimals, rounded, what_is_payable
from theaters.models import DAY_STARTS_AT, SeatCategory, Theater

WHOLE_DAY = 24 * 60  # minutes
HUNDRED = Decimal(100)
# Whatever rules are stacked on one another: what fits the columns of a booking of many seats.
MOST = Decimal(9_999_999)


class TicketType(models.TextChoices):
    """Whom a ticket is for. One without a rule of its own costs what an adult's does."""

    ADULT = "adult"
    CHILD = "child"
    SENIOR = "senior"
    STUDENT = "student"


class Weekday(models.IntegerChoices):
    """Of the cinema day, so that Friday's 00:30 show is on Thursday."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


def minute_of_cinema_day(at: time) -> int:
    """Minutes since 03:00, when a cinema day begins: 1 290 for 00:30."""
    begins = DAY_STARTS_AT.hour * 60 + DAY_STARTS_AT.minute
    return (at.hour * 60 + at.minute - begins) % WHOLE_DAY


@dataclass(frozen=True)
class Occasion:
    """What rules ask about a showtime and the moment of booking, by the theater's own clock."""

    day: date
    minute: int
    days_before: int
    movie_id: int
    screen_kind: str
    format: str


class PriceRuleQuerySet(RememberedQuerySet):
    def managed_by(self, user):
        """Those of the theaters that `user` manages."""
        return self.filter(theater__in=Theater.objects.managed_by(user))

    def active(self):
        """Those that count, in the order in which they are applied."""
        return self.filter(active=True).order_by("theater_id", "position", "pk")


class PriceRule(Remembered):
    """
    A change of the price of a seat, with the reason that customers see as its name.

    A theater's rules are one list, by `position`. Every active rule whose conditions all hold is
    applied, in that order, to the price as the rules before it left it: `percent` and `amount` add
    `value` to it (less than 0 takes off), `price` replaces it. After a rule that is `final` no
    other follows. A price is never below zero, and is rounded to the currency's unit after each.

    An empty condition always holds. Days and times are those of the showtime's start by the
    theater's clock, in cinema days (03:00 to 02:59); `starts_until` is outside the span.
    `days_before` counts cinema days from booking to showtime.
    """

    remembers = Remembers(theater="theater_id")

    class Effect(models.TextChoices):
        PERCENT = "percent", "Percent"
        AMOUNT = "amount", "Amount"
        PRICE = "price", "Fixed price"

    theater = models.ForeignKey(Theater, on_delete=models.CASCADE, related_name="price_rules")
    name = models.CharField(max_length=40, help_text="The reason that customers see: Matinee.")
    position = models.PositiveSmallIntegerField(
        default=0, help_text="Rules are applied from the lowest to the highest."
    )
    active = models.BooleanField(default=True)
    final = models.BooleanField(default=False, help_text="No rule after it is applied.")
    weekdays = models.JSONField(default=list, blank=True, help_text="0 is Monday. Empty: any.")
    starts_from = models.TimeField(null=True, blank=True, help_text="The earliest start.")
    starts_until = models.TimeField(
        null=True, blank=True, help_text="Starts before then; may be after midnight."
    )
    days_before_min = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Booked at least so many days before: an early bird."
    )
    days_before_max = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Booked at most so many days before; 0: on the day."
    )
    ticket_types = models.JSONField(default=list, blank=True, help_text="Empty: any.")
    category = models.ForeignKey(
        SeatCategory, on_delete=models.CASCADE, related_name="+", null=True, blank=True
    )
    movie = models.ForeignKey(
        Movie, on_delete=models.CASCADE, related_name="+", null=True, blank=True
    )
    screen_kinds = models.JSONField(default=list, blank=True, help_text="Empty: any.")
    formats = models.JSONField(default=list, blank=True, help_text="Empty: any.")
    valid_from = models.DateField(
        null=True, blank=True, help_text="The first day of showtimes that it is for."
    )
    valid_until = models.DateField(
        null=True, blank=True, help_text="The last day of showtimes that it is for."
    )
    effect = models.CharField(max_length=7, choices=Effect)
    value = models.DecimalField(
        max_digits=10,
        decimal_places=3,
        validators=[MinValueValidator(-1_000_000), MaxValueValidator(1_000_000)],
        help_text="What is added, as in -20 (percent) or 3.00; or the price.",
    )

    objects = PriceRuleQuerySet.as_manager()

    class Meta:
        ordering = ["theater_id", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_from=None)
                | Q(starts_until=None)
                | Q(starts_from__gte=DAY_STARTS_AT, starts_until__lte=DAY_STARTS_AT)
                | Q(starts_from__gte=DAY_STARTS_AT, starts_until__gt=F("starts_from"))
                | Q(starts_until__lte=DAY_STARTS_AT, starts_until__gt=F("starts_from")),
                name="hours_of_a_rule_are_in_the_order_of_a_cinema_day",
            ),
            models.CheckConstraint(
                condition=Q(days_before_min=None)
                | Q(days_before_max=None)
                | Q(days_before_max__gte=F("days_before_min")),
                name="most_days_before_are_not_less_than_least",
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None)
                | Q(valid_until=None)
                | Q(valid_until__gte=F("valid_from")),
                name="a_price_rule_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(effect="percent", value__gte=-100, value__lte=1000)
                | Q(effect="amount")
                | Q(effect="price", value__gte=0),
                name="a_price_rule_never_asks_for_less_than_nothing",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def currency(self) -> str:
        return self.theater.currency

    def clean(self):
        """Raises ValidationError, by field, for a rule that the database or people would refuse."""
        problems = {}
        if not self._hours_are_in_order():
            problems["starts_until"] = "A cinema day runs from 03:00 to 02:59: this is before."
        if self._is_before(self.days_before_max, self.days_before_min):
            problems["days_before_max"] = "This is less than the least."
        if self._is_before(self.valid_until, self.valid_from):
            problems["valid_until"] = "This is before the first day."
        if self.category_id and self.category.theater_id != self.theater_id:
            problems["category"] = "Not a category of this theater."
        if problem := self._problem_of_the_value():
            problems["value"] = problem
        if problems:
            raise ValidationError(
                {field: ValidationError(text, "invalid") for field, text in problems.items()}
            )

    def _hours_are_in_order(self) -> bool:
        if self.starts_from is None or self.starts_until is None:
            return True
        begins, ends = self._minutes()
        return begins < ends

    def _is_before(self, last, first) -> bool:
        return last is not None and first is not None and last < first

    def _problem_of_the_value(self) -> str:
        if self.value is None or self.theater_id is None:
            return ""  # Whoever asked for the field has said so.
        if self.effect == self.Effect.PERCENT:
            return "" if -100 <= self.value <= 1000 else "From -100 to 1000 percent."
        if self.effect == self.Effect.PRICE and self.value < 0:
            return "A price is 0 or more."
        if self.value != rounded(self.value, self.currency):
            return what_is_payable(self.currency)
        return ""

    def _minutes(self) -> tuple[int, int]:
        begins = minute_of_cinema_day(self.starts_from) if self.starts_from else 0
        ends = minute_of_cinema_day(self.starts_until) if self.starts_until else 0
        return begins, ends or WHOLE_DAY

    def suits(self, occasion: Occasion) -> bool:
        """Whether everything holds that has nothing to do with the seat and who sits there."""
        begins, ends = self._minutes()
        return (
            (not self.weekdays or occasion.day.weekday() in self.weekdays)
            and begins <= occasion.minute < ends
            and (self.days_before_min is None or occasion.days_before >= self.days_before_min)
            and (self.days_before_max is None or occasion.days_before <= self.days_before_max)
            and (self.movie_id is None or self.movie_id == occasion.movie_id)
            and (not self.screen_kinds or occasion.screen_kind in self.screen_kinds)
            and (not self.formats or occasion.format in self.formats)
            and (self.valid_from is None or occasion.day >= self.valid_from)
            and (self.valid_until is None or occasion.day <= self.valid_until)
        )

    def is_for(self, category: int, ticket_type: str) -> bool:
        """Whether it is for seats of the category with that id, and for such a ticket."""
        return self.category_id in (None, category) and (
            not self.ticket_types or ticket_type in self.ticket_types
        )

    def applied_to(self, price: Decimal, currency: str) -> Decimal:
        """What is asked instead of `price`, in units of `currency`: from nothing to MOST."""
        if self.effect == self.Effect.PERCENT:
            price += price * self.value / HUNDRED
        elif self.effect == self.Effect.AMOUNT:
            price += self.value
        else:
            price = self.value
        return min(max(rounded(price, currency), Decimal(0)), MOST)

    def short(self, currency: str) -> str:
        """Its name and what it does, for a line of a bill: Matinee −20 %."""
        sign = "−" if self.value < 0 else "+"
        if self.effect == self.Effect.PERCENT:
            return f"{self.name} {sign}{abs(self.value).normalize():f} %"
        if self.effect == self.Effect.AMOUNT:
            return f"{self.name} {sign}{abs(self.value):.{decimals(currency)}f}"
        return self.name
