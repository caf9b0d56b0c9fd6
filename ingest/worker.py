"""The ingest worker: looks at the feeds of one partition, and hands what is new to the log.

Three loops share one agenda: `_intake` follows the `feeds` topic, `_dispatch` starts looks that are due, `_commit`
writes what they brought. Decisions are made in `ingest/looks.py`; here is only when and where they happen. One unit
holds a look's items and the feed's new memory, so a crash at any point repeats nothing and loses nothing.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from ingest import fetch, health, looks, memory, schedule
from ingest.agenda import Agenda
from ingest.canon import host
from ingest.fetch import Auth
from ingest.looks import Look, Plan
from ingest.parse import Body, Sandbox, Source, parse_here
from ingest.state import Policy, Watch
from schemas.alert import Alert
from schemas.codec import decode_as
from schemas.errors import LogFull, Unreadable
from schemas.item import Feed
from schemas.ports import Clock, Http, Record, Runtime, Task, Unit
from schemas.topics import ALERTS, ITEMS

Sleep = Callable[[float], Awaitable[None]]
Notice = Callable[[str, str, str, datetime], Alert]
"""(subject, headline, detail, now) → the alert that tells the operator."""
_LONGEST_NAP = 1.0
"""Seconds after which the agenda is looked at again, whatever it said."""
_MOST_IN_A_UNIT = 100
_STEER_EVERY = 60.0
_EXAMINE_EVERY = 300.0


@dataclass(frozen=True, slots=True)
class Options:
    """How the worker behaves."""

    policy: Policy = field(default_factory=Policy)
    budget: float = 20.0
    """Looks a second over all feeds of this process."""
    most_at_once: int = 64
    auth: Mapping[str, Auth] = field(default_factory=dict, repr=False)
    """Feed address → credentials. They never travel, and never cross hosts."""
    parsers: int = 1
    """Processes for documents that are large or ill-formed."""
    notice: Notice | None = None
    """How to tell the operator that feeds are ill."""


class IngestWorker:
    """`schemas.ports.Worker` for the tasks of the ingest stage."""

    def __init__(
        self, http: Http, clock: Clock, options: Options | None = None, *,
        sleep: Sleep = asyncio.sleep, jitter: Callable[[], float] = random.random,
    ) -> None:  # fmt: skip
        self._http, self._clock, self._options = http, clock, options or Options()
        self._sleep, self._jitter = sleep, jitter
        self._sandbox = Sandbox(self._options.parsers)
        self._rounds: dict[Task, _Round] = {}

    async def run(self, task: Task, runtime: Runtime) -> None:
        """Work until cancelled."""
        self._rounds[task] = turn = _Round(self, task, runtime)
        try:
            await turn.run()
        finally:
            del self._rounds[task]

    def share(self) -> float:
        """One task's part of the budget."""
        return self._options.budget / max(len(self._rounds), 1)

    def standings(self) -> Counter[str]:
        """How many feeds stand how, for the metrics: healthy, failing, gone, …"""
        return Counter(watch.standing for turn in self._rounds.values() for watch in turn.watches.values())

    def close(self) -> None:
        """End the parser processes."""
        self._sandbox.close()


class _Round:
    """One ownership of a task: what is kept in memory while it lasts."""

    def __init__(self, worker: IngestWorker, task: Task, runtime: Runtime) -> None:
        self._http, self._clock, self._options = worker._http, worker._clock, worker._options
        self._sleep, self._jitter = worker._sleep, worker._jitter
        self._sandbox, self._task, self._runtime = worker._sandbox, task, runtime
        self.watches: dict[str, Watch] = {}
        self._feeds: dict[str, Feed] = {}
        self._agenda, self._ended = Agenda(), asyncio.Queue[Look]()
        self._writing, self._changed = asyncio.Lock(), asyncio.Event()
        self._room = asyncio.Semaphore(self._options.most_at_once)
        self._steering, self._started, self._steered = schedule.Steering(), 0, self._now()
        self._share = worker.share

    def _now(self) -> float:
        return self._clock.now().timestamp()

    async def run(self) -> None:
        await self._restore()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._intake())
            group.create_task(self._commit())
            group.create_task(self._watch_over())
            await self._dispatch(group)

    async def _restore(self) -> None:
        """Read every feed and its memory; what is overdue is spread, so that no herd thunders."""
        async with self._writing, self._runtime.unit(self._task) as unit:
            for feed in memory.feeds(unit):
                self._feeds[feed.url], self.watches[feed.url] = feed, memory.watch(unit, feed.url)
        now = self._now()
        overdue = [watch for watch in self.watches.values() if watch.next <= now]
        window = schedule.spread(len(overdue), self._share())
        for watch in self.watches.values():
            late = watch.next <= now and self._options.policy.own(host(watch.address)) is None
            self._plan(watch, now + window * self._jitter() if late else watch.next)

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
        self.watches.setdefault(feed.url, memory.watch(unit, feed.url))
        return feed

    def _reconfigure(self, taken: Sequence[Feed], gone: set[str]) -> None:
        for url in gone:
            self._agenda.forget(url)
            self._feeds.pop(url, None)
            self.watches.pop(url, None)
        for feed in taken:
            known = self._feeds.get(feed.url)
            self._feeds[feed.url] = feed
            if known != feed:
                watch = self.watches[feed.url]
                self._plan(watch, min(watch.next, self._now() + (feed.max_delay or watch.next)))

    # --- looking

    async def _dispatch(self, group: asyncio.TaskGroup) -> None:
        """Start every look that is due, as hosts and room allow."""
        while True:
            await self._room.acquire()
            while (due := self._agenda.take(self._now())) is None:
                self._room.release()
                await self._nap()
                await self._room.acquire()
            group.create_task(self._look(*due))

    async def _nap(self) -> None:
        """Until something is due or the plan changes; the agenda's tidying falls into the gaps."""
        now = self._now()
        self._steer(now)
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

    def _steer(self, now: float) -> None:
        """Once a minute: bring the looks a second to the budget."""
        if now - self._steered >= _STEER_EVERY:
            self._steering = self._steering.towards(self._started / (now - self._steered), self._share())
            self._started, self._steered = 0, now
            self._agenda.tidy(now)

    async def _look(self, url: str, at: str) -> None:
        """One look, from asking to reading. Always ends in the queue of the ended."""
        opens = 0.0
        try:
            watch, feed = self.watches.get(url), self._feeds.get(url)
            if watch is None or feed is None:
                return
            self._started += 1
            wanted, conditional = looks.ask(watch, self._now(), self._options.auth.get(url))
            seen = await fetch.look(self._http, wanted, self._clock.now())
            opens = self._now() + self._options.policy.gap_of(at)
            self._release(at, opens)
            self._ended.put_nowait(await self._read(watch, feed, seen, conditional))
        finally:
            if not opens:
                self._release(at, self._now())
            self._room.release()

    def _release(self, at: str, opens: float) -> None:
        self._agenda.release(at, opens)
        self._changed.set()

    async def _read(self, watch: Watch, feed: Feed, seen: fetch.Seen, conditional: bool) -> Look:
        """The document, read off the event loop unless it is small and well-formed."""
        if seen.what != "body" or (seen.body_hash == watch.body_hash and watch.seeded):
            return Look(watch.url, seen, conditional)
        body = Body(seen.body, seen.content_type, feed.charset)
        source = Source(seen.url, feed, self._clock.now(), watch.trust_guids)
        try:
            parsed = parse_here(body, source) or await asyncio.to_thread(self._sandbox.read, body, source)
        except Unreadable as error:
            return Look(watch.url, seen, conditional, trouble=str(error))
        return Look(watch.url, seen, conditional, parsed)

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
            plan = Plan(feed, self._options.policy, self._steering.c, now, self._jitter())
            outcome = looks.after(watch, look, plan, memory.known(unit, look.url))
            for item in outcome.verdict.items:
                unit.emit(ITEMS, host(feed.url), item)
            memory.remember(unit, look.url, outcome.verdict.marks)
            fresh[look.url] = memory.sweep(unit, outcome.watch, now)
            memory.keep(unit, fresh[look.url])
            outcomes.append(replace(outcome, watch=fresh[look.url]))
        return outcomes

    def _after(self, outcome: looks.Outcome) -> None:
        watch = outcome.watch
        if outcome.hold is not None:
            self._agenda.hold(host(watch.address), outcome.hold)
        if watch.url in self._feeds:
            self.watches[watch.url] = watch
            self._plan(watch, watch.next)

    async def _watch_over(self) -> None:
        """Every few minutes: tell the operator, once, of feeds that fell ill or silent."""
        while True:
            await self._sleep(_EXAMINE_EVERY)
            bulletin, changed = health.bulletin(list(self.watches.values()), self._now())
            if not changed:
                continue
            async with self._writing, self._runtime.unit(self._task) as unit:
                for watch in changed:
                    self.watches[watch.url] = watch
                    memory.keep(unit, watch)
                if bulletin and self._options.notice:
                    alert = self._options.notice("feeds", bulletin.headline, bulletin.detail, unit.now)
                    unit.emit(ALERTS, alert.destination, alert)


def _url(record: Record) -> str:
    """The feed's address in a key `host url`."""
    return record.key.partition(" ")[2]
