"""Letters: one form for the many ways of writing one, the same in every language.

`fold` is for whole words and may change their length; `flat` never does, so that offsets in it are offsets in the text.
"""

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

_HAN = Path(__file__).parent.parent / "lexicon" / "han.txt"

_ONE_FOR_ONE = {
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ے": "ي", "ئ": "ي", "ؤ": "و", "ک": "ك",
    "ڪ": "ك", "ة": "ه", "ۀ": "ه", "ہ": "ه", "ھ": "ه", "ۂ": "ه", "ۃ": "ه", "ך": "כ", "ם": "מ", "ן": "נ", "ף": "פ",
    "ץ": "צ", "ё": "е", "ı": "i", "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "׳": "'", "ʻ": "'", "＇": "'",
    "״": '"', "“": '"', "”": '"', "„": '"', "٬": ",", "٫": ".", "،": ",", "‑": "-", "‐": "-", "־": "-", "–": "-",
    "−": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ",
}  # fmt: skip
"""Arabic alef, ya, kaf and ta marbuta; Hebrew finals; Russian yo; the Turkish dotless i (upper-case I is ambiguous
between languages, so both fold to one letter); quotation marks, separators, hyphens and spaces."""

_DROPPED = re.compile("[\u0307\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
                      "\u06d6-\u06ed\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u00ad]")  # fmt: skip
"""Arabic and Hebrew points, tatweel, joiners, direction marks, soft hyphens, and the dot that casefolding İ leaves."""

_GERSHAYIM = re.compile('(?<=[\u05d0-\u05ea])"(?=[\u05d0-\u05ea])')


@cache
def _table() -> dict[int, str]:
    """Every one-for-one change: our own list, traditional to simplified Han, digits of every script to ASCII."""
    table = {ord(old): new for old, new in _ONE_FOR_ONE.items()}
    for line in _HAN.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            table.update({ord(old): line[0] for old in line[1:]})
    for start in (0x0660, 0x06F0, 0x0966, 0x09E6, 0xFF10):
        table.update({start + digit: str(digit) for digit in range(10)})
    return table


@cache
def _flat_table() -> dict[int, str]:
    """`_table` with full-width forms and capital letters, as far as they stay one letter."""
    table: dict[int, str] = {}
    for code in (*range(0x41, 0x250), *range(0x370, 0x590), *range(0xFF01, 0xFF5F)):
        small = unicodedata.normalize("NFKC", chr(code)).casefold()
        if len(small) == 1 and small != chr(code):
            table[code] = small
    return table | _table()


def fold(text: str) -> str:
    """One form for comparing: NFKC, case, letter variants, points dropped. Idempotent."""
    if text.isascii():
        return text.lower()
    once = _once(text)
    return once if once == text else _once(once)


known = lru_cache(maxsize=50_000)(fold)
"""`fold` of what is asked again and again: the words of texts, not those of the lexicon."""


def _once(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    text = _DROPPED.sub("", text).translate(_table())
    return unicodedata.normalize("NFC", _GERSHAYIM.sub("", text))


def flat(text: str) -> str:
    """A fold that keeps every offset: letter for letter."""
    return text.translate(_flat_table())


def bare(text: str) -> str:
    """Latin letters without their accents, as many type them: `Sánchez` → `Sanchez`, `Wałęsa` → `Walesa`."""
    if text.isascii() or not _ACCENTED.search(text):
        return text
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", text)).translate(_STROKES)
    return unicodedata.normalize("NFC", plain)


_ACCENTED = re.compile("[\u00c0-\u024f\u1e00-\u1eff]|[a-z][\u0300-\u036f]")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_STROKES = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ə": "e"})
