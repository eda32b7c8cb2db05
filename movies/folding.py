"""Text as a search sees it: without case, accents and punctuation."""

import unicodedata

from django.contrib.postgres.lookups import TrigramStrictWordSimilar
from django.db import models

APOSTROPHES = "'’‘ʼ`´"
# Letters that Unicode does not take apart, as people type them who don't have them.
LETTERS = str.maketrans(
    dict.fromkeys(APOSTROPHES, "")
    | {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
    | {"ħ": "h", "ŧ": "t", "ŋ": "n", "ĸ": "k"}
)
# Accents of Latin, Greek and Cyrillic; vowel points of Hebrew and Arabic. Not the vowel signs of
# Indian scripts, which are letters to their readers.
MARKS = [
    *((0x0300, 0x036F), (0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670)),
    *((0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F)),
]
NO_MARKS = dict.fromkeys(code for first, last in MARKS for code in range(first, last + 1))
# Unicode's general categories of what stands between words: punctuation, separators, controls.
BETWEEN_WORDS = "PZC"


def folded(text: str) -> str:
    """
    Words in lower case with one blank between them: "Łódź – Amélie's" is "lodz amelies". Follows
    Unicode (https://www.unicode.org/reports/tr15/), so that any way to write é is the same e.
    """
    text = unicodedata.normalize("NFKD", text).translate(NO_MARKS).casefold()
    text = unicodedata.normalize("NFKD", text).translate(NO_MARKS).translate(LETTERS)
    text = "".join(" " if unicodedata.category(c)[0] in BETWEEN_WORDS else c for c in text)
    return unicodedata.normalize("NFC", " ".join(text.split()))


class FoldedField(models.TextField):
    """The column `of`, folded: kept right by every way to write that one. Nobody edits it."""

    def __init__(self, *, of: str, **kwargs):
        self.of = of
        super().__init__(**kwargs | {"editable": False, "default": ""})

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["editable"], kwargs["default"]
        return name, path, args, kwargs | {"of": self.of}

    def pre_save(self, row, add):
        setattr(row, self.attname, folded(getattr(row, self.of)))
        return super().pre_save(row, add)


FoldedField.register_lookup(TrigramStrictWordSimilar)


def folded_fields(model, names) -> list[FoldedField]:
    """Those fields of `model` that follow the fields called `names`."""
    fields = [field for field in model._meta.fields if isinstance(field, FoldedField)]
    return [field for field in fields if field.of in names]


class FoldedQuerySet(models.QuerySet):
    """Keeps folded fields right where many rows are written at once."""

    def update(self, **values):
        for field in folded_fields(self.model, values):
            if isinstance(text := values[field.of], str):
                values[field.name] = folded(text)
        return super().update(**values)

    update.alters_data = True

    def bulk_update(self, objs, fields, batch_size=None):
        rows, followers = list(objs), folded_fields(self.model, fields)
        for row in rows:
            for field in followers:
                field.pre_save(row, add=False)
        fields = [*fields, *(field.name for field in followers)]
        return super().bulk_update(rows, fields, batch_size=batch_size)

    bulk_update.alters_data = True


class Folded(models.Model):
    """A model with folded fields: saving a field saves what follows it."""

    objects = FoldedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *, update_fields=None, **kwargs):
        if update_fields is not None:
            followers = folded_fields(type(self), update_fields)
            update_fields = {*update_fields, *(field.name for field in followers)}
        else:
            # A column that was not loaded would not be saved.
            for field in folded_fields(type(self), self.__dict__):
                field.pre_save(self, add=False)
        super().save(update_fields=update_fields, **kwargs)
