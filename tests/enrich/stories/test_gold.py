"""How well the gold stories are found: perfectly understood reports, in and across languages."""

from collections.abc import Mapping, Sequence
from random import Random

from enrich.stories import Stories
from schemas.report import Report
from tests.enrich.stories.bcubed import across, bcubed
from tests.enrich.stories.gold import GoldNames, gold

STORIES = {told.item.id: told.story for told in gold()}
LANGS = {told.item.id: told.item.lang or "" for told in gold()}


def grouped(reports: Sequence[Report]) -> Mapping[str, str]:
    """Report → story, stories that were found to be one taken together."""
    stories = Stories(GoldNames())
    homes: dict[str, str] = {}
    alias: dict[str, str] = {}
    for report in reports:
        change = stories.add(report)
        homes[report.id] = change.story.id
        alias |= dict.fromkeys(change.story.merged, change.story.id)
    return {report: _final(home, alias) for report, home in homes.items()}


def _final(home: str, alias: Mapping[str, str]) -> str:
    while home in alias:
        home = alias[home]
    return home


def in_order() -> list[Report]:
    """The gold's reports as they were published."""
    return sorted((told.report for told in gold()), key=lambda report: (str(report.published), report.id))


def test_the_gold_is_large_and_in_many_languages() -> None:
    assert len(set(STORIES.values())) >= 60
    assert len(set(LANGS.values())) >= 14


def test_stories_are_found_in_and_across_languages() -> None:
    found = grouped(in_order())
    assert bcubed(STORIES, found).f1 >= 0.95
    assert across(STORIES, found, LANGS).f1 >= 0.90


def test_hard_neighbours_are_kept_apart() -> None:
    assert bcubed(STORIES, grouped(in_order())).precision >= 0.99


def test_the_order_of_arrival_hardly_matters() -> None:
    reports = in_order()
    as_published = grouped(reports)
    for seed in range(3):
        shuffled = Random(seed).sample(reports, len(reports))
        agreement = bcubed(as_published, grouped(shuffled))
        assert agreement.f1 >= 0.97, f"seed {seed}: {agreement}"


def test_a_replay_gives_the_same_ids() -> None:
    assert grouped(in_order()) == grouped(in_order())
