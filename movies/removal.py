"""Removing what nothing else needs."""

from django.db import models, transaction
from rest_framework import status
from rest_framework.exceptions import APIException, NotFound


class InUse(APIException):
    """Something needs it, so it cannot be removed. `used_by` says how many of what."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "in_use"
    default_detail = "Used by: 3 showtimes."

    def __init__(self, used_by: dict[str, int]):
        self.answer = {"used_by": used_by}
        uses = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in used_by.items())
        super().__init__(f"Used by: {uses}.")


@transaction.atomic
def remove(row: models.Model):
    """
    Delete `row`. Raises InUse if it is protected, or if rows of another kind name it; NotFound if
    somebody else has just removed it.
    """
    # Locked, so that nothing can begin to use it.
    row = type(row)._base_manager.select_for_update().filter(pk=row.pk).first()
    if row is None:
        raise NotFound
    if used_by := uses_of(row):
        raise InUse(used_by)
    row.delete()


def uses_of(row: models.Model) -> dict[str, int]:
    """How many rows of each kind keep `row` from being removed, by the names of the relations."""
    counts = {
        relation.get_accessor_name(): getattr(row, relation.get_accessor_name()).count()
        for relation in row._meta.related_objects
        if relation.many_to_many or relation.on_delete is models.PROTECT
    }
    return {name: count for name, count in counts.items() if count}
