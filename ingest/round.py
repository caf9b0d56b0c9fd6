"""One ownership of a partition of feeds: when looks happen, and how what they bring is written.

Three loops share one agenda: `_intake` follows the `feeds` topic, `_dispatch` starts looks that are due, `_commit`
writes what they brought. Decisions are made in `ingest/looks.py`; here is only when and where they happen. One unit
holds a look's items and the feed's new memory, so a crash at any point repeats nothing and loses nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from ingest import articles, documents, fetch, health, looks, memory, schedule
from ingest.agenda import Agenda
from ingest.articles import Articles
from ingest.canon import host
from ingest.looks import Look, Plan
from ingest.options import Options, Sleep
from ingest.pace import Pace
from ingest.parse import Sandbox
from ingest.state import Watch
from schemas.codec import decode_as
from schemas.errors import LogFull, Unreadable
from schemas.item import Feed, Item
from schemas.ports import Clock, Http, Record, Runtime, Task, Unit
from schemas.topics import ALERTS, ITEMS

_LONGEST_NAP, _PATIENT = 1.0, 120.0
"""Seconds after which the agenda is looked at again; and that an article waits for its host at the most."""
_MOST_IN_A_UNIT = 100
_EXAMINE_EVERY = 300.0


@dataclass(frozen=True, slots=True)
class Parts:
    """What every round works with."""

    http: Http
    clock: Clock
    options: Options
    sandbox: Sandbox
    articles: Articles
    sleep: Sleep
    jitter: Callable[[], float]
    share: Callable[[], float]
    """This round's part of the budget, in looks a second."""
    tell: Callable[[], Awaitable[None]]
    """Time to tell how the feeds are."""


class Round:
    """One ownership of a task: what is kept in memory while it lasts."""

    def __init__(self, parts: Parts, task: Task, runtime: Runtime) -> None:
        self._parts, self._options, self._task, self._runtime = parts, parts.options, task, runtime
        self._clock, self._sleep, self._jitter = parts.clock, parts.sleep, parts.jitter
        self.watches: dict[str, Watch] = {}
        self._feeds: dict[str, Feed] = {}
        self._agenda, self._ended = Agenda(), asyncio.Queue[Look]()
        self._wanted = asyncio.Queue[Item]()
        self._writing, self._changed = asyncio.Lock(), asyncio.Event()
        self._room = asyncio.Semaphore(self._options.most_at_once)
        self._pace = Pace(self._now())

    def _now(self) -> float:
        return self._clock.now().timestamp()

    async def run(self) -> None:
        """Work until cancelled."""
        await self._restore()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._intake())
            group.create_task(self._commit())
            group.create_task(self._watch_over())
            group.create_task(self._articles())
            await self._dispatch(group)

    async def _restore(self) -> None:
        """Read every feed and its memory; what is overdue is spread, so that no herd thunders."""
        async with self._writing, self._runtime.unit(self._task) as unit:
            for feed in memory.feeds(unit):
                self._feeds[feed.url], self.watches[feed.url] = feed, memory.watch(unit, feed.url)
            for item in memory.wanted(unit):
                self._wanted.put_nowait(item)
        self._pace.restored(self.watches.values(), self._parts.share())
        now = self._now()
        overdue = [watch for watch in self.watches.values() if watch.next <= now]
        window = schedule.spread(len(overdue), self._parts.share())
        for watch in self.watches.values():
            late = watch.next <= now and self._options.policy.own(host(watch.address)) is None
            self._plan(watch, now + window * self._jitter() if late else watch.next)

    def _know(self, watch: Watch) -> None:
        self._pace.changed(self.watches.get(watch.url), watch)
        self.watches[watch.url] = watch

    def _plan(self, watch: Watch, at: float) -> None:
        self._agenda.plan(watch.url, host(watch.address), at)
        self._changed.set()

    # --- the feeds topic

    async def _intake(self) -> None:
        """Follow the configuration."""
        while True:
            batch = await self._runtime.read(self._task)
            if not batch:
                continue
            async with self._writing, self._runtime.unit(self._task) as unit:
                taken = [feed for record in batch if (feed := self._take(record, unit)) is not None]
                unit.acknowledge(batch)
            gone = {_url(record) for record in batch} - {feed.url for feed in taken}
            self._reconfigure(taken, gone)

    def _take(self, record: Record, unit: Unit) -> Feed | None:
        """Write one feed's configuration; what is no feed is laid aside."""
        if record.value is None:
            unit.delete(memory.feed_key(_url(record)))
            return None
        try:
            feed = decode_as(record, Feed)
        except Unreadable as error:
            unit.dead(record, error)
            return None
        unit.put(memory.feed_key(feed.url), feed.model_dump(mode="json", exclude_defaults=True))
        if feed.url not in self.watches:
            self._know(memory.watch(unit, feed.url))
        return feed

    def _reconfigure(self, taken: Sequence[Feed], gone: set[str]) -> None:
        for url in gone:
            self._agenda.forget(url)
            self._feeds.pop(url, None)
            self._pace.changed(self.watches.pop(url, None), None)
        for feed in taken:
            known = self._feeds.get(feed.url)
            self._feeds[feed.url] = feed
            if known != feed:
                self._plan(self.watches[feed.url], self._due(self.watches[feed.url], feed))

    def _due(self, watch: Watch, feed: Feed) -> float:
        """When a feed is looked at that is new here, or configured anew: those never looked at in turn."""
        if watch.last or self._options.policy.own(host(watch.address)) is not None:
            return min(watch.next, self._now() + (feed.max_delay or watch.next))
        return self._pace.turn(self._now(), self._parts.share())

    # --- looking

    async def _dispatch(self, group: asyncio.TaskGroup) -> None:
        """Start every look that is due, as hosts and room allow."""
        while True:
            while self._options.crowded():
                await self._sleep(_LONGEST_NAP)
            await self._room.acquire()
            while (due := self._agenda.take(self._now())) is None:
                self._room.release()
                await self._nap()
                await self._room.acquire()
            group.create_task(self._look(*due))

    async def _nap(self) -> None:
        """Until something is due or the plan changes; the agenda's tidying falls into the gaps."""
        now = self._now()
        if self._pace.steer(now, self._parts.share()):
            self._agenda.tidy(now)
        await self._parts.tell()
        self._changed.clear()
        at = self._agenda.next_at()
        seconds = min(max(at - now, 0.001), _LONGEST_NAP) if at is not None else _LONGEST_NAP
        nap = asyncio.ensure_future(self._sleep(seconds))
        woken = asyncio.ensure_future(self._changed.wait())
        try:
            await asyncio.wait((nap, woken), return_when=asyncio.FIRST_COMPLETED)
        finally:
            nap.cancel()
            woken.cancel()

    async def _look(self, url: str, at: str) -> None:
        """One look, from asking to reading. Always ends in the queue of the ended."""
        opens = 0.0
        try:
            watch, feed = self.watches.get(url), self._feeds.get(url)
            if watch is None or feed is None:
                return
            self._pace.looked()
            wanted, conditional = looks.ask(watch, self._now(), self._options.auth.get(url))
            seen = await fetch.look(self._parts.http, wanted, self._clock.now())
            opens = self._now() + self._options.policy.gap_of(at)
            self._release(at, opens)
            look = await documents.read(watch, feed, seen, self._parts.sandbox, self._clock.now())
            self._ended.put_nowait(replace(look, conditional=conditional))
        finally:
            if not opens:
                self._release(at, self._now())
            self._room.release()

    def _release(self, at: str, opens: float) -> None:
        self._agenda.release(at, opens)
        self._changed.set()

    # --- writing

    async def _commit(self) -> None:
        """Write what looks brought, as many in one unit as are there."""
        while True:
            batch = [await self._ended.get()]
            while len(batch) < _MOST_IN_A_UNIT and not self._ended.empty():
                batch.append(self._ended.get_nowait())
            await self._write(batch)

    async def _write(self, batch: Sequence[Look]) -> None:
        """Commit a batch; where the disk is full, keep it and try again."""
        while True:
            try:
                async with self._writing, self._runtime.unit(self._task) as unit:
                    outcomes = await asyncio.to_thread(self._apply, batch, unit)
                break
            except LogFull:
                await self._sleep(5.0)
        for outcome in outcomes:
            self._after(outcome)

    def _apply(self, batch: Sequence[Look], unit: Unit) -> list[looks.Outcome]:
        """Decide each look and write its consequences into the unit."""
        outcomes, fresh = [], dict[str, Watch]()
        for look in batch:
            feed, watch = self._feeds.get(look.url), fresh.get(look.url) or self.watches.get(look.url)
            if feed is None or watch is None:
                continue  # taken out of the configuration while we looked
            now = unit.now.timestamp()
            plan = Plan(feed, self._options.policy, self._pace.c, now, self._jitter())
            outcome = looks.after(watch, look, plan, memory.known(unit, look.url))
            asked = self._options.wants_article
            wanted = tuple(item for item in outcome.verdict.items if articles.is_wanted(item, feed, asked))
            for item in outcome.verdict.items:
                unit.emit(ITEMS, host(feed.url), item)
            for item in wanted:
                memory.want(unit, item)
            memory.remember(unit, look.url, outcome.verdict.marks)
            fresh[look.url] = memory.sweep(unit, outcome.watch, now)
            memory.keep(unit, fresh[look.url])
            outcomes.append(replace(outcome, watch=fresh[look.url], articles=wanted))
        return outcomes

    def _after(self, outcome: looks.Outcome) -> None:
        watch = outcome.watch
        if outcome.hold is not None:
            self._agenda.hold(host(watch.address), outcome.hold)
        if watch.url not in self._feeds:
            return
        self._know(watch)
        self._plan(watch, watch.next)
        for item in outcome.verdict.items:
            if self._options.on_item is not None:
                self._options.on_item(item)
        for item in outcome.articles:
            self._wanted.put_nowait(item)

    async def _watch_over(self) -> None:
        """Every few minutes: tell the operator, once, of feeds that fell ill or silent."""
        while True:
            await self._sleep(_EXAMINE_EVERY)
            bulletin, changed = await asyncio.to_thread(health.bulletin, list(self.watches.values()), self._now())
            if not changed:
                continue
            async with self._writing, self._runtime.unit(self._task) as unit:
                for watch in changed:
                    self.watches[watch.url] = watch
                    memory.keep(unit, watch)
                if bulletin and self._options.notice:
                    alert = self._options.notice("feeds", bulletin.headline, bulletin.detail, unit.now)
                    unit.emit(ALERTS, alert.destination, alert)

    # --- articles

    async def _articles(self) -> None:
        """Fetch the articles of feeds that ask for it, one at a time, and publish each as an update of its item."""
        while True:
            item = await self._wanted.get()
            update = await self._article(item)
            async with self._writing, self._runtime.unit(self._task) as unit:
                memory.unwant(unit, item)
                if update is not None:
                    unit.emit(ITEMS, host(item.feed or item.url or ""), update)

    async def _article(self, item: Item) -> Item | None:
        """The update of an item, its host asked as politely as for a look; None where that would take long."""
        place = host(item.url or "")
        while (wait := self._agenda.claim(place, self._now())) > 0:
            if wait > _PATIENT:
                return None
            await self._sleep(wait)
        try:
            return await self._parts.articles.fetch(item)
        finally:
            self._release(place, self._now() + self._options.policy.gap_of(place))


def _url(record: Record) -> str:
    """The feed's address in a key `host url`."""
    return record.key.partition(" ")[2]
