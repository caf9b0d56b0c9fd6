"""Hijri and Persian dates fall on the Gregorian days that almanacs give."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.dates.conversion import hijri, hijri_year, is_jalali_leap, jalali, jalali_year


@pytest.mark.parametrize(
    ("year", "month", "day", "gregorian"),
    [
        (1404, 1, 1, date(2025, 3, 21)),
        (1403, 12, 30, date(2025, 3, 20)),
        (1357, 11, 22, date(1979, 2, 11)),
        (1399, 10, 13, date(2021, 1, 2)),
        (1404, 7, 1, date(2025, 9, 23)),
    ],
)
def test_persian_days(year: int, month: int, day: int, gregorian: date) -> None:
    assert jalali(year, month, day) == gregorian


@pytest.mark.parametrize(
    ("year", "month", "day", "gregorian"),
    [(1446, 9, 1, date(2025, 3, 1)), (1445, 1, 1, date(2023, 7, 19)), (1400, 1, 1, date(1979, 11, 20))],
)
def test_hijri_days_to_within_one(year: int, month: int, day: int, gregorian: date) -> None:
    found = hijri(year, month, day)
    assert found is not None
    assert abs((found - gregorian).days) <= 1


@pytest.mark.parametrize(
    "parts", [(1404, 13, 1), (1404, 1, 32), (1404, 7, 31), (0, 1, 1), (99_999, 1, 1), (1404, 0, 5)]
)
def test_no_such_day_is_none(parts: tuple[int, int, int]) -> None:
    assert jalali(*parts) is None


@given(st.integers(1178, 1630), st.integers(1, 12), st.integers(1, 29))
def test_the_day_after_is_the_day_after(year: int, month: int, day: int) -> None:
    one, two = jalali(year, month, day), jalali(year, month, day + 1) if day < 29 else None
    assert one is not None
    assert two is None or (two - one).days == 1
    assert jalali_year(one) == year


@given(st.integers(1300, 1500), st.integers(1, 12))
def test_months_follow_one_another(year: int, month: int) -> None:
    first, following = hijri(year, month, 1), hijri(year + month // 12, month % 12 + 1, 1)
    assert first is not None
    assert following is not None
    assert (following - first).days in (29, 30)
    assert abs(hijri_year(first) - year) <= 1


def test_leap_years_of_the_thirty_three() -> None:
    assert [year for year in range(1395, 1412) if is_jalali_leap(year)] == [1395, 1399, 1403, 1408]
