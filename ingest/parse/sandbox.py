"""The killable worker: documents that are large or ill-formed are read in a process of their own.

The worker bounds its own memory and CPU time (`ingest/parse/worker.py`); this side bounds the wall clock and replaces
a worker that was killed, died, or has read enough. Messages are one line of JSON, a length, and the body.
"""

import asyncio
import atexit
import json
import os
import queue
import select
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from ingest.parse.entry import Hints
from ingest.parse.items import ParsedFeed, Source
from ingest.parse.reading import Body
from schemas.errors import Unreadable
from schemas.item import Item

SECONDS = 6.5
"""Wall clock for one document: with start-up below ten seconds, even on a busy machine; CPU is bounded tighter."""
MOST_DOCUMENTS = 500
"""A worker is replaced after so many, because feedparser's memory only grows."""


class _Died(Exception):
    """The worker ended in mid-document: out of memory or CPU time."""


class _Worker:
    """One child process, one document at a time."""

    def __init__(self) -> None:
        root = str(Path(__file__).parents[2])
        self._child = subprocess.Popen(
            [sys.executable, "-m", "ingest.parse.worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, bufsize=0, close_fds=True,
            env={**_environment(), "PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))},
        )  # fmt: skip
        self._inbox, self._outbox = cast(IO[bytes], self._child.stdin), cast(IO[bytes], self._child.stdout)
        self.read = 0

    @property
    def usable(self) -> bool:
        return self._child.poll() is None and self.read < MOST_DOCUMENTS

    def ask(self, job: bytes, body: bytes, deadline: float) -> dict[str, object]:
        """The worker's answer. Raises `_Died`, or TimeoutError at the deadline; the worker is then of no more use."""
        self.read += 1
        try:
            self._send(self._inbox.fileno(), b"%d %d\n" % (len(job), len(body)) + job + body, deadline)
            return self._receive(self._outbox.fileno(), deadline)
        except (BrokenPipeError, ConnectionError, ValueError) as error:
            raise _Died(str(error)) from error

    def _send(self, pipe: int, message: bytes, deadline: float) -> None:
        os.set_blocking(pipe, False)
        view = memoryview(message)
        while view:
            if not select.select((), (pipe,), (), max(deadline - time.monotonic(), 0))[1]:
                raise TimeoutError
            view = view[os.write(pipe, view) :]

    def _receive(self, pipe: int, deadline: float) -> dict[str, object]:
        answer = bytearray()
        while not answer.endswith(b"\n"):
            if not select.select((pipe,), (), (), max(deadline - time.monotonic(), 0))[0]:
                raise TimeoutError
            piece = os.read(pipe, 1 << 20)
            if not piece:
                raise _Died("the worker ended")
            answer += piece
        found = json.loads(answer)
        if not isinstance(found, dict):
            raise _Died("the worker answered nonsense")
        return found

    def end(self) -> None:
        self._child.kill()
        self._child.wait()
        self._inbox.close()
        self._outbox.close()


def _environment() -> dict[str, str]:
    """Of our environment only what Python needs: the worker has no business with secrets."""
    kept = ("PATH", "LANG", "LC_ALL", "VIRTUAL_ENV", "HOME", "TMPDIR")
    return {key: os.environ[key] for key in kept if key in os.environ}


class Sandbox:
    """A few workers, started when first needed. Thread-safe; `close` (or the end of the program) ends them."""

    def __init__(self, workers: int = 1) -> None:
        self._idle: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        for _ in range(workers):
            self._idle.put(None)
        self._lock = threading.Lock()
        self._started: set[_Worker] = set()
        self._threads = ThreadPoolExecutor(workers, "sandbox")
        atexit.register(self.close)

    @contextmanager
    def _worker(self) -> Iterator[_Worker]:
        worker = self._idle.get()
        if worker is not None and not worker.usable:
            self._end(worker)
            worker = None
        if worker is None:
            worker = _Worker()
            with self._lock:
                self._started.add(worker)
        kept: _Worker | None = worker
        try:
            yield worker
        except BaseException:
            self._end(worker)
            kept = None
            raise
        finally:
            self._idle.put(kept)

    def _end(self, worker: _Worker) -> None:
        with self._lock:
            self._started.discard(worker)
        worker.end()

    def read(self, body: Body, source: Source) -> ParsedFeed:
        """The feed in a document, read in the worker. Raises `Unreadable`; never takes longer than the clock allows."""
        job: dict[str, object] = {
            "content_type": body.content_type, "charset": body.charset, "url": source.url,
            "feed": source.feed.model_dump(mode="json") if source.feed else None,
            "now": source.now.isoformat() if source.now else None, "trust_guids": source.trust_guids,
        }  # fmt: skip
        return parsed(self._asked(job, body))

    async def read_aside(self, body: Body, source: Source) -> ParsedFeed:
        """`read`, awaited. Who waits for a worker waits in line, and holds none of the loop's own threads."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.read, body, source)

    async def extract_aside(self, body: Body, url: str) -> str:
        """`extract`, awaited alike."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.extract, body, url)

    def extract(self, body: Body, url: str) -> str:
        """The text of an article in a web page. Raises `Unreadable` where there is none."""
        job: dict[str, object] = {
            "task": "article",
            "content_type": body.content_type,
            "charset": body.charset,
            "url": url,
        }
        return str(self._asked(job, body).get("text") or "")

    def _asked(self, job: dict[str, object], body: Body) -> dict[str, object]:
        """A worker's answer. Raises `Unreadable` when it has none."""
        try:
            with self._worker() as worker:
                return _good(worker.ask(json.dumps(job).encode(), body.bytes, time.monotonic() + SECONDS))
        except TimeoutError as error:
            raise Unreadable(f"reading the document took longer than {SECONDS:.0f} seconds") from error
        except _Died as error:
            raise Unreadable("reading the document took more memory or time than a feed may") from error

    def close(self) -> None:
        """End every worker."""
        with self._lock:
            started, self._started = self._started, set()
        for worker in started:
            worker.end()
        self._threads.shutdown(wait=False)
        atexit.unregister(self.close)


def _good(answer: dict[str, object]) -> dict[str, object]:
    if "error" in answer:
        raise Unreadable(str(answer["error"]))
    return answer


def packed(feed: ParsedFeed) -> dict[str, object]:
    """A parsed feed as JSON."""
    return {
        "items": [item.model_dump(mode="json", exclude_defaults=True) for item in feed.items],
        "title": feed.title, "site": feed.site, "lang": feed.lang, "format": feed.format, "reader": feed.reader,
        "charset": feed.charset, "shared_guids": feed.shared_guids,
        "hints": [feed.hints.ttl, feed.hints.period, sorted(feed.hints.skip_hours), sorted(feed.hints.skip_days)],
    }  # fmt: skip


def parsed(answer: dict[str, object]) -> ParsedFeed:
    """A parsed feed from the worker's JSON."""
    fields: dict[str, Any] = dict(answer)
    found = fields.pop("items")
    ttl, period, hours, days = fields.pop("hints")
    return ParsedFeed(
        items=tuple(Item.model_validate(item) for item in found),
        hints=Hints(ttl, period, frozenset(hours), frozenset(days)),
        **fields,
    )
