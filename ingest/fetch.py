"""One look at a feed: ask politely, follow redirects with care, and say what came of it in one value.

`look` never raises for what a server does; every outcome has a reason in words.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from hashlib import blake2b
from typing import Literal
from urllib.parse import urljoin, urlsplit

from pydantic import SecretStr

from schemas.errors import TryLater, Unreadable
from schemas.ports import Answer, Http

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.8,"
    " application/json;q=0.7, */*;q=0.1"
)
MOST_REDIRECTS = 5
LARGEST = 10_000_000
SECONDS = 30.0

_MOVED, _PERMANENT = (301, 302, 303, 307, 308), (301, 308)

What = Literal["body", "unchanged", "gone", "blocked", "busy", "failed", "refused"]
"""body: a document came · unchanged: 304 · gone: 410 · blocked: they do not want us · busy: 429 or 503, come later ·
failed: may pass · refused: our own guard or bounds said no."""

Auth = Mapping[str, SecretStr]
"""`{basic: …}`, `{bearer: …}`, `{header: "Name: value"}` or `{cookie: …}`."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked for."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    auth: Auth = field(default_factory=dict, repr=False)
    seconds: float = SECONDS
    largest: int = LARGEST


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of a look."""

    what: What
    reason: str
    status: int = 0
    url: str = ""
    """Where the answer came from, after redirects."""
    body: bytes = field(default=b"", repr=False)
    body_hash: str = ""
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    permanent: str | None = None
    """Where the feed says it has moved for good: every hop was a 301 or 308."""
    retry_after: float | None = None
    """Seconds the server asks us to stay away."""
    max_age: float | None = None
    """Seconds for which the server calls its answer fresh."""


def retry_after(value: str | None, now: datetime) -> float | None:
    """`Retry-After` in seconds, written as seconds or as a date (RFC 9110 §10.2.3); None for nonsense."""
    if not value:
        return None
    text = value.strip()
    if text.isdecimal() and len(text) < 9:
        return float(text)
    try:
        return max((parsedate_to_datetime(text) - now).total_seconds(), 0.0)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def max_age(headers: Mapping[str, str]) -> float | None:
    """`Cache-Control: max-age` in seconds, where it says so."""
    for part in headers.get("cache-control", "").split(","):
        name, _, value = part.strip().partition("=")
        if name.lower() == "max-age" and value.strip('" ').isdecimal() and len(value) < 10:
            return float(value.strip('" '))
    return None


def credentials(auth: Auth) -> dict[str, str]:
    """The headers that a feed's credentials become."""
    headers: dict[str, str] = {}
    for kind, secret in auth.items():
        value = secret.get_secret_value()
        if kind == "basic":
            headers["Authorization"] = "Basic " + base64.b64encode(value.encode()).decode()
        elif kind == "bearer":
            headers["Authorization"] = f"Bearer {value}"
        elif kind == "cookie":
            headers["Cookie"] = value
        elif kind == "header":
            name, _, content = value.partition(":")
            headers[name.strip()] = content.strip()
    return headers


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port: what credentials belong to (RFC 6454)."""
    parts = urlsplit(url)
    return parts.scheme.lower(), (parts.hostname or "").lower(), parts.port


def _headers(ask: Ask, url: str) -> dict[str, str]:
    """The headers for one hop; credentials only where they belong."""
    headers = {"Accept": ACCEPT}
    if ask.etag:
        headers["If-None-Match"] = ask.etag
    if ask.last_modified:
        headers["If-Modified-Since"] = ask.last_modified
    if ask.auth and origin(url) == origin(ask.url):
        headers |= credentials(ask.auth)
    return headers


def _next(url: str, answer: Answer) -> str:
    """Where a redirect leads. Raises `Unreadable` where we do not follow."""
    location = answer.headers.get("location", "").strip()
    try:
        there = urljoin(url, location)
        scheme = urlsplit(there).scheme.lower()
    except ValueError as error:
        raise Unreadable("redirects to something that is no address") from error
    if not location or scheme not in ("http", "https"):
        raise Unreadable("redirects to something that is no web address")
    if scheme == "http" and urlsplit(url).scheme.lower() == "https":
        raise Unreadable("redirects from https to unencrypted http; change the feed's address if you accept that")
    return there.partition("#")[0]


async def look(http: Http, ask: Ask, now: datetime) -> Seen:
    """Look once. Never raises for anything a server or the network does."""
    try:
        return await _follow(http, ask, now)
    except TryLater as error:
        return Seen("failed", str(error))
    except Unreadable as error:
        return Seen("refused", str(error))


async def _follow(http: Http, ask: Ask, now: datetime) -> Seen:
    url, permanent, visited = ask.url, True, {ask.url}
    for _ in range(MOST_REDIRECTS + 1):
        answer = await http.request("GET", url, headers=_headers(ask, url), timeout=ask.seconds, limit=ask.largest)
        if answer.status not in _MOVED:
            return _said(answer, url, now, url if permanent and url != ask.url else None)
        permanent = permanent and answer.status in _PERMANENT
        url = _next(url, answer)
        if url in visited:
            raise Unreadable("redirects in a circle")
        visited.add(url)
    raise Unreadable(f"redirects more than {MOST_REDIRECTS} times")


def _said(answer: Answer, url: str, now: datetime, permanent: str | None) -> Seen:
    """What an answer means."""
    status, headers = answer.status, answer.headers
    what, reason = _meaning(status, headers)
    return Seen(
        what, reason, status, url,
        body=answer.body if what == "body" else b"",
        body_hash=blake2b(answer.body, digest_size=16).hexdigest() if what == "body" else "",
        content_type=headers.get("content-type"),
        etag=_short(headers.get("etag")), last_modified=_short(headers.get("last-modified")),
        permanent=permanent if what in ("body", "unchanged") else None,
        retry_after=retry_after(headers.get("retry-after"), now), max_age=max_age(headers),
    )  # fmt: skip


def _short(value: str | None) -> str | None:
    """A validator as it came; one that is absurdly long, or cannot be a header, is not sent back."""
    return value if value and len(value) <= 500 and value.isascii() and value.isprintable() else None


def _meaning(status: int, headers: Mapping[str, str]) -> tuple[What, str]:
    if status == 304:
        return "unchanged", "304: nothing changed"
    if 200 <= status < 300 and status not in (204, 205):
        return "body", str(status)
    if status == 410:
        return "gone", "410: gone for good, says the server"
    if status in (429, 503):
        return "busy", f"{status}: the server asks us to come later"
    if status == 403 and headers.get("cf-mitigated") == "challenge":
        return "blocked", "403: Cloudflare wants a browser"
    if status in (401, 403, 407, 451):
        return "blocked", f"{status}: the server does not let us in"
    return "failed", f"{status}: " + (
        "no such page" if status == 404 else "the server failed" if status >= 500 else "unexpected"
    )
