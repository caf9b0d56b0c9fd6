"""What becomes of a story becomes of its thread: one root whatever comes, and what matters said in it."""

from itertools import permutations
from typing import Any

import pytest

from schemas.alert import Outcome
from schemas.report import Report, Status
from schemas.settings import Destination, Settings
from tests.end_to_end.street import Street, dawn
from tests.enrich.stories.world import count, deployment, event, report

WANTED = """
subscriptions:
  - {id: troops, match: "event:troop_deployment OR event:peacekeeping OR event:missile_attack", notify: [desk]}
"""
CONFIRMED_ONLY = """
subscriptions:
  - {id: confirmed, match: "event:troop_deployment AND status:confirmed", notify: [desk]}
"""
QUIET = Settings(destinations={"desk": Destination.model_validate({"kind": "console", "quiet": "22:00-08:00"})})


async def test_follow_ups_stay_in_one_thread_and_only_what_matters_is_said() -> None:
    street = Street(WANTED)
    async with street.desk.open():
        await street.hear(
            dawn(deployment("a", Status.CLAIMED, lang="ko")),
            dawn(deployment("b", Status.CLAIMED, lang="ar"), 0.5),
            dawn(deployment("c", Status.CONFIRMED, said=("KP",)), 1),
        )
        assert len(street.stories) == 1
        assert street.said == [("root", ""), ("reply", "m1")]


async def test_a_retraction_is_told_in_the_thread_of_what_it_takes_back_though_no_query_asks_for_it() -> None:
    street = Street(CONFIRMED_ONLY)
    async with street.desk.open():
        told = dawn(deployment("a", Status.CONFIRMED, source="Harbour Post"))
        await street.hear(told, told.model_copy(update={"kind": "retraction"}))
        assert street.said == [("root", ""), ("reply", "m1")]
        assert street.changes[-1].story.status is Status.RETRACTED


async def test_an_edited_count_is_told_in_the_same_thread() -> None:
    street = Street(WANTED)
    async with street.desk.open():
        await street.hear(
            dawn(deployment("a", soldiers=10000)), dawn(deployment("a", soldiers=1000, kind="update"), 0.2)
        )
        assert street.said == [("root", ""), ("reply", "m1")]
        assert [entry.value for entry in street.changes[-1].story.quantities] == [1000]


def strike(key: str, town: str, hours: float = 0, **fields: Any) -> Report:
    """Thirteen dead in a town."""
    told = event(
        "missile_attack", actors=("RU",), targets=("UA",), places=("UA", town), quantities=(count(13, "killed"),)
    )
    return dawn(report(key, told, **fields), hours)


async def test_a_report_that_is_edited_into_another_town_opens_a_thread_of_its_own() -> None:
    street = Street(WANTED)
    async with street.desk.open():
        await street.hear(strike("a", "kharkiv"), strike("b", "kharkiv", 0.1), strike("b", "odesa", 0.2, kind="update"))
        assert [kind for kind, _ in street.said] == ["root", "root"]
        await street.hear(strike("c", "kharkiv", 0.3), strike("d", "odesa", 0.3))
        first, second = street.stories
        assert [change.story.id for change in street.changes[-2:]] == [first, second]
        assert street.changes[-2].story.reports == 2


async def test_a_late_report_joins_its_story_and_rings_nobody_again() -> None:
    street = Street(WANTED)
    async with street.desk.open():
        await street.hear(dawn(deployment("a"), 5), dawn(deployment("b", source="Late Post"), -20))
        assert len(street.stories) == 1
        assert street.said == [("root", "")]
        assert (await street.desk.ends())[street_alert(street, 1)] is Outcome.FOLDED


def street_alert(street: Street, number: int) -> str:
    """The id of the alert that the numbered change made."""
    from alert.matching import alert_id

    story = street.changes[number].story
    return alert_id("desk", story.id, story.revision)


async def test_a_story_that_returns_after_it_closed_says_so_in_its_thread() -> None:
    street = Street(WANTED)
    async with street.desk.open():
        await street.hear(dawn(deployment("a", Status.CLAIMED, soldiers=1968)))
        await street.desk.time.advance(hours=24 * 4)
        await street.hear(dawn(deployment("b", Status.CONFIRMED, said=("KP",), soldiers=1968), 24 * 4.2))
        assert street.changes[-1].what[0] == "back after 4 days"
        assert street.said == [("root", ""), ("reply", "m1")]


def two_and_a_link() -> tuple[Report, Report, Report]:
    """Two reports that open two stories, and one that shows them to be one: Kenya sends 417 policemen to Haiti."""
    who: dict[str, Any] = {"actors": ("KE",), "targets": ("HT",), "places": ("HT",)}
    what: dict[str, Any] = {"quantities": (count(417, "police"),)}
    return (
        dawn(report("a", event(**who), lang="ar", title="Alpha"), 0),
        dawn(report("b", event("peacekeeping", places=("HT",), **what), lang="he", title="Beta"), 20),
        dawn(report("c", event(**who, **what), lang="zh", title="Gamma"), 10),
    )


async def test_two_told_stories_that_become_one_go_on_in_one_thread() -> None:
    street = Street(WANTED)
    whole, half, link = two_and_a_link()
    async with street.desk.open():
        await street.hear(whole, half, link)
        first, second = street.changes[0].story.id, street.changes[1].story.id
        assert first != second
        assert street.changes[2].story.merged == (second,)
        await street.desk.time.advance(hours=1)
        denial = event(
            "troop_deployment", Status.DENIED, actors=("KE",), targets=("HT",), places=("HT",), said_by=("KE",)
        )
        await street.hear(dawn(report("Delta", denial), 20.5))
        assert street.changes[-1].story.id == first
        assert [said for said in street.said if said[0] == "root"] == [("root", ""), ("root", "")]
        assert street.said[-1] == ("reply", "m1")


async def test_a_story_that_still_waited_when_it_became_part_of_another_is_not_told_by_itself() -> None:
    street = Street(WANTED, QUIET)
    whole, half, link = two_and_a_link()
    async with street.desk.open():
        await street.hear(whole, half, link)
        assert street.said == []
        await street.desk.time.advance(hours=12)
        assert street.said == [("root", "")]
        ends = await street.desk.ends()
        assert sorted(ends.values()) == [Outcome.FOLDED, Outcome.FOLDED, Outcome.SENT]


@pytest.mark.parametrize("order", list(permutations(range(4))))
async def test_in_whatever_order_four_reports_come_one_root_is_sent(order: tuple[int, ...]) -> None:
    reports = (
        dawn(deployment("a", Status.DENIED, said=("KP",), lang="ko")),
        dawn(deployment("b", Status.CLAIMED, said=("yonhap",), soldiers=10000, lang="en"), 1),
        dawn(deployment("c", Status.CONFIRMED, said=("KP",), soldiers=14000, lang="ar"), 2),
        dawn(deployment("d", Status.CONFIRMED, said=("KP",), soldiers=14000, lang="ru"), 3),
    )
    street = Street(WANTED)
    async with street.desk.open():
        await street.hear(*(reports[number] for number in order))
        await street.desk.time.advance(hours=1)
        assert len(street.stories) == 1
        assert [kind for kind, _ in street.said].count("root") == 1
        final = street.changes[-1].story
        assert (final.status, final.reports, len(final.sources)) == (Status.CONFIRMED, 4, 4)


async def test_killed_after_every_report_it_says_the_same() -> None:
    reports = (*two_and_a_link(), strike("s", "odesa", 1), strike("s", "kharkiv", 2, kind="update"))
    heard: list[tuple[list[tuple[str, str]], list[tuple[str, ...]]]] = []
    for killed in (False, True):
        street = Street(WANTED, killed=killed)
        async with street.desk.open():
            await street.hear(*reports)
        heard.append((street.said, [(change.id, *change.what) for change in street.changes]))
    assert heard[0] == heard[1]
