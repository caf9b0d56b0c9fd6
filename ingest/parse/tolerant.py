"""The tolerant reader: feedparser, for what is not well-formed. It can take seconds and hundreds of megabytes, so it
only ever runs in the killable worker (`ingest/parse/worker.py`).
"""

import io
from hashlib import blake2b
from typing import Any

import feedparser

from ingest.parse.entry import Attached, Document, Entry, Form, Words
from ingest.parse.strict import hints, person
from ingest.parse.tree import without_doctype
from schemas.errors import Unreadable

_FORMATS = (("rss10", "rdf"), ("rss09", "rss"), ("rss", "rss"), ("atom", "atom"), ("cdf", "rss"))


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _words(detail: Any) -> Words | None:
    """A feedparser text construct."""
    if not isinstance(detail, dict) or not _text(detail.get("value")):
        return None
    form: Form = "text" if detail.get("type") == "text/plain" else "html"
    return Words(detail["value"], form)


def _other(entry: Any) -> str:
    for link in entry.get("links", ()):
        if link.get("rel") in ("related", "via", "canonical") and link.get("href"):
            return _text(link["href"])
    return next((_text(each.get("href")) for each in entry.get("enclosures", ()) if each.get("href")), "")


def _authors(entry: Any) -> list[str]:
    names = [person(_text(who.get("name")) or _text(who.get("email"))) for who in entry.get("authors", ()) if who]
    names = [name for name in names if name] or [person(_text(entry.get("author")))]
    return [name for name in dict.fromkeys(names) if name]


def _entry(entry: Any) -> Entry:
    guid, link = _text(entry.get("id")), _text(entry.get("link"))
    contents = [words for words in map(_words, entry.get("content", ())) if words]
    tags = [_text(tag.get("label")) or _text(tag.get("term")) for tag in entry.get("tags", ()) if tag]
    source = entry.get("source")
    return Entry(
        guid=guid,
        permalink=bool(entry.get("guidislink", False)),
        link=_text(entry.get("feedburner_origlink")) or link,
        other_link=_other(entry),
        title=_words(entry.get("title_detail")),
        summary=_words(entry.get("summary_detail")),
        content=max(contents, key=lambda words: len(words.text), default=None),
        published=_text(dict.get(entry, "published")) or _text(dict.get(entry, "created")),
        updated=_text(dict.get(entry, "updated")),
        authors=_authors(entry),
        categories=[tag for tag in dict.fromkeys(tags) if tag],
        enclosures=[
            Attached(_text(each["href"]), _text(each.get("type")) or None, _text(each.get("length")) or None)
            for each in entry.get("enclosures", ())
            if _text(each.get("href"))
        ],
        lang=_text((entry.get("title_detail") or {}).get("language")),
        source=_text(source.get("title")) if isinstance(source, dict) else "",
        raw=blake2b(repr(sorted(entry.items(), key=str)).encode("utf-8", "replace"), digest_size=16).digest(),
    )


def read(text: str, url: str | None) -> Document:
    """The feed in a text of any quality. Raises `Unreadable` when there is none in it."""
    body = b'<?xml version="1.0" encoding="utf-8"?>\n' + without_doctype(text).encode("utf-8", "replace")
    headers = {"content-type": "application/xml; charset=utf-8"}
    if url:
        headers["content-location"] = url
    try:
        found = feedparser.parse(
            io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except MemoryError:
        raise  # the worker says what a feed may take
    except Exception as error:
        raise Unreadable(f"even the tolerant reader gave up: {type(error).__name__}: {str(error)[:120]}") from error
    version = _text(found.get("version"))
    if not version and not found.entries:
        raise Unreadable("no feed was found in this document")
    feed = found.feed
    return Document(
        entries=tuple(_entry(entry) for entry in found.entries),
        title=_text(feed.get("title")),
        link=_text(feed.get("link")),
        lang=_text(feed.get("language")),
        hints=hints(_text(feed.get("ttl")), _text(feed.get("sy_updateperiod")), _text(feed.get("sy_updatefrequency"))),
        format=next((ours for theirs, ours in _FORMATS if version.startswith(theirs)), "rss"),
        reader="tolerant",
    )
