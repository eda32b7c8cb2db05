"""
Days and times are typed into the browser's own fields: they have the keys, the words and the
pickers that people know from it, on a phone as well, and nobody wonders whether 10/12 is in
October.
"""

from datetime import time

from django import forms
from django.db import models
from unfold.widgets import DATETIME_CLASSES

LOOK = {"class": " ".join(DATETIME_CLASSES)}


class DayInput(forms.DateInput):
    input_type = "date"
    template_name = "unfold/widgets/date.html"

    def __init__(self, attrs=None):
        super().__init__(attrs=LOOK | (attrs or {}), format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """Hours and minutes; seconds only where somebody set some."""

    input_type = "time"
    template_name = "unfold/widgets/time.html"

    def __init__(self, attrs=None):
        super().__init__(attrs=LOOK | (attrs or {}), format="%H:%M")

    def format_value(self, value):
        exact = isinstance(value, time) and value.second
        return f"{value:%H:%M:%S}" if exact else super().format_value(value)


class MomentInput(forms.SplitDateTimeWidget):
    template_name = "unfold/widgets/split_datetime.html"

    def __init__(self, attrs=None):
        forms.MultiWidget.__init__(
            self, [DayInput({"aria-label": "Day"}), TimeInput({"aria-label": "Time"})], attrs
        )


OF_DAYS_AND_TIMES = {
    models.DateField: {"widget": DayInput},
    models.TimeField: {"widget": TimeInput},
    models.DateTimeField: {"form_class": forms.SplitDateTimeField, "widget": MomentInput},
}
