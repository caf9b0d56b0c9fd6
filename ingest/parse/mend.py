"""Mend what commonly makes a feed ill-formed, without touching what it says.

Only these: junk before the first tag and after the last, characters XML forbids, HTML's named references, a bare
`&`, prefixes that are used and never declared; and, if that was not enough, loose markup inside texts. CDATA sections
and comments are left alone. What is still ill-formed then goes to the tolerant reader. Every pass is linear.
"""

import html
import re
from html.entities import html5

NAMESPACES = {
    "a10": "http://www.w3.org/2005/Atom", "atom": "http://www.w3.org/2005/Atom", "atom10": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/", "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/", "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#", "georss": "http://www.georss.org/georss",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd", "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/", "thr": "http://purl.org/syndication/thread/1.0",
    "wfw": "http://wellformedweb.org/CommentAPI/", "xhtml": "http://www.w3.org/1999/xhtml",
    "news": "http://www.google.com/schemas/sitemap-news/0.9", "xlink": "http://www.w3.org/1999/xlink",
}  # fmt: skip

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_AMPERSAND = re.compile(r"&(?:#([0-9]{1,7});|#[xX]([0-9a-fA-F]{1,6});|([A-Za-z][A-Za-z0-9]{1,31});)?")
_XML = frozenset(("amp", "lt", "gt", "quot", "apos"))
_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,500}\?>")
_ROOT = re.compile(r"<(?![?!])([A-Za-z_][\w.:-]{0,80})((?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+)>")
_PREFIX = re.compile(r"(?:</?|\s(?=[\w.-]{1,30}:[\w.-]{1,30}\s?=))([A-Za-z_][\w.-]{0,30}):[A-Za-z_]")
_LT = re.compile(r"<(?![A-Za-z_/!?])")


def _reference(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name:
        if name in _XML:
            return match[0]
        return html.escape(html5[f"{name};"], quote=False) if f"{name};" in html5 else f"&amp;{match[0][1:]}"
    number = int(decimal) if decimal else int(hexadecimal, 16) if hexadecimal else -1
    if number < 0:
        return "&amp;"
    text = html.unescape(match[0])  # reads 128…159 as cp1252, as browsers do
    return "" if _FORBIDDEN.search(text) else html.escape(text, quote=True)


def _outside(text: str) -> str:
    """Mend a stretch that is neither CDATA nor comment."""
    if "&" in text:
        text = _AMPERSAND.sub(_reference, text)
    return _LT.sub("&lt;", text)


_ASIDE = re.compile(r"<!\[CDATA\[|<!--")


def _parts(text: str) -> str:
    """The text with every stretch outside CDATA sections and comments mended."""
    kept, here = [], 0
    while start := _ASIDE.search(text, here):
        end = text.find("]]>" if start[0] == "<![CDATA[" else "-->", start.start() + 4)
        if end < 0:
            break
        kept += [_outside(text[here : start.start()]), text[start.start() : end + 3]]
        here = end + 3
    kept.append(_outside(text[here:]))
    return "".join(kept)


def _declared(text: str) -> str:
    """The text with the prefixes that are used and nowhere declared, declared on its root."""
    root = _ROOT.search(text)
    if not root:
        return text
    used = set(_PREFIX.findall(text)) - {"xml", "xmlns"}
    missing = sorted(prefix for prefix in used if f"xmlns:{prefix}" not in text)[:50]
    if not missing:
        return text
    names = "".join(f' xmlns:{prefix}="{NAMESPACES.get(prefix, f"urn:undeclared:{prefix}")}"' for prefix in missing)
    at = root.end(1)
    return text[:at] + names + text[at:]


def _trimmed(text: str) -> str:
    """The text from its declaration or first tag to its last."""
    start, declared = text.find("<"), text.find("<?xml")
    if 0 <= declared < 4096:
        start = declared
    end = text.rfind(">")
    return text[max(start, 0) : end + 1] if end > start else text


def without_declaration(text: str) -> str:
    """The text without its XML declaration, whose encoding no longer holds once it is decoded."""
    match = _DECLARATION.match(text)
    return text[match.end() :] if match else text


_TEXTS = re.compile(
    r"<(title|description|content:encoded|summary|content|itunes:summary|itunes:subtitle|media:description|dc:creator"
    r"|category|author)((?:\s[^<>]*)?)(?<!/)>"
)
_HOLDS_ENTRY = re.compile(r"<(?:item|entry|title|link|guid|pubDate|name)\b")


def wrap(text: str) -> str:
    """The document with loose markup inside its texts escaped: `<title>A <i>b</title>` is a title, not a tree."""
    kept, here = [], 0
    for opening in _TEXTS.finditer(text):
        if opening.start() < here or "xhtml" in opening[2]:
            continue
        closing = text.find(f"</{opening[1]}>", opening.end())
        if closing < 0:
            break
        inside = text[opening.end() : closing]
        if "<" not in inside or "<![CDATA[" in inside or _HOLDS_ENTRY.search(inside):
            continue
        kept += [text[here : opening.end()], inside.replace("<", "&lt;").replace(">", "&gt;")]
        here = closing
    kept.append(text[here:])
    return "".join(kept)


def mend(text: str) -> str:
    """The document, likelier to be well-formed. A well-formed one keeps its meaning."""
    return _declared(_parts(without_declaration(_FORBIDDEN.sub("", _trimmed(text)))))
