"""What every reader of an item starts from: its text cut into tokens, sentences and clauses, and what is named in it.

All spans are half-open, in code points of `body` (= `title + "\\n" + text`). Nothing here depends on a language: the
lists are made by `enrich.reading` from the language's own files.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal, NamedTuple

from schemas.base import Span
from schemas.ports import Token
from schemas.report import EntityType

Form = Literal["name", "adjective", "people"]


class Hit(NamedTuple):
    """A term of a lexicon found in a document: whose it is, and where, in code points and in tokens (half-open)."""

    id: str
    start: int
    end: int
    first: int
    last: int

    @property
    def span(self) -> Span:
        """Where it stands, in code points."""
        return (self.start, self.end)


class Mention(NamedTuple):
    """One mention of an entity. `first` and `last` are token indexes, half-open."""

    id: str
    type: EntityType
    start: int
    end: int
    first: int
    last: int
    form: Form = "name"
    """`adjective` ("Russian", كورية) ranks below a noun as an actor; `people` ("Russians", россияне)."""
    government: bool = False
    """A capital or a seat that may stand for its government ("Pyongyang said"); `country` says whose."""
    country: str | None = None
    """The country it is, lies in or acts for."""
    confidence: float = 1.0
    reason: str = ""

    @property
    def span(self) -> Span:
        """Where it stands, in code points."""
        return (self.start, self.end)


class Amount(NamedTuple):
    """A number with what it counts. One of `min`/`max` is None where the text gives only a bound."""

    value: float | None
    min: float | None
    max: float | None
    unit: str
    """One of `schemas.report.UNITS`."""
    start: int
    end: int
    modifier: str | None = None
    """`about`, `more_than`, `less_than`, `up_to`, `at_least`, `additional` or None."""
    part_of: float | None = None
    """The total it is part of, where the words say so ("among them", من بينهم)."""
    noun: Span | None = None
    """The word that gave the unit, where there is one."""

    @property
    def span(self) -> Span:
        """Where it stands, unit word included, in code points."""
        return (self.start, self.end)


class Day(NamedTuple):
    """A date as written, resolved against the item's publication."""

    value: str
    """ISO date, month or year, or `a/b` for a range."""
    start: int
    end: int
    relative: bool = False
    """Said relative to publication ("on Saturday", вчера)."""

    @property
    def span(self) -> Span:
        """Where it stands, in code points."""
        return (self.start, self.end)


@dataclass(frozen=True)
class Document:
    """An item laid open for reading."""

    body: str
    lang: str | None
    published: datetime | None
    tokens: Sequence[Token]
    sentences: Sequence[Span]
    """In order; sentence 0 is the title (empty where there is none)."""
    clauses: Sequence[Span]
    """Parts of sentences between commas, semicolons, dashes and the like; each lies in one sentence."""
    mentions: Sequence[Mention] = ()
    amounts: Sequence[Amount] = ()
    days: Sequence[Day] = ()
    concepts: Sequence[Hit] = ()
    """Hits of the concept lexicon and of keyword lists, by place; they may overlap."""
    source: str | None = None
    """The publisher."""
    flat: str = field(default="", repr=False)
    """`body` folded letter by letter, same length: for matching where words have no edges."""

    @cached_property
    def starts(self) -> list[int]:
        """Where each token starts."""
        return [token.start for token in self.tokens]

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [start for start, _ in self.sentences]

    @cached_property
    def _clause_starts(self) -> list[int]:
        return [start for start, _ in self.clauses]

    @cached_property
    def lands(self) -> Mapping[str, str]:
        """The id of whatever is named → the country it is, lies in or acts for; itself where there is none."""
        return {mention.id: mention.country or mention.id for mention in self.mentions}

    @cached_property
    def seats(self) -> frozenset[str | None]:
        """Capitals that are named as governments, and their countries."""
        return frozenset(id for one in self.mentions if one.government for id in (one.id, one.country))

    def text(self, span: Span) -> str:
        """The words a span covers."""
        return self.body[span[0] : span[1]]

    def token_range(self, span: Span) -> tuple[int, int]:
        """The tokens that start inside a span, half-open."""
        return bisect_left(self.starts, span[0]), bisect_left(self.starts, span[1])

    def sentence_at(self, offset: int) -> int:
        """Index of the sentence an offset lies in (or after)."""
        return max(0, bisect_right(self._sentence_starts, offset) - 1)

    def clause_at(self, offset: int) -> int:
        """Index of the clause an offset lies in (or after)."""
        return max(0, bisect_right(self._clause_starts, offset) - 1)

    def concepts_in(self, span: Span) -> list[Hit]:
        """The concept hits that lie wholly in a span."""
        return [hit for hit in self.concepts if span[0] <= hit.start and hit.end <= span[1]]

    def mentions_in(self, span: Span) -> list[Mention]:
        """The mentions that lie wholly in a span."""
        return [mention for mention in self.mentions if span[0] <= mention.start and mention.end <= span[1]]
