"""When to look next: a value in, an instant out."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.schedule import (
    DAY,
    HOUR,
    Steering,
    after_bad,
    after_busy,
    after_good,
    ceiling,
    floor,
    guessed,
    interval,
    observed,
    permitted,
    rate,
    spread,
)
from ingest.state import Policy, Watch

NOW = 1e9
POLICY = Policy()


def publishing(per_day: float) -> Watch:
    return Watch("u", seeded=True, last=NOW, count=per_day * 4, span=4 * DAY, last_item=NOW)


def test_looks_go_with_the_square_root_of_the_rate() -> None:
    busy = interval(publishing(400), POLICY, "h", NOW, 100)
    calm = interval(publishing(100), POLICY, "h", NOW, 100)
    assert calm / busy == pytest.approx(2, rel=0.05)


def test_a_rate_is_learned_and_fades_with_silence() -> None:
    watch = observed(Watch("u"), NOW, 0)
    for hour in range(1, 200):
        watch = observed(watch, NOW + hour * HOUR, 1)
    assert rate(watch) * HOUR == pytest.approx(1, rel=0.05)
    assert watch.usual * HOUR == pytest.approx(1, rel=0.05)
    silent = observed(watch, NOW + 200 * HOUR + 6 * DAY, 0)
    assert rate(silent) < rate(watch) / 2
    assert silent.usual == watch.usual


def test_politeness_is_a_floor_and_max_delay_a_ceiling() -> None:
    busy = publishing(10_000)
    assert interval(busy, POLICY, "h", NOW, 1) == POLICY.floor
    assert interval(busy.but(ttl=1800), POLICY, "h", NOW, 1) == 1800
    assert interval(busy.but(ttl=86400), POLICY, "h", NOW, 1) == HOUR
    assert interval(publishing(0.01), POLICY, "h", NOW, 1e6, max_delay=300) == 300
    assert interval(busy, POLICY, "h", NOW, 1, max_delay=1) == POLICY.hard_floor


def test_hours_and_days_the_feed_asks_to_be_left_out_are_left_out() -> None:
    noon = datetime(2026, 1, 2, 12, 20, tzinfo=UTC).timestamp()  # a Friday
    watch = Watch("https://e.org/rss", skip_hours=(12, 13), skip_days=("saturday",))
    assert datetime.fromtimestamp(permitted(noon, watch), UTC) == datetime(2026, 1, 2, 14, tzinfo=UTC)
    assert permitted(noon + 2 * HOUR, watch) == noon + 2 * HOUR
    late = noon + 12 * HOUR
    assert datetime.fromtimestamp(permitted(late, watch), UTC) == datetime(2026, 1, 4, 0, tzinfo=UTC)
    assert permitted(noon, Watch("https://e.org/rss", skip_hours=tuple(range(24)))) == noon


def test_an_own_host_is_looked_at_as_often_as_its_owner_says() -> None:
    own = Policy(quick={"127.0.0.1": 1.0})
    assert interval(publishing(1), own, "127.0.0.1", NOW, 1e6) == 1
    assert own.gap_of("127.0.0.1") < 0.1
    assert own.gap_of("other") == 2


def test_feeds_that_have_long_been_silent_are_looked_at_rarely_but_for_ever() -> None:
    assert ceiling(publishing(1), POLICY, NOW) == POLICY.ceiling
    assert ceiling(publishing(1), POLICY, NOW + 40 * DAY) == DAY
    assert ceiling(publishing(1), POLICY, NOW + 400 * DAY) == 7 * DAY


def test_failures_double_the_wait_up_to_a_day() -> None:
    waits = [after_bad(publishing(1).but(fails=n), POLICY, "h", NOW, 100, None, 0.5) - NOW for n in range(9)]
    assert waits == sorted(waits)
    assert waits[1] == pytest.approx(2 * waits[0])
    assert waits[-1] == DAY


def test_retry_after_is_obeyed_up_to_a_day() -> None:
    assert after_busy(NOW + 1, NOW, 600, 0) == NOW + 600
    assert after_busy(NOW + 1, NOW, 1e9, 0) == NOW + DAY
    assert after_busy(NOW + 1, NOW, None, 0) == NOW + 1


def test_the_constant_is_steered_towards_the_budget() -> None:
    steering = Steering()
    for _ in range(200):
        steering = steering.towards(looks=4000 / steering.c, budget=20)
    assert 4000 / steering.c == pytest.approx(20, rel=0.05)


def test_what_is_overdue_at_a_start_is_spread() -> None:
    assert spread(100, 20) == 5
    assert spread(10**6, 20) == 900


@given(
    st.floats(0, 1e5),
    st.floats(0.1, 1e6),
    st.floats(0, 1),
    st.none() | st.floats(1, 1e6),
    st.none() | st.floats(1, 1e6),
)
def test_the_next_look_is_never_impolite_and_never_never(
    per_day: float, c: float, jitter: float, max_delay: float | None, ttl: float | None
) -> None:
    watch = publishing(per_day).but(ttl=ttl)
    least = floor(watch, POLICY, "h", max_delay)
    assert POLICY.hard_floor <= least <= after_good(watch, POLICY, "h", NOW, c, max_delay, jitter) - NOW + 1e-3
    assert after_good(watch, POLICY, "h", NOW, c, max_delay, jitter) - NOW <= max(1.1 * 7 * DAY, 1.1 * (max_delay or 0))


def test_a_first_document_says_how_much_is_published() -> None:
    def dates(*hours: float) -> list[datetime]:
        return [datetime.fromtimestamp(NOW - hour * HOUR, UTC) for hour in hours]

    def a_day(*published: datetime | None) -> float:
        return rate(guessed(Watch("u"), published, NOW)) * DAY

    assert a_day(*dates(1, 5, 9, 13, 17, 23)) == pytest.approx(6 * 24 / 23 * 4 / 5, rel=0.1)
    assert a_day(*dates(1, 500)) < a_day(*dates(1, 5)) < a_day(*dates(*range(1, 24)))
    assert a_day(*dates(*[0] * 40)) < 48  # each entry is given the time of the look
    assert a_day() == a_day(None, *dates(900)) == a_day(*dates(-5)) < 0.2
