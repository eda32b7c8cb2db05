"""What a form that is not saved yet would change of prices: the answer, as HTML."""

from collections.abc import Mapping

from django.core.exceptions import BadRequest
from django.http import Http404
from django.utils import timezone
from django.views.generic.base import TemplateResponseMixin

from ..room import Tried


class PricesTried(TemplateResponseMixin, Tried):
    """
    What the row in a form would change of prices. The form sends its own fields, and those of
    `Questions` with `ask-` before them. `noun` is what the row is called, and `belongs` the field
    that names its theaters.
    """

    noun = ""
    belongs = "theater"

    def post(self, request):
        form = self.form(request)
        key = self.row and str(self.row.pk)
        try:
            # As when it is saved: times are typed by the clock of the page.
            with timezone.override(self.model_admin.zone(request, key)):
                form.is_valid()
        except OverflowError as error:
            raise BadRequest("A number is larger than any that we keep.") from error
        self._check_theaters(form)
        found = self.found(form, _heard(form))
        return self.render_to_response({"noun": self.noun} | _problems(form) | found)

    def found(self, form, heard: Mapping[str, str]) -> dict:
        """What the template shows, by the `form`, which was asked whether it is valid."""
        raise NotImplementedError

    def _check_theaters(self, form):
        """Raises Http404 for one that is not theirs."""
        if form.data.get(self.belongs) and self.belongs in form.fields.keys() & form.errors.keys():
            raise Http404


def _problems(form) -> dict:
    """What is wrong with the fields, by what they are called, and with all of it."""
    return {
        "problems": [
            (form[name].label, words) for name, words in form.errors.items() if name in form.fields
        ],
        "refused": form.non_field_errors(),
    }


def _heard(form) -> dict[str, str]:
    return {
        name.removeprefix("ask-"): value
        for name, value in form.data.items()
        if name.startswith("ask-")
    }
