"""What kind of document is this? Decided by its first characters, never by what the server calls it."""

import re
from typing import Literal

Kind = Literal["xml", "json", "html", "empty", "binary", "text"]

_HEAD = 4096
_SKIP = re.compile(
    r"\s*(?:<\?[^>]{0,2000}?\?>|<!--.{0,3000}?-->"
    r"|<!DOCTYPE(?!\s+html)[^>\[]{0,1000}(?:\[[^\]]{0,3000}\])?\s*>)?\s*",
    re.DOTALL | re.IGNORECASE,
)
_FEED_ROOT = re.compile(
    r"<(?:[A-Za-z_][\w.-]{0,40}:)?(?:rss|rdf|feed|channel|urlset|sitemapindex|opml)\b", re.IGNORECASE
)
_HTML_ROOT = re.compile(r"<(?:!doctype\s+html|html|head|body|script|meta|title|div|p|h1|center|br)\b", re.IGNORECASE)
_BINARY = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"\x7fELF", b"ID3")


def is_binary(body: bytes) -> bool:
    """A picture, an archive, a sound: bytes that are no text at all."""
    return body.startswith(_BINARY)


def kind(text: str) -> Kind:
    """The kind of a decoded document."""
    head = text[:_HEAD].lstrip("\ufeff \t\r\n\x00")
    if not head:
        return "empty"
    if head[0] in "{[":
        return "json"
    here = 0
    while (match := _SKIP.match(head, here)) and match.end() > here:
        here = match.end()
    root, page = _FEED_ROOT.search(head, here), _HTML_ROOT.search(head, here)
    if page and (root is None or page.start() < root.start()):
        return "html"
    if root or head.startswith("<"):
        return "xml"
    return "xml" if _FEED_ROOT.search(text[:65536]) else "text"
