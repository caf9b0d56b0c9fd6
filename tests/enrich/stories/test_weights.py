"""What the signs are worth, and that they say what they should."""

import pytest

from enrich.stories.commonness import Commonness
from enrich.stories.evidence import DAYS, Sought, signs
from enrich.stories.profile import profile_of
from enrich.stories.traits import Rolling, traits_of
from enrich.stories.vetoes import distance
from enrich.stories.weights import weights
from schemas.report import Report
from tests.bench.grouping_weights import Pair, fit
from tests.enrich.stories.world import FewNames, count, deployment, entity, event, report

AGAINST = ("other words", "other land", "other actors", "apart type")


def told(one: Report, other: Report) -> dict[str, float]:
    """Sign → amount, of a report and a story of one other."""
    common, names = Commonness(), Rolling(FewNames())
    new, old = traits_of(one, names), traits_of(other, names)
    story = profile_of(old.kind, [old])
    found = signs(Sought.of(new, common), story, common, distance(new, story))
    return {sign.name: sign.amount for sign in found}


def strike(id: str, town: str) -> Report:
    """Missiles on a town."""
    dead = (count(13, "killed"),)
    return report(id, event("missile_attack", actors=("RU",), targets=("UA",), places=("UA", town), quantities=dead))


@pytest.mark.parametrize("name", AGAINST)
def test_what_speaks_against_takes_bits_away(name: str) -> None:
    assert weights().told.signs[name] < 0


def test_a_later_span_is_never_worth_more() -> None:
    for table in (weights().told, weights().untold):
        worth = [table.signs.get(f"days {span}", 0.0) for span in range(len(DAYS) + 1)]
        assert worth == sorted(worth, reverse=True)


def test_the_same_there_on_the_same_day() -> None:
    found = told(strike("a", "kharkiv"), strike("b", "kharkiv"))
    assert {"same type", "same deed", "days 0", "count", "who", "where"} <= found.keys()
    assert not {"elsewhere", "others"} & found.keys()


def test_another_town_is_told() -> None:
    assert "elsewhere" in told(strike("a", "kharkiv"), strike("b", "odesa"))


def test_who_tells_no_event_is_weighed_by_names_and_words() -> None:
    found = told(deployment("a"), report("b"))
    assert "of the names" in found
    assert not {"same type", "who", "count"} & found.keys()


def test_that_a_language_is_not_read_counts_for_nothing() -> None:
    assert "half told" in told(deployment("a"), report("b", lang="de"))
    assert "half told" in told(report("b", lang="de"), deployment("a"))
    assert {"half read"} <= told(deployment("a"), report("b", lang="cs")).keys() - {"half told"}
    assert {"half read"} <= told(report("b", lang="cs"), deployment("a")).keys() - {"half told"}


@pytest.mark.parametrize(("town", "speaks"), [("muscat", True), ("kursk-oblast", False), ("OM", False)])
def test_a_text_that_names_another_town_than_the_event_is_told(town: str, speaks: bool) -> None:
    parade = report("b", entities=(entity(town),))
    assert ("other ground" in told(parade, deployment("a"))) is speaks
    assert ("other ground" in told(deployment("a"), parade)) is speaks


def test_an_undated_report_has_no_span() -> None:
    found = told(deployment("a", published=None), deployment("b"))
    assert "undated" in found
    assert not any(name.startswith("days") for name in found)


def test_what_tells_pairs_apart_is_learned_and_stays_within_its_bounds() -> None:
    pairs = [Pair("r", "s", True, {"words": 9.0 if own else 1.0, "other words": float(not own)}, own, 1.0)
             for own in (True, False) * 20]  # fmt: skip
    bits, needed = fit(pairs, told=True)
    assert bits["words"] > 0
    assert bits["other words"] <= -6 + 1e-6
    assert 9 * bits["words"] > needed > bits["words"] + bits["other words"]
