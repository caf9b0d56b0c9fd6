"""The feeds topic says what the configuration says; a broken file keeps the old set."""

from datetime import UTC, datetime
from pathlib import Path

from schemas.codec import decode_as
from schemas.item import Feed
from schemas.settings import FeedSettings
from schemas.topics import FEEDS
from tests.alert.world import subscriptions
from tocsin.daemon import publish_feeds, stamp
from tocsin.log.memory import MemoryLog


class Noon:
    def now(self) -> datetime:
        return datetime(2026, 3, 1, 12, tzinfo=UTC)


def feed(url: str, **rest: object) -> FeedSettings:
    return FeedSettings.model_validate({"url": url, **rest})


async def published(log: MemoryLog) -> dict[str, Feed]:
    return {record.key: decode_as(record, Feed) async for record in log.history(FEEDS)}


async def test_a_feed_is_published_once_changed_and_taken_back() -> None:
    log = MemoryLog(Noon())
    await log.open()
    await publish_feeds(log, [feed("https://a.example/x"), feed("https://a.example/y")])
    await publish_feeds(log, [feed("https://a.example/x", trust=3)])
    assert {key: found.trust for key, found in (await published(log)).items()} == {"a.example https://a.example/x": 3}


async def test_credentials_never_travel() -> None:
    log = MemoryLog(Noon())
    await log.open()
    await publish_feeds(log, [feed("https://a.example/x", auth={"bearer": "s3cret"})])
    assert [b"s3cret" in (record.value or b"") async for record in log.history(FEEDS)] == [False]


def test_a_list_is_watched_wherever_it_is_kept(tmp_path: Path) -> None:
    wanted = subscriptions(
        "subscriptions: [{id: a, match: text:in(@x), lists: {x: words/x.txt}}]", read_list=lambda name: "film"
    )
    (tmp_path / "words").mkdir()
    before = stamp(tmp_path, wanted)
    (tmp_path / "words" / "x.txt").write_text("film")
    there = stamp(tmp_path, wanted)
    assert before != there
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "new.txt").write_text("a list that nobody names yet")
    assert there != stamp(tmp_path, wanted)
