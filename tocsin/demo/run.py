"""The demo: a fresh configuration for the sample wire, the daemon over it, and the check that it rang as it must."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path

from schemas.alert import Alert, Outcome, Receipt
from schemas.codec import decode_as
from schemas.settings import FeedSettings
from schemas.story import Change
from schemas.topics import ALERTS, CHANGES, RECEIPTS
from tocsin.config import Config, load_config
from tocsin.demo.server import WireServer
from tocsin.demo.wire import Wire, WireItem
from tocsin.log.port import Log

START = 30.0
"""Seconds a daemon may take to look at every feed; a Kafka on a busy laptop makes its topics in some ten."""


def write_config(directory: Path) -> None:
    """The demo's configuration, into an empty directory."""
    for name in ("tocsin.yaml", "subscriptions/samples.yaml"):
        target = directory / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(resources.files("tocsin.demo").joinpath("config", name).read_bytes())


def demo_config(directory: Path, server: WireServer, listen: str) -> Config:
    """The written configuration with the wire's feeds, looked at every second."""
    config = load_config(directory)
    feeds = tuple(
        FeedSettings(url=server.feed_url(name), publisher=feed.publisher, lang=feed.lang, trust=2, max_delay=1.0)
        for name, feed in server.wire.feeds.items()
    )
    desk = config.settings.desk.model_copy(update={"listen": listen})
    return replace(config, feeds=feeds, settings=config.settings.model_copy(update={"desk": desk}))


@dataclass(frozen=True, slots=True)
class Seen:
    """What the log says happened: each wire item's story, and what was sent for which story by which subscription."""

    stories: Mapping[str, str] = field(default_factory=dict)
    """Wire item id → story id."""
    rang: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Story id → subscriptions it was sent for."""


async def look(log: Log) -> Seen:
    """Read the log's history, against the stream: what caused a receipt is there by the time it is looked for."""
    receipts = [decode_as(record, Receipt) async for record in log.history(RECEIPTS)]
    alerts = {alert.id: alert async for alert in _alerts(log)}
    stories: dict[str, str] = {}
    async for record in log.history(CHANGES):
        change = decode_as(record, Change)
        stories[(change.report.url or "").rpartition("/")[2]] = change.story.id
    rang: dict[str, frozenset[str]] = {}
    for receipt in receipts:
        alert = alerts.get(receipt.alert)
        if receipt.outcome is Outcome.SENT and alert is not None:
            names = frozenset(match.subscription for match in alert.matches)
            rang[receipt.story] = rang.get(receipt.story, frozenset()) | names
    return Seen(stories, rang)


async def _alerts(log: Log) -> AsyncIterator[Alert]:
    async for record in log.history(ALERTS):
        yield decode_as(record, Alert)


def missing(wire: Wire, seen: Seen) -> Iterator[str]:
    """What has not happened yet, in words."""
    for item in wire.items:
        story = seen.stories.get(item.id)
        if story is None:
            yield f"{item.id} has no story yet"
        elif item.rings is not None and item.rings not in seen.rang.get(story, ()):
            yield f"{item.id} did not ring for {item.rings}"


def wrong(wire: Wire, seen: Seen) -> Iterator[str]:
    """What must not have happened, in words."""
    told = {item.joins or item.id for item in wire.items if item.rings or item.joins}
    loud = {seen.stories[id] for id in told if id in seen.stories}
    for item in wire.items:
        story = seen.stories.get(item.id)
        if story is None:
            continue
        if (item.quiet or item.before) and story in seen.rang and not _shares(item, story, loud):
            yield f"{item.id} rang for {', '.join(sorted(seen.rang[story]))}, and must not"
        if item.quiet and story in loud:
            yield f"{item.id} joined a story it does not belong to"
        if item.joins is not None and story != seen.stories.get(item.joins):
            yield f"{item.id} is not in the story of {item.joins}"


def _shares(item: WireItem, story: str, loud: set[str]) -> bool:
    """An old item may lie in the story of a live one; that one may ring."""
    return item.before and story in loud


async def verdict(server: WireServer, log: Log, patience: float) -> list[str]:
    """Wait for all that must ring, `patience` seconds after the last item at most; what is wrong, if anything."""
    wire = server.wire
    try:
        async with asyncio.timeout(START + patience):
            await server.looked.wait()
    except TimeoutError:
        return [f"not every feed was looked at within {START + patience:.0f} seconds"]
    last = max(item.after for item in wire.items)
    deadline = asyncio.get_running_loop().time() + last + patience
    while True:
        seen = await look(log)
        faults = list(wrong(wire, seen))
        still = list(missing(wire, seen))
        if faults or not still or asyncio.get_running_loop().time() > deadline:
            return [*faults, *still]
        await asyncio.sleep(0.5)
