"""The killable worker: bounded in time and memory, replaced when it is used up, and never left behind."""

import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from ingest.parse import Body, Sandbox, Source, sandbox
from ingest.parse.reading import read
from schemas.errors import Unreadable
from schemas.item import Feed
from tests.ingest.feeds import rss, story

LOOSE = "<p>loose"


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    found = Sandbox()
    yield found
    found.close()


def pids(box: Sandbox) -> list[int]:
    return [worker._child.pid for worker in box._started]


def test_a_document_read_in_the_worker_is_the_same_as_one_read_here(box: Sandbox) -> None:
    feed = Feed(url="https://e.org/rss", publisher="E", trust=2, lang="ar", category="c")
    source = Source("https://e.org/rss", feed, datetime(2026, 1, 6, tzinfo=UTC))
    body = rss(
        story(1), story(2, date="Mon, 01 Jan 2035 00:00:00 GMT"), channel="<title>T</title><ttl>5</ttl>"
    ).encode()

    assert box.read(Body(body, "text/xml"), source) == read(Body(body, "text/xml"), source)


def test_errors_come_back_as_errors(box: Sandbox) -> None:
    with pytest.raises(Unreadable, match="web page"):
        box.read(Body(b"<html>"), Source())


def test_one_worker_serves_many_documents(box: Sandbox) -> None:
    box.read(Body(rss(LOOSE).encode()), Source())
    before = pids(box)
    box.read(Body(rss(LOOSE).encode()), Source())
    assert pids(box) == before


def test_a_worker_that_was_killed_is_replaced(box: Sandbox) -> None:
    box.read(Body(b"<rss/>"), Source())
    os.kill(pids(box)[0], signal.SIGKILL)
    box._started.copy().pop()._child.wait()
    assert box.read(Body(rss(story(1)).encode()), Source()).items


def test_a_document_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "SECONDS", 0.01)
    box = Sandbox()
    with pytest.raises(Unreadable, match="longer than"):
        box.read(Body(rss(LOOSE).encode()), Source())
    assert pids(box) == []
    monkeypatch.setattr(sandbox, "SECONDS", 8.0)
    assert box.read(Body(rss(story(1)).encode()), Source()).items
    box.close()


def test_a_document_that_takes_too_much_memory_is_given_up(box: Sandbox) -> None:
    body = rss("<title>x</title>" + "<p><b>loose " * 700_000).encode()
    with pytest.raises(Unreadable, match=r"memory|time|longer"):
        box.read(Body(body), Source())


def test_a_worker_that_has_read_enough_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "MOST_DOCUMENTS", 1)
    box = Sandbox()
    box.read(Body(b"<rss/>"), Source())
    first = pids(box)
    box.read(Body(b"<rss/>"), Source())
    assert pids(box) != first
    box.close()
    assert pids(box) == []


def test_the_worker_sees_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "secret")
    assert "SLACK_BOT_TOKEN" not in sandbox._environment()
