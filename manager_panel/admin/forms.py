"""What the forms of the admin have in common: they say why they refuse."""

import re
from decimal import Decimal
from itertools import chain

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from theaters.currencies import check_is_money, rounded

# How Django reports a constraint that has no message of its own.
VIOLATED = re.compile(r"Constraint “(\w+)” is violated\.")


def sentence(message: str) -> str:
    """What a broken constraint says: its name is a sentence."""
    return VIOLATED.sub(lambda m: f"{m[1].replace('_', ' ').capitalize()}.", message)


class AmountField(forms.DecimalField):
    """A decimal that is shown without the zeros that only the database needs."""

    def prepare_value(self, value):
        if isinstance(value, Decimal) and value == rounded(value, "EUR"):
            return rounded(value, "EUR")
        return value


class SaysWhy(forms.ModelForm):
    """Reports a broken constraint in words, and above the form what is wrong with other fields."""

    class Meta:
        # As the panel says it everywhere.
        labels = {"movie": "Film"}

    def _update_errors(self, errors):
        by_field = getattr(errors, "error_dict", {})
        for error in chain(*by_field.values()):
            error.message = sentence(str(error.message))
        for hidden in by_field.keys() - self.fields.keys() - {NON_FIELD_ERRORS}:
            by_field.setdefault(NON_FIELD_ERRORS, []).extend(by_field.pop(hidden))
        # For what is "invalid" Django puts the field's own words, such as "Enter a number.", in the
        # place of what our models say.
        said = [(error, error.message) for error in chain(*by_field.values())]
        super()._update_errors(errors)
        for error, message in said:
            if error.code == "invalid":
                error.message = message

    def add_money_error(self, field: str, currency: str):
        """Refuse what was typed into `field` if nobody can pay that in `currency`."""
        try:
            check_is_money(self.cleaned_data.get(field), currency)
        except ValidationError as error:
            self.add_error(field, error)
