"""What a form that is not saved yet would change: the answer, of which templates make HTML."""

from collections.abc import Mapping

from django.core.exceptions import BadRequest
from django.http import Http404
from django.utils import timezone
from django.views.generic import TemplateView

from ..room import row_to_change


class Tried(TemplateView):
    """
    What the row in a form would change, if it was saved. Changes nothing. The form sends its own
    fields, and those of `Questions` with `ask-` before them. Raises Http404 for a theater that is
    not theirs. `noun` is what it is called, and `belongs` the field that names its theaters.
    """

    http_method_names = ["post"]
    noun = ""
    belongs = "theater"

    def post(self, request, model_admin, object_id=None):
        row = row_to_change(request, model_admin, object_id) if object_id else None
        try:
            with timezone.override(model_admin.zone(request, object_id)):
                form = self._form(request, model_admin, row)
        except OverflowError as error:
            raise BadRequest("A number is larger than any that we keep.") from error
        found = self.found(form, _heard(form))
        return self.render_to_response({"noun": self.noun} | _problems(form) | found)

    def found(self, form, heard: Mapping[str, str]) -> dict:
        """What the template shows, by the `form` as it was filled in and what was `heard`."""
        raise NotImplementedError

    def _form(self, request, model_admin, row):
        form = model_admin.get_form(request, row, change=bool(row))(request.POST, instance=row)
        form.is_valid()
        if form.data.get(self.belongs) and self.belongs in form.fields.keys() & form.errors.keys():
            raise Http404
        return form


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
