"""What deleting rows would take along, and what stands in the way, where that is much."""

from django.db.models import CASCADE, PROTECT, QuerySet
from django.db.models.deletion import get_candidate_relations_to_delete

# Of each kind. Django reads, names and links every single row.
MOST_LISTED = 20


def in_numbers(model, rows) -> tuple | None:
    """
    As ModelAdmin.get_deleted_objects, in numbers ("17,520 showtimes") and in a constant number of
    queries; None where nothing is much, and Django may list it.
    """
    keys = [row.pk for row in rows]
    kept = _hanging_on(model, keys, PROTECT)
    gone = _hanging_on(model, keys, CASCADE)
    if all(rows.count() <= MOST_LISTED for rows in [*kept.values(), *gone.values()]):
        return None
    for relation, theirs in gone.items():
        kept |= _hanging_on(relation.related_model, theirs.values("pk"), PROTECT)
    counts = {
        relation.related_model._meta.verbose_name_plural: theirs.count()
        for relation, theirs in gone.items()
    }
    return [*map(str, rows), _said(gone)], counts, set(), _said(kept)


def _hanging_on(model, keys, how) -> dict:
    """For each relation that leads to `model`, and deletes or protects as `how`, its rows."""
    return {
        relation: relation.related_model._base_manager.filter(
            **{f"{relation.field.name}__in": keys}
        )
        for relation in get_candidate_relations_to_delete(model._meta)
        if relation.on_delete is how
    }


def _said(found: dict[object, QuerySet]) -> list[str]:
    numbers = {relation.related_model._meta: rows.count() for relation, rows in found.items()}
    return [
        f"{n:,} {kind.verbose_name if n == 1 else kind.verbose_name_plural}"
        for kind, n in numbers.items()
        if n
    ]
