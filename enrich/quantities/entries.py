"""How a language counts: one YAML file each, in `enrich/lexicon/numbers/`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import field_validator

from schemas import marked
from schemas.base import Strict
from schemas.report import UNITS

FOLDER = Path(__file__).parent.parent / "lexicon" / "numbers"
Words = tuple[str, ...]


class NumberWords(Strict):
    """The words around numbers."""

    lang: str
    words: Mapping[str, float]
    """Number words and what they are worth."""
    multipliers: Mapping[str, float] = {}
    """Words that multiply what stands before them."""
    halves: Mapping[str, float] = {}
    """Fractions that a multiplier follows: half a million."""
    ones: Mapping[str, float] = {}
    """Number words that are articles elsewhere: they count only after a joiner (vingt et un)."""
    scores: Mapping[str, float] = {}
    """Words that multiply twenty: quatre-vingts."""
    vague: Mapping[str, float] = {}
    """Words for a number nobody counted, and the least it may be: dozens, hundreds, tens of thousands."""
    articles: Words = ()
    joiners: Words = ()
    """Words inside a number: a hundred AND five."""
    glued: bool = False
    """Number words are written together: einundzwanzig."""
    before: Mapping[str, Words] = {}
    """Modifiers before a number, by kind."""
    after: Mapping[str, Words] = {}
    """Modifiers after it."""
    part_of: Words = ()
    """Words that make the next number a part of the last: among them."""
    crowd: Words = ()
    """What people do in thousands: with it, a thousand of nothing named is people (62,000 fled)."""
    between: Words = ()
    to: Words = ()
    pairs: Mapping[str, Words] = {}
    """Duals: words that mean two of something."""
    classifiers: Mapping[str, Words] = {}
    """What must follow a number word that could be another word, and the unit that hints at."""
    units: Mapping[str, Words]
    not_counts: Words = ()
    """Words after a number that make it no count: a year, a distance, a score."""
    ordinals: Words = ()
    """Endings that, after an apostrophe, make a number an ordinal: 45'inci."""
    before_not: Words = ()
    """Words before one that do: article, calibre, brigade."""

    @field_validator("units", "pairs", "classifiers")
    @classmethod
    def _known(cls, value: Mapping[str, Words]) -> Mapping[str, Words]:
        unknown = set(value) - set(UNITS)
        if unknown:
            raise ValueError(f"unknown units {sorted(unknown)}; known are {', '.join(UNITS)}")
        return value


@cache
def number_words() -> Mapping[str, NumberWords]:
    """Every language that has a file, by code. Raises `ConfigError` with places on a faulty file."""
    found = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        words = marked.validate(marked.parse(path.read_text(encoding="utf-8"), path.name), NumberWords)
        found[words.lang] = words
    return found
