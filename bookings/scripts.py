"""
Names in every script: which typefaces print them, and in which direction they run.

All typefaces are under the SIL Open Font License 1.1. docs/decisions/0027 says why these.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import fontpkg_inter
import fontpkg_noto_sans_arabic
import fontpkg_noto_sans_devanagari
import manimgx_fonts_cjk
import typst

KANA = re.compile("[\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9f]")
HANGUL = re.compile("[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")
BOPOMOFO = re.compile("[\u3105-\u312f\u31a0-\u31bf]")
HAN = re.compile("[\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")

# How Chinese characters are drawn where, as in the names of Noto Sans CJK.
JAPANESE, KOREAN, SIMPLIFIED, TRADITIONAL, HONG_KONG = "JP", "KR", "SC", "TC", "HK"
BY_LETTERS = [(KANA, JAPANESE), (HANGUL, KOREAN), (BOPOMOFO, TRADITIONAL)]
BY_COUNTRY = {
    **{"CN": SIMPLIFIED, "SG": SIMPLIFIED, "MY": SIMPLIFIED},
    **{"TW": TRADITIONAL, "HK": HONG_KONG, "MO": HONG_KONG},
    **{"JP": JAPANESE, "KR": KOREAN, "KP": KOREAN},
}
BY_LANGUAGE = {"ja": JAPANESE, "ko": KOREAN, "yue": HONG_KONG}
# What a country's own character set can write, it probably wrote: 东 is in the first one only,
# 東 in all others, 桜 in the last one only.
BY_CHARACTER_SET = {"gb2312": SIMPLIFIED, "big5": TRADITIONAL, "shift_jis": JAPANESE}

# Embeddings, overrides and isolates, which could turn round what stands beside them, and control
# characters, which nobody can read: https://www.unicode.org/reports/tr9/#Explicit_Directional_Embeddings
UNPRINTABLE = dict.fromkeys(
    [*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0)]
    + [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"


@cache
def fonts() -> typst.Fonts:
    """
    Ours and Typst's own, whatever the machine has: a page looks the same everywhere. Only their
    tables are read now, once per process; a file is read when its first letter is printed.
    """
    packages = (fontpkg_inter, fontpkg_noto_sans_devanagari, fontpkg_noto_sans_arabic)
    folders = [Path(package.__file__).parent / "files" for package in packages]
    folders.append(Path(manimgx_fonts_cjk.__file__).parent)
    return typst.Fonts(include_system_fonts=False, font_paths=folders)


def printable(data: Mapping, *, country: str, languages: Mapping[str, str]) -> dict:
    """
    `data` with every text ready to be printed, and under `han` how Chinese characters are drawn:
    of each `text` that has some, and `elsewhere`, as at home in `country` (ISO 3166-1).
    `languages` tells of some texts in which language they are (BCP 47).
    """
    cleaned = _cleaned(data)
    home = BY_COUNTRY.get(country)
    known = {_clean(text): language for text, language in languages.items()}
    han = {
        text: drawn_as(text, home or _region_of(known.get(text, "")))
        for text in _texts(cleaned)
        if not text.isascii()
    }
    texts = {text: drawn for text, drawn in han.items() if drawn}
    return cleaned | {"han": {"text": texts, "elsewhere": home or SIMPLIFIED}}


def drawn_as(text: str, home: str | None) -> str:
    """
    How the Chinese characters of `text` are drawn; empty if it has no letters of East Asia. The
    letters beside them tell, then `home`, then which country's character set has them all.
    """
    for letters, drawn in BY_LETTERS:
        if letters.search(text):
            return drawn
    characters = "".join(HAN.findall(text))
    if not characters or home:
        return home if characters else ""
    sets = (drawn for name, drawn in BY_CHARACTER_SET.items() if _can_write(name, characters))
    return next(sets, SIMPLIFIED)


def _region_of(language: str) -> str | None:
    """zh-TW, zh-Hant-HK: the region tells, then the script, then the language by itself."""
    first, *rest = language.split("-")
    if first == "zh":
        by_script = TRADITIONAL if "Hant" in rest else None
        return next((BY_COUNTRY[part] for part in rest if part in BY_COUNTRY), by_script)
    return BY_LANGUAGE.get(first)


def _can_write(character_set: str, characters: str) -> bool:
    try:
        characters.encode(character_set)
    except UnicodeEncodeError:
        return False
    return True


def _cleaned(data):
    if isinstance(data, str):
        return _clean(data)
    if isinstance(data, Mapping):
        return {name: _cleaned(value) for name, value in data.items()}
    if isinstance(data, list | tuple):
        return [_cleaned(value) for value in data]
    return data


def _clean(text: str) -> str:
    """
    `text` without what cannot be printed. One that has letters from right to left is a paragraph
    of its own, in the direction of its first letter, wherever it stands.
    """
    text = text.translate(UNPRINTABLE)
    if text.isascii() or not any(unicodedata.bidirectional(one) in ("R", "AL") for one in text):
        return text
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"


def _texts(data) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from _texts(value)
