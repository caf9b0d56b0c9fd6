"""An hour without a way out and a flood of alerts: on return it is collapsed by story, drained in minutes, all told."""

import random
from collections import Counter, deque

import pytest

from alert.channel import Limit, NotSent
from alert.words.document import Digest, Document
from schemas.alert import Alert, Outcome, Severity
from tests.alert.build import alert, soldiers
from tests.alert.delivery.desk import Desk
from tests.alert.delivery.scripted import Scripted
from tests.alert.delivery.time import settle

SLACK = (Limit("workspace", 4.0, 20), Limit("channel", 0.95))


def flood(count: int, stories: int, desk: Desk) -> list[Alert]:
    """So many alerts of so many stories, a few stories having most; one story in fifty is loud."""
    chance = random.Random(count)
    revisions: Counter[int] = Counter()
    found = []
    weights = [1 / (rank + 1) for rank in range(stories)]
    for story in chance.choices(range(stories), weights, k=count):
        revisions[story] += 1
        severity = Severity.HIGH if story % 50 == 0 else Severity.NORMAL
        facts = {"quantities": (soldiers(1000 + revisions[story] * 500.0),)}
        found.append(
            alert(key=f"s{story}", revision=revisions[story], at=desk.time.now(), severity=severity, facts=facts)
        )
    return found


async def drain(count: int, stories: int, minutes: float) -> tuple[Scripted, list[Alert], dict[str, Outcome], float]:
    """Ring the flood over an hour in which nothing can be sent, then let it drain; the seconds it took."""
    channel = Scripted(limit=SLACK, script=deque([NotSent("down")] * 10**6), checks=deque([NotSent("down")] * 10**6))
    async with Desk({"desk": channel}).open() as desk:
        alerts = flood(count, stories, desk)
        for part in range(20):
            await desk.ring(*alerts[part * count // 20 : (part + 1) * count // 20])
            await desk.time.advance(minutes=3)
        await settle(3000)
        assert channel.taken == []
        channel.script.clear()
        channel.checks.clear()
        back = channel.back = desk.time.now()
        await desk.time.advance(minutes=minutes)
        return channel, alerts, await desk.ends(), (desk.time.now() - back).total_seconds()


async def check(count: int, stories: int, minutes: float, messages: int) -> None:
    channel, alerts, ends, _ = await drain(count, stories, minutes)
    rung = {one.story.id for one in alerts}
    assert set(ends) == {one.id for one in alerts}
    assert set(ends.values()) == {Outcome.SENT, Outcome.FOLDED}
    told = [one.content.story for one in channel.taken if isinstance(one.content, Document)]
    digested = [
        entry.story for one in channel.taken if isinstance(one.content, Digest) for entry in one.content.entries
    ]
    assert sorted([*told, *digested]) == sorted(rung)
    assert len(channel.taken) <= messages
    loud = {one.story.id for one in alerts if one.severity is Severity.HIGH}
    assert loud <= set(told)


async def test_a_thousand_alerts_of_a_hundred_stories() -> None:
    await check(1000, 120, minutes=1.5, messages=15)


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_ten_thousand_alerts_drain_in_under_five_minutes() -> None:
    await check(10_000, 900, minutes=4.5, messages=80)
