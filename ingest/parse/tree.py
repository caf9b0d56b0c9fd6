"""The strict reader's tree: parse well-formed XML safely, and name its elements as feeds mean them."""

import re
from functools import lru_cache

from lxml import etree

Element = etree._Element

RSS = ""
_NAMESPACES = {
    "": "", "http://purl.org/rss/1.0/": "", "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "", "http://my.netscape.com/publish/formats/rss-0.91.dtd": "",
    "http://backend.userland.com/rss": "", "http://backend.userland.com/rss2": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://purl.org/net/rss1.1#": "", "http://purl.org/rss/2.0/": "", "http://purl.org/rss/": "",
    "http://www.w3.org/2005/atom": "", "http://purl.org/atom/ns#": "", "http://example.com/newformat#": "",
    "http://example.com/necho": "", "http://purl.org/echo/": "",
    "uri/of/echo/namespace#": "", "http://purl.org/pie/": "",
    "http://purl.org/dc/elements/1.1/": "dc", "http://purl.org/dc/elements/1.0/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/rss/1.0/modules/content/": "content", "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://search.yahoo.com/mrss": "media", "http://search.yahoo.com/mrss/": "media",
    "http://video.search.yahoo.com/mrss": "media", "http://video.search.yahoo.com/mrss/": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes", "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner", "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.sitemaps.org/schemas/sitemap/0.9": "", "http://www.google.com/schemas/sitemap/0.84": "",
    "http://www.google.com/schemas/sitemap-news/0.9": "news", "http://purl.org/syndication/thread/1.0": "thr",
}  # fmt: skip
"""Namespace (lower case) → our prefix. RSS and Atom share the empty one: feeds mix them, and mean the same by it."""

_LONG_TAG = re.compile(rb"<[A-Za-z][^<>]{16384}")
"""An element with thousands of attributes: every reader is quadratic in them."""
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]{0,2000}(?:\[[^\]]{0,50000}\]\s*)?>", re.IGNORECASE)


class NotWellFormed(Exception):
    """The strict parser refuses the document; says why."""


@lru_cache(maxsize=4096)
def _named(tag: str, prefix: str | None) -> str:
    namespace, _, local = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
    ours = _NAMESPACES.get(namespace.lower(), prefix or "")
    local = local.lower()
    return f"{ours}:{local}" if ours else local


def name(element: Element) -> str:
    """The name of an element in lower case with our prefix: `title`, `dc:date`; "" for a comment."""
    tag = element.tag
    return _named(tag, element.prefix) if isinstance(tag, str) else ""


def without_doctype(text: str) -> str:
    """The text without a document type: nothing is ever fetched or expanded because a feed says so."""
    at = text.find("<!DOCTYPE", 0, 65536)
    return _DOCTYPE.sub("", text, count=1) if at >= 0 else text


def grow(body: bytes, url: str | None) -> Element:
    """The tree of a UTF-8 document. Raises `NotWellFormed`.

    No entities, no network, libxml2's own limits on depth and size (`huge_tree` off).
    """
    if _LONG_TAG.search(body):
        raise NotWellFormed("an element has thousands of attributes")
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
        remove_pis=True, strip_cdata=True, huge_tree=False, collect_ids=False,
    )  # fmt: skip
    try:
        return etree.fromstring(body, parser, base_url=url)
    except (etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise NotWellFormed(str(error)[:200]) from error


def inner(element: Element) -> str:
    """What stands inside an element, with the tags of its children."""
    if len(element) == 0:
        return element.text or ""
    parts = [_escaped(element.text or "")]
    parts += [etree.tostring(child, encoding="unicode") for child in element]
    return _PREFIXED.sub(r"\1", "".join(parts))


_PREFIXED = re.compile(r"(</?)[A-Za-z][\w.-]{0,30}:(?=[A-Za-z])")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def plain(element: Element) -> str:
    """The text of an element without surrounding space."""
    return (element.text or "").strip() if len(element) == 0 else "".join(element.itertext()).strip()


def attribute(element: Element, local: str) -> str:
    """An attribute by its local name, whatever its namespace or case; "" when there is none."""
    if (value := element.get(local)) is not None:
        return value.strip()
    for key, value in element.items():
        if str(key).rpartition("}")[2].lower() == local:
            return str(value).strip()
    return ""
