"""How much a change matters, rule by rule."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.materiality import Facts, differences, level
from schemas.report import EventQuantity, Status
from schemas.story import Materiality

BEFORE = Facts(
    type="troop_deployment", status=Status.CLAIMED, actors=("KP",), places=("RU",),
    quantities=(EventQuantity(value=10000, min=10000, max=12000, unit="soldiers"),), sources=("a",),
)  # fmt: skip


def count(low: float, high: float | None = None, **more: Any) -> dict[str, object]:
    end = low if high is None else high
    return {"quantities": (EventQuantity(value=low, min=low, max=end, unit="soldiers", **more),)}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, Materiality.M0),
        ({"sources": ("a", "b")}, Materiality.M1),
        ({"status": Status.REPORTED}, Materiality.M1),
        ({"status": Status.CONFIRMED}, Materiality.M3),
        ({"status": Status.DENIED}, Materiality.M3),
        ({"status": Status.RETRACTED}, Materiality.M3),
        ({"type": "troop_withdrawal"}, Materiality.M3),
        ({"actors": ("KP", "BY")}, Materiality.M2),
        ({"places": ("RU", "UA")}, Materiality.M2),
        ({"places": ("RU", "kursk-oblast")}, Materiality.M1),
        (count(11000), Materiality.M0),
        (count(14000), Materiality.M0),
        (count(14400), Materiality.M2),
        (count(7000), Materiality.M2),
        (count(120000), Materiality.M3),
        (count(900), Materiality.M3),
        (count(3000, part_of=14000.0), Materiality.M0),
    ],
)
def test_a_change_weighs_what_the_rule_says(change: dict[str, object], expected: Materiality) -> None:
    assert level(differences(BEFORE, BEFORE.model_copy(update=change))) is expected


def test_what_is_new_comes_most_material_first() -> None:
    after = BEFORE.model_copy(update={"sources": ("a", "b"), "status": Status.DENIED, "actors": ("KP", "BY")})
    assert [found.aspect for found in differences(BEFORE, after)] == ["status", "actor", "sources"]


def test_a_word_that_stops_being_decisive_is_as_material() -> None:
    confirmed = BEFORE.model_copy(update={"status": Status.CONFIRMED})
    assert level(differences(confirmed, BEFORE)) is Materiality.M3


@given(st.floats(1, 1e9), st.floats(1, 1e9))
def test_a_count_inside_the_told_range_is_no_news(one: float, other: float) -> None:
    low, high = sorted((one, other))
    told = BEFORE.model_copy(update=count(low, high))
    inside = BEFORE.model_copy(update=count((low + high) / 2))
    assert level(differences(told, inside)) is Materiality.M0


@given(st.lists(st.floats(1.0, 1.19), min_size=6, max_size=12))
def test_slow_drift_adds_up_against_what_was_told(steps: list[float]) -> None:
    told, now = 10000.0, 10000.0
    for step in steps:
        now *= step
    before, after = (BEFORE.model_copy(update=count(value)) for value in (told, now))
    material = level(differences(before, after)) >= Materiality.M2
    assert material == (now / told >= 1.2)
