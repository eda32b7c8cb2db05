"""What is asked about a promo code that is not saved yet."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django import forms

from bookings.models import PromoCode
from theaters.models import Theater, cinema_date

from .questions import MOST_TICKETS, Questions


class CodeQuestions(Questions):
    """Of `code` at one of `houses`: at which of them, and who books there at what time."""

    promo_code = None
    house = forms.ChoiceField(label="At the theater", required=False)
    booked_at = forms.TimeField(
        label="At the time", required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    theirs = forms.IntegerField(
        label="They used it before", min_value=0, max_value=2**31 - 1, required=False
    )

    def __init__(self, code: PromoCode, houses: Sequence[Theater], heard: Mapping[str, str]):
        self.code, self.houses = code, houses
        wanted = [house for house in houses if str(house.pk) == heard.get("house")]
        super().__init__([*wanted, *houses][0], heard)
        self.data["house"] = str(self.theater.pk)
        self.fields["house"].choices = [(str(house.pk), house.name) for house in houses]

    def day_of_booking(self) -> date | None:
        if self.cleaned_data.get("booked_at"):
            return cinema_date(self.moment_of_booking(), self.theater.timezone)
        return super().day_of_booking()

    def moment_of_booking(self) -> datetime:
        """On the day that was asked about: at the time that was, or else at this hour."""
        day, hour = self.cleaned_data.get("booked_on"), self.cleaned_data.get("booked_at")
        if day is None or hour is None:
            return super().moment_of_booking()
        return datetime.combine(day, hour, self.theater.zone)

    def _defaults(self) -> dict[str, str]:
        enough = min(max(self.code.minimum_tickets or 1, 1), MOST_TICKETS)
        return super()._defaults() | {"tickets": str(enough), "theirs": "0"}
