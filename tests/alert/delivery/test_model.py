"""Whatever happens, in whatever order: every alert ends once, and what should ring is told, and told once."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alert.channel import NotSent, Uncertain, Undelivered
from alert.words.document import Digest, Document
from schemas.alert import Action, Alert, Outcome, Severity
from schemas.report import Status
from tests.alert.build import alert, match, soldiers
from tests.alert.delivery.desk import Desk
from tests.alert.delivery.scripted import Scripted
from tests.alert.delivery.time import VirtualTime
from tocsin.log.memory import Vault

STORIES = ("a", "b", "c")
STATUS = (Status.CLAIMED, Status.CONFIRMED, Status.DENIED)

Step = tuple[str, int, int]

STEPS = st.lists(
    st.one_of(
        *(st.tuples(st.just("ring"), st.integers(0, 2), st.integers(0, 11)) for _ in range(4)),
        st.tuples(st.just("wait"), st.integers(0, 90), st.just(0)),
        st.tuples(st.just("mute"), st.integers(0, 2), st.integers(1, 120)),
        st.tuples(st.just("silence"), st.integers(0, 2), st.integers(1, 120)),
        st.tuples(st.just("fail"), st.integers(1, 4), st.integers(0, 2)),
        st.tuples(st.just("crash"), st.just(0), st.just(0)),
    ),
    min_size=4,
    max_size=30,
)


@dataclass
class World:
    """What was rung, and the desk it was rung at."""

    time: VirtualTime = field(default_factory=VirtualTime)
    vault: Vault = field(default_factory=lambda: Vault(partitions=1))
    channel: Scripted = field(default_factory=lambda: Scripted(lost=True))
    rung: list[Alert] = field(default_factory=list)
    acted: int = 0

    def alert(self, story: int, kind: int) -> Alert:
        """The next revision of a story: its status, count and severity from `kind`."""
        key = STORIES[story]
        revision = 1 + sum(one.story.id == key for one in self.rung)
        severity = (Severity.NORMAL, Severity.HIGH, Severity.FLASH, Severity.LOW)[kind % 4]
        facts = {"status": STATUS[kind % 3], "quantities": (soldiers(1000.0 * (1 + kind)),)}
        one = alert(key=key, revision=revision, at=self.time.now(), severity=severity, facts=facts,
                    matches=(match(severity=severity),))  # fmt: skip
        self.rung.append(one)
        return one

    def action(self, kind: str, story: int, minutes: int) -> Action:
        """A person acts."""
        self.acted += 1
        now = self.time.now()
        return Action.model_validate(
            {"id": f"act{self.acted}", "kind": kind, "destination": "desk", "story": STORIES[story], "by": "anna",
             "origin": "desk", "at": now, "until": now + timedelta(minutes=minutes)}
        )  # fmt: skip


async def play(steps: list[Step]) -> tuple[World, dict[str, Outcome]]:
    """Do the steps, then heal everything and let two days pass."""
    world = World()
    sessions: list[list[Step]] = [[]]
    for step in steps:
        sessions.append([]) if step[0] == "crash" else sessions[-1].append(step)
    for session in sessions:
        async with Desk({"desk": world.channel}, world.time, world.vault).open() as desk:
            for step in session:
                await do(step, world, desk)
    world.channel.script.clear()
    async with Desk({"desk": world.channel}, world.time, world.vault).open() as desk:
        await world.time.advance(hours=50)
        return world, await desk.ends()


async def do(step: Step, world: World, desk: Desk) -> None:
    kind, first, second = step
    if kind == "ring":
        await desk.ring(world.alert(first, second))
    elif kind == "wait":
        await world.time.advance(minutes=first)
    elif kind == "fail":
        errors: tuple[Undelivered, ...] = (NotSent("down"), Uncertain("no answer"), NotSent("slow", 5.0, "pace"))
        world.channel.script.extend(deque([errors[second]] * first))
    else:
        await desk.act(world.action(kind, first, second))


@settings(max_examples=25, deadline=None)
@given(STEPS)
def test_every_alert_ends_once_and_nothing_is_told_twice_or_lost(steps: list[Step]) -> None:
    check(steps)


@pytest.mark.long
@pytest.mark.timeout(600)
@settings(max_examples=600, deadline=None)
@given(STEPS)
def test_the_same_in_many_more_orders(steps: list[Step]) -> None:
    check(steps)


def check(steps: list[Step]) -> None:
    """Play the steps and look at what people were told."""
    world, ends = asyncio.run(play(steps))
    assert set(ends) == {one.id for one in world.rung}
    told = [taken.delivery for taken in world.channel.taken]
    assert len(told) == len(set(told))
    for key in STORIES:
        rung = [one for one in world.rung if one.story.id == key]
        if rung:
            assert last_told(world, key) == rung[-1].story.status


def last_told(world: World, key: str) -> Status | None:
    """The status a reader of the channel last saw of a story: in a message, an edit, or a digest."""
    seen: Status | None = None
    for taken in world.channel.taken:
        content = taken.content
        if isinstance(content, Document) and content.story == key and content.facts is not None:
            seen = content.facts.status
        elif isinstance(content, Digest):
            for entry in content.entries:
                if entry.story == key:
                    seen = last_named(entry.detail.lower()) or seen
    return seen


def last_named(detail: str) -> Status | None:
    """The status that a line of a digest ends at: `claimed → DENIED` is denied."""
    named = [status for status in STATUS if status.value in detail]
    return max(named, key=lambda status: detail.rindex(status.value), default=None)
