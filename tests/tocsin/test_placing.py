"""Which story `tocsin explain` says an item is in."""

from enrich.stories.stage import StoriesStage
from schemas.codec import encode
from schemas.ports import Record
from schemas.report import Report, Status
from schemas.topics import CHANGES, REPORTS
from tests.enrich.stories.world import NOON, FewNames, deployment
from tests.log.clocks import SetClock
from tocsin.log.memory import MemoryLog
from tocsin.placing import STORIES, alone, placed, tried


async def decided(*reports: Report) -> MemoryLog:
    """A log in which these reports went through the stories stage."""
    log = MemoryLog(SetClock(NOON))
    await log.open()
    async with log.unit(STORIES) as unit:
        batch = [Record(REPORTS.name, 0, number, "0", encode(one)) for number, one in enumerate(reports)]
        stage = StoriesStage(FewNames())
        stage.restore(unit)
        stage.handle(batch, unit)
    return log


async def test_an_item_of_the_log_is_told_as_it_was_decided() -> None:
    log = await decided(deployment("a", Status.DENIED), deployment("b", Status.CONFIRMED, hours=1))
    told = await placed(log, deployment("b", Status.CONFIRMED, hours=1), FewNames())
    assert ", revision 2: North Korea confirms troop deployment to Russia" in told[0]
    assert told[0].startswith("\nstory st_")
    assert "joins st_" in told[1]
    assert "bits" in told[1]
    assert "confirmed, was denied" in told[2]


async def test_an_item_that_has_not_come_so_far_is_tried() -> None:
    log = await decided(deployment("a"))
    told = await placed(log, deployment("b", hours=1), FewNames())
    assert told[0].startswith("\nwould be in story st_")
    assert "joins st_" in told[1]


async def test_what_is_tried_leaves_no_trace() -> None:
    log = await decided(deployment("a"))
    first = await tried(log, deployment("b", hours=1), FewNames())
    assert await tried(log, deployment("b", hours=1), FewNames()) == first
    assert len([record async for record in log.history(CHANGES)]) == 1


async def test_a_report_nothing_is_like_would_open_a_story() -> None:
    log = await decided(deployment("a"))
    other = Report(id="c", title="Choir sings in the rain", lang="en", published=NOON)
    assert "opens st_" in (await tried(log, other, FewNames()))[1]


def test_without_a_log_a_report_is_alone() -> None:
    assert "no open story is like it" in alone(deployment("a"), FewNames())[1]


async def test_who_waits_for_a_page_is_told_when_there_are_too_many_stories() -> None:
    log = await decided(deployment("a"), Report(id="c", title="Choir sings in the rain", lang="en", published=NOON))
    assert "more than 1 stories are open" in (await tried(log, deployment("b"), FewNames(), most=1))[0]
    assert "would be in story" in (await tried(log, deployment("b"), FewNames(), most=2))[0]
