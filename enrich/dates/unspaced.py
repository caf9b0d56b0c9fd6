"""Dates where numbers and words are written together: 2025年4月28日, 2025년 4월 28일, 上周三."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache

from enrich.dates import ago
from enrich.dates.entries import CalendarWords, Letters
from enrich.dates.resolve import Parts, resolved, span, weekday
from enrich.document import Day, Document, Hit


@cache
def _pattern(letters: Letters) -> re.Pattern[str]:
    year, month, day = letters.year, letters.month, letters.day
    return re.compile(
        rf"(?<!\d)(?:(?P<y>\d{{4}}){year}\s?)?(?P<m>\d{{1,2}}){month}\s?(?P<d>\d{{1,2}}){day}"
        rf"(?:\s?(?:から|부터|至|到|[-~～—])\s?(?P<e>\d{{1,2}}){day})?"
        rf"|(?<!\d)(?:(?P<y2>\d{{4}}){year}\s?)?(?P<m2>\d{{1,2}}){month}(?![가-힣]{{2}}間)"
        rf"|(?<!\d)(?P<y3>(?:19|20)\d{{2}}){year}"
        rf"|(?<![\d第제])(?P<d4>\d{{1,2}}){day}(?![間间本間間元数程목만째간])"
    )


_WEEKS = {"上": -1, "下": 1, "本": 0, "这": 0}
_DIRECTIONS = (("오는", 1), ("来る", 1), ("下", 1), ("지난", -1), ("去る", -1), ("上", -1), ("다음", 1), ("来週", 1))


def days(document: Document, words: CalendarWords, hits: Sequence[Hit], published: date | None) -> Iterator[Day]:
    """Every date, whatever overlaps."""
    if words.letters is not None:
        years = {hit.end: int(hit.id[9:]) for hit in hits if hit.id.startswith("span:year")}
        for match in _pattern(words.letters).finditer(document.flat):
            yield from _written(document, match, published, years)
    if published is not None:
        yield from ago.unspaced(document, words, published)
    weeks = {hit.last: hit for hit in hits if hit.id.startswith("span:week")}
    for hit in hits:
        kind, _, value = hit.id.partition(":")
        if kind == "weekday" and hit.first in weeks and published is not None:
            week = weeks[hit.first]
            days_off = 7 * int(week.id.removeprefix("span:week")) + int(value) - published.weekday()
            yield Day(_shifted(published, days_off), week.start, hit.end, relative=True)
        elif kind == "weekday":
            yield from _weekday(document, hit, int(value), published)
        elif kind == "relative" and published is not None:
            found = date.fromordinal(published.toordinal() + int(value))
            yield Day(found.isoformat(), hit.start, hit.end, relative=True)
        elif kind == "span" and (whole := span(value, published)):
            yield Day(whole, hit.start, hit.end, relative=True)


def _shifted(published: date, days_off: int) -> str:
    return date.fromordinal(published.toordinal() + days_off).isoformat()


def _weekday(document: Document, hit: Hit, index: int, published: date | None) -> Iterator[Day]:
    """A day of the week; in Chinese, 上, 下 or 本 before it says of which week."""
    if published is None:
        return
    step = _WEEKS.get(document.flat[max(0, hit.start - 1) : hit.start])
    if step is not None and document.lang == "zh":
        when = date.fromordinal(published.toordinal() - published.weekday() + 7 * step + index).isoformat()
        yield Day(when, hit.start - 1, hit.end, relative=True)
        return
    found = weekday(index, published, _direction(document, hit.start))
    if found:
        yield Day(found, hit.start, hit.end, relative=True)


def _written(
    document: Document, match: re.Match[str], published: date | None, years: Mapping[int, int]
) -> Iterator[Day]:
    def number(*names: str) -> int | None:
        return next((int(match[name]) for name in names if match[name]), None)

    year, month, day, end_day = number("y", "y2", "y3"), number("m", "m2"), number("d", "d4"), number("e")
    start = match.start()
    if year is None and month is not None and published is not None:  # 昨年10月, 지난해 10월
        end = next((at for at in (start, start - 1) if at in years), None)
        year = published.year + years[end] if end is not None else None
        start = end - 2 if end is not None else start
    value = resolved(Parts(year, month, day, end_day, direction=_direction(document, match.start())), published)
    if value:
        yield Day(value, start, match.end(), relative=year is None)


def _direction(document: Document, start: int) -> int:
    """Whether what stands just before says that it is past or to come."""
    before = document.flat[max(0, start - 4) : start].rstrip(" の的个")
    return next((direction for word, direction in _DIRECTIONS if before.endswith(word)), 0)
