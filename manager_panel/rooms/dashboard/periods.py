"""Which theaters and which days somebody wants to see."""

from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from unfold.widgets import INPUT_CLASSES, UnfoldAdminSelectWidget

from theaters.models import Theater, cinema_date

WEEK = timedelta(days=7)
DAY = timedelta(days=1)
MOST_DAYS = 371
FIRST_DAY = date(2000, 1, 1)
# Days up to yesterday, so that each is whole.
SPANS = {"yesterday": 1, "week": 7, "month": 28, "year": 364}
PERIODS = {
    "today": "Today",
    "yesterday": "Yesterday",
    "week": "Last 7 days",
    "month": "Last 28 days",
    "year": "Last 52 weeks",
    "days": "From … to …",
}


@dataclass(frozen=True)
class Period:
    """The cinema days from `first` to `last`, compared with the same weekdays some weeks before."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """As many days, so many whole weeks earlier that they do not overlap."""
        weeks = -(-self.days // 7) * WEEK
        return Period(self.first - weeks, self.last - weeks)

    def __str__(self):
        if self.first == self.last:
            return f"{self.first:%a %d %b %Y}"
        return f"{self.first:%a %d %b %Y} – {self.last:%a %d %b %Y}"

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def today_at(theaters: list[Theater]) -> date:
    """The cinema day that it is; where theaters are far apart, at the one farthest ahead."""
    now = timezone.now()
    zones = {theater.timezone for theater in theaters}
    return max((cinema_date(now, zone) for zone in zones), default=now.date())


class Day(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d", attrs={"class": " ".join(INPUT_CLASSES)})


def selection(**options) -> forms.Select:
    """A drop-down that looks like those of the other pages."""
    return UnfoldAdminSelectWidget(attrs=options)


class WhatToSee(forms.Form):
    """The choice in the address of the dashboard. Offers `theaters`, which are one's own."""

    theater = forms.ModelChoiceField(
        Theater.objects.none(), required=False, empty_label="All theaters", widget=selection()
    )
    period = forms.ChoiceField(choices=PERIODS.items(), required=False, widget=selection())
    first = forms.DateField(required=False, label="From", widget=Day())
    last = forms.DateField(required=False, label="To", widget=Day())

    def __init__(self, data, theaters):
        super().__init__(data, auto_id="see_%s")
        self.theaters = list(theaters)
        self.fields["theater"].queryset = theaters
        if len(self.theaters) == 1:
            self.fields["theater"].widget = forms.HiddenInput()

    def clean(self):
        chosen = super().clean()
        first, last = chosen.get("first"), chosen.get("last")
        if chosen.get("period") != "days" or self.errors:
            return chosen
        if not first or not last:
            raise ValidationError("Say from which day, and to which.")
        if first > last:
            self.add_error("last", "This day is before the first.")
        elif (last - first).days >= MOST_DAYS:
            self.add_error("last", "That is more than a year.")
        elif first < FIRST_DAY or last > self.today + timedelta(days=MOST_DAYS):
            self.add_error("first", "There is nothing to see that far away.")
        return chosen

    @property
    def today(self) -> date:
        return today_at(self.chosen_theaters)

    @property
    def chosen_theaters(self) -> list[Theater]:
        chosen = getattr(self, "cleaned_data", {}).get("theater")
        return [chosen] if chosen else self.theaters

    @property
    def chosen_period(self) -> Period:
        """The period that was asked for; today for what makes no sense."""
        chosen = self.cleaned_data if self.is_valid() else {}
        if chosen.get("period") == "days":
            return Period(chosen["first"], chosen["last"])
        if days := SPANS.get(chosen.get("period")):
            return Period(self.today - days * DAY, self.today - DAY)
        return Period(self.today, self.today)
