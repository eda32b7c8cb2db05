"""
Models whose changes are remembered, by whatever way staff change them: `save`, `delete`, and the
querysets' `update`, `delete` and `bulk_create`.

Each costs what it takes to know how the row was before; what customers do costs nothing.
"""

from collections.abc import Iterable
from functools import cached_property
from operator import attrgetter

from django.db import models, transaction
from django.db.models.signals import m2m_changed
from django.dispatch import receiver

from .doers import doer, teller
from .models import Entry
from .telling import said

Verb = Entry.Verb


class Remembers:
    """
    What is remembered of a model: all its fields `but_not` these; of those that are `untold`, that
    they changed and not how. `theater` is the path to the id of the theater of a row, `related`
    what its title needs, and `lists` are fields of many to many.
    """

    def __init__(self, *, theater="", related=(), but_not=(), untold=(), lists=()):
        self.theater, self.related, self.lists = theater, related, lists
        self.but_not, self.untold = frozenset(but_not), frozenset(untold)

    def __set_name__(self, model, name):
        self.model = model

    @cached_property
    def fields(self) -> list[models.Field]:
        fields = self.model._meta.concrete_fields
        return [one for one in fields if not one.primary_key and one.name not in self.but_not]

    def among(self, names: Iterable[str] | None) -> list[models.Field]:
        """Those of the remembered fields that `names` names; all of them for None."""
        if names is None:
            return self.fields
        names = set(names)
        return [one for one in self.fields if {one.name, one.attname} & names]

    def rows(self, queryset) -> dict:
        """The rows of `queryset` as they are now, by their ids."""
        found = self.model._base_manager.filter(pk__in=queryset.order_by().values("pk"))
        return {row.pk: row for row in found.select_related(*self.related)}

    def difference(self, before, after, fields) -> dict:
        """What `fields` were in `before` and are in `after`; either may be None."""
        differing = (one for one in fields if _kept(one, before) != _kept(one, after))
        return {one.name: self._told(one, before, after) for one in differing}

    def _told(self, field, before, after):
        if field.name in self.untold:
            return None
        return [said(field, before), said(field, after)]


def _kept(field, row):
    if row is None:
        return None
    value = field.to_python(getattr(row, field.attname))
    if isinstance(field, models.FileField):
        value = str(value)
    return None if value == "" else value


def entry(row, verb: Verb, changes: dict, who) -> Entry:
    """What `who` did to `row`, not saved yet."""
    path = row.remembers.theater
    return Entry(
        who=who.pk,
        who_name=who.name,
        door=who.door,
        verb=verb,
        kind=row._meta.label_lower,
        object_id=str(row.pk),
        title=row.title_to_remember()[:200],
        theater=attrgetter(path)(row) if path else None,
        changes=changes,
    )


def is_told_of(model) -> bool:
    """Whether there are entries about rows of `model`: of all changes, or of what staff do."""
    return hasattr(model, "remembers")


def tell(row, **changes):
    """Remember `changes` of `row` that its own fields do not show; each [before, after] or None."""
    if who := teller():
        entry(row, Verb.CHANGED, changes, who).save(force_insert=True)


def tell_of_new(rows, **lists):
    """
    Remember that `rows` were made, within `told_in_one`, and what their `lists` were from the
    beginning: the related rows, by the name of the field.
    """
    if not (who := teller()):
        return
    had = {name: [None, _listed(others)] for name, others in lists.items() if others}
    entries = [_added(row, who) for row in rows]
    for one in entries:
        one.changes |= had
    Entry.objects.bulk_create(entries)


class RememberedQuerySet(models.QuerySet):
    """Remembers what is done to many rows at once."""

    def update(self, **values):
        remembers = self.model.remembers
        fields = remembers.among(values)
        if not (fields and (who := doer())):
            return super().update(**values)
        with transaction.atomic(savepoint=False):
            before = remembers.rows(self)
            count = super().update(**values)
            ids = self.model._base_manager.filter(pk__in=list(before))
            after = remembers.rows(ids) if before else {}
            told = [_changed(before[pk], row, fields, who) for pk, row in after.items()]
            Entry.objects.bulk_create(one for one in told if one)
        return count

    update.alters_data = True

    def delete(self):
        if not (who := doer()):
            return super().delete()
        with transaction.atomic(savepoint=False):
            gone = [_deleted(row, who) for row in self.model.remembers.rows(self).values()]
            answer = super().delete()
            Entry.objects.bulk_create(gone)
        return answer

    delete.alters_data = True
    delete.queryset_only = True

    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        # What the system loads is there from the beginning: it has no before.
        if not ((who := doer()) and who.pk):
            return super().bulk_create(objs, *args, **kwargs)
        with transaction.atomic(savepoint=False):
            rows = super().bulk_create(objs, *args, **kwargs)
            Entry.objects.bulk_create(_added(row, who) for row in rows)
        return rows

    bulk_create.alters_data = True


class Remembered(models.Model):
    """A row whose changes are remembered, as `remembers` of its model says."""

    remembers = Remembers()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        fields = self.remembers.among(kwargs.get("update_fields"))
        if not (fields and (who := doer())):
            super().save(*args, **kwargs)
            return
        with transaction.atomic(savepoint=False):
            stored = None if self._state.adding else type(self)._base_manager.filter(pk=self.pk)
            before = stored and stored.first()
            super().save(*args, **kwargs)
            told = _changed(before, self, fields, who) if before else _added(self, who)
            if told:
                told.save(force_insert=True)

    def delete(self, *args, **kwargs):
        if not (who := doer()):
            return super().delete(*args, **kwargs)
        with transaction.atomic(savepoint=False):
            gone = _deleted(self, who)
            answer = super().delete(*args, **kwargs)
            gone.save(force_insert=True)
        return answer

    def title_to_remember(self) -> str:
        """What an entry calls this row."""
        return str(self)


def _changed(before, after, fields, who) -> Entry | None:
    changes = after.remembers.difference(before, after, fields)
    return entry(after, Verb.CHANGED, changes, who) if changes else None


def _added(row, who) -> Entry:
    remembers = row.remembers
    return entry(row, Verb.ADDED, remembers.difference(None, row, remembers.fields), who)


def _deleted(row, who) -> Entry:
    remembers = row.remembers
    return entry(row, Verb.DELETED, remembers.difference(row, None, remembers.fields), who)


@receiver(m2m_changed)
def hear_of_lists(sender, *, instance, action, reverse, pk_set, **kwargs):
    """
    Remember changes of lists, such as the managers of a theater. By signal: Django has no other
    word for them, whichever way they are changed.
    """
    model = sender._meta.auto_created
    if action not in ("post_add", "post_remove", "pre_clear") or not _is_remembered(model):
        return
    names = [name for name in model.remembers.lists if _through(model, name) is sender]
    if not names or not (who := doer()):
        return
    changed = {instance.pk} if reverse else pk_set
    for row in _owners(model, names[0], instance, pk_set) if reverse else [instance]:
        _tell_of_list(row, names[0], action, changed, who)


def _is_remembered(model) -> bool:
    return isinstance(model, type) and issubclass(model, Remembered)


def _through(model, name):
    return model._meta.get_field(name).remote_field.through


def _owners(model, name, instance, pks):
    """The rows whose list it is, where it was changed from the other end."""
    return model._base_manager.filter(**({name: instance} if pks is None else {"pk__in": pks}))


def _tell_of_list(row, name, action, changed, who):
    field = row._meta.get_field(name)
    now = {one.pk: str(one) for one in getattr(row, name).all()}
    others = field.related_model._base_manager.filter(pk__in=set(changed or ()) - now.keys())
    if action == "post_add":
        before, after = {pk: now[pk] for pk in now if pk not in changed}, now
    elif action == "post_remove":
        before, after = now | {one.pk: str(one) for one in others}, now
    else:
        before, after = now, {pk: now[pk] for pk in now if changed and pk not in changed}
    if before != after:
        told = {name: [_in_words(before), _in_words(after)]}
        entry(row, Verb.CHANGED, told, who).save(force_insert=True)


def _listed(rows) -> str | None:
    return _in_words({row.pk: str(row) for row in rows})


def _in_words(names: dict) -> str | None:
    return ", ".join(names[pk] for pk in sorted(names))[:1000] or None
