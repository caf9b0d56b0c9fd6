"""The looks a second are kept at the budget."""

import math

import pytest

from ingest.pace import STEER_EVERY, Pace
from ingest.schedule import DAY, rate
from ingest.state import Watch

NOW = 1e9


def feed(a_day: float) -> Watch:
    return Watch("u", count=a_day * 7, span=7 * DAY, last=NOW)


def looks(watches: list[Watch], pace: Pace) -> float:
    return sum(math.sqrt(rate(watch)) / pace.c for watch in watches)


def test_at_a_start_the_feeds_cost_the_budget() -> None:
    watches, pace = [feed(number % 50) for number in range(5_000)], Pace(NOW)
    pace.restored(watches, 10)
    assert looks(watches, pace) == pytest.approx(10, rel=0.01)


def test_few_feeds_are_looked_at_as_often_as_is_polite_from_the_first_hour() -> None:
    pace = Pace(NOW)
    pace.restored([], 20)
    pace.changed(None, Watch("u"))
    assert pace.c / rate(feed(20)) ** 0.5 < 300


def test_c_follows_feeds_that_come_and_go() -> None:
    watches, pace = [feed(20) for _ in range(5_000)], Pace(NOW)
    pace.restored(watches[:2_500], 10)
    for watch in watches[2_500:]:
        pace.changed(None, watch)
    for _ in range(600):
        pace.looked()
    assert pace.steer(NOW + STEER_EVERY, 10)
    assert looks(watches, pace) == pytest.approx(10, rel=0.02)
    assert not pace.steer(NOW + STEER_EVERY + 1, 10)


def test_what_floors_leave_unspent_is_spent_elsewhere() -> None:
    pace = Pace(NOW)
    pace.restored([feed(20)] * 5_000, 10)
    before = pace.c
    assert pace.steer(NOW + STEER_EVERY, 10)
    assert pace.c < before


def test_first_looks_of_many_feeds_take_turns_as_the_budget_allows() -> None:
    pace = Pace(NOW)
    assert [pace.turn(NOW, 20) - NOW for _ in range(3)] == pytest.approx([0, 0.05, 0.1])
    assert pace.turn(NOW + 60, 20) == NOW + 60
