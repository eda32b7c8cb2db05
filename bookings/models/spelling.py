"""
How what people say of themselves is found again, however they are written.

PostgreSQL keeps the words of each booking without accents in an index of trigrams (migration
bookings_are_found_by_their_words), SQLite looks at each row with a regular expression.
"""

import re
import unicodedata
from functools import cache
from itertools import product

from django.db import connection
from django.db.models import F, Func, Q, TextField
from django.db.models.lookups import Contains

# Where Unicode has Latin letters with marks: Latin-1, Extended A and B, Extended Additional.
LATIN = [(0xC0, 0x24F), (0x1E00, 0x1EFF)]
# Letters that Unicode does not take apart, and letters that are written as two.
OTHERS = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n"}
PAIRS = {"ss": "ß", "ae": "æä", "oe": "œøö", "ue": "ü", "th": "þ"}
UMLAUTS = "äöü"
AS_TWO = {"æ": "ae", "œ": "oe", "þ": "th", "ß": "ss"}
ACCENT = "[\u0300-\u036f]"
SHORTEST, LONGEST, MOST_WORDS = 2, 80, 5
# Of the ways to write a word with umlauts.
MOST_WAYS = 16
# Fewer figures would be in most telephone numbers.
FEWEST_FIGURES = 4


def bookings_called(text: str) -> Q:
    """
    Bookings in which each word of `text` is a part of the reference, the name, the telephone number
    or the address, in whatever case and without its accents; nothing for less than SHORTEST.
    """
    text = " ".join("".join(c if c.isprintable() else " " for c in text[:LONGEST]).split())
    if len(text) < SHORTEST:
        return Q(pk=None)
    found = Q()
    in_a_name, in_a_number = HOW.get(connection.vendor, (_in_a_name, _in_a_number))
    for word in text.split()[:MOST_WORDS]:
        found &= in_a_name(word) | in_a_number(word)
    return found | in_a_number(text)


class Words(Func):
    """All that a booking is called by, without accents and in lower case; PostgreSQL knows it."""

    function = "words_of_a_booking"
    output_field = TextField()

    def __init__(self):
        columns = ("reference", "contact_name", "contact_email", "contact_phone")
        super().__init__(*map(F, columns))


def _in_the_words(word: str) -> Q:
    return Q(*(Contains(Words(), way) for way in ways_to_write(word)), _connector=Q.OR)


def _in_the_figures(text: str) -> Q:
    figures = _figures(text)
    return Q(Contains(Words(), figures)) if figures else Q(pk=None)


HOW = {"postgresql": (_in_the_words, _in_the_figures)}


def ways_to_write(word: str) -> list[str]:
    """What to look for in `Words`: with ue and with u for either, as ü is u there."""
    word = unicodedata.normalize("NFC", word.casefold())
    parts, place = [], 0
    while place < len(word):
        pair = word[place : place + 2]
        if pair in ("ae", "oe", "ue"):
            parts.append([pair, pair[0]])
        else:
            pair = word[place]
            plain = _without_marks(pair)
            parts.append([plain, plain + "e"] if pair in UMLAUTS else [plain])
        place += len(pair)
    return ["".join(way) for way, _ in zip(product(*parts), range(MOST_WAYS), strict=False)]


def _without_marks(letter: str) -> str:
    """As the function of the migration does it."""
    letter = unicodedata.normalize("NFKD", letter)
    letter = "".join(c for c in letter if not "\u0300" <= c <= "\u036f").casefold()
    return "".join(OTHERS.get(c) or AS_TWO.get(c, c) for c in letter)


def _in_a_name(word: str) -> Q:
    return (
        Q(reference__icontains=word)
        | Q(contact_name__iregex=however_written(word))
        | Q(contact_email__iregex=however_written(word))
    )


def _in_a_number(text: str) -> Q:
    """Whatever stands between the figures."""
    figures = _figures(text)
    return Q(contact_phone__regex="[^0-9]*".join(figures)) if figures else Q(pk=None)


def _figures(text: str) -> str:
    """Of a telephone number, of which `text` may be a part; +49 30 and 030 are the same."""
    figures = "".join(c for c in text if c in "0123456789").lstrip("0")
    other = any(c.isalpha() or c == "@" for c in text)
    return "" if other or len(figures) < FEWEST_FIGURES else figures


def however_written(word: str) -> str:
    """`word` with or without accents, as a regular expression of Python and of PostgreSQL."""
    word = unicodedata.normalize("NFC", word.casefold())
    plain = "".join(_plain(c) for c in word)
    parts, place = [], 0
    while place < len(plain):
        pair = plain[place : place + 2]
        if pair in PAIRS:
            first, second = (_any_of(c) for c in pair)
            parts.append(f"({first}{second}|[{_both_cases(PAIRS[pair])}])")
            place += 2
        else:
            parts.append(_any_of(plain[place]) + "e?" * (word[place] in UMLAUTS))
            place += 1
    return "".join(parts)


def _plain(letter: str) -> str:
    if letter in OTHERS:
        return OTHERS[letter]
    first = unicodedata.normalize("NFKD", letter)[0]
    return first if first.isascii() else letter


def _any_of(letter: str) -> str:
    """The letter with any mark, or with one that follows it."""
    marked = _marked().get(letter, "")
    return f"[{_both_cases(letter + marked)}]{ACCENT}?" if marked else re.escape(letter)


def _both_cases(letters: str) -> str:
    # SQLite's LIKE and some collations of PostgreSQL know the cases of a to z only.
    upper = [c.upper() for c in letters]
    return "".join(dict.fromkeys([*letters, *(c for c in upper if len(c) == 1)]))


@cache
def _marked() -> dict[str, str]:
    """For each of a to z all letters that are it, with a mark."""
    found = {}
    for first, last in LATIN:
        for code in range(first, last + 1):
            letter = chr(code)
            if letter.islower() and (plain := _plain(letter)) != letter and plain.isascii():
                found[plain] = found.get(plain, "") + letter
    return found
