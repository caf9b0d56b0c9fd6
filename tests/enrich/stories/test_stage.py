"""The stage: one change a report, state that a restart takes up, and nothing lost to bad bytes."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from enrich.stories.stage import KEPT, StoriesStage
from schemas.codec import encode
from schemas.ports import Record
from schemas.report import Report, Status
from schemas.story import Change
from schemas.topics import CHANGES, REPORTS
from tests.enrich.stories.gold import GoldNames, gold
from tests.enrich.stories.memory import MemoryUnit
from tests.enrich.stories.world import NOON, FewNames, deployment


def records(*reports: Report) -> list[Record]:
    return [Record(REPORTS.name, 0, number, "0", encode(one)) for number, one in enumerate(reports)]


def changes(unit: MemoryUnit) -> list[Change]:
    return [message for _, _, message in unit.emitted if isinstance(message, Change)]


def outcome(unit: MemoryUnit) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(change.report.id, change.id, change.what) for change in changes(unit)]


def test_every_report_gives_one_change_under_its_storys_id() -> None:
    stage, unit = StoriesStage(FewNames()), MemoryUnit(NOON)
    stage.restore(unit)
    stage.handle(records(deployment("a"), deployment("b", hours=1)), unit)
    assert [(topic, key) for topic, key, _ in unit.emitted] == [(CHANGES.name, changes(unit)[0].story.id)] * 2


def test_bytes_that_are_no_report_are_buried_and_the_rest_go_on() -> None:
    stage, unit = StoriesStage(FewNames()), MemoryUnit(NOON)
    bad = Record(REPORTS.name, 0, 7, "0", b"{nothing")
    stage.handle([bad, *records(deployment("a"))], unit)
    assert unit.buried == [bad]
    assert len(unit.emitted) == 1


def test_a_restart_goes_on_where_it_was() -> None:
    unit = MemoryUnit(NOON)
    stage = StoriesStage(FewNames())
    stage.handle(records(deployment("a", Status.DENIED, alertable=False)), unit)
    again = StoriesStage(FewNames())
    again.restore(unit)
    again.handle(records(deployment("b", Status.CONFIRMED, hours=2)), unit)
    last = changes(unit)[-1]
    assert not last.opens
    assert last.story.reports == 2
    assert last.live


def test_killed_after_any_report_it_decides_the_same() -> None:
    reports = sorted((told.report for told in gold()), key=lambda report: (str(report.published), report.id))
    whole, broken = MemoryUnit(NOON), MemoryUnit(NOON)
    stage = StoriesStage(GoldNames())
    stage.handle(records(*reports), whole)
    for batch in _cut(reports, Random(7)):
        stage = StoriesStage(GoldNames())
        stage.restore(broken)
        stage.handle(records(*batch), broken)
    assert outcome(whole) == outcome(broken)
    assert whole.values == broken.values


def _cut(reports: Sequence[Report], rng: Random) -> list[Sequence[Report]]:
    cuts = sorted(rng.sample(range(1, len(reports)), 12))
    return [reports[start:end] for start, end in zip([0, *cuts], [*cuts, len(reports)], strict=True)]


def test_a_tick_lets_go_of_stories_by_our_clock_and_leaves_no_state() -> None:
    stage, unit = StoriesStage(FewNames()), MemoryUnit(NOON)
    stage.handle(records(deployment("a"), deployment("b")), unit)
    unit.now = NOON + KEPT - timedelta(hours=1)
    stage.handle([], unit)
    assert unit.values
    unit.now = NOON + KEPT + timedelta(hours=1)
    stage.handle([], unit)
    assert unit.values == {}


def test_a_story_whose_publisher_dates_it_years_back_stays_open() -> None:
    stage, unit = StoriesStage(FewNames()), MemoryUnit(NOON)
    stage.handle(records(deployment("a", hours=-24 * 1000)), unit)
    stage.handle([], unit)
    stage.handle(records(deployment("b", hours=-24 * 1000)), unit)
    assert not changes(unit)[-1].opens


def test_a_canary_stands_alone_and_nothing_joins_it() -> None:
    stage, unit = StoriesStage(FewNames()), MemoryUnit(NOON)
    stage.restore(unit)
    stage.handle(records(deployment("a")), unit)
    before = dict(unit.scan())
    stage.handle(records(deployment("canary-1").model_copy(update={"canary": True})), unit)
    flown = changes(unit)[-1]
    assert (flown.story.id, flown.story.reports, flown.opens) == ("canary-1", 1, True)
    assert dict(unit.scan()) == before
    stage.handle(records(deployment("b", hours=1)), unit)
    assert changes(unit)[-1].story.id == changes(unit)[0].story.id
