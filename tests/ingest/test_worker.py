"""The worker on a real web server and a real log: each item arrives once, whatever happens in between."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest
from pydantic import SecretStr

from alert.notices import notice
from ingest import memory
from ingest.guard import GuardedHttp
from ingest.options import Sleep
from ingest.state import Policy
from ingest.worker import IngestWorker, Options
from schemas.alert import Alert
from schemas.codec import decode_as
from schemas.item import Feed, Item
from schemas.ports import Runtime, Task
from schemas.topics import ALERTS, FEEDS, ITEMS
from tests.ingest.feeds import paper
from tests.servers.http import FeedServer, status
from tocsin.log import StageSpec
from tocsin.log.memory import MemoryLog, Vault

SPEC = StageSpec("ingest", (FEEDS,))
OWN = Policy(quick={"127.0.0.1": 0.02})


class WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class Bench:
    """A log with feeds in it, and workers that come and go."""

    def __init__(self, server: FeedServer, vault: Vault | None = None) -> None:
        self.server, self.vault = server, vault or Vault(partitions=1)
        self.log = MemoryLog(WallClock(), self.vault)
        self.options = Options(policy=OWN, budget=1000)
        self.sleep: Sleep = asyncio.sleep

    async def configure(self, *feeds: Feed) -> None:
        async with self.log.unit(Task("configuration")) as unit:
            for feed in feeds:
                unit.emit(FEEDS, f"127.0.0.1 {feed.url}", feed)

    def items(self) -> list[Item]:
        return [decode_as(record, Item) for record in self.vault.records[ITEMS.name, 0]]

    def told(self) -> list[str]:
        return [
            f"{item.kind} {item.title.split()[2]}{'' if item.alertable else ' (back-fill)'}" for item in self.items()
        ]

    @asynccontextmanager
    async def working(self) -> AsyncIterator[IngestWorker]:
        """A worker at work; on leaving it is killed as a crash would, without a farewell."""
        async with GuardedHttp(allow_private=["127.0.0.1"]) as http:
            worker = IngestWorker(http, WallClock(), self.options, sleep=self.sleep)

            async def work(task: Task, runtime: Runtime) -> None:
                await worker.run(task, runtime)

            running = asyncio.create_task(self.log.run_stage(SPEC, work))
            try:
                yield worker
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
                worker.close()

    async def until(self, done: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not done():  # noqa: ASYNC110  a log and a server in a thread know no events
                await asyncio.sleep(0.005)

    async def looks(self, more: int, path: str = "/feed") -> None:
        """Wait until the feed was looked at so many times more, and those looks are written."""
        seen = len(self.server.requests_of(path))
        await self.until(lambda: len(self.server.requests_of(path)) >= seen + more + 1)


@pytest.fixture
def bench(feed_server: FeedServer) -> Bench:
    return Bench(feed_server)


async def test_the_first_sight_never_rings_and_what_comes_later_does(bench: Bench) -> None:
    url = bench.server.put("/feed", paper([1, 2]))
    await bench.configure(Feed(url=url, publisher="Example"))
    async with bench.working():
        await bench.until(lambda: len(bench.items()) == 2)
        bench.server.put("/feed", paper([3, 1, 2]))
        await bench.until(lambda: len(bench.items()) == 3)
    assert bench.told() == ["new 1 (back-fill)", "new 2 (back-fill)", "new 3"]
    assert {item.source for item in bench.items()} == {"Example"}
    assert all(item.fetched and item.feed == url for item in bench.items())


async def test_the_first_item_of_a_feed_that_was_empty_rings(bench: Bench) -> None:
    await bench.configure(Feed(url=bench.server.put("/feed", paper([]))))
    async with bench.working():
        await bench.looks(1)
        bench.server.put("/feed", paper([1]))
        await bench.until(lambda: len(bench.items()) == 1)
    assert bench.told() == ["new 1"]


async def test_a_restart_repeats_nothing_and_loses_nothing(bench: Bench) -> None:
    await bench.configure(Feed(url=bench.server.put("/feed", paper([1]))))
    async with bench.working():
        await bench.until(lambda: len(bench.items()) == 1)
    bench.server.put("/feed", paper([2, 1]))
    bench.log = MemoryLog(WallClock(), bench.vault)
    async with bench.working():
        await bench.until(lambda: len(bench.items()) == 2)
        await bench.looks(2)
    assert bench.told() == ["new 1 (back-fill)", "new 2"]


async def test_an_unchanged_feed_is_asked_conditionally(bench: Bench) -> None:
    await bench.configure(Feed(url=bench.server.put("/feed", paper([1]))))
    async with bench.working():
        await bench.looks(3)
    assert [seen.status for seen in bench.server.requests_of("/feed")][:3] == [200, 304, 304]


async def test_a_failing_feed_harms_no_other(bench: Bench) -> None:
    broken, good = bench.server.url("/broken"), bench.server.put("/feed", paper([1]))
    bench.server.put("/page", "<html><body>Please sign in</body></html>")
    await bench.configure(Feed(url=broken), Feed(url=bench.server.url("/page")), Feed(url=good))
    async with bench.working() as worker:
        await bench.looks(2)
        await bench.until(lambda: worker.conditions() == {"failing": 1, "poisoned": 1, "healthy": 1})
    assert bench.told() == ["new 1 (back-fill)"]


async def test_a_feed_taken_out_of_the_configuration_is_left_alone(bench: Bench) -> None:
    url = bench.server.put("/feed", paper([1]))
    await bench.configure(Feed(url=url))
    async with bench.working() as worker:
        await bench.looks(1)
        async with bench.log.unit(Task("configuration")) as unit:
            unit.emit(FEEDS, f"127.0.0.1 {url}", None)
        await bench.until(lambda: not worker.conditions())
        looked = len(bench.server.requests_of("/feed"))
        await asyncio.sleep(0.1)
        assert len(bench.server.requests_of("/feed")) <= looked + 1


async def test_credentials_go_to_the_feed_and_nowhere_else(bench: Bench) -> None:
    url = bench.server.put("/feed", paper([1]))
    bench.options = Options(policy=OWN, auth={url: {"bearer": SecretStr("s3cret")}})
    await bench.configure(Feed(url=url), Feed(url=bench.server.put("/other", paper([2]))))
    async with bench.working():
        await bench.looks(1)
        await bench.looks(1, "/other")
    assert bench.server.requests_of("/feed")[0].headers["authorization"] == "Bearer s3cret"
    assert "authorization" not in bench.server.requests_of("/other")[0].headers
    assert "s3cret" not in repr(bench.vault) + repr(bench.options)


async def test_a_host_that_is_busy_is_left_alone_with_all_its_feeds(bench: Bench) -> None:
    bench.server.script("/feed", [status(429, retry_after=600)])
    await bench.configure(Feed(url=bench.server.put("/feed", paper([1]))))
    async with bench.working():
        await bench.until(lambda: len(bench.server.requests) == 1)
        await asyncio.sleep(0.05)
        await bench.configure(Feed(url=bench.server.put("/other", paper([2]))))
        await asyncio.sleep(0.2)
    assert len(bench.server.requests) == 1


async def test_the_article_follows_as_an_update_where_the_feed_asks_for_it(bench: Bench) -> None:
    words = "".join(
        f"<p>Paragraph {n} says that soldiers came to the town and that nobody knows why.</p>" for n in range(9)
    )
    page = f"<html><body><nav>menu</nav><article><h1>Big story</h1>{words}</article></body></html>"
    bench.server.put("/2026/story-2", page, content_type="text/html")
    bench.server.put("/robots.txt", "User-agent: *\nDisallow: /private\n", content_type="text/plain")
    await bench.configure(Feed(url=bench.server.put("/feed", paper([1])), full_text=True))
    async with bench.working():
        await bench.until(lambda: len(bench.items()) == 1)
        bench.server.put("/feed", paper([2, 1]).replace("https://example.org", bench.server.url("")))
        await bench.until(lambda: len(bench.items()) == 3)
    first, later = bench.items()[1:]
    assert (later.id, later.kind) == (first.id, "update")
    assert "Paragraph 8 says" in later.text
    assert "menu" not in later.text


async def test_the_article_follows_where_a_subscription_asks_for_it(bench: Bench) -> None:
    bench.options = replace(bench.options, wants_article=lambda item: "number 2" in item.title)
    await bench.configure(Feed(url=bench.server.put("/feed", paper([1]))))
    async with bench.working():
        await bench.until(lambda: len(bench.items()) == 1)
        bench.server.put("/feed", paper([3, 2, 1]).replace("https://example.org", bench.server.url("")))
        await bench.until(lambda: bool(bench.server.requests_of("/2026/story-2")))
    assert not bench.server.requests_of("/2026/story-3")


async def test_an_article_still_to_be_fetched_is_fetched_after_a_restart(bench: Bench) -> None:
    await bench.configure(Feed(url=bench.server.put("/feed", paper([1]))))
    item = Item(id="x", url=bench.server.url("/page"), feed=bench.server.url("/feed"))
    async with bench.log.unit(Task("ingest")) as unit:
        memory.want(unit, item)
    async with bench.working():
        await bench.until(lambda: bool(bench.server.requests_of("/page")))


@pytest.mark.parametrize("store", ["excerpt", "link"])
async def test_no_more_is_kept_than_may_be(bench: Bench, store: str) -> None:
    await bench.configure(Feed.model_validate({"url": bench.server.put("/feed", paper([1])), "store": store}))
    async with bench.working():
        await bench.until(lambda: len(bench.items()) == 1)
    assert bench.items()[0].text == ("" if store == "link" else "Something happened.")
    assert ALERTS.name not in {topic for topic, _ in bench.vault.records}


async def test_the_metrics_hear_of_every_item_and_of_how_feeds_are(bench: Bench) -> None:
    items, counts = list[Item](), list[dict[str, int]]()
    bench.options = Options(policy=OWN, on_item=items.append, on_feeds=lambda found: counts.append(dict(found)))
    await bench.configure(Feed(url=bench.server.put("/feed", paper([1, 2]))))
    async with bench.working():
        await bench.until(lambda: len(items) == 2)
    assert items == bench.items()
    assert counts


async def test_the_operator_hears_of_a_feed_that_is_gone(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.round._EXAMINE_EVERY", 0.05)
    bench.options = Options(policy=OWN, notice=partial(notice, "desk"))
    bench.server.script("/feed", [status(410)] * 50)
    await bench.configure(Feed(url=bench.server.url("/feed")))
    async with bench.working():
        await bench.until(lambda: bool(bench.vault.records[ALERTS.name, 0]))
    (record,) = bench.vault.records[ALERTS.name, 0]
    alert = decode_as(record, Alert)
    assert (alert.destination, alert.story.headline) == ("desk", "A feed is gone: 410: gone for good, says the server")


async def test_while_what_was_fetched_piles_up_no_feed_is_looked_at(bench: Bench) -> None:
    reasons = ["understand is far behind"]
    naps = list[float]()

    async def nap(seconds: float) -> None:
        if not reasons[0] or seconds > 1.0:
            await asyncio.sleep(seconds)
            return
        naps.append(seconds)
        if len(naps) == 3:
            assert not bench.server.requests_of("/feed")
            reasons[0] = ""

    await bench.configure(Feed(url=bench.server.put("/feed", paper([1]))))
    bench.options = Options(policy=OWN, budget=1000, crowded=lambda: reasons[0])
    bench.sleep = nap
    async with bench.working():
        await bench.until(lambda: len(bench.items()) == 1)
    assert len(naps) == 3
