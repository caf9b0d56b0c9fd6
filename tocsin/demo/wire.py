"""The sample wire as feeds: RSS, Atom, RDF and JSON Feed, built with a real XML writer and served on loopback."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from importlib import resources
from xml.etree import ElementTree as ET

from schemas import marked
from schemas.base import Strict

ATOM = "http://www.w3.org/2005/Atom"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RSS1 = "http://purl.org/rss/1.0/"
DC = "http://purl.org/dc/elements/1.1/"
for prefix, uri in (("", ATOM), ("rdf", RDF), ("dc", DC)):
    ET.register_namespace(prefix, uri)


class WireFeed(Strict):
    """One invented house."""

    publisher: str
    lang: str
    format: str
    title: str


class WireItem(Strict):
    """One invented report, when it appears and what must come of it."""

    id: str
    feed: str
    title: str
    text: str
    before: bool = False
    after: float = 0
    rings: str | None = None
    joins: str | None = None
    quiet: bool = False


class Wire(Strict):
    """The whole sample wire."""

    feeds: Mapping[str, WireFeed]
    items: tuple[WireItem, ...]


def load_wire() -> Wire:
    """The wire that ships with tocsin."""
    text = resources.files("tocsin.demo").joinpath("wire.yaml").read_text(encoding="utf-8")
    return marked.validate(marked.parse(text, "wire.yaml"), Wire)


@dataclass(frozen=True, slots=True)
class Published:
    """An item with the instant it went out and its address."""

    item: WireItem
    at: datetime
    url: str


@dataclass(frozen=True, slots=True)
class Document:
    """A feed document as served."""

    body: bytes
    content_type: str

    @property
    def etag(self) -> str:
        """A strong validator of the body."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'


def render(feed: WireFeed, url: str, items: Sequence[Published]) -> Document:
    """The feed with these items, newest first, in its own format."""
    newest = sorted(items, key=lambda published: published.at, reverse=True)
    return {"rss": _rss, "atom": _atom, "rdf": _rdf, "json": _json}[feed.format](feed, url, newest)


def _xml(root: ET.Element, content_type: str) -> Document:
    return Document(ET.tostring(root, encoding="utf-8", xml_declaration=True), content_type)


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, tag, attributes)
    child.text = text
    return child


def _rss(feed: WireFeed, url: str, items: Sequence[Published]) -> Document:
    root = ET.Element("rss", {"version": "2.0"})
    channel = ET.SubElement(root, "channel")
    for tag, text in (("title", feed.title), ("link", url), ("description", feed.title), ("language", feed.lang)):
        _add(channel, tag, text)
    for published in items:
        entry = ET.SubElement(channel, "item")
        _add(entry, "title", published.item.title)
        _add(entry, "link", published.url)
        _add(entry, "guid", published.url, isPermaLink="true")
        _add(entry, "description", published.item.text)
        _add(entry, "pubDate", format_datetime(published.at))
    return _xml(root, "application/rss+xml; charset=utf-8")


def _atom(feed: WireFeed, url: str, items: Sequence[Published]) -> Document:
    root = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": feed.lang})
    _add(root, f"{{{ATOM}}}title", feed.title)
    _add(root, f"{{{ATOM}}}id", url)
    _add(root, f"{{{ATOM}}}updated", items[0].at.isoformat() if items else "2026-01-01T00:00:00+00:00")
    for published in items:
        entry = ET.SubElement(root, f"{{{ATOM}}}entry")
        _add(entry, f"{{{ATOM}}}title", published.item.title)
        _add(entry, f"{{{ATOM}}}id", published.url)
        _add(entry, f"{{{ATOM}}}link", href=published.url)
        _add(entry, f"{{{ATOM}}}updated", published.at.isoformat())
        _add(entry, f"{{{ATOM}}}published", published.at.isoformat())
        _add(entry, f"{{{ATOM}}}summary", published.item.text)
    return _xml(root, "application/atom+xml; charset=utf-8")


def _rdf(feed: WireFeed, url: str, items: Sequence[Published]) -> Document:
    root = ET.Element(f"{{{RDF}}}RDF")
    channel = ET.SubElement(root, f"{{{RSS1}}}channel", {f"{{{RDF}}}about": url})
    _add(channel, f"{{{RSS1}}}title", feed.title)
    _add(channel, f"{{{RSS1}}}link", url)
    _add(channel, f"{{{DC}}}language", feed.lang)
    for published in items:
        entry = ET.SubElement(root, f"{{{RSS1}}}item", {f"{{{RDF}}}about": published.url})
        _add(entry, f"{{{RSS1}}}title", published.item.title)
        _add(entry, f"{{{RSS1}}}link", published.url)
        _add(entry, f"{{{RSS1}}}description", published.item.text)
        _add(entry, f"{{{DC}}}date", published.at.isoformat())
    return _xml(root, "application/rdf+xml; charset=utf-8")


def _json(feed: WireFeed, url: str, items: Sequence[Published]) -> Document:
    entries = [
        {
            "id": published.url,
            "url": published.url,
            "title": published.item.title,
            "content_text": published.item.text,
            "date_published": published.at.isoformat(),
        }
        for published in items
    ]
    body = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": url,
        "feed_url": url,
        "language": feed.lang,
        "items": entries,
    }
    return Document(json.dumps(body, ensure_ascii=False).encode(), "application/feed+json")
