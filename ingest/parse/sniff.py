"""What kind of document is this? Decided by its first characters, never by what the server calls it."""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["xml", "json", "html", "empty", "binary", "text"]

_DOCTYPE = re.compile(r"<!DOCTYPE\b[^\[>]{0,2000}(?:\[[^\]]{0,50000}\]\s*)?>", re.IGNORECASE)
_HEAD = 65536
_FEED_ROOT = re.compile(
    r"<(?:[A-Za-z_][\w.-]{0,40}:)?(?:rss|rdf|feed|channel|urlset|sitemapindex|opml)\b", re.IGNORECASE
)
_HTML_ROOT = re.compile(r"<(?:html|head|body|script|meta|title|div|p|h1|center|br)\b", re.IGNORECASE)
_BINARY = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF-", b"PK\x03\x04", b"\x7fELF", b"ID3")


def is_binary(body: bytes) -> bool:
    """A picture, an archive, a sound: bytes that are no text at all."""
    return body.startswith(_BINARY)


@dataclass(frozen=True, slots=True)
class Prolog:
    """What stands before the first tag: its end, and where in it the document type stands (0, 0: nowhere)."""

    end: int
    doctype: tuple[int, int]


def prolog(text: str) -> Prolog:
    """The prolog: space, the XML declaration, comments, instructions and the document type."""
    here, doctype = 0, (0, 0)
    while True:
        while here < len(text) and text[here] in "\ufeff \t\r\n\x00":
            here += 1
        end = -1
        if text.startswith("<?", here):
            end = text.find("?>", here) + 2
        elif text.startswith("<!--", here):
            end = text.find("-->", here) + 3
        elif match := _DOCTYPE.match(text, here):
            doctype, end = match.span(), match.end()
        if end <= here:
            return Prolog(here, doctype)
        here = end


def kind(text: str) -> Kind:
    """The kind of a decoded document."""
    start = prolog(text).end
    head = text[start : start + _HEAD]
    if not head:
        return "empty" if "<" not in text else "xml"
    if head[0] in "{[":
        return "json"
    root, page = _FEED_ROOT.search(head), _HTML_ROOT.search(head)
    if page and (root is None or page.start() < root.start()):
        return "html"
    return "xml" if root or head.startswith("<") else "text"
