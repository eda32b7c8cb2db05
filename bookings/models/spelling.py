"""How what people say of themselves is found again, however they are written."""

import re
import unicodedata
from functools import cache

from django.db.models import Q

# Where Unicode has Latin letters with marks: Latin-1, Extended A and B, Extended Additional.
LATIN = [(0xC0, 0x24F), (0x1E00, 0x1EFF)]
# Letters that Unicode does not take apart, and letters that are written as two.
OTHERS = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n"}
PAIRS = {"ss": "ß", "ae": "æä", "oe": "œøö", "ue": "ü", "th": "þ"}
UMLAUTS = "äöü"
ACCENT = "[\u0300-\u036f]"
SHORTEST, LONGEST, MOST_WORDS = 2, 80, 5
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
    for word in text.split()[:MOST_WORDS]:
        found &= _in_a_name(word) | _in_a_number(word)
    return found | _in_a_number(text)


def _in_a_name(word: str) -> Q:
    return (
        Q(reference__icontains=word)
        | Q(contact_name__iregex=however_written(word))
        | Q(contact_email__iregex=however_written(word))
    )


def _in_a_number(text: str) -> Q:
    """Whatever stands between the figures; +49 30 and 030 are the same."""
    figures = "".join(c for c in text if c in "0123456789").lstrip("0")
    other = any(c.isalpha() or c == "@" for c in text)
    if other or len(figures) < FEWEST_FIGURES:
        return Q(pk=None)
    return Q(contact_phone__regex="[^0-9]*".join(figures))


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
