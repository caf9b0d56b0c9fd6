"""A web server for feeds: real HTTP on the loopback, conditional requests, and answers that go wrong on demand."""

import asyncio
import gzip as gz
import hashlib
import ssl
import time
import zlib
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from aiohttp import web

from .web import WebServer, hang_up

RSS = "application/rss+xml; charset=utf-8"
PIECE = 64 * 1024


@dataclass(frozen=True)
class Seen:
    """One request as it arrived, and the status that it was given (0: hung up without an answer)."""

    at: float
    method: str
    path: str
    """With the query, as sent."""
    headers: Mapping[str, str]
    """Names in lower case."""
    status: int
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Resource:
    """What lies at a path."""

    body: bytes = field(repr=False)
    content_type: str
    etag: str | None
    last_modified: datetime | None
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """How to answer one request otherwise; what is None or 0 stays as the resource would have it."""

    status: int | None = None
    body: bytes | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    pause: float = 0.0
    """Seconds between two pieces of the body."""
    piece: int = PIECE
    gzip: bool = False
    padding: int = 0
    """Spaces sent after the body, never held in memory."""
    cut_after: int | None = None
    """Hang up after so many bytes of the body, which was announced whole; -1: without any answer."""


def status(code: int, *, retry_after: str | int | None = None, body: bytes = b"") -> Answer:
    """Answer with a status, and perhaps `Retry-After` as seconds or as an HTTP date."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return Answer(code, body, headers)


def redirect(location: str, code: int = 301) -> Answer:
    """Send the caller on; `location` may be relative, on another host, or nonsense."""
    return Answer(code, b"", {"Location": location})


def slow(seconds: float) -> Answer:
    """Wait before the first byte."""
    return Answer(delay=seconds)


def dripping(pause: float, piece: int = 16) -> Answer:
    """Send `piece` bytes, wait, and so on: each read is quick, the whole takes for ever."""
    return Answer(pause=pause, piece=piece)


def gzipped() -> Answer:
    """Send the resource with `Content-Encoding: gzip`."""
    return Answer(gzip=True)


def huge(size: int, *, gzip: bool = False) -> Answer:
    """Send `size` spaces after the resource, without a Content-Length; with `gzip`, a bomb a thousandth as long."""
    return Answer(padding=size, gzip=gzip)


def cut_off(after: int = 10) -> Answer:
    """Announce the whole body and hang up after some bytes of it."""
    return Answer(cut_after=after)


def no_answer() -> Answer:
    """Hang up without a word."""
    return Answer(cut_after=-1)


class FeedServer(WebServer):
    """A context manager; `put` resources, `script` what goes wrong, and read `requests`, which keep their bodies."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(tls)
        self.reset()

    def reset(self) -> None:
        """Forget resources, scripts and requests."""
        self.requests: list[Seen] = []
        self._resources: dict[str, Resource] = {}
        self._script: defaultdict[str, deque[Answer | None]] = defaultdict(deque)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """Return the address of a path; `localhost` as `host` is the same server under another name."""
        return f"{self.scheme}://{host}:{self.port}{path}"

    def put(
        self,
        path: str,
        body: bytes | str,
        *,
        content_type: str = RSS,
        etag: str | None = "auto",
        last_modified: datetime | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Lay a resource at a path and return its address. `etag` is quoted already; `auto` follows the body."""
        data = body.encode() if isinstance(body, str) else body
        if etag == "auto":
            etag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
        self._resources[path] = Resource(data, content_type, etag, last_modified, headers or {})
        return self.url(path)

    def script(self, path: str, answers: Iterable[Answer | None]) -> None:
        """Queue the answers to the next requests of a path; None answers as usual, and so does an empty queue."""
        self._script[path].extend(answers)

    def requests_of(self, path: str) -> list[Seen]:
        """Return the requests of one path, whatever the query, oldest first."""
        return [seen for seen in self.requests if seen.path.split("?")[0] == path]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        planned = self._plan(request)
        code = 0 if planned.cut_after == -1 else planned.status or 200
        headers = {name.lower(): value for name, value in request.headers.items()}
        arrived, body = time.time(), await request.read()
        self.requests.append(Seen(arrived, request.method, request.raw_path, headers, code, body))
        await asyncio.sleep(planned.delay)
        return await _send(request, planned) if code else hang_up(request)

    def _plan(self, request: web.Request) -> Answer:
        """Lay the scripted answer over the usual one."""
        scripted = self._script[request.path]
        said = (scripted.popleft() if scripted else None) or Answer()
        usual = _usual(request, self._resources.get(request.path))
        if said.status is not None:
            return said
        body = usual.body if said.body is None else said.body
        return replace(said, status=usual.status, body=body, headers={**usual.headers, **said.headers})


def _usual(request: web.Request, resource: Resource | None) -> Answer:
    if resource is None:
        return Answer(404, b"nothing here")
    headers = {"Content-Type": resource.content_type, **resource.headers}
    if resource.etag:
        headers["ETag"] = resource.etag
    if resource.last_modified:
        headers["Last-Modified"] = format_datetime(resource.last_modified.astimezone(UTC), usegmt=True)
    return Answer(304, b"", headers) if _unchanged(request, resource) else Answer(200, resource.body, headers)


def _unchanged(request: web.Request, resource: Resource) -> bool:
    """RFC 9110, 13.2.2: If-None-Match decides alone where it is sent; compared weakly."""
    asked = request.headers.get("If-None-Match")
    if asked is not None:
        tags = {tag.strip().removeprefix("W/") for tag in asked.split(",")}
        return "*" in tags or (resource.etag or "none").removeprefix("W/") in tags
    since = request.headers.get("If-Modified-Since")
    if since is None or resource.last_modified is None:
        return False
    return resource.last_modified.replace(microsecond=0) <= parsedate_to_datetime(since)


async def _send(request: web.Request, planned: Answer) -> web.StreamResponse:
    response = web.StreamResponse(status=planned.status or 200, headers=dict(planned.headers))
    body = planned.body or b""
    if planned.gzip:
        response.headers["Content-Encoding"] = "gzip"
        body = body if planned.padding else gz.compress(body)
    if not planned.padding:
        response.content_length = len(body)
    await response.prepare(request)
    if request.method != "HEAD" and planned.status != 304:
        await _send_body(request, response, planned, body)
    return response


async def _send_body(request: web.Request, response: web.StreamResponse, planned: Answer, body: bytes) -> None:
    async for piece in _paced(_pieces(planned, body), planned.pause):
        try:
            await response.write(piece)
        except ConnectionError:
            return
    if planned.cut_after is not None:
        hang_up(request)
        return
    await response.write_eof()


async def _paced(pieces: Iterator[bytes], pause: float) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
        await asyncio.sleep(pause)


def _pieces(planned: Answer, body: bytes) -> Iterator[bytes]:
    whole = _padded(body, planned.padding) if planned.padding else iter([body[: planned.cut_after]])
    for part in _squeezed(whole) if planned.gzip and planned.padding else whole:
        for start in range(0, len(part), planned.piece):
            yield part[start : start + planned.piece]


def _padded(body: bytes, padding: int) -> Iterator[bytes]:
    yield body
    for start in range(0, padding, PIECE):
        yield b" " * min(PIECE, padding - start)


def _squeezed(parts: Iterator[bytes]) -> Iterator[bytes]:
    squeezer = zlib.compressobj(9, zlib.DEFLATED, 31)
    for part in parts:
        yield squeezer.compress(part)
    yield squeezer.flush()
