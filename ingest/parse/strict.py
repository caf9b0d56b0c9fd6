"""The strict reader: RSS 0.9x to 2.0, RDF and Atom in well-formed XML, one walk over the tree.

It stands in front of feedparser because it costs a fraction of it.
"""

import base64
import re
from collections.abc import Iterable, Sequence
from hashlib import blake2b

from ingest.parse.entry import MOST_ITEMS, Attached, Document, Entry, Form, Hints, Words
from ingest.parse.tree import LANG, Element, attribute, inner, plain
from schemas.errors import Unreadable

Found = dict[str, list[Element]]

_ENTRIES = ("item", "entry")
_ROOTS = {"rss": "rss", "rdf:rdf": "rdf", "feed": "atom", "channel": "rss", "rdf": "rdf"}
_TITLES = ("title", "dc:title", "media:title")
_SUMMARIES = ("description", "summary", "dc:description", "abstract", "itunes:summary", "itunes:subtitle", "tagline")
_CONTENTS = ("content:encoded", "content", "body", "xhtml:body", "xhtml:div", "fullitem", "content:content")
_PUBLISHED = ("pubdate", "published", "issued", "dcterms:issued", "dc:date", "created", "dcterms:created", "date")
_UPDATED = ("updated", "modified", "dcterms:modified", "dc:modified")
_DAY = {"hourly": 3600.0, "daily": 86400.0, "weekly": 604800.0, "monthly": 2592000.0, "yearly": 31536000.0}
_MEDIA = "media:content"
_LOOKS_HTML = re.compile(r"</[a-zA-Z]{1,10}>|<(?:br|img|p|a|div)\b[^<>]*>|&(?:#\d+|[a-zA-Z]{2,8});")
_PERSON = re.compile(r"([^<>()\s]+@[^<>()\s]+)\s*\(([^()]+)\)|([^<>()@]+)<[^<>]*@[^<>]*>")
_IMAGE = re.compile(r"\Aimage/|\.(?:jpe?g|png|gif|webp|avif|svg)\Z", re.IGNORECASE)
_TEXT_TYPES = ("text", "text/plain", "plain")


def _children(element: Element) -> Found:
    found: Found = {}
    for child in element.children:
        found.setdefault(child.name, []).append(child)
    return found


def _all(found: Found, names: Iterable[str]) -> Iterable[Element]:
    for key in names:
        yield from found.get(key, ())


def _first(found: Found, names: Iterable[str]) -> str:
    """The first text that is not empty, in the order of the names."""
    for element in _all(found, names):
        if text := plain(element):
            return text
    return ""


def _form(element: Element, text: str, atom: bool) -> Form:
    """How a text is written: Atom says so (RFC 4287 §3.1); RSS never does, and means markup."""
    kind = attribute(element, "type").lower()
    if kind in _TEXT_TYPES:
        return "html" if attribute(element, "mode") == "escaped" and _LOOKS_HTML.search(text) else "text"
    if kind or not atom:
        return "html"
    return "html" if element.children or _LOOKS_HTML.search(text) else "text"


def _words(element: Element, atom: bool) -> Words | None:
    text = inner(element)
    if not text.strip():
        return None
    kind = attribute(element, "type").lower()
    if attribute(element, "mode") == "base64" or (kind and "/" in kind and not _is_text(kind)):
        try:
            text = base64.b64decode("".join(text.split()), validate=True).decode("utf-8")
        except ValueError:
            return None if attribute(element, "mode") == "base64" else Words(text, "html")
        return Words(text, "text" if kind in _TEXT_TYPES else "html")
    return Words(text, _form(element, text, atom))


def _is_text(kind: str) -> bool:
    return kind.startswith("text/") or kind.split(";")[0].endswith(("xml", "html"))


def _last(found: Found, names: Iterable[str]) -> str:
    """The last text of the first name that has any: of two dates the later-written one counts, as feedparser has it."""
    for key in names:
        texts = [text for element in found.get(key, ()) if (text := plain(element))]
        if texts:
            return texts[-1]
    return ""


def _first_words(found: Found, names: Iterable[str], atom: bool) -> Words | None:
    for element in _all(found, names):
        if (words := _words(element, atom)) is not None:
            return words
    return None


def _links(found: Found, entry: Entry) -> None:
    """The entry's address: RSS text, Atom's alternate (HTML preferred), any other as second best; and enclosures."""
    alternates: list[tuple[bool, str]] = []
    for element in found.get("link", ()):
        href = attribute(element, "href") or attribute(element, "resource")
        relation = attribute(element, "rel").lower() or "alternate"
        relation = relation.rpartition("/")[2]
        if not href:
            alternates.append((True, plain(element)))
        elif relation == "alternate":
            kind = attribute(element, "type").lower()
            alternates.append((not kind or "html" in kind, href))
        elif relation == "enclosure":
            entry.enclosures.append(
                Attached(href, attribute(element, "type") or None, attribute(element, "length") or None)
            )
        elif relation in ("related", "via", "canonical"):
            entry.other_link = entry.other_link or href
    alternates = [pair for pair in alternates if pair[1]]
    best = [href for html, href in alternates if html] or [href for _, href in alternates]
    entry.link = _first(found, ("feedburner:origlink",)) or (best[0] if best else "")


def _enclosures(found: Found, entry: Entry) -> None:
    groups = [
        child for group in found.get("media:group", ()) for child in group.children if child.name == "media:content"
    ]
    for element in [*found.get("enclosure", ()), *found.get(_MEDIA, ()), *groups]:
        if url := attribute(element, "url"):
            length = attribute(element, "length") or attribute(element, "filesize")
            entry.enclosures.append(Attached(url, attribute(element, "type") or None, length or None))
    if not entry.other_link and entry.enclosures:
        files = [file for file in entry.enclosures if not _IMAGE.search(file.type or file.url)] or entry.enclosures
        entry.other_link = files[0].url


def person(text: str) -> str:
    """`a@b.example (Ann)` and `Ann <a@b.example>` → `Ann`; anything else as it is."""
    text = " ".join(text.split())
    match = _PERSON.fullmatch(text) if len(text) < 200 else None
    return (match[2] or match[3]).strip() if match else text


def _authors(found: Found) -> list[str]:
    names: list[str] = []
    for element in _all(found, ("author", "dc:creator", "itunes:author")):
        inside = _children(element) if element.children else {}
        names.append(_first(inside, ("name",)) or _first(inside, ("email",)) or person(plain(element)))
    return [who for who in dict.fromkeys(names) if who]


def _categories(found: Found) -> list[str]:
    terms = [
        attribute(element, "label") or attribute(element, "term") or plain(element)
        for element in _all(found, ("category", "dc:subject"))
    ]
    return [term for term in dict.fromkeys(terms) if term]


def _source(found: Found) -> str:
    for element in found.get("source", ()):
        text = _first(_children(element), ("title",)) if element.children else plain(element)
        if text:
            return text
    return ""


def _media(found: Found) -> Words | None:
    """The description that video feeds keep inside `media:group`."""
    for group in found.get("media:group", ()):
        if (words := _first_words(_children(group), ("media:description",), atom=False)) is not None:
            return words
    return _first_words(found, ("media:description",), atom=False)


def _entry(element: Element, body: bytes) -> Entry:
    found = _children(element)
    atom = element.name == "entry"
    guids = [*found.get("guid", ()), *found.get("id", ())]
    entry = Entry(guid=_first(found, ("guid", "id")) or attribute(element, "about"))
    said = [attribute(g, "ispermalink").lower() for g in guids]
    entry.permalink = not atom and "false" not in said
    entry.relative = entry.permalink and "true" in said
    _links(found, entry)
    entry.link = entry.link or attribute(element, "href")
    _enclosures(found, entry)
    entry.base = element.base
    entry.title = _first_words(found, _TITLES, atom)
    entry.summary = _first_words(found, _SUMMARIES, atom) or _media(found)
    entry.content = _first_words(found, _CONTENTS, atom)
    entry.published = _last(found, _PUBLISHED)
    entry.updated = _last(found, _UPDATED) or attribute(element, "lastmod")
    entry.authors, entry.categories, entry.source = _authors(found), _categories(found), _source(found)
    entry.lang = element.attributes.get(LANG) or _first(found, ("dc:language", "language"))
    entry.raw = blake2b(body[element.start : element.end], digest_size=16).digest()
    return entry


def _elements(root: Element) -> list[Element]:
    """The entries in document order. One directly inside another stands there because that one was never closed."""
    found, waiting = [], [root]
    while waiting:
        element = waiting.pop()
        if element.name in _ENTRIES:
            found.append(element)
            waiting.extend(child for child in reversed(element.children) if child.name in _ENTRIES)
        else:
            waiting.extend(reversed(element.children))
    return found[:MOST_ITEMS]


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def hints(ttl: str, period: str, frequency: str, hours: Sequence[str] = (), days: Sequence[str] = ()) -> Hints:
    """What the feed says about when to look; nonsense is silently nothing (`always`, `dayly`, frequency 0)."""
    minutes, times = _number(ttl), _number(frequency or "1")
    every = _DAY.get(period.strip().lower())
    return Hints(
        ttl=minutes * 60 if minutes and 0 < minutes < 1e6 else None,
        period=every / times if every and times and 0 < times < 1e4 else None,
        skip_hours=frozenset(int(h) % 24 for h in hours if h.isdecimal() and int(h) <= 24),
        skip_days=frozenset(d.strip().lower() for d in days),
    )


def _hints(found: Found) -> Hints:
    def inside(key: str) -> list[str]:
        return [plain(child) for element in found.get(key, ()) for child in element.children]

    return hints(
        _first(found, ("ttl",)), _first(found, ("sy:updateperiod",)), _first(found, ("sy:updatefrequency",)),
        inside("skiphours"), inside("skipdays"),
    )  # fmt: skip


def _feed_link(found: Found, relation: str) -> str:
    for element in found.get("link", ()):
        href, rel = attribute(element, "href"), attribute(element, "rel").lower() or "alternate"
        if href and rel == relation:
            return href
        if not href and relation == "alternate" and plain(element):
            return plain(element)
    return ""


def read(root: Element, body: bytes) -> Document:
    """The feed in the tree of a body. Raises `Unreadable` when it is none."""
    kind = _ROOTS.get(root.name, "")
    elements = _elements(root)
    if not kind and not elements:
        raise _no_feed(root.name)
    channel = next((child for child in root.children if child.name == "channel"), root)
    found = _children(channel)
    return Document(
        entries=tuple(_entry(element, body) for element in elements),
        title=_first(found, _TITLES),
        link=_feed_link(found, "alternate"),
        self_link=_feed_link(found, "self"),
        lang=root.attributes.get(LANG) or channel.attributes.get(LANG) or _first(found, ("language", "dc:language")),
        base=channel.base,
        hints=_hints(found),
        format=kind or "rss",
    )


def _no_feed(root: str) -> Unreadable:
    if root in ("html", "xhtml:html", "body"):
        return Unreadable("this is a web page, not a feed")
    if root == "opml":
        return Unreadable("this is OPML, a list of feeds; import it with: tocsin feeds import FILE")
    return Unreadable(f"this is XML but no feed: its root element is <{root[:60]}>")
