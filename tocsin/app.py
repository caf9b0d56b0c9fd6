"""The composition root: the only place that names concrete parts and hands them to one another.

feeds ─▶ ingest ─▶ understand ─▶ stories ─▶ match ─▶ deliver ─▶ receipts
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from importlib.metadata import version

from starlette.routing import Route

from alert import canary
from alert.channel import Channel
from alert.channels import Services, build
from alert.delivery.carrier import Restored
from alert.delivery.worker import DeliverWorker, Office
from alert.links import Linking
from alert.listening import Listener, listeners
from alert.matching import MatchStage
from alert.notices import notice
from alert.subscriptions import SubscriptionSet
from alert.subscriptions import load as load_subscriptions
from enrich.fold import Fold
from enrich.stage import UnderstandStage
from enrich.stories.stage import StoriesStage
from enrich.understand import Understander
from ingest.door import DOOR, let_in
from ingest.guard import GuardedHttp, user_agent
from ingest.state import Policy
from ingest.worker import IngestWorker, Options
from schemas.alert import Action
from schemas.door import item_of_text
from schemas.errors import ConfigError, Unreadable
from schemas.item import Item
from schemas.ports import Clock, Http, Task, Worker
from schemas.settings import Settings
from schemas.topics import ACTIONS, ALERTS, CHANGES, FEEDS, ITEMS, REPORTS, Topic
from tocsin.backlog import Backlog
from tocsin.checking import destination_faults
from tocsin.config import Config, read_text, shown
from tocsin.desk.doors import routes
from tocsin.desk.face import Face
from tocsin.desk.gate import Gate
from tocsin.desk.pages import Pages
from tocsin.desk.stream import Tail
from tocsin.explaining import explained
from tocsin.health import Health, State
from tocsin.log.append import append
from tocsin.log.open import open_log
from tocsin.log.port import Log, StageSpec
from tocsin.metrics import Metrics
from tocsin.placing import PATIENT, tried
from tocsin.runner import Running
from tocsin.taggers import Note, nobody, with_taggers
from tocsin.tracing import Tracer
from tocsin.trends import Trends
from tocsin.wanting import wants_article
from tocsin.watch import Watching
from tocsin.worker import StageWorker

INPUTS: Mapping[str, tuple[Topic, ...]] = {
    "ingest": (FEEDS,),
    "understand": (ITEMS,),
    "stories": (REPORTS,),
    "match": (CHANGES,),
    "deliver": (ALERTS, ACTIONS),
}
"""Every stage and what it reads, in the order of the flow."""
ANSWERS = Task("answers")
"""Whose units people's actions are written in."""


@dataclass(frozen=True)
class Knowledge:
    """What is known before anything runs: the lexicon, and the subscriptions compiled against it."""

    understander: Understander
    subscriptions: SubscriptionSet


def know(config: Config, note: Note = nobody) -> Knowledge:
    """Load lexicon and taggers, compile the subscriptions, check the destinations. Raises `ConfigError`: every fault.

    `note` hears of every answer of a tagger.
    """
    faults = list(destination_faults(config))
    understander = Understander.load(config.lexicon_dirs)
    try:
        understander = with_taggers(understander, config.settings.taggers, config.settings_source, note)
    except ConfigError as error:
        raise ConfigError(sorted([*faults, *error.faults])) from error
    try:
        subscriptions = compile_subscriptions(config, understander)
    except ConfigError as error:
        raise ConfigError(sorted([*faults, *error.faults])) from error
    if faults:
        raise ConfigError(sorted(faults))
    return Knowledge(understander, subscriptions)


def compile_subscriptions(
    config: Config, understander: Understander, before: SubscriptionSet | None = None
) -> SubscriptionSet:
    """The configuration's subscriptions, compiled; only what changed since `before`. Raises `ConfigError`."""
    return load_subscriptions(
        config.subscriptions,
        names=understander,
        lexicon=understander,
        folding=before.origin.folding if before else Fold(),
        destinations=frozenset(config.settings.destinations),
        read_list=lambda name: read_text(config.resolve(name), shown(config.resolve(name), config.directory)),
        before=before,
    )


@dataclass(frozen=True)
class House:
    """The parts of a running tocsin."""

    config: Config
    knowledge: Knowledge
    log: Log
    clock: Clock
    health: Health
    metrics: Metrics
    http: Http
    channels: Mapping[str, Channel]
    match: MatchStage
    backlog: Backlog = field(default_factory=Backlog)
    trends: Trends = field(default_factory=Trends)
    restored: Restored | None = None
    """Set when the log is older than what was last known of it: messages are looked for before they are sent."""

    def _standing(self, destination: str, trouble: str) -> None:
        state = State.DEGRADED if trouble else State.OK
        self.health.set(f"destination {destination}", state, trouble)
        if destination in self.config.settings.destinations:
            self.metrics.standing(destination, trouble)

    async def act(self, action: Action) -> None:
        """Write down what a person asked for; deliver applies it."""
        await append(self.log, ANSWERS, lambda unit: unit.emit(ACTIONS, action.destination, action))

    @cached_property
    def watch(self) -> Watching:
        """Who hears of every line of this process."""
        return Watching(self.health, self.metrics)

    @property
    def real_channels(self) -> Mapping[str, Channel]:
        """Those that people wrote down; the canary's lanes are not among them."""
        return {name: self.channels[name] for name in self.config.settings.destinations}

    def ears(self) -> Sequence[Listener]:
        """Where people answer in the channel itself; each is run once a process."""
        return listeners(self.real_channels, self.act, self.clock)

    def doors(self) -> Sequence[Route]:
        """Where answers come in over HTTP."""
        link = linking(self.config.settings)
        return routes(self.real_channels, self.act, self.clock, link.key if link else None)

    async def push(self, items: Sequence[Item], backfill: bool) -> int:
        """Let in items that others hand us; how many were new."""
        return await append(self.log, DOOR, lambda unit: let_in(items, unit, backfill=backfill))

    async def explain(self, text: str) -> list[str]:
        """Why a text would ring or not, and which open story it would join; its first line is the title."""
        wanted, reader = self.match.subscriptions, self.knowledge.understander
        try:
            item = item_of_text(text).model_copy(update={"published": self.clock.now()})
        except Unreadable as error:
            return [str(error)]
        report = await asyncio.to_thread(reader.understand, item)
        story = await tried(self.log, report, reader, most=PATIENT)
        return await asyncio.to_thread(lambda: list(explained(item, reader, wanted, sorted(wanted.compiled), story)))

    def face(self) -> Face:
        """What the desk shows."""
        return Face(
            gate=Gate(self.config.settings.desk), health=self.health, metrics=self.metrics, clock=self.clock,
            pages=Pages(self.log, self.clock, self.config.feeds, self.config.settings), push=self.push, act=self.act,
            explain=self.explain, wanted=lambda: self.match.subscriptions, tail=Tail(self.log), trends=self.trends,
            doors=self.doors(),
        )  # fmt: skip

    def stages(self, names: tuple[str, ...]) -> list[Running]:
        """The named stages, ready to run."""
        watch = self.watch
        self.metrics.begin(
            names, self.real_channels if "deliver" in names else (),
            self.config.settings.taggers if "understand" in names else (),
        )  # fmt: skip
        understander = self.knowledge.understander
        makers: dict[str, Callable[[], Worker]] = {
            "ingest": lambda: IngestWorker(
                self.http,
                self.clock,
                replace(
                    ingest_options(self.config, self.metrics, self.backlog),
                    wants_article=lambda item: wants_article(item, understander, self.match.subscriptions),
                ),
            ),
            "understand": lambda: StageWorker(UnderstandStage(understander), watch=watch, limit=50),
            "stories": lambda: StageWorker(StoriesStage(understander), watch=watch),
            "match": lambda: StageWorker(self.match, watch=watch),
            "deliver": lambda: DeliverWorker(
                canary.with_lanes(self.config.settings),
                self.channels,
                Office(
                    self.clock,
                    understander,
                    observe=self.metrics.receipt,
                    standing=self._standing,
                    restored=self.restored,
                ),
            ),
        }
        return [Running(StageSpec(name, INPUTS[name]), makers[name], watch) for name in names]


def ingest_options(config: Config, metrics: Metrics, backlog: Backlog) -> Options:
    """How to look at feeds: how often, each feed's credentials, and how the operator hears of those that fall ill."""
    auth = {feed.url: feed.auth for feed in config.feeds if feed.auth}
    network = config.settings.network
    operator = config.settings.operator
    tell = partial(notice, operator) if operator else None
    return Options(
        policy=Policy(quick=network.quick), budget=network.budget, auth=auth, notice=tell, on_item=metrics.item,
        on_feeds=metrics.feed_conditions, crowded=lambda: backlog.reason,
    )  # fmt: skip


@asynccontextmanager
async def house(config: Config, clock: Clock, log_url: str | None = None) -> AsyncIterator[House]:
    """Build every part and close it again. Raises `ConfigError` or `LogError`; then nothing was started."""
    health, metrics = Health(), Metrics()
    knowledge = know(config, partial(tagged, health, metrics))
    settings = config.settings
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(
            GuardedHttp(
                allow_private=settings.network.allow_private,
                proxy=settings.network.proxy,
                ca_file=settings.network.ca_file,
                agent=user_agent(version("tocsin"), settings.network.contact),
            )
        )
        log = await open_log(log_url or settings.log, settings, clock, config.directory)
        stack.push_async_callback(log.close)
        if settings.tracing is not None:
            tracer = Tracer(settings.tracing, clock, version("tocsin"))
            stack.push_async_callback(tracer.close)
            log.committed = tracer.note
        services = Services(clock, http, settings.network, linking(settings))
        everywhere = canary.with_lanes(settings).destinations
        channels = {name: build(name, destination, services) for name, destination in everywhere.items()}
        for channel in channels.values():
            stack.push_async_callback(channel.close)
        match = MatchStage(knowledge.subscriptions, tuple(canary.lanes(settings)))
        yield House(config, knowledge, log, clock, health, metrics, http, channels, match)


def tagged(health: Health, metrics: Metrics, tagger: str, counts: Mapping[str, int], trouble: str) -> None:
    """A tagger answered: it is counted, and how it is doing is a part of the daemon's health."""
    metrics.tagged(tagger, counts)
    health.set(f"tagger {tagger}", State.DEGRADED if trouble else State.OK, trouble)


def linking(settings: Settings) -> Linking | None:
    """Makes the links of a mail that act: where the desk has a public address, and a token to sign them with."""
    if settings.desk.public_url is None or settings.desk.token is None:
        return None
    key = hashlib.sha256(b"tocsin mail links\n" + settings.desk.token.get_secret_value().encode()).digest()
    return Linking(settings.desk.public_url, key)
