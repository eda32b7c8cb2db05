"""
Searching for films by their titles, the people in their credits and their synopsis.

Every word must be found, in whatever case and accents; the words need not be found in one place.
PostgreSQL also forgives small typing errors in titles and names, and answers from its trigram
indexes (migration 0004). https://www.postgresql.org/docs/current/pgtrgm.html
"""

from django.db import connection, models
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, Value, When

from .folding import folded

# Shorter words have too few trigrams for us to tell an error from another word.
LETTERS_TO_FORGIVE = 5
IN_FILMS = ["title_folded", "original_title_folded", "synopsis_folded"]


def words_of(text: str) -> list[str]:
    """The words of `text` as columns hold them, each once, in order."""
    return list(dict.fromkeys(folded(text).split()))


def holding(word: str, columns: list[str]) -> Q:
    """Rows with `word` in one of `columns`, or nearly so in a title or a name."""
    lookups = [(f"{column}__contains", word) for column in columns]
    if connection.vendor == "postgresql" and len(word) >= LETTERS_TO_FORGIVE:
        short = [column for column in columns if column != "synopsis_folded"]
        lookups += [(f"{column}__trigram_strict_word_similar", word) for column in short]
    return Q(*lookups, _connector=Q.OR)


def all_in(column: str, words: list[str]) -> Q:
    """Rows with each of `words` in `column`."""
    return Q(*((f"{column}__contains", word) for word in words))


def rank(words: list[str], credits: models.QuerySet) -> Case:
    """
    Where a film stands among those that were found, the best first: the title is what was asked
    for, begins with it, has it as words, has all its letters; then the original title, the people
    (`credits` are those of all films), the synopsis; and last what is here and there, or nearly.
    """
    phrase = " ".join(words)
    named = credits.filter(all_in("person__name_folded", words), movie=OuterRef("pk"))
    ranks = [
        Q(title_folded=phrase),
        Q(title_folded__startswith=f"{phrase} "),
        Q(title_folded__startswith=phrase),
        Q(title_folded__contains=f" {phrase}"),
        all_in("title_folded", words),
        Q(original_title_folded__startswith=phrase),
        all_in("original_title_folded", words),
        Exists(named),
        all_in("synopsis_folded", words),
    ]
    cases = [When(condition, then=Value(place)) for place, condition in enumerate(ranks)]
    return Case(*cases, default=Value(len(ranks)), output_field=IntegerField())
