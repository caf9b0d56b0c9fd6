"""JSON Feed 1.0 and 1.1 (jsonfeed.org), read leniently: what has the wrong type is as good as absent."""

import json
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

from ingest.parse.entry import Attached, Document, Entry, Words
from schemas.errors import Unreadable


def _text(value: Any) -> str:
    """A string or number as text; anything else is nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()


def _dicts(value: Any) -> Iterable[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _authors(item: dict[str, Any]) -> list[str]:
    people = [*_dicts(item.get("authors")), *_dicts([item.get("author")])]
    return [name for name in dict.fromkeys(_text(who.get("name")) or _text(who.get("url")) for who in people) if name]


def _content(item: dict[str, Any]) -> Words | None:
    if html := _text(item.get("content_html")):
        return Words(html)
    text = _text(item.get("content_text"))
    return Words(text, "text") if text else None


def _entry(item: dict[str, Any]) -> Entry:
    title, summary, tags = _text(item.get("title")), _text(item.get("summary")), item.get("tags")
    attachments = [
        Attached(_text(each.get("url")), _text(each.get("mime_type")) or None, _text(each.get("size_in_bytes")) or None)
        for each in _dicts(item.get("attachments"))
    ]
    external = _text(item.get("external_url"))
    return Entry(
        guid=_text(item.get("id")),
        permalink=_text(item.get("id")).startswith(("http://", "https://")),
        link=_text(item.get("url")) or external,
        other_link=external or next((each.url for each in attachments if each.url), ""),
        title=Words(title, "text") if title else None,
        summary=Words(summary, "text") if summary else None,
        content=_content(item),
        published=_text(item.get("date_published")),
        updated=_text(item.get("date_modified")),
        authors=_authors(item),
        categories=[tag for tag in map(_text, tags if isinstance(tags, list) else []) if tag],
        enclosures=[each for each in attachments if each.url],
        lang=_text(item.get("language")),
        raw=blake2b(json.dumps(item, sort_keys=True).encode("utf-8", "surrogatepass"), digest_size=16).digest(),
    )


def read(text: str) -> Document:
    """The feed in a JSON text. Raises `Unreadable` when it is no JSON or no feed."""
    try:
        found = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"this starts like JSON but is none: {str(error)[:120]}") from error
    if not isinstance(found, dict) or not isinstance(found.get("items"), list):
        raise Unreadable('this is JSON but no JSON Feed: it has no list "items"')
    return Document(
        entries=tuple(_entry(item) for item in _dicts(found["items"])),
        title=_text(found.get("title")),
        link=_text(found.get("home_page_url")),
        self_link=_text(found.get("feed_url")),
        lang=_text(found.get("language")),
        format="json",
    )
