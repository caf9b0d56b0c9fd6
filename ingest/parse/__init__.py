"""Bytes to items: every feed format, of any quality, in bounded time and memory.

sniff (xml | json | html | …) → strict → mended → tolerant, in a killable worker. What is small and well-formed is
read on the spot; the rest costs a trip to the worker, so an event loop calls `parse_here` first and `parse` in a
thread.
"""

from datetime import datetime
from functools import cache

from ingest.parse.entry import Hints
from ingest.parse.items import ParsedFeed, Source
from ingest.parse.reading import LARGEST, Body, NeedsTolerance, read
from ingest.parse.sandbox import Sandbox
from schemas.item import Feed

__all__ = ["LARGEST", "Body", "Hints", "ParsedFeed", "Sandbox", "Source", "parse", "parse_here"]

SMALL = 256_000
"""Bytes that are read on the spot: a few milliseconds at most."""


@cache
def _shared_sandbox() -> Sandbox:
    return Sandbox()


def parse_here(body: Body, source: Source) -> ParsedFeed | None:
    """The feed, if it is small and well-formed enough to be read on the spot; None when it needs the worker.

    Raises `Unreadable` for what is no feed.
    """
    if len(body.bytes) > SMALL:
        return None
    try:
        return read(body, source)
    except NeedsTolerance:
        return None


def parse(
    body: bytes, *, url: str | None = None, content_type: str | None = None, charset: str | None = None,
    feed: Feed | None = None, now: datetime | None = None, trust_guids: bool = True, sandbox: Sandbox | None = None,
) -> ParsedFeed:  # fmt: skip
    """The feed in a document, whatever its quality: synchronous, at most ten seconds, bounded memory.

    `url` is where it came from, `feed` its settings, `now` the time it was fetched (later dates are not believed).
    Raises `Unreadable` with a sentence for people.
    """
    document = Body(body, content_type, charset or (feed.charset if feed else None))
    source = Source(url or (feed.url if feed else None), feed, now, trust_guids)
    found = parse_here(document, source)
    return found if found is not None else (sandbox or _shared_sandbox()).read(document, source)
