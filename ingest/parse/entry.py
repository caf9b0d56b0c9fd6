"""What a reader of one format finds in a document, before it is cleaned: raw words, no links resolved."""

from dataclasses import dataclass, field, replace
from typing import Literal

MOST_ITEMS = 20_000
"""Entries of a document that are read."""
Form = Literal["html", "text"]
"""How a text is written: as markup (or nobody knows), or as plain text in which `<` is only a `<`."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text and how it is written."""

    text: str
    form: Form = "html"


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that belongs to an entry, as written."""

    url: str
    type: str | None = None
    length: str | None = None


@dataclass(slots=True)
class Entry:
    """One entry as written. Filled by a reader, then only read."""

    guid: str = ""
    permalink: bool = True
    """False when the publisher says that the guid is no address."""
    relative: bool = False
    """True when the publisher says that the guid is an address, so that a relative one is one too."""
    link: str = ""
    other_link: str = ""
    """An address that is better than none: related, via, the enclosure."""
    base: str = ""
    """Against which relative links are resolved."""
    title: Words | None = None
    summary: Words | None = None
    content: Words | None = None
    published: str = ""
    updated: str = ""
    authors: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    enclosures: list[Attached] = field(default_factory=list)
    lang: str = ""
    source: str = ""
    raw: bytes = b""
    """The bytes of this entry, or their digest's stand-in, for the hash."""


@dataclass(frozen=True, slots=True)
class Hints:
    """What a feed says about when to look again. Seconds; None where it says nothing."""

    ttl: float | None = None
    period: float | None = None
    """From `sy:updatePeriod` and `sy:updateFrequency`."""
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Document:
    """A document as read: its entries, and what it says about itself."""

    entries: tuple[Entry, ...] = ()
    title: str = ""
    link: str = ""
    self_link: str = ""
    lang: str = ""
    base: str = ""
    hints: Hints = Hints()
    format: str = ""
    """`rss`, `atom`, `rdf`, `json`, `sitemap`."""
    reader: str = "strict"
    """Which reader read it: `strict`, `mended`, `tolerant`."""

    def by(self, reader: str) -> "Document":
        """The same document, read by another reader."""
        return replace(self, reader=reader)
