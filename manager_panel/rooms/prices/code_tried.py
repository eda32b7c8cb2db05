"""What a promo code would give that is not saved yet."""

from collections.abc import Iterable

from django.db.models import Model

from bookings.models.promo_code import HoldsFor
from bookings.promo_code_trial import PromoCodeTrial, uses_of
from theaters.models import Theater

from .code_questions import CodeQuestions
from .code_words import in_words
from .preview import preview
from .tried import PricesTried


class CodeTried(PricesTried):
    """
    Prices with the code and without it, or why customers would be refused, at one of its theaters;
    of a code for all of them, at one of whoever asks.
    """

    template_name = "manager_panel/code_tried.html"
    noun = "code"
    belongs = "theaters"

    def found(self, form, heard):
        theaters = list(form.cleaned_data.get("theaters", []))
        houses = theaters or list(Theater.objects.managed_by(self.request.user))
        if not houses:
            return {"theater": None}
        asked = CodeQuestions(form.instance, houses, heard)
        if form.errors:
            return preview(asked)
        asked.is_valid()
        movies = list(form.cleaned_data["movies"])
        trial = PromoCodeTrial(
            form.instance,
            HoldsFor(_keys(theaters), _keys(movies)),
            uses=uses_of(form.instance),
            theirs=asked.cleaned_data.get("theirs") or 0,
        )
        words = in_words(trial, theaters=theaters, movies=movies, zone=asked.theater.zone)
        return preview(asked, code=trial) | {"in_words": words}


def _keys(rows: Iterable[Model]) -> frozenset[int]:
    return frozenset(row.pk for row in rows)
