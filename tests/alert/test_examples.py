"""Examples are judged by their words alone."""

import pytest

from alert.examples import Tried, check_examples
from schemas.item import Item
from schemas.report import Report
from tests.alert.world import deployment, one, report


def understand(item: Item) -> Report:
    """Reads one headline: anything with "sends troops" is a deployment of unknown size by North Korea to Russia."""
    if "sends troops" not in item.title:
        return report(title=item.title)
    numbers = deployment().quantities if "14,000" in item.title else ()
    return report("", deployment(quantities=numbers), title=item.title)


def tried(query: str, kind: str, words: str) -> Tried:
    (result,) = check_examples(one(query, examples={kind: [words]}), understand)
    return result


SENDS = "North Korea sends troops"


@pytest.mark.parametrize(
    ("query", "kind", "words", "outcome", "untested"),
    [
        ("actor:KP AND place:RU", "fire", SENDS, "ok", ()),
        ("actor:UA", "fire", SENDS, "failed", ()),
        ("actor:KP AND soldiers>=1000", "fire", SENDS, "ok", ("soldiers>=1000",)),
        ("actor:KP AND soldiers>=1000", "fire", SENDS + " (14,000)", "ok", ()),
        ("actor:KP AND soldiers<=1000", "fire", SENDS + " (14,000)", "failed", ()),
        ('actor:KP AND sources>=3 AND source:"X Wire"', "fire", SENDS, "ok", ('source:"X Wire"', "sources>=3")),
        ("actor:KP AND NOT sources<2", "fire", SENDS, "ok", ("sources<2",)),
        ("actor:KP", "stay_quiet", SENDS, "failed", ()),
        ("actor:KP", "stay_quiet", "Troops parade in Pyongyang", "ok", ()),
        ("actor:KP AND soldiers>=1000", "stay_quiet", SENDS, "not tested", ("soldiers>=1000",)),
    ],
)
def test_an_example_is(query: str, kind: str, words: str, outcome: str, untested: tuple[str, ...]) -> None:
    result = tried(query, kind, words)
    assert (result.outcome, result.untested) == (outcome, untested)


def test_a_failed_example_says_what_stopped_it() -> None:
    assert str(tried("actor:UA", "fire", SENDS)).startswith(
        "x: fire 'North Korea sends troops' failed: stopped by actor:UA (KP) [0 of 1 events fit"
    )
    assert "it fires: actor:KP" in str(tried("actor:KP", "stay_quiet", SENDS))
