"""Hijri and Persian calendar dates as Gregorian ones.

Hijri: the tabular Islamic calendar (30-year cycle, civil epoch of 16 July 622 Julian), which may differ by a day from
what the moon's sighting gave in a country. Persian: the 33-year rule, exact for the years 1178 to 1633.
"""

from datetime import date, timedelta

_HIJRI_EPOCH = date(622, 7, 19)
_JALALI_LEAPS = frozenset({1, 5, 9, 13, 17, 22, 26, 30})
_JALALI_YEARS = range(1178, 1634)
_HIJRI_YEARS = range(1, 2000)


def hijri(year: int, month: int, day: int) -> date | None:
    """The Gregorian day of a Hijri one; None where there is no such day."""
    if not (year in _HIJRI_YEARS and 1 <= month <= 12 and 1 <= day <= 30):
        return None
    days = (11 * year + 3) // 30 + 354 * (year - 1) + 30 * (month - 1) - (month - 1) // 2 + day - 1
    return _HIJRI_EPOCH + timedelta(days=days)


def jalali(year: int, month: int, day: int) -> date | None:
    """The Gregorian day of a Persian one; None where there is no such day."""
    if not (year in _JALALI_YEARS and 1 <= month <= 12 and 1 <= day <= (31 if month <= 6 else 30)):
        return None
    before = sum(366 if is_jalali_leap(each) else 365 for each in range(1400, year))
    before -= sum(366 if is_jalali_leap(each) else 365 for each in range(year, 1400))
    months = 31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)
    return date(2021, 3, 21) + timedelta(days=before + months + day - 1)


def is_jalali_leap(year: int) -> bool:
    """Whether a Persian year has 366 days."""
    return year % 33 in _JALALI_LEAPS


def jalali_year(day: date) -> int:
    """The Persian year a Gregorian day falls in."""
    year = day.year - 621
    start = jalali(year, 1, 1)
    return year if start is None or day >= start else year - 1


def hijri_year(day: date) -> int:
    """The Hijri year a Gregorian day falls in, to within its edges."""
    return ((day - _HIJRI_EPOCH).days * 30 + 10_646) // 10_631
