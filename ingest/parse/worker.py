"""The child side of the sandbox: reads documents from standard input, answers with a line of JSON each.

It bounds itself before it reads anything: private memory, CPU time for each document, no core files, no new files.
"""

import json
import resource
import signal
import sys
from datetime import datetime
from typing import BinaryIO

from pydantic import ValidationError

from ingest.parse import html
from ingest.parse.items import MOST_TEXT, Source
from ingest.parse.reading import Body, read_tolerantly, text_of
from ingest.parse.sandbox import packed
from schemas.errors import Unreadable
from schemas.item import Feed

MEMORY = 170_000_000
"""Bytes of private memory (RLIMIT_DATA), interpreter included: with the parent, below 256 MB."""
CPU_SECONDS = 5


def confine() -> None:
    """Bound this process; what crosses a bound ends the process, and the parent says so."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer


def allow_cpu(seconds: int) -> None:
    """From now on so many seconds of CPU; an orphan in an endless loop ends by itself."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def answer(job: dict[str, object], body: bytes) -> dict[str, object]:
    """What the document holds, or `{"error": …}`."""
    feed, now = job.get("feed"), job.get("now")
    content_type, charset, url = job.get("content_type"), job.get("charset"), job.get("url")
    source = Source(
        url=str(url) if url else None,
        feed=Feed.model_validate(feed) if feed else None,
        now=datetime.fromisoformat(str(now)) if now else None,
        trust_guids=bool(job.get("trust_guids", True)),
    )
    document = Body(body, str(content_type) if content_type else None, str(charset) if charset else None)
    try:
        if job.get("task") == "article":
            return {"text": article(document, source.url)}
        return packed(read_tolerantly(document, source))
    except Unreadable as error:
        return {"error": str(error)}
    except (MemoryError, RecursionError):
        return {"error": "reading the document took more memory than a feed may"}
    except (ValidationError, ValueError, TypeError, LookupError, AttributeError) as error:
        return {"error": f"the readers failed on this document: {type(error).__name__}"}


def article(document: Body, url: str | None) -> str:
    """The text of the article in a page, without what surrounds it."""
    from trafilatura import extract  # a second to load; only feeds with full_text need it

    found = extract(text_of(document)[0], url=url, fast=True, include_comments=False, deduplicate=False)
    return html.tidy(found or "")[:MOST_TEXT]


def serve(inbox: BinaryIO, outbox: BinaryIO) -> None:
    """Answer until the parent hangs up."""
    while sizes := inbox.readline():
        job_size, body_size = map(int, sizes.split())
        job, body = json.loads(inbox.read(job_size)), inbox.read(body_size)
        allow_cpu(CPU_SECONDS)
        outbox.write(json.dumps(answer(job, body)).encode() + b"\n")
        outbox.flush()


if __name__ == "__main__":
    confine()
    serve(sys.stdin.buffer, sys.stdout.buffer)
