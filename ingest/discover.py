"""Where are a site's feeds? What the site announces, then what its pages link to, then the usual places.

Only when a person adds a site; the daemon never searches.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape

from ingest import fetch
from ingest.canon import absolute, canon
from ingest.parse import ParsedFeed, charset, parse
from ingest.robots import Robots
from schemas.errors import Unreadable
from schemas.ports import Clock, Http

_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_LOOSE_TYPES = ("text/xml", "application/xml", "application/json")
_LINK = re.compile(r"<link\b((?:[^<>\"']++|\"[^\"<]*\"|'[^'<]*'|[\"'])*+)>", re.IGNORECASE)
_ANCHOR = re.compile(r"<a\b((?:[^<>\"']++|\"[^\"<]*\"|'[^'<]*'|[\"'])*+)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-zA-Z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_HEADER = re.compile(r"<([^<>]{1,2000})>((?:\s*;\s*[a-z]+\s*=\s*(?:\"[^\"]*\"|[^\s;,\"]+))*)", re.IGNORECASE)
_LOOKS_LIKE_FEED = re.compile(
    r"(?:[/._-]|\b)(?:rss|atom|feed|feeds)(?:[/._?-]|\b)|\.(?:rss|atom|rdf)\b|\.xml\Z", re.IGNORECASE
)
_USUAL = ("/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/feeds", "/feed.json")
_MOST_TRIED = 12


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address where a feed may be, and who says so."""

    url: str
    title: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Discovered:
    """A feed that was found, and read."""

    url: str
    title: str
    why: str
    parsed: ParsedFeed


def _attributes(text: str) -> dict[str, str]:
    return {key.lower(): unescape(a or b or c) for key, a, b, c in _ATTRIBUTE.findall(text)}


def _announced(page: str, url: str) -> list[Candidate]:
    """`<link rel="alternate" type="…">`, feeds proper before XML of any kind."""
    found: tuple[list[Candidate], list[Candidate]] = ([], [])
    for match in _LINK.finditer(page):
        said = _attributes(match[1])
        kind = said.get("type", "").split(";")[0].strip().lower()
        there = absolute(said.get("href", ""), url)
        if there and "alternate" in said.get("rel", "").lower().split() and kind in _TYPES + _LOOSE_TYPES:
            found[kind in _LOOSE_TYPES].append(Candidate(there, said.get("title", ""), "announced by the page"))
    return found[0] + found[1]


def _in_header(headers: Mapping[str, str], url: str) -> list[Candidate]:
    """The `Link` header (RFC 8288)."""
    found = []
    for target, rest in _HEADER.findall(headers.get("link", "")[:10_000]):
        said = _attributes(rest)
        there = absolute(target, url)
        if there and "alternate" in said.get("rel", "").split() and said.get("type", "") in _TYPES:
            found.append(Candidate(there, said.get("title", ""), "announced by the server"))
    return found


def _linked(page: str, url: str) -> list[Candidate]:
    """Links whose address looks like a feed's."""
    found = []
    for match in _ANCHOR.finditer(page):
        there = absolute(_attributes(match[1]).get("href", ""), url)
        if there and _LOOKS_LIKE_FEED.search(there.partition("//")[2].partition("/")[2]):
            found.append(Candidate(there, "", "linked from the page"))
    return found


def candidates(page: str, url: str, headers: Mapping[str, str] | None = None) -> list[Candidate]:
    """Where the feeds of a page may be, likeliest first, each place once."""
    usual = [Candidate(there, "", "a usual place") for path in _USUAL if (there := absolute(path, url))]
    found: dict[str, Candidate] = {}
    for candidate in [*_in_header(headers or {}, url), *_announced(page, url), *_linked(page, url), *usual]:
        found.setdefault(canon(candidate.url), candidate)
    found.pop(canon(url), None)
    return list(found.values())


async def discover(http: Http, clock: Clock, start: fetch.Ask, most: int = 10) -> list[Discovered]:
    """The feeds at an address: itself, if it is one, else those of the page. Each one was fetched and read.

    Its credentials go to places of the same origin only.

    Raises `Unreadable` when the address cannot be looked at or has no feed, with what was tried.
    """
    url, seen = start.url, await fetch.look(http, start, clock.now())
    if seen.what != "body":
        raise Unreadable(f"{url} cannot be looked at: {seen.reason}")
    try:
        parsed = parse(seen.body, url=seen.url, content_type=seen.content_type, now=clock.now())
        return [Discovered(seen.permanent or url, parsed.title, "the address itself", parsed)]
    except Unreadable:
        page = charset.decode(seen.body, seen.content_type)[0]
    found = await _tried(http, clock, start, candidates(page, seen.url), most)
    if not found:
        raise Unreadable(f"{url} is a page, and no feed was found on it or in the usual places")
    return found


async def _tried(http: Http, clock: Clock, start: fetch.Ask, places: list[Candidate], most: int) -> list[Discovered]:
    """Those of the places that hold a feed. Guesses are tried only where nothing was announced, and robots allow."""
    found: list[Discovered] = []
    robots = Robots(http)
    for candidate in places[:_MOST_TRIED]:
        guessed = candidate.why == "a usual place"
        if len(found) >= most or (guessed and (found or await robots.refusal(candidate.url))):
            continue
        auth = start.auth if fetch.origin(candidate.url) == fetch.origin(start.url) else {}
        seen = await fetch.look(http, fetch.Ask(candidate.url, auth=auth), clock.now())
        try:
            parsed = parse(seen.body, url=seen.url, content_type=seen.content_type, now=clock.now())
        except Unreadable:
            continue
        if not any(canon(each.url) == canon(candidate.url) for each in found):
            found.append(Discovered(candidate.url, parsed.title or candidate.title, candidate.why, parsed))
    return found
