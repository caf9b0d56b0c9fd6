"""From entries as written to items as we hand them on: cleaned, absolute, dated, identified."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, partial

from ingest.canon import absolute
from ingest.identity import Marks, digest, identify
from ingest.parse import dates, html
from ingest.parse.entry import MOST_ITEMS, Document, Entry, Hints, Words
from schemas.item import Enclosure, Feed, Item

MOST_TEXT = 100_000
"""Code points of an item's text; a book is no news."""

_LANG = re.compile(r"[a-z]{2,3}\Z")
_WORDLESS_LANGS = ("und", "mul", "zxx", "xx")


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed document, read. Item ids are the publisher's own (`ingest/identity.py`), unique within the feed only."""

    items: tuple[Item, ...]
    title: str = ""
    site: str | None = None
    lang: str | None = None
    hints: Hints = field(default_factory=Hints)
    format: str = ""
    reader: str = ""
    charset: str = ""
    """How the encoding was decided, in words."""
    shared_guids: bool = False
    """Different entries carry the same guid: the feed's guids are not to be trusted from now on."""


@dataclass(frozen=True, slots=True)
class Source:
    """What is known from outside of the document: its address, the feed's settings, the time it was fetched."""

    url: str | None = None
    feed: Feed | None = None
    now: datetime | None = None
    trust_guids: bool = True


@lru_cache(maxsize=1024)
def language(tag: str) -> str | None:
    """The primary subtag of a language tag in lower case (`ar-EG`, `ar_EG` → `ar`); None for no language."""
    primary = tag.strip().lower().replace("_", "-").partition("-")[0]
    return primary if _LANG.match(primary) and primary not in _WORDLESS_LANGS else None


def _clean(words: Words | None) -> str:
    if words is None:
        return ""
    return html.tidy(words.text[: html.LIMIT]) if words.form == "text" else html.to_text(words.text)


def _text(entry: Entry) -> str:
    """The fullest of what the entry says about itself."""
    both = [words for words in (entry.content, entry.summary) if words is not None]
    for words in sorted(both, key=lambda words: len(words.text), reverse=True):
        if text := _clean(words):
            return text[:MOST_TEXT]
    return ""


def _title(entry: Entry) -> str:
    return " ".join(_clean(entry.title).split())[:2_000]


def _is_address(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))


def _url(entry: Entry, base: str) -> str | None:
    """The entry's address: its link, else a guid that is one, else another link."""
    named = entry.permalink and (_is_address(entry.guid) or (entry.relative and "/" in entry.guid))
    for link in (entry.link, entry.guid if named else "", entry.other_link):
        if link and (url := absolute(html.unescape(link), base)):
            return url
    return entry.guid if _is_address(entry.guid) and absolute(entry.guid) else None


def _bases(document: Document, source: Source) -> str:
    """What relative links are relative to when no `xml:base` says: Atom's own address, RSS's site."""
    link = absolute(document.link, source.url or "") if document.link else None
    outside = source.url or document.self_link
    base = (outside or link or "") if document.format == "atom" else (link or outside)
    return base if _is_address(base) else ""


def _dated(entry: Entry, now: datetime | None) -> tuple[datetime | None, datetime | None, str | None]:
    """Published, updated, and the publisher's own words where they were not believed."""
    published, updated = dates.parse(entry.published), dates.parse(entry.updated)
    written = entry.published or entry.updated
    first = dates.plausible(published or updated, now)
    raw = written or None if first is None or not entry.published else None
    return first or (now if written and (published or updated) and now else None), dates.plausible(updated, now), raw


def _enclosures(entry: Entry, base: str) -> tuple[Enclosure, ...]:
    found: dict[str, Enclosure] = {}
    for each in entry.enclosures[:20]:
        if url := absolute(html.unescape(each.url), base):
            length = int(each.length) if each.length and each.length.isdecimal() and len(each.length) < 16 else None
            found.setdefault(url, Enclosure(url=url, type=(each.type or "")[:100] or None, length=length))
    return tuple(found.values())


def _line(markup: str) -> str:
    return " ".join(html.to_text(markup).split())


def _names(texts: list[str]) -> tuple[str, ...]:
    cleaned = (_line(text[:1000])[:200] for text in texts[:50])
    return tuple(text for text in dict.fromkeys(cleaned) if text)


def _item(entry: Entry, document: Document, source: Source, base: str) -> Item:
    """The item of an entry, its id still to be decided."""
    feed = source.feed
    base = absolute(entry.base or document.base, base) or base
    published, updated, raw = _dated(entry, source.now)
    return Item(
        id="",
        url=_url(entry, base),
        title=_title(entry),
        text=_text(entry),
        published=published,
        updated=updated,
        published_raw=raw[:200] if raw else None,
        authors=_names(entry.authors),
        categories=_names(entry.categories),
        lang=language(entry.lang) or language(document.lang) or (feed.lang if feed else None),
        source=_publisher(entry, document, feed),
        feed=source.url or (feed.url if feed else None),
        trust=feed.trust if feed else 1,
        category=feed.category if feed else None,
        enclosures=_enclosures(entry, base),
        store=feed.store if feed else "full",
        hash=entry.raw.hex(),
    )


def _publisher(entry: Entry, document: Document, feed: Feed | None) -> str | None:
    """Who publishes it: as configured, else as the entry says (aggregators do), else the feed's title."""
    if feed and feed.publisher:
        return feed.publisher
    return _line(entry.source[:500]) or _line(document.title[:500]) or None


def items(document: Document, source: Source, charset: str = "") -> ParsedFeed:
    """Everything a document says, cleaned and identified, in its own order."""
    base = _bases(document, source)
    entries = document.entries[:MOST_ITEMS]
    found = [_item(entry, document, source, base) for entry in entries]
    marks = [
        Marks(html.tidy(entry.guid)[:2_000], item.url, item.title, partial(_content_digest, item, entry))
        for entry, item in zip(entries, found, strict=True)
    ]
    ids, shared = identify(marks, source.trust_guids)
    return ParsedFeed(
        items=tuple(item.model_copy(update={"id": own}) for item, own in zip(found, ids, strict=True)),
        title=_line(document.title[:2_000]),
        site=absolute(document.link, source.url or "") if document.link else None,
        lang=language(document.lang),
        hints=document.hints,
        format=document.format,
        reader=document.reader,
        charset=charset,
        shared_guids=shared,
    )


def _content_digest(item: Item, entry: Entry) -> str:
    return digest(item.title, item.text, *(each.url for each in item.enclosures), entry.published)
