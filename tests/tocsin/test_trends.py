"""Stages over time: a point a minute, six hours at most."""

from datetime import UTC, datetime, timedelta

from tocsin.trends import POINTS, Trends

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_two_points_come_at_once_and_then_one_a_minute() -> None:
    trends = Trends()
    for second in (0, 5, 10, 66, 70):
        trends.note(NOON + timedelta(seconds=second), {"match": second / 10}, {"match": second * 2})
    trend = trends.of("match")
    assert [at - NOON.timestamp() for at, _ in trend.behind] == [0, 5, 66]
    assert [value for _, value in trend.behind] == [0, 0.5, 6.6]
    assert [value for _, value in trend.pace] == [2, 2]


def test_of_a_stage_that_works_elsewhere_only_its_lag_is_known() -> None:
    trends = Trends()
    for minute in (0, 1):
        trends.note(NOON + timedelta(minutes=minute), {"match": 1.0}, {})
    assert (len(trends.of("match").behind), trends.of("match").pace) == (2, ())


def test_the_oldest_are_forgotten() -> None:
    trends = Trends()
    for minute in range(POINTS + 5):
        trends.note(NOON + timedelta(minutes=minute), {"match": 0.0}, {"match": minute})
    assert len(trends.of("match").behind) == POINTS


def test_a_counter_that_begins_anew_is_no_negative_pace() -> None:
    trends = Trends()
    trends.note(NOON, {}, {"match": 100})
    trends.note(NOON + timedelta(minutes=1), {}, {"match": 3})
    assert trends.of("match").pace[0][1] == 0
