"""So many days, weeks, months or years ago, the number in digits or words: два дня назад, vor drei Wochen, 2日前."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache

from enrich.dates.entries import CalendarWords, Unit
from enrich.dates.resolve import before
from enrich.document import Day, Document, Hit
from enrich.quantities.digits import composed
from enrich.quantities.spoken import numerals

_LONGEST = 3
"""Words of a number before a unit."""
_NUMERAL = r"(?<![\d第])(\d{1,3}|[一二三四五六七八九十两]{1,3})"


def spaced(document: Document, hits: Sequence[Hit], published: date) -> Iterator[Day]:
    """Every "two days ago" of a text whose words are parted."""
    opened = {hit.last: hit for hit in hits if hit.id == "ago-before"}
    closed = {hit.first: hit for hit in hits if hit.id == "ago-after"}
    for unit in hits:
        if not unit.id.startswith("ago:"):
            continue
        first, number = _number(document, unit.first)
        if first == unit.first and _is_numbered(document, unit.last):
            continue  # since the year 2019
        mark = closed.get(unit.last) or opened.get(first)
        value = before(unit.id[4:], number, published) if mark else None
        if mark and value:
            tokens = document.tokens
            start = min(mark.start, tokens[first].start)
            yield Day(value, start, max(mark.end, unit.end), relative=True)


def _is_numbered(document: Document, at: int) -> bool:
    return at < len(document.tokens) and document.tokens[at].keys[0].isdigit()


def _number(document: Document, unit: int) -> tuple[int, int]:
    """Where the number before a unit begins, and its value; one where there is none: a week ago."""
    known = numerals(document.lang or "")
    for first in range(max(0, unit - _LONGEST), unit):
        key = document.tokens[first].keys[0]
        if key.isdigit() and first == unit - 1:
            return first, int(key[:4])
        spoken = known.read(document.tokens, first) if known and not key.isdigit() else None
        if spoken and spoken.last == unit and spoken.value == int(spoken.value):
            return first, int(spoken.value)
    return unit, 1


@cache
def _pattern(words: tuple[tuple[str, tuple[str, ...]], ...], after: tuple[str, ...]) -> re.Pattern[str]:
    units = "|".join(f"(?P<{unit}>{'|'.join(map(re.escape, names))})" for unit, names in words)
    return re.compile(rf"{_NUMERAL}\s?(?:{units})\s?(?:{'|'.join(map(re.escape, after))})")


def unspaced(document: Document, words: CalendarWords, published: date) -> Iterator[Day]:
    """The same where words are not parted."""
    if not words.ago:
        return
    for match in _pattern(_units(words.ago), words.ago_after).finditer(document.flat):
        value = before(match.lastgroup or "day", int(composed(match[1])), published)
        if value:
            yield Day(value, match.start(), match.end(), relative=True)


def _units(ago: Mapping[Unit, tuple[str, ...]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((unit, tuple(names)) for unit, names in ago.items())
