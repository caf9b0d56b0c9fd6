"""From what a server sent to what could be read of it, off the event loop where that takes long."""

from datetime import datetime

from ingest.fetch import Seen
from ingest.looks import Look
from ingest.parse import Body, Sandbox, Source, parse_here
from ingest.state import Watch
from schemas.errors import Unreadable
from schemas.item import Feed


async def read(watch: Watch, feed: Feed, seen: Seen, sandbox: Sandbox, now: datetime) -> Look:
    """The look that ended so: the document on the spot if it is small and well-formed, else by the sandbox."""
    if seen.what != "body" or (seen.body_hash == watch.body_hash and watch.seeded):
        return Look(watch.url, seen)
    body, source = Body(seen.body, seen.content_type, feed.charset), Source(seen.url, feed, now, watch.trust_guids)
    try:
        return Look(watch.url, seen, parsed=parse_here(body, source) or await sandbox.read_aside(body, source))
    except Unreadable as error:
        return Look(watch.url, seen, trouble=str(error))
