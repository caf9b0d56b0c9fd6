"""How a language says when: one YAML file each, in `enrich/lexicon/calendars/`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import field_validator

from schemas import marked
from schemas.base import Strict

FOLDER = Path(__file__).parent.parent / "lexicon" / "calendars"
Words = tuple[str, ...]
Unit = Literal["day", "week", "month", "year"]
Season = Literal["spring", "summer", "autumn", "winter"]
SPANS = tuple(f"{unit}{step}" for unit in ("week", "month", "year") for step in (-1, 0, 1))


class Letters(Strict):
    """What follows the numbers of a date where numbers and words are written together (regular expressions)."""

    year: str
    month: str
    day: str


class CalendarWords(Strict):
    """The words for time."""

    lang: str
    months: tuple[Words, ...] = ()
    """Twelve lists, from January."""
    weekdays: tuple[Words, ...]
    """Seven lists, from Monday."""
    relative: Mapping[str, int] = {}
    """Words for days, and how many days they are from publication."""
    spans: Mapping[str, str] = {}
    """Words for weeks, months and years, as `week-1`, `month0`, `year1`."""
    seasons: Mapping[str, Season] = {}
    ago: Mapping[Unit, Words] = {}
    """Words for days, weeks, months and years, as they stand in "two days ago"."""
    ago_before: Words = ()
    ago_after: Words = ()
    last: Words = ()
    next: Words = ()
    links: Words = ()
    """Words that may stand between the parts of a date."""
    year_before: Words = ()
    """Words before a year that stands alone."""
    year_after: Words = ()
    to: Words = ()
    """Words between two days of one month."""
    hijri: tuple[Words, ...] = ()
    jalali: tuple[Words, ...] = ()
    numerals: Mapping[str, int] = {}
    """Ordinal words for days of the month."""
    letters: Letters | None = None

    @field_validator("spans")
    @classmethod
    def _known_spans(cls, value: Mapping[str, str]) -> Mapping[str, str]:
        unknown = sorted(set(value.values()) - set(SPANS))
        if unknown:
            raise ValueError(f"unknown spans {unknown}; known are {', '.join(SPANS)}")
        return value


@cache
def calendars() -> Mapping[str, CalendarWords]:
    """Every language that has a file, by code. Raises `ConfigError` with places on a faulty file."""
    found = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        words = marked.validate(marked.parse(path.read_text(encoding="utf-8"), path.name), CalendarWords)
        found[words.lang] = words
    return found
