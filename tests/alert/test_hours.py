"""Hours of the day, over nights and over changes to summer time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alert.hours import next_at, quiet_until

INSTANTS = st.integers(0, 10 * 365 * 24 * 60).map(lambda n: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=n))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2025-06-01 12:59", None),
        ("2025-06-01 13:00", "2025-06-01 21:00"),
        ("2025-06-01 20:59", "2025-06-01 21:00"),
        ("2025-06-01 21:00", None),
    ],
)
def test_quiet_hours_over_midnight_in_seoul(now: str, end: str | None) -> None:
    assert quiet_until("22:00-06:00", "Asia/Seoul", utc(now)) == (utc(end) if end else None)


def test_hours_within_a_day() -> None:
    assert quiet_until("12:00-13:00", "UTC", utc("2025-06-01 12:30")) == utc("2025-06-01 13:00")
    assert quiet_until("12:00-13:00", "UTC", utc("2025-06-01 13:30")) is None


def test_equal_ends_are_always_quiet() -> None:
    assert quiet_until("00:00-00:00", "UTC", utc("2025-06-01 09:00")) == utc("2025-06-02 00:00")


def test_the_night_summer_time_begins_ends_an_hour_earlier_in_utc() -> None:
    assert quiet_until("22:00-06:00", "Europe/Paris", utc("2025-03-29 22:30")) == utc("2025-03-30 04:00")
    assert quiet_until("22:00-06:00", "Europe/Paris", utc("2025-10-25 22:30")) == utc("2025-10-26 05:00")


def test_a_digest_at_an_hour_that_summer_time_skips_still_comes() -> None:
    assert next_at("02:30", "Europe/Paris", utc("2025-03-30 00:00")) == utc("2025-03-30 01:30")


@given(
    INSTANTS,
    st.integers(0, 23), st.integers(0, 59),
    st.sampled_from(["UTC", "Europe/Kyiv", "Asia/Kathmandu", "America/New_York", "Australia/Lord_Howe"]),
)  # fmt: skip
def test_the_next_digest_is_always_ahead_and_within_a_long_day(
    now: datetime, hour: int, minute: int, zone: str
) -> None:
    found = next_at(f"{hour:02}:{minute:02}", zone, now)
    assert now < found <= now + timedelta(hours=25)


@given(
    INSTANTS,
    st.integers(0, 23), st.integers(0, 23), st.sampled_from(["UTC", "Europe/Kyiv", "America/New_York"]),
)  # fmt: skip
def test_quiet_hours_always_end(now: datetime, start: int, end: int, zone: str) -> None:
    found = quiet_until(f"{start:02}:00-{end:02}:00", zone, now)
    assert found is None or now < found <= now + timedelta(hours=26)
