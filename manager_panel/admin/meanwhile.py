"""Two people and one form: whoever sends second is told what the first has saved meanwhile."""

from django.core.exceptions import ValidationError
from django.db.models import Max, Q, QuerySet
from django.forms.models import _get_foreign_key
from django.utils import timezone

from history.models import Entry
from history.remembering import is_told_of

from .columns import local
from .told import in_short

# In what a form sends: the newest entry of the history that its sender can have seen.
AS_OF = "_as_of"
SAID = 5
WHAT_NOW = (
    "Nothing of yours is saved yet. Save once more to write yours over it, or load the page again."
)


class KnowsMeanwhile:
    """A form that is refused once if there are `newer` entries about what it changes."""

    newer: QuerySet

    def clean(self):
        # Before anything else: some forms save what they check.
        if newer := list(self.newer[:SAID]):
            raise ValidationError([*map(_in_words, newer), WHAT_NOW])
        return super().clean()


def knowing(form: type, entries: QuerySet, as_of: str) -> type:
    """`form`, which knows what happened since `as_of`, if that makes sense."""
    if not (as_of.isdecimal() and len(as_of) < 19):
        return form
    newer = entries.filter(pk__gt=int(as_of))
    return type(form)(form.__name__, (KnowsMeanwhile, form), {"newer": newer})


def newest(entries: QuerySet) -> int:
    """What a form that is shown now sends as AS_OF."""
    return entries.aggregate(newest=Max("pk"))["newest"] or 0


def entries_about(page, request, row) -> QuerySet:
    """What staff did to `row`, and to the rows that are edited on its page as well."""
    about = Q(kind=row._meta.label_lower, object_id=str(row.pk))
    for part in page.get_inline_instances(request, row):
        if is_told_of(part.model):
            there = {_get_foreign_key(page.model, part.model, fk_name=part.fk_name).name: row}
            keys = part.model._base_manager.filter(**there).values_list("pk", flat=True)
            about |= Q(kind=part.model._meta.label_lower, object_id__in=list(map(str, keys)))
    return Entry.objects.filter(about)


def _in_words(entry: Entry) -> str:
    when = local(entry.at, timezone.get_current_timezone())
    who = entry.who_name or "the system"
    did = f"While you had this open, {who} {entry.verb} {entry.title} ({when})"
    return f"{did}: {in_short(entry)}." if in_short(entry) else f"{did}."
