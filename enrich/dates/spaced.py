"""Dates in languages that part their words: months, weekdays, seasons, last and next, and plain numbers."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from enrich.dates import ago
from enrich.dates.entries import CalendarWords
from enrich.dates.resolve import Parts, System, resolved, season, span, weekday
from enrich.document import Day, Document, Hit

_ISO = re.compile(r"(\d(?<![\d./-]\d)\d{3})-(\d{1,2})-(\d{1,2})(?![\d-])")
_DOTTED = re.compile(r"(\d(?<![\d./-]\d)\d?)([./])(\d{1,2})\2(\d{4})(?![\d/-])")
_YEARS = range(1900, 2101)
_JALALI_YEARS = range(1300, 1500)
_HIJRI_YEARS = range(1300, 1600)
_SYSTEMS: Mapping[str, System] = {"month": "gregorian", "hijri": "hijri", "jalali": "jalali"}


class Spaced:
    """The dates of one document."""

    def __init__(self, document: Document, words: CalendarWords, hits: Sequence[Hit], published: date | None) -> None:
        self.document = document
        self.words = words
        self.published = published
        self.hits = sorted(hits, key=lambda hit: (hit.start, -hit.end))
        self.of: dict[str, dict[int, Hit]] = {}
        for hit in self.hits:
            kind = hit.id.partition(":")[0]
            known = self.of.setdefault(kind, {})
            if hit.first not in known or known[hit.first].end < hit.end:
                known[hit.first] = hit
        self.links = set(self.of.get("link", {}))
        self.to = set(self.of.get("to", {}))

    def days(self) -> Iterator[Day]:
        """Every date, whatever overlaps."""
        yield from self._numeric()
        for hit in self.hits:
            kind, _, value = hit.id.partition(":")
            if kind in _SYSTEMS:
                yield from self._around_month(hit, int(value), _SYSTEMS[kind])
            elif kind == "weekday":
                yield from self._day(hit, weekday(int(value), self.published, self._direction(hit)), relative=True)
            elif kind == "relative" and self.published is not None:
                when = date.fromordinal(self.published.toordinal() + int(value))
                yield from self._day(hit, when.isoformat(), relative=True)
            elif kind == "span":
                yield from self._day(hit, span(value, self.published), relative=True)
            elif kind == "season":
                yield from self._season(hit, value)
        yield from self._years()
        if self.published is not None:
            yield from ago.spaced(self.document, self.hits, self.published)

    def _day(self, hit: Hit, value: str | None, *, relative: bool) -> Iterator[Day]:
        if value:
            yield Day(value, hit.start, hit.end, relative)

    def _direction(self, hit: Hit) -> int:
        """Whether a word for last or next stands beside."""
        beside = (hit.first - 1, hit.last)
        if any(at in self.of.get("next", {}) for at in beside):
            return 1
        return -1 if any(at in self.of.get("last", {}) for at in beside) else 0

    def _numeric(self) -> Iterator[Day]:
        flat = self.document.flat
        for match in _ISO.finditer(flat):
            value = resolved(Parts(int(match[1]), int(match[2]), int(match[3])), self.published)
            if value:
                yield Day(value, match.start(), match.end())
        for match in _DOTTED.finditer(flat):
            day, month = int(match[1]), int(match[3])
            if self.document.lang == "en" and match[2] == "/" and day <= 12 and month <= 12 and day != month:
                continue  # 03/04: nobody can tell
            if month > 12:
                day, month = month, day
            value = resolved(Parts(int(match[4]), month, day), self.published)
            if value:
                yield Day(value, match.start(), match.end())

    def _number(self, at: int) -> int | None:
        """The number a token is, where it is one."""
        if not 0 <= at < len(self.document.tokens):
            return None
        key = self.document.tokens[at].keys[0]
        if key.isascii() and key.isdigit() and len(key) <= 4:
            return int(key)
        return next((self.words.numerals[k] for k in (self._surface(at),) if k in self.words.numerals), None)

    def _surface(self, at: int) -> str:
        token = self.document.tokens[at]
        return self.document.body[token.start : token.end]

    def _step(self, at: int, direction: int) -> int:
        """The next token that is no link word."""
        at += direction
        for _ in range(2):
            if at in self.links:
                at += direction
        return at

    def _around_month(self, hit: Hit, month: int, system: System) -> Iterator[Day]:
        first, last = hit.first, hit.last
        other = self.of.get("month", {}).get(last)
        if other and self.document.flat[hit.end : other.start].strip() in ("/", "/ "):  # أكتوبر/تشرين الأول
            last = other.last
        twin = next((one for one in self.of.get("month", {}).values() if one.last == first), None)
        if twin and self.document.flat[twin.end : hit.start].strip() == "/":
            return
        day, day_at, last_day = self._day_before(first)
        year, year_at = self._year_after(last, system)
        if day is None:
            day, last_day, last = self._day_after(last)
            if day is not None:
                year, year_at = self._year_after(last, system)
        if day is None and year is None and not self._is_month_alone(hit, system):
            return
        parts = Parts(year, month, day, last_day, system, self._direction(hit))
        value = resolved(parts, self.published)
        tokens = self.document.tokens
        if value:
            start = tokens[day_at].start if day_at is not None else hit.start
            end = tokens[year_at].end if year_at is not None else max(hit.end, tokens[last - 1].end)
            yield Day(value, min(start, hit.start), end, relative=year is None)

    def _is_month_alone(self, hit: Hit, system: System) -> bool:
        """A month's name that is nothing else: with a capital where months have one, or after a preposition."""
        if system != "gregorian":
            return hit.first - 1 in self.links or self._direction(hit) != 0
        direction = self._direction(hit) != 0
        before = hit.first - 1 in self.of.get("yearb", {})
        return direction or before

    def _day_before(self, first: int) -> tuple[int | None, int | None, int | None]:
        """A day or a range of days before a month: 28 April, 26 и 29 октября."""
        at = self._step(first, -1)
        day = self._number(at)
        if day is None or not 1 <= day <= 31:
            return None, None, None
        earlier = at - 1
        between = self.document.flat[self.document.tokens[earlier].end : self.document.tokens[at].start] if at else ""
        if earlier in self.to and (low := self._number(earlier - 1)) and low < day:
            return low, earlier - 1, day
        if between.strip() in ("-", "–", "—") and (low := self._number(earlier)) and low < day:
            return low, earlier, day
        return day, at, None

    def _day_after(self, last: int) -> tuple[int | None, int | None, int]:
        """A day after a month: April 28, April 26-29."""
        day = self._number(last)
        if self.document.lang != "en" or day is None or not 1 <= day <= 31:
            return None, None, last
        high = self._number(last + 1)
        if high and day < high <= 31:
            tokens = self.document.tokens
            if self.document.flat[tokens[last].end : tokens[last + 1].start].strip() in ("-", "–"):
                return day, high, last + 2
        return day, None, last + 1

    def _year_after(self, last: int, system: System) -> tuple[int | None, int | None]:
        wanted = {"gregorian": _YEARS, "hijri": _HIJRI_YEARS, "jalali": _JALALI_YEARS}[system]
        at = self._step(last - 1, 1)
        year = self._number(at)
        return (year, at) if year is not None and year in wanted else (None, None)

    def _season(self, hit: Hit, name: str) -> Iterator[Day]:
        year, at = self._year_after(hit.last, "gregorian")
        value = season(name, year, self.published, self._direction(hit))
        if value:
            end = self.document.tokens[at].end if at is not None else hit.end
            yield Day(value, hit.start, end, relative=year is None)

    def _years(self) -> Iterator[Day]:
        before, after = self.of.get("yearb", {}), self.of.get("yeara", {})
        beside = {hit.last for hit in before.values()} | {first - 1 for first in after}
        for at in sorted(beside):
            year = self._number(at)
            if year is not None and year in _YEARS:
                token = self.document.tokens[at]
                yield Day(str(year), token.start, token.end)
