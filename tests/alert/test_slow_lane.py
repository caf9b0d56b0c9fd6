"""The slow lane: a costly subscription hears a little later, and of the same; the others do not wait for it."""

from collections.abc import AsyncIterator, Sequence

import pytest

from alert.backtest import costs_in_words
from alert.matching import MatchStage
from alert.subscriptions import SubscriptionSet
from schemas.alert import Alert
from schemas.codec import decode_as
from schemas.ports import Task
from schemas.story import Change
from schemas.topics import ALERTS, CHANGES
from tests.alert.world import change, deployment, report, subscriptions
from tests.log.clocks import SetClock
from tocsin.log import StageSpec
from tocsin.log.memory import MemoryLog, Vault

WANTED = """
subscriptions:
  - {id: quick, match: actor:KP, notify: [east-asia]}
  - {id: costly, match: troops NEAR/3 Kursk, notify: [east-asia, desk-mail], severity: high}
"""


@pytest.fixture
def wanted(monkeypatch: pytest.MonkeyPatch) -> SubscriptionSet:
    """A set that has found one of its subscriptions too costly."""
    made = subscriptions(WANTED)
    made.match(report("troops in Kursk"))
    monkeypatch.setattr("alert.subscription_set.COSTLY", 0.0)
    monkeypatch.setattr("alert.subscription_set.burden", lambda cost: "it takes long")
    made.weigh()
    assert list(made.slow) == ["costly"]
    return made


class Bench:
    """The stage with a log around it."""

    def __init__(self, wanted: SubscriptionSet) -> None:
        self.clock = SetClock()
        self.log = MemoryLog(self.clock, Vault(partitions=1))
        self.stage = MatchStage(wanted)
        self.seen = 0

    async def turn(self, *changes: Change) -> list[tuple[str, list[str], bool]]:
        """Destination, subscriptions and lateness of the alerts of one unit."""
        task = await self.log.claim(StageSpec("match", (CHANGES,)), 0)
        async with self.log.unit(Task("stories")) as unit:
            for one in changes:
                unit.emit(CHANGES, one.story.id, one)
        batch: Sequence[object] = await self.log.read(task, wait=0.0)
        async with self.log.unit(task) as unit:
            self.stage.handle(batch, unit)  # type: ignore[arg-type]
            unit.acknowledge(batch)  # type: ignore[arg-type]
        alerts = await self.alerts()
        new, self.seen = alerts[self.seen :], len(alerts)
        return [(one.destination, [match.subscription for match in one.matches], one.late) for one in new]

    async def alerts(self) -> list[Alert]:
        return [decode_as(record, Alert) async for record in self.log.history(ALERTS)]


@pytest.fixture
async def bench(wanted: SubscriptionSet) -> AsyncIterator[Bench]:
    made = Bench(wanted)
    await made.log.open()
    yield made
    await made.log.close()


SENT = change(report("troops in Kursk", deployment()))


async def test_the_fast_do_not_wait_and_the_slow_are_checked_when_nothing_else_is_to_be_done(bench: Bench) -> None:
    assert await bench.turn(SENT) == [("east-asia", ["quick"], False)]
    assert await bench.turn() == [("desk-mail", ["costly"], True), ("east-asia", ["costly"], True)]
    assert await bench.turn() == [], "and only once"


async def test_nobody_waits_longer_than_a_minute_however_busy_it_is(bench: Bench) -> None:
    other = change(report("peace"), story_id="s2")
    await bench.turn(SENT)
    assert await bench.turn(other) == []
    bench.clock.move(61)
    assert await bench.turn(other) == [("desk-mail", ["costly"], True), ("east-asia", ["costly"], True)]


async def test_what_waits_is_in_the_log_and_survives_a_restart(bench: Bench) -> None:
    await bench.turn(SENT)
    bench.stage = MatchStage(subscriptions(WANTED))
    assert [late for *_, late in await bench.turn()] == [True, True]


async def test_a_subscription_taken_away_meanwhile_wants_nothing(bench: Bench) -> None:
    await bench.turn(SENT)
    bench.stage = MatchStage(subscriptions("subscriptions: [{id: quick, match: actor:KP, notify: [east-asia]}]"))
    assert await bench.turn() == []


async def test_beside_an_alert_of_the_fast_lane_a_late_one_has_an_id_of_its_own(bench: Bench) -> None:
    await bench.turn(SENT)
    await bench.turn()
    quick, mail, slow = await bench.alerts()
    assert slow.id == f"{quick.id}-late"
    assert (mail.id, mail.id.endswith("-late")) == (mail.id, False)


async def test_reports_it_cannot_want_do_not_wait_for_it(bench: Bench) -> None:
    await bench.turn(change(report("troops", deployment())))
    assert await bench.turn() == [], "without Kursk there is nothing to check in full"


def test_a_changed_subscription_begins_in_the_fast_lane_again(wanted: SubscriptionSet) -> None:
    from alert.subscriptions import load
    from tests.alert.world import FOLDING, LEXICON, NAMES

    changed = {"s.yaml": WANTED.replace("NEAR/3", "NEAR/4")}
    assert list(load(changed, NAMES, LEXICON, FOLDING, before=wanted).slow) == []


def test_the_slow_lane_is_told_with_the_costs(wanted: SubscriptionSet) -> None:
    assert costs_in_words(wanted)["costly"].endswith("; in the slow lane")


def test_a_set_that_is_asked_outright_leaves_nobody_out(wanted: SubscriptionSet) -> None:
    found = wanted.match(report("troops in Kursk", deployment()))
    assert [match.subscription for match in found] == ["costly", "quick"]
