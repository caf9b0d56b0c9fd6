"""Numbers written in digits, in Han and in Hangul numerals, and what they are worth."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_GROUPED = re.compile(r"\d{1,3}(?:([,.' ])\d{3})(?:\1\d{3})*(?!\d)")
_DIGITS = re.compile(r"\d(?<![\d.,]\d)(?:\d{0,2}([,.' ])\d{3}(?:\1\d{3})*(?!\d)|\d*(?:[.,]\d+)?)")
"""Grouped or plain, no part of a longer number; it begins with the digit itself, so that the engine leaps to digits."""
_HAN_DIGITS = {letter: value for value, letter in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 10**8, "兆": 10**12}
_HANGUL_DIGITS = {letter: value for value, letter in enumerate("영일이삼사오육칠팔구")}
_HANGUL_UNITS = {"십": 10, "백": 100, "천": 1_000, "만": 10_000, "억": 10**8, "조": 10**12}
_VALUES = _HAN_DIGITS | _HANGUL_DIGITS
_UNITS = _HAN_UNITS | _HANGUL_UNITS
_MYRIAD = 10_000
_HAN = re.compile(
    r"(?:\d[\d,]{0,20}(?:\.\d{1,9})?|[〇零一二三四五六七八九两十百千])"
    r"(?:[十百千万亿兆]|\d[\d,]{0,9}|[〇零一二三四五六七八九两]){0,16}"
)
_HANGUL = re.compile(
    r"\d[\d,]{0,20}(?:\.\d{1,9})?"
    r"(?:\s?[십백천만억조](?:\s?\d[\d,]{0,9}(?=\s?[십백천만억조여명])|\d[\d,]{0,9})?){0,8}"
    r"|(?<![가-힣])(?:[일이삼사오육칠팔구십백천만억]){1,12}(?=\s?(?:여\s?)?(?:명|발|대|척|기|달러|여))"
)
_PIECE = re.compile(r"\d[\d,]*(?:\.\d+)?|\S")


class Written(NamedTuple):
    """A number as written, and where, in code points of the text."""

    value: float
    start: int
    end: int
    spelled: bool = False
    """In numerals that are also ordinary letters, so that something must show that it counts."""


def written(flat: str, lang: str | None) -> Iterator[Written]:
    """The numbers of a flat-folded text in order. `lang` decides which numerals there are and what a point means."""
    if lang in ("ja", "zh"):
        yield from _composed(flat, _HAN)
    elif lang == "ko":
        yield from _composed(flat, _HANGUL)
    else:
        for match in _DIGITS.finditer(flat):
            yield Written(value_of(match.group(), lang), match.start(), match.end())


def value_of(digits: str, lang: str | None) -> float:
    """Groups of three are thousands, whatever parts them; else a point or a comma is the decimal one."""
    if _GROUPED.fullmatch(digits) and not digits.startswith("0"):
        return float(re.sub(r"\D", "", digits))
    return float(digits.replace(",", ".").replace(" ", "").replace("'", ""))


def _composed(flat: str, numerals: re.Pattern[str]) -> Iterator[Written]:
    for match in numerals.finditer(flat):
        text = match.group().rstrip(" ,")
        if not (text[-1].isdigit() or text[-1] in _VALUES or text[-1] in _UNITS):
            continue
        spelled = not text[0].isdigit()
        yield Written(composed(text), match.start(), match.start() + len(text), spelled)


def composed(text: str) -> float:
    """The value of a numeral that mixes digits, digit letters and unit letters: 1万4千, 三千二百, 1만 4000."""
    total = section = 0.0
    pending: float | None = None
    for piece in _PIECE.findall(text):
        if piece[0].isdigit():
            pending = float(piece.replace(",", "").rstrip("."))
        elif piece in _VALUES:
            pending = (pending or 0) * 10 + _VALUES[piece]
        else:
            unit = _UNITS.get(piece, 1)
            if unit >= _MYRIAD:
                total += ((section + (pending or 0)) or 1) * unit
                section = 0
            else:
                section += (1 if pending is None else pending) * unit
            pending = None
    return total + section + (pending or 0)


def is_ordinal(flat: str, end: int, endings: Iterable[str]) -> bool:
    """Does an ending after an apostrophe make the digits before `end` the how-manieth: 45'inci?"""
    return flat[end : end + 1] in ("'", "’") and flat[end + 1 : end + 9].startswith(tuple(endings))
