"""OPML, the format in which readers exchange their lists of feeds (opml.org, 2.0).

Nested folders become categories joined by `/`. Credentials never leave: neither `auth` nor a password in an address
is written.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit, urlunsplit
from xml.sax.saxutils import quoteattr

from ingest.canon import absolute, canon
from ingest.parse import LARGEST, charset, html, mend, tree
from ingest.parse.tree import Element, attribute
from schemas.errors import Unreadable

MOST_FEEDS = 200_000


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of a list."""

    url: str
    title: str = ""
    category: str | None = None
    lang: str | None = None


def _grown(body: bytes) -> Element:
    if len(body) > LARGEST:
        raise Unreadable(f"the list has more than {LARGEST:,} bytes")
    text = tree.without_doctype(charset.decode(body)[0])
    try:
        return tree.grow(mend.without_declaration(text).encode("utf-8", "replace"))
    except tree.NotWellFormed:
        pass
    try:
        return tree.grow(mend.mend(text).encode("utf-8", "replace"))
    except tree.NotWellFormed as error:
        raise Unreadable(f"this is no OPML: {error}") from error


def _feeds(element: Element, folders: tuple[str, ...]) -> Iterable[Outline]:
    for child in element.children:
        if child.name != "outline":
            continue
        name = html.line(html.to_text(attribute(child, "title") or attribute(child, "text")))[:200]
        url = absolute(html.unescape(attribute(child, "xmlurl")))
        if url and url.startswith(("http://", "https://")):
            category = "/".join(folders) or html.line(attribute(child, "category").strip("/")) or None
            yield Outline(url, name, category, attribute(child, "language") or None)
        inside = (*folders, name) if name and not url else folders
        yield from _feeds(child, inside)


def read(body: bytes) -> tuple[Outline, ...]:
    """The feeds of an OPML document, each address once, in order. Raises `Unreadable` when it is none."""
    root = _grown(body)
    if root.name != "opml":
        raise Unreadable(f"this is no OPML: its root element is <{root.name[:60]}>")
    found: dict[str, Outline] = {}
    for outline in _feeds(next((child for child in root.children if child.name == "body"), root), ()):
        found.setdefault(canon(outline.url), outline)
        if len(found) > MOST_FEEDS:
            raise Unreadable(f"the list has more than {MOST_FEEDS:,} feeds")
    return tuple(found.values())


def without_password(url: str) -> str:
    """An address without user name and password."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _outline(feed: Outline) -> str:
    title = quoteattr(feed.title or without_password(feed.url))
    lang = f" language={quoteattr(feed.lang)}" if feed.lang else ""
    return f'<outline type="rss" text={title} title={title}{lang} xmlUrl={quoteattr(without_password(feed.url))}/>'


def write(feeds: Iterable[Outline], title: str = "tocsin") -> str:
    """An OPML document of these feeds, one folder a category."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">']
    lines += [f"<head><title>{_escaped(title)}</title></head>", "<body>"]
    for category, group in groupby(sorted(feeds, key=lambda feed: feed.category or ""), lambda feed: feed.category):
        inside = [_outline(feed) for feed in group]
        if category:
            name = quoteattr(category)
            inside = [f"<outline text={name} title={name}>", *(f"  {line}" for line in inside), "</outline>"]
        lines += [f"  {line}" for line in inside]
    return "\n".join([*lines, "</body>", "</opml>"]) + "\n"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
