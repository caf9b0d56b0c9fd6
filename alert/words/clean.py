"""Feed text made fit to stand in a message: no control characters, bidi tricks, towers of marks or spoofed links.

Bidi overrides and isolates are taken out (Trojan Source, CVE-2021-42574; UTS #55); the joiners U+200C and U+200D stay,
since Persian and emoji need them. Cuts fall between grapheme clusters.
"""

import ipaddress
import re
import unicodedata
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

import grapheme

MAX_MARKS = 4
"""Combining marks on one base letter: Vietnamese and pointed Hebrew need three."""
_KEEP = {"\u200c", "\u200d"}
_RTL = {"R", "AL"}
FSI, PDI = "\u2068", "\u2069"


def _letter(char: str) -> str:
    """A character as it may stand: itself, a space for what separates, or nothing."""
    category = unicodedata.category(char)
    if category in {"Zs", "Zl", "Zp"} or (category == "Cc" and char.isspace()):
        return " "
    if category in {"Cc", "Cf", "Cs", "Co", "Cn"} and char not in _KEEP:
        return ""
    return char


def clean(text: str, limit: int | None = None) -> str:
    """One line of NFC text, spaces collapsed, at most `limit` code points with `…` where it was cut."""
    if limit is not None:
        text = text[: 8 * limit + 64]
    plain = "".join(map(_letter, text))  # composed after that: what is taken out may have stood before a mark
    flat = _few_marks(" ".join(unicodedata.normalize("NFC", plain).split()))
    return flat if limit is None else cut(flat, limit)


def _few_marks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= MAX_MARKS:
            kept.append(char)
    return "".join(kept)


def cut(text: str, limit: int) -> str:
    """At most `limit` code points, cut between graphemes, with `…` for what is gone."""
    if len(text) <= limit:
        return text
    if limit <= 1:
        return "…"[:limit]
    end = grapheme.safe_split_index(text[: limit + 64], limit - 1)
    return text[:end].rstrip() + "…"


def direction(text: str) -> str:
    """`rtl` when most of the letters that have a direction run right to left: a title may start with NATO."""
    strong = [unicodedata.bidirectional(char) for char in text]
    right = sum(kind in _RTL for kind in strong)
    return "rtl" if right > strong.count("L") else "ltr"


def isolated(text: str, base: str = "ltr") -> str:
    """The text between FSI and PDI when it has letters that run against `base`: so it reorders nothing round it."""
    against = _RTL if base == "ltr" else {"L"}
    held = any(unicodedata.bidirectional(char) in against for char in text)
    return f"{FSI}{text}{PDI}" if held else text


_HOST = re.compile(r"[a-z0-9.-]{1,253}\Z")


def link(url: str | None) -> str | None:
    """The URL as it may be linked: http(s), no userinfo, ASCII host, every odd character percent-encoded; or None."""
    if not url or len(url) > 2000:
        return None
    try:
        parts = urlsplit(url.strip())
        host = _ascii_host(parts)
        port = f":{parts.port}" if parts.port else ""
        path, query, fragment = (quote(part, safe="%/:=&?~+,;!@()$'*.-_") for part in parts[2:])
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in {"http", "https"} or host is None or "@" in parts.netloc:
        return None
    return urlunsplit((parts.scheme, host + port, path, query, fragment))


def _ascii_host(parts: SplitResult) -> str | None:
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        return f"[{ipaddress.IPv6Address(host)}]"
    ascii_host = host.encode("idna").decode("ascii").lower() if host else ""
    return ascii_host if ascii_host and _HOST.match(ascii_host) else None


def host(url: str | None) -> str:
    """The host a safe link really leads to, without `www.`; empty for none."""
    safe = link(url)
    return (urlsplit(safe).hostname or "").removeprefix("www.") if safe else ""
