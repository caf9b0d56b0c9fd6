"""Dates: absolute, relative to publication, of three calendars, in every language."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from enrich.dates import unspaced
from enrich.dates.entries import CalendarWords, calendars
from enrich.dates.spaced import Spaced
from enrich.document import Day, Document
from enrich.terms import Term, TermIndex

__all__ = ["Calendar"]


class Calendar:
    """Finds the dates of a document. Loaded once; safe between threads."""

    def __init__(self, languages: Mapping[str, CalendarWords] | None = None) -> None:
        self._languages = calendars() if languages is None else languages
        self._index = TermIndex(self._terms)

    def _terms(self, lang: str) -> Iterable[Term]:
        words = self._languages.get(lang)
        return _terms(words) if words else ()

    def days(self, document: Document) -> list[Day]:
        """The dates in order, the longest of any that overlap. Never raises on any text."""
        words = self._languages.get(document.lang or "")
        if words is None:
            return []
        published = document.published.date() if document.published else None
        hits = self._index.find(document)
        if words.letters is not None:
            return _longest(list(unspaced.days(document, words, hits, published)))
        return _longest(list(Spaced(document, words, hits, published).days()))


def _longest(found: Sequence[Day]) -> list[Day]:
    kept: list[Day] = []
    taken = bytearray(max((day.end for day in found), default=0))
    for day in sorted(found, key=lambda day: (day.start - day.end, day.start)):
        if 1 not in taken[day.start : day.end]:
            taken[day.start : day.end] = b"\1" * (day.end - day.start)
            kept.append(day)
    return sorted(kept, key=lambda day: day.start)


def _terms(words: CalendarWords) -> Iterator[Term]:
    for kind, months in (("month", words.months), ("hijri", words.hijri), ("jalali", words.jalali)):
        for number, names in enumerate(months, 1):
            yield from _named(words.lang, f"{kind}:{number}", names)
    for number, names in enumerate(words.weekdays):
        yield from _named(words.lang, f"weekday:{number}", names)
    for name, value in words.relative.items():
        yield from _named(words.lang, f"relative:{value}", (name,))
    for name, which in words.spans.items():
        yield from _named(words.lang, f"span:{which}", (name,))
    for name, season in words.seasons.items():
        yield from _named(words.lang, f"season:{season}", (name,))
    for kind, names in (
        *((f"ago:{unit}", names) for unit, names in words.ago.items()),
        ("ago-before", words.ago_before), ("ago-after", words.ago_after), ("last", words.last),
        ("next", words.next), ("link", words.links), ("yearb", words.year_before),
        ("yeara", words.year_after), ("to", words.to),
    ):  # fmt: skip
        yield from _named(words.lang, kind, names)


def _named(lang: str, id: str, names: Iterable[str]) -> Iterator[Term]:
    for name in names:
        yield Term(id, lang, name.removeprefix("="), "strict")
