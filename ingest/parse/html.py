"""Markup to clean text that keeps its meaning: entities, paragraphs, lists, right-to-left marks.

Feed text is hostile, so every pass here is linear: no pattern can run past the next `<`.
"""

import html
import re
import unicodedata

LIMIT = 200_000
"""Code points of markup that are read; news is shorter, and what is longer is cut at a tag."""

_BLOCKS = ("p", "div", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "tr",
           "table", "blockquote", "pre", "section", "article", "header", "footer", "figure", "figcaption")  # fmt: skip
_NAMES = "|".join([*_BLOCKS, *map(str.upper, _BLOCKS)])
# No IGNORECASE where speed matters: with it, a pattern no longer leaps from `<` to `<`.
_INSIDE = r"""(?:[^<>"']++|"[^"<]*+"|'[^'<]*+'|["'])*+>"""
_ITEM = re.compile(rf"<(?:li|LI)\b{_INSIDE}")
_BREAK = re.compile(rf"</?(?:{_NAMES})\b{_INSIDE}")
_CELL = re.compile(rf"</(?:td|th|TD|TH)\b{_INSIDE}")
_TAG = re.compile(rf"</?[a-zA-Z]{_INSIDE}|<[!?/][^<>]*+>")
_TAG_PLAIN = re.compile(r"</?[a-zA-Z][^<>]*+>")
_SILENT = ("script", "style", "template", "noscript", "iframe", "object", "svg", "math")
_SILENT_START = re.compile(rf"<({'|'.join(_SILENT)})\b")
_SILENT_QUICK = re.compile("<(?:[sSnNiIoOmM]|[tT][eE])")
_ODD_SPACES = re.compile(r"[\t\r\f\v\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u202d\u202e\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
"""Controls, soft hyphens, byte order marks and the two overrides that make text read backwards. The joiners that
Persian and Hindi need and the marks that right-to-left text needs stay."""
_OPENS = re.compile(r"<[a-zA-Z/!]")
_LINE_ENDS = str.maketrans("\u2028\u2029\x85", "\n\n\n")


def _without(markup: str, start: str, end: str) -> str:
    """The markup without every stretch from `start` to `end`; an unclosed one reaches to the end."""
    if start not in markup:
        return markup
    kept, here = [], 0
    while (opening := markup.find(start, here)) >= 0:
        kept.append(markup[here:opening])
        closing = markup.find(end, opening + len(start))
        if closing < 0:
            return "".join(kept)
        here = closing + len(end)
    kept.append(markup[here:])
    return "".join(kept)


def _has_silent(markup: str) -> bool:
    """Whether a silent element may be in it; quick, for hardly any has one."""
    return _SILENT_QUICK.search(markup) is not None


def _without_silent(markup: str) -> str:
    """The markup without scripts, styles and other elements that no reader sees.

    An element that is never closed loses its tag only: a stray `<iframe>` must not swallow the story.
    """
    lower = markup.lower() if markup.isascii() else "".join(c.lower() if c < "\x80" else c for c in markup)
    kept, here, unclosed = [], 0, set[str]()
    for opening in _SILENT_START.finditer(lower):
        name = opening[1]
        if opening.start() < here or name in unclosed:
            continue
        closing = lower.find(f"</{name}", opening.end())
        if closing < 0:
            unclosed.add(name)
            continue
        kept.append(markup[here : opening.start()])
        end = lower.find(">", closing)
        here = end + 1 if end >= 0 else len(markup)
    kept.append(markup[here:])
    return " ".join(kept)


def _squeezed(text: str) -> str:
    """Runs of spaces to one, of line breaks to one, no space beside a break. Replacing is quicker than matching."""
    while "  " in text:
        text = text.replace("  ", " ")
    if "\n" not in text:
        return text
    text = text.replace(" \n", "\n").replace("\n ", "\n")
    while "\n\n" in text:
        text = text.replace("\n\n", "\n")
    return text


def tidy(text: str) -> str:
    """Plain text in NFC: unwanted controls out, spaces and line breaks collapsed, ends trimmed."""
    text = text.strip()
    if text.isprintable() and "  " not in text:
        return text if text.isascii() else unicodedata.normalize("NFC", text)
    if not text.replace("\n", "").isprintable():
        text = _ODD_SPACES.sub(" ", _UNWANTED.sub("", text.translate(_LINE_ENDS)))
    text = _squeezed(text).strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def line(text: str) -> str:
    """`tidy`, on one line."""
    return " ".join(tidy(text).split("\n"))


def unescape(text: str) -> str:
    """Character references to characters; those that name nothing stay as they are written."""
    return _REFERENCE.sub(lambda match: html.unescape(match[0]), text) if "&" in text else text


def _seen(markup: str) -> str:
    """The markup without what no reader sees: comments, scripts, a tag that was cut off."""
    markup = _without(markup, "<!--", "-->")
    if _has_silent(markup):
        markup = _without_silent(markup)
    cut = markup.rfind("<")
    return markup[:cut] if cut > markup.rfind(">") and _OPENS.match(markup, cut) else markup


def _without_tags(markup: str) -> str:
    """Blocks to lines, list entries to "- ", cells to spaces, every other tag to nothing."""
    if _BREAK.search(markup):  # only then is a line break in the source no more than a space
        markup = markup.replace("\n", " ")
    if "</t" in markup or "</T" in markup:
        markup = _CELL.sub(" ", markup)
    if "<li" in markup or "<LI" in markup:
        markup = _ITEM.sub("\n- ", markup)
    markup = _TAG.sub("", _BREAK.sub("\n", markup))
    return _TAG_PLAIN.sub("", markup) if "<" in markup else markup


def to_text(markup: str) -> str:
    """HTML or plain text as a feed carries it → clean text.

    Blocks become lines, list entries begin with "- ", cells are parted by a space. A `<` that opens no tag stays.
    """
    markup = markup[:LIMIT]
    if "<" in markup:
        markup = _without_tags(_seen(markup))
    return tidy(_twice(unescape(markup)))


_LEFT_TAG = re.compile(r"</?(?:p|br|b|i|em|strong|a|span|div|img|ul|ol|li)\b[^<>]*>", re.IGNORECASE)


def _twice(text: str) -> str:
    """Some feeds escape twice: tags and references that show up after unescaping are unescaped once more."""
    if "&" in text and _REFERENCE.search(text):
        text = unescape(text)
    if "<" in text and _LEFT_TAG.search(text):
        text = _TAG_PLAIN.sub("", _BREAK.sub("\n", text))
    return text
