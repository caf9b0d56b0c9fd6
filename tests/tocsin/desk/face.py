"""A desk over a log in memory, with a story in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
from pydantic import JsonValue, SecretStr
from starlette.applications import Starlette

from alert.delivery.state import Condition, Pending, Silence
from ingest.door import DOOR, let_in
from schemas.alert import Action, Outcome, Receipt
from schemas.base import Message
from schemas.errors import Unreadable
from schemas.item import Item
from schemas.ports import Task
from schemas.report import Event
from schemas.settings import Desk, Destination, FeedSettings, Settings
from schemas.story import Change, Materiality
from schemas.topics import ALERTS, CHANGES, ITEMS, RECEIPTS
from tests.alert.build import DAWN, alert, report, soldiers, story
from tests.alert.world import subscriptions
from tests.log.clocks import SetClock
from tocsin.desk.app import build
from tocsin.desk.face import Face
from tocsin.desk.gate import Gate
from tocsin.desk.pages import Pages
from tocsin.desk.stream import Tail
from tocsin.health import Health, State
from tocsin.log.memory import MemoryLog, Vault
from tocsin.log.port import StageSpec
from tocsin.metrics import Metrics
from tocsin.trends import Trends

EVIL = "<script>alert(1)</script>"
SETTINGS = Settings(destinations={"desk": Destination(kind="console"), "mail": Destination(kind="console")})
WANTED = """
subscriptions:
  - {id: dprk, title: Troops, match: 'actor:KP', severity: high, notify: [desk], expect: 1 per 30d}
"""


@dataclass
class World:
    """The application, the log beneath it and what was asked for."""

    desk: Desk = field(default_factory=Desk)
    acted: list[Action] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = clock = SetClock(DAWN + timedelta(minutes=3))
        self.log = MemoryLog(clock, Vault(partitions=1))
        self.wanted = subscriptions(WANTED)
        self.trends = Trends()
        self.gate = Gate(self.desk)
        feeds = [FeedSettings(url="https://anna:secret@news.example/feed")]
        self.pages = Pages(self.log, clock, feeds, SETTINGS)
        self.health = health = Health()
        health.set("log", State.OK)
        self.app: Starlette = build(
            Face(
                gate=self.gate, health=health, metrics=Metrics(), clock=clock, push=self.push, act=self.act,
                pages=self.pages,
                explain=explained, wanted=lambda: self.wanted, trends=self.trends,
                tail=Tail(self.log, poll=0.01),
            )
        )  # fmt: skip

    async def push(self, items: Sequence[Item], backfill: bool) -> int:
        async with self.log.unit(DOOR) as unit:
            return let_in(items, unit, backfill=backfill)

    async def act(self, action: Action) -> None:
        self.acted.append(action)

    def http(self, base: str = "http://127.0.0.1:8765", **options: Any) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=base, **options)

    async def busy(self) -> "World":
        """Filled, and with something of everything a page can show: trouble, silences, a dead letter, lag over time."""
        await self.filled()
        async with self.log.unit(Task("push")) as unit:
            unit.emit(ITEMS, "k", Item(id="1", title="broken", feed="https://news.example/feed"))
        task = await self.log.claim(StageSpec("understand", (ITEMS,)), 0)
        (record,) = await self.log.read(task, wait=1.0)
        async with self.log.unit(task) as unit:
            unit.dead(record, Unreadable("not today"))
            unit.acknowledge([record])
        silence = Silence(id="s", subscription="dprk", until=DAWN + timedelta(hours=4), by="anna", note="a drill")
        waiting = Pending(alert=alert(), kind="root", due=DAWN, since=DAWN)
        async with self.log.unit(Task("deliver", 0)) as unit:
            unit.put(
                "condition/desk", _kept(Condition(destination="desk", silences=(silence,), broken="no such channel"))
            )
            unit.put("pending/desk/st1", _kept(waiting))
        async with self.log.unit(Task("stories", 0)) as unit:
            for number, count in enumerate((10_000, 12_000, 14_000), 3):
                at = DAWN + timedelta(minutes=10 * number)
                event = Event(type="troop_deployment", quantities=(soldiers(count, said_by=("yonhap",)),))
                one = report(id=f"r{number}", published=at, events=(event,))
                held = story(revision=number, reports=number, quantities=event.quantities, last_seen=at)
                unit.emit(
                    CHANGES, "st1", Change(id=f"st1/{number}", story=held, report=one, materiality=Materiality.M2)
                )
        for minute in range(30):
            done = {"understand": minute * minute}
            self.trends.note(DAWN + timedelta(minutes=minute), {"understand": minute % 7}, done)
        self.health.set("destination desk", State.DEGRADED, "no such channel")
        return self

    async def filled(self) -> "World":
        """With a story of two reports that rang once; the second report is hostile."""
        await self.log.open()
        first, second = report(), report(id="r2", title=EVIL, text=f"{EVIL} \u202e", url="javascript:alert(1)")
        async with self.log.unit(Task("stories", 0)) as unit:
            for number, told in enumerate((first, second), 1):
                change = Change(
                    id=f"st1/{number}", story=story(revision=number, reports=number), report=told,
                    materiality=Materiality.M2, what=("something new",), joined="same place",
                )  # fmt: skip
                unit.emit(CHANGES, "st1", change)
            unit.emit(ALERTS, "desk", alert())
            receipt = Receipt(
                id="d1", alert="desk:st1:1", destination="desk", story="st1", revision=1, report="r1",
                outcome=Outcome.SENT, reason="it rang", at=DAWN,
            )  # fmt: skip
            unit.emit(RECEIPTS, "desk", receipt)
        return self


async def explained(text: str) -> Sequence[str]:
    """What the desk is told of any text."""
    return [f"language of {text}", "<b>"]


def _kept(value: Message) -> JsonValue:
    kept: JsonValue = value.model_dump(mode="json", exclude_defaults=True)
    return kept


def locked(**more: Any) -> Desk:
    """A desk with a token."""
    return Desk(token=SecretStr("open sesame"), **more)
