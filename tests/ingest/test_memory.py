"""The feeds' memory in a task's state."""

from ingest import memory
from ingest.newness import Mark
from ingest.state import Watch
from schemas.item import Feed
from schemas.ports import Task
from tests.log.clocks import SetClock
from tocsin.log.memory import MemoryLog

DAY = 86400.0


async def test_what_was_kept_is_found_again_and_feeds_do_not_share_it() -> None:
    async with MemoryLog(SetClock()).unit(Task("t")) as unit:
        unit.put(memory.feed_key("a"), Feed(url="a").model_dump(mode="json"))
        memory.keep(unit, Watch("a", fails=2))
        memory.remember(unit, "a", {"name": Mark("id", "s", 7, 1.5), "other": Mark("id", day=7)})
        assert [feed.url for feed in memory.feeds(unit)] == ["a"]
        assert memory.watch(unit, "a").fails == 2
        assert memory.watch(unit, "b") == Watch("b")
        assert list(memory.watches(unit)) == [Watch("a", fails=2)]
        assert memory.known(unit, "a")("name") == Mark("id", "s", 7, 1.5)
        assert memory.known(unit, "a")("other") == Mark("id", day=7)
        assert memory.known(unit, "b")("name") is None


async def test_names_not_seen_for_long_are_forgotten_once_a_day() -> None:
    async with MemoryLog(SetClock()).unit(Task("t")) as unit:
        memory.remember(unit, "a", {"old": Mark("1", day=100), "new": Mark("2", day=150)})
        memory.remember(unit, "b", {"old": Mark("1", day=100)})
        watch = memory.sweep(unit, Watch("a"), 161 * DAY)
        assert watch.swept == 161
        assert memory.known(unit, "a")("old") is None
        assert memory.known(unit, "a")("new")
        assert memory.known(unit, "b")("old")
        memory.remember(unit, "a", {"old": Mark("1", day=100)})
        assert memory.sweep(unit, watch, 161 * DAY) is watch
        assert memory.known(unit, "a")("old")
