"""The strict reader's tree: parse well-formed XML safely, and name its elements as feeds mean them.

expat and the few things of a tree that feeds need: it is several times cheaper than lxml, which makes an object of
every element that is touched, and it knows where in the bytes an entry stands.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final
from urllib.parse import urljoin
from xml.parsers import expat

from ingest.parse.sniff import prolog

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

_ENTITY = re.compile(r"""<!ENTITY\s+([A-Za-z_][\w.-]{0,60})\s+(?:"([^"%&<]{0,500})"|'([^'%&<]{0,500})')\s*>""")


DEEPEST: Final = 256
MOST_ELEMENTS: Final = 1_000_000

_XML = "http://www.w3.org/XML/1998/namespace"
LANG, BASE = f"{_XML} lang xml", f"{_XML} base xml"


class NotWellFormed(Exception):
    """The strict parser refuses the document; says why."""


class Element:
    """An element: its name as feeds mean it, its attributes, and its texts and children in order."""

    __slots__ = ("attributes", "base", "children", "end", "name", "parts", "start", "tag")

    def __init__(self, name: str, tag: str, attributes: dict[str, str], base: str) -> None:
        self.name, self.tag, self.attributes, self.base = name, tag, attributes, base
        self.children: list[Element] = []
        self.parts: list[str | Element] = []
        self.start = self.end = 0

    def iter(self) -> Iterator["Element"]:
        """This element and everything beneath it, in document order."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(reversed(element.children))


@lru_cache(maxsize=4096)
def _named(tag: str) -> tuple[str, str]:
    """(name in lower case with our prefix, local name as written) of expat's `namespace local prefix`."""
    namespace, _, rest = tag.rpartition(" ") if tag.count(" ") == 1 else ("", "", tag)
    if tag.count(" ") == 2:
        namespace, rest, prefix = tag.split(" ")
    else:
        prefix = ""
    ours = _NAMESPACES.get(namespace.lower(), prefix)
    local = rest.lower()
    return (f"{ours}:{local}" if ours else local), rest


def without_doctype(text: str) -> str:
    """The text without its document type: nothing is ever fetched because a feed says so.

    Entities that stand for a short plain text are put in; those that name files or other entities are not.
    """
    at, end = prolog(text).doctype
    if at == end:
        return text
    names = {name: double or single for name, double, single in _ENTITY.findall(text, at, end)}
    text = text[:at] + text[end:]
    grown = 0
    for name, value in list(names.items())[:50]:
        grown += text.count(f"&{name};") * len(value)
        if grown > len(text):
            break
        text = text.replace(f"&{name};", value)
    return text


class _Grower:
    """Builds the tree from expat's calls."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate("utf-8", " ")
        self.parser.namespace_prefixes = True
        self.parser.buffer_text = True
        self.parser.buffer_size = 65536
        self.parser.StartElementHandler = self._open
        self.parser.EndElementHandler = self._close
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.stack = [Element("", "", {}, "")]
        self.count = 0

    def _doctype(self, *_: object) -> None:
        raise NotWellFormed("it has a document type")

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        parent = self.stack[-1]
        name, local = _named(tag)
        base = parent.base
        if BASE in attributes:
            try:
                base = urljoin(base, attributes[BASE].strip())
            except ValueError:
                base = parent.base
        element = Element(name, local, attributes, base)
        element.start = self.parser.CurrentByteIndex
        parent.children.append(element)
        parent.parts.append(element)
        self.stack.append(element)
        self.count += 1
        if len(self.stack) > DEEPEST or self.count > MOST_ELEMENTS:
            raise NotWellFormed("its elements are too deep or too many")

    def _close(self, _: str) -> None:
        self.stack.pop().end = self.parser.CurrentByteIndex

    def _text(self, text: str) -> None:
        self.stack[-1].parts.append(text)


def grow(body: bytes) -> Element:
    """The tree of a UTF-8 document without document type. Raises `NotWellFormed`."""
    grower = _Grower()
    try:
        grower.parser.Parse(body, True)
    except (expat.ExpatError, UnicodeDecodeError) as error:
        raise NotWellFormed(str(error)[:200]) from error
    return grower.stack[0].children[0]


def text(element: Element) -> str:
    """The text of an element and of everything beneath it, as it stands."""
    if not element.children:
        return "".join(element.parts)  # type: ignore[arg-type]  # without children, every part is text
    return "".join(part if isinstance(part, str) else text(part) for part in element.parts)


def plain(element: Element) -> str:
    """The text of an element without surrounding space."""
    return text(element).strip()


def inner(element: Element) -> str:
    """What stands inside an element: its text, or, when it has children, its markup."""
    if not element.children:
        return text(element)
    return "".join(_escaped(part) if isinstance(part, str) else _outer(part) for part in element.parts)


def _outer(element: Element) -> str:
    kept = "".join(f' {key}="{_escaped(value)}"' for key, value in element.attributes.items() if " " not in key)
    return f"<{element.tag}{kept}>{inner(element) if element.children else _escaped(text(element))}</{element.tag}>"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def attribute(element: Element, local: str) -> str:
    """An attribute by its local name in lower case, whatever its namespace or case; "" when there is none."""
    attributes = element.attributes
    if not attributes:
        return ""
    if (value := attributes.get(local)) is not None:
        return value.strip()
    for key, value in attributes.items():
        name = key.split(" ")[1] if " " in key else key
        if name.lower() == local:
            return value.strip()
    return ""
