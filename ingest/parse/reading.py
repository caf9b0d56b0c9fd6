"""One document, from bytes to items: which reader reads it, in this very process."""

from dataclasses import dataclass

from ingest.parse import charset, jsonfeed, mend, sitemap, sniff, strict, tree
from ingest.parse.entry import Document
from ingest.parse.items import ParsedFeed, Source, items
from ingest.unpack import unpack
from schemas.errors import Unreadable

LARGEST = 10_000_000
"""Bytes of a document. Cut-off documents are worse than refused ones: what is missing looks deleted."""

_GZIP = b"\x1f\x8b"
"""Sitemaps are often published as packed files."""


class NeedsTolerance(Exception):
    """Neither as it is nor mended is the document well-formed; why, in words."""


@dataclass(frozen=True, slots=True)
class Body:
    """A document as it came, and what the server and the operator say about its encoding."""

    bytes: bytes
    content_type: str | None = None
    charset: str | None = None


def text_of(body: Body) -> tuple[str, str]:
    """The document as text, and how its encoding was decided. Raises `Unreadable` for what is no text at all."""
    if len(body.bytes) > LARGEST:
        raise Unreadable(f"the document has {len(body.bytes):,} bytes; more than {LARGEST:,} are not read")
    if sniff.is_binary(body.bytes):
        raise Unreadable("this is a picture, an archive or another binary file, not a feed")
    found = unpack(body.bytes, "gzip", LARGEST) if body.bytes.startswith(_GZIP) else body.bytes
    return charset.decode(found, body.content_type, body.charset)


def _grown(text: str, reader: str) -> Document:
    body = text.encode("utf-8", "replace")
    root = tree.grow(body)
    document = sitemap.read(root, body) if root.name in sitemap.ROOTS else strict.read(root, body)
    return document.by(reader)


def document(text: str) -> Document:
    """The document in a text. Raises `Unreadable` for what is no feed, `NeedsTolerance` for what is not well-formed."""
    kind = sniff.kind(text)
    if kind == "json":
        return jsonfeed.read(text)
    if kind == "empty":
        raise Unreadable("the document is empty")
    if kind == "text":
        raise Unreadable("this is plain text, not a feed")
    if kind == "html":
        raise Unreadable("this is a web page, not a feed; find its feeds with: tocsin feeds add ADDRESS")
    try:
        if not sniff.prolog(text).doctype[1]:
            return _grown(mend.without_declaration(text), "strict")
    except tree.NotWellFormed:
        pass
    return _mended(mend.mend(tree.without_doctype(text)))


def _mended(text: str) -> Document:
    try:
        return _grown(text, "mended")
    except tree.NotWellFormed:
        pass
    try:
        return _grown(mend.wrap(text), "mended")
    except tree.NotWellFormed as error:
        raise NeedsTolerance(str(error)) from error


def read(body: Body, source: Source) -> ParsedFeed:
    """The feed in a document. Raises `Unreadable`, or `NeedsTolerance` when only the tolerant reader can tell."""
    text, how = text_of(body)
    return items(document(text), source, how)


def read_tolerantly(body: Body, source: Source) -> ParsedFeed:
    """The same by every reader in turn, feedparser last. Unbounded in time and memory: for the worker only."""
    from ingest.parse import tolerant  # feedparser costs 100 ms to load; most processes never need it

    text, how = text_of(body)
    try:
        return items(document(text), source, how)
    except NeedsTolerance:
        return items(tolerant.read(text, source.url), source, how)
