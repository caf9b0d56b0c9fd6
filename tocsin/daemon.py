"""The daemon: the stages of a house, and the duties beside them (feeds, web face, reload, sampling, heartbeat)."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import structlog

from alert.delivery.carrier import Restored
from alert.subscriptions import SubscriptionSet
from schemas.codec import decode_as
from schemas.errors import ConfigError, LogError, TocsinError
from schemas.item import Feed
from schemas.ports import Task, Unit
from schemas.settings import Canary, FeedSettings
from schemas.topics import FEEDS, RECEIPTS
from tocsin import web
from tocsin.app import House, compile_subscriptions
from tocsin.canary import Watcher, expected
from tocsin.config import load_config
from tocsin.desk.app import build
from tocsin.expecting import expecting, weighing
from tocsin.health import State
from tocsin.log.append import append
from tocsin.log.port import Log
from tocsin.operate import remember
from tocsin.runner import run
from tocsin.steady import settle

log = structlog.get_logger()

SAMPLE = 5.0
"""Seconds between two looks at lag and feeds."""
RELOAD = 2.0
"""Seconds between two looks at the configuration files."""
BEAT = 60.0
"""Seconds between two heartbeats."""


def feed_of(settings: FeedSettings) -> Feed:
    """The feed as it travels: without its credentials."""
    return Feed.model_validate(settings.model_dump(exclude={"auth"}))


def feed_key(url: str) -> str:
    """`host url`: routed by host, compacted by feed."""
    return f"{urlsplit(url).hostname or ''} {url}"


async def publish_feeds(log_: Log, feeds: Sequence[FeedSettings]) -> None:
    """Make the feeds topic say what the configuration says: new and changed feeds, tombstones for what is gone."""
    wanted = {feed_key(feed.url): feed_of(feed) for feed in feeds}
    known = {record.key: decode_as(record, Feed) async for record in log_.history(FEEDS)}

    def write(unit: Unit) -> None:
        for key, feed in wanted.items():
            if known.get(key) != feed:
                unit.emit(FEEDS, key, feed)
        for key in known.keys() - wanted.keys():
            unit.emit(FEEDS, key, None)

    await append(log_, Task("configuration"), write)


async def minding_a_restore(house: House, *, declared: bool = False) -> House:
    """The house, told when its log came back from a backup: then nothing is sent that may stand there already.

    A log with fewer receipts than were written tells it by itself; else a person declares it.
    """
    receipts = [record async for record in house.log.history(RECEIPTS, newest_first=True, limit=1)]
    last = receipts[0].timestamp if receipts else None
    written = await house.log.written(RECEIPTS)
    recall = partial(remember.restored, house.config.state, written, last, house.clock.now(), declared=declared)
    span = await asyncio.to_thread(recall)
    if span is None:
        return house
    detail = f"it knows nothing of what was told after {span[0]:%Y-%m-%d %H:%M}; messages are looked for first"
    log.warning("log_restored_from_a_backup", detail=detail)
    house.health.set("restored", State.DEGRADED, detail)
    return replace(house, restored=Restored(*span))


async def run_daemon(house: House, stages: Sequence[str], stop: asyncio.Event, *, started: Callable[[], None]) -> None:
    """Run until `stop`. `stages` may name `desk` too. Raises the first error that is not a record's fault."""
    named = tuple(name for name in stages if name != "desk")
    duties: list[Awaitable[None]] = [_sampling(house), _reloading(house)]
    if "ingest" in named:
        await publish_feeds(house.log, house.config.feeds)
    if "match" in named:
        duties.append(weighing(house))
    if "deliver" in named:
        duties.append(expecting(house))
        duties.extend(ear.run() for ear in house.ears())
        if house.config.settings.canary is not None:
            duties.append(_canary(house, house.config.settings.canary).run())
    if house.config.settings.heartbeat:
        duties.append(_beating(house, house.config.settings.heartbeat))
    house.health.set("log", State.OK)
    settle()
    if "desk" not in stages:
        started()
        await run(house.log, house.stages(named), duties, stop)
        return
    host, _, port = house.config.settings.desk.listen.rpartition(":")
    async with web.serving(build(house.face()), web.bind(host, int(port))) as port_:
        log.info("desk", url=f"http://{host}:{port_}")
        started()
        await run(house.log, house.stages(named), duties, stop)


def _canary(house: House, settings: Canary) -> Watcher:
    return Watcher(
        house.log, house.push, house.clock, house.health, house.metrics, settings, expected(house.config.settings)
    )


async def _sampling(house: House) -> None:
    """Every few seconds, a look at the log; one that is out of reach is red, and looked at again."""
    while True:
        try:
            await _sample(house)
        except (LogError, OSError) as error:  # the latter where the disk of the state directory is full
            house.health.set("log", State.STOPPED, str(error))
            log.warning("log_not_sampled", reason=str(error))
        await asyncio.sleep(SAMPLE)


async def _sample(house: House) -> None:
    """Lag of every stage into the metrics and the back-pressure; how far we have told, into the state directory."""
    worst: dict[str, tuple[int, float]] = {}
    lags = await house.log.lag()
    for lag in lags:
        records, seconds = worst.get(lag.task.stage, (0, 0.0))
        worst[lag.task.stage] = (records + lag.records, max(seconds, lag.seconds))
    for stage, (records, seconds) in worst.items():
        house.metrics.lag_records.labels(stage).set(records)
        house.metrics.lag_seconds.labels(stage).set(seconds)
    house.trends.note(house.clock.now(), {stage: each[1] for stage, each in worst.items()}, house.metrics.done_so_far)
    house.watch.look(lags)
    crowded, gaps = house.backlog.note(lags), house.log.gaps()
    house.health.set("backlog", State.DEGRADED if crowded else State.OK, crowded)
    missing = f"{len(gaps)} gaps in the log, the last at {gaps[-1].place}" if gaps else ""
    house.health.set("log", State.DEGRADED if missing else State.OK, missing)
    await asyncio.to_thread(remember.told, house.config.state, await house.log.written(RECEIPTS))


def stamp(directory: Path, wanted: SubscriptionSet) -> tuple[tuple[str, int], ...]:
    """What a change of the configuration files shows in: names and times. Lists are watched wherever they are kept."""
    paths = {*directory.glob("*.yaml"), *directory.glob("*.opml"), *directory.glob("subscriptions/**/*")}
    paths |= {*directory.glob("lists/**/*")}
    paths |= {directory / name for one in wanted.compiled.values() for name in one.written.lists.values()}
    return tuple(sorted((str(path), path.stat().st_mtime_ns) for path in paths if path.is_file()))


async def _reloading(house: House) -> None:
    """Take up changed subscriptions and feeds; a broken file keeps the old set and says so."""
    directory = house.config.directory
    seen = await asyncio.to_thread(stamp, directory, house.match.subscriptions)
    while True:
        await asyncio.sleep(RELOAD)
        now = await asyncio.to_thread(stamp, directory, house.match.subscriptions)
        if now == seen:
            continue
        try:
            await _reload(house)
        except LogError as error:
            log.warning("reload_waits_for_the_log", reason=str(error))
            continue
        except ConfigError as error:
            house.health.set("configuration", State.DEGRADED, f"kept the old one: {error.faults[0]}")
            log.error("configuration_kept", faults=[str(fault) for fault in error.faults])
        seen = now  # taken before the files were read: what changed meanwhile is seen next time


async def _reload(house: House) -> None:
    config = await asyncio.to_thread(load_config, house.config.directory)
    house.match.subscriptions = await asyncio.to_thread(
        compile_subscriptions, config, house.knowledge.understander, house.match.subscriptions
    )
    await publish_feeds(house.log, config.feeds)
    settle()
    house.health.set("configuration", State.OK)
    log.info("configuration_reloaded", feeds=len(config.feeds))
    if config.settings != house.config.settings:
        log.warning("restart_needed", why="tocsin.yaml changed; destinations, log and desk are read at the start")


async def _beating(house: House, url: str) -> None:
    """Ask the heartbeat address while all is well: somebody else notices when it stops."""
    while True:
        if house.health.live and house.health.ready:
            try:
                await house.http.request("GET", url, timeout=10)
            except TocsinError:
                log.warning("heartbeat_failed")
        await asyncio.sleep(BEAT)
