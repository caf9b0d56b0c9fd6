"""Feed and Item: where news comes from, and one piece of it as it was published."""

from typing import Literal

from pydantic import Field

from schemas.base import Message, UtcTime

Store = Literal["full", "excerpt", "link"]
Kind = Literal["new", "update", "retraction"]


class Feed(Message):
    """One feed to watch (topic `tocsin.feeds`, key: host). `auth` never travels: it stays in the configuration."""

    url: str
    publisher: str | None = None
    trust: int = Field(default=1, ge=0, le=3)
    category: str | None = None
    lang: str | None = None
    max_delay: float | None = None
    """Seconds: never looked at more rarely than this, within politeness."""
    store: Store = "full"
    charset: str | None = None
    full_text: bool = False


class Enclosure(Message):
    """A file that belongs to an item."""

    url: str
    type: str | None = None
    length: int | None = None


class Item(Message):
    """One piece of news as published, cleaned, with a stable id (topic `tocsin.items`, key: host of the feed)."""

    id: str
    url: str | None = None
    title: str = ""
    text: str = ""
    published: UtcTime | None = None
    updated: UtcTime | None = None
    published_raw: str | None = None
    """The publisher's own words for the time, kept when we could not or would not believe them."""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    lang: str | None = None
    source: str | None = None
    """The publisher: independent sources are counted by it."""
    feed: str | None = None
    trust: int = 1
    category: str | None = None
    enclosures: tuple[Enclosure, ...] = ()
    kind: Kind = "new"
    store: Store = "full"
    alertable: bool = True
    """False in the back-fill lane: it makes history and never rings."""
    canary: bool = False
    """Made by tocsin to watch itself: it goes through every stage, joins no story and matches no subscription."""
    fetched: UtcTime | None = None
    hash: str = ""
    """Of the original bytes of this entry, hexadecimal."""

    @property
    def body(self) -> str:
        """The text all spans index: title, a line break, text."""
        return f"{self.title}\n{self.text}"
