"""From the parts of a date to an ISO value, by the day of publication."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from enrich.dates.conversion import hijri, hijri_year, jalali, jalali_year

System = Literal["gregorian", "hijri", "jalali"]
_AHEAD = timedelta(days=60)
"""How far ahead a date without a year is still taken as coming, not past."""
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "winter": (12, 14)}


@dataclass(frozen=True, slots=True)
class Parts:
    """What a text says of a date."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    last_day: int | None = None
    """The end of a range within the month."""
    system: System = "gregorian"
    direction: int = 0
    """-1: said to be past; 1: said to come; 0: nothing said."""


def resolved(parts: Parts, published: date | None) -> str | None:
    """The ISO date, month, year or range; None where there is no such day or nothing to count from."""
    if parts.system != "gregorian":
        return _converted(parts, published)
    if parts.month is None:
        return _day_alone(parts, published) if parts.day else (str(parts.year) if parts.year else None)
    year = parts.year if parts.year is not None else _year_of(parts, published)
    if year is None or not 1 <= parts.month <= 12 or not 1 <= year <= 9999:
        return None
    if parts.day is None:
        return f"{year:04d}-{parts.month:02d}"
    days = [_iso(year, parts.month, day) for day in (parts.day, parts.last_day) if day is not None]
    return "/".join(day for day in days if day) if all(days) else None


def _iso(year: int, month: int, day: int) -> str | None:
    return date(year, month, day).isoformat() if 1 <= day <= calendar.monthrange(year, month)[1] else None


def _year_of(parts: Parts, published: date | None) -> int | None:
    """The year of a date without one: the last time it was, unless it is soon or said to come."""
    if published is None or parts.month is None or not 1 <= parts.month <= 12:
        return None
    year = published.year
    day = min(parts.day or 1, calendar.monthrange(year, parts.month)[1])
    this = date(year, parts.month, day)
    if parts.direction > 0:
        return year if this >= published else year + 1
    if parts.direction < 0:
        return year if this <= published else year - 1
    if this > published + _AHEAD:
        return year - 1
    if this < published - timedelta(days=365) + _AHEAD:
        return year + 1
    return year


def _day_alone(parts: Parts, published: date | None) -> str | None:
    """A day of the month: this month's, or last month's when that would be more than a day ahead."""
    if published is None or parts.day is None or not 1 <= parts.day <= 31:
        return None
    year, month = published.year, published.month
    ahead = parts.day > published.day + 1
    if parts.direction > 0 and parts.day < published.day:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    elif ahead and parts.direction <= 0:
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    return _iso(year, month, parts.day)


def _converted(parts: Parts, published: date | None) -> str | None:
    """Hijri and Persian: the day; of a month alone, its first and last."""
    convert = hijri if parts.system == "hijri" else jalali
    if parts.month is None:
        return None
    year = parts.year
    if year is None:
        if published is None:
            return None
        year = hijri_year(published) if parts.system == "hijri" else jalali_year(published)
        start = convert(year, parts.month, parts.day or 1)
        if start and start > published + _AHEAD:
            year -= 1
    if parts.day is not None:
        day = convert(year, parts.month, parts.day)
        return day.isoformat() if day else None
    first = convert(year, parts.month, 1)
    after = convert(year + parts.month // 12, parts.month % 12 + 1, 1)
    return f"{first.isoformat()}/{(after - timedelta(days=1)).isoformat()}" if first and after else None


def weekday(index: int, published: date | None, direction: int) -> str | None:
    """The nearest such day: today or before, unless said to come."""
    if published is None:
        return None
    if direction > 0:
        return (published + timedelta(days=(index - published.weekday() - 1) % 7 + 1)).isoformat()
    return (published - timedelta(days=(published.weekday() - index) % 7)).isoformat()


def span(name: str, published: date | None) -> str | None:
    """`week-1`, `month0`, `year1` and the like as an ISO range, month or year."""
    if published is None:
        return None
    unit, step = name.rstrip("-01"), int(name[len(name.rstrip("-01")) :])
    if unit == "week":
        monday = published + timedelta(days=7 * step - published.weekday())
        return f"{monday.isoformat()}/{(monday + timedelta(days=6)).isoformat()}"
    if unit == "month":
        months = published.year * 12 + published.month - 1 + step
        return f"{months // 12:04d}-{months % 12 + 1:02d}"
    return f"{published.year + step:04d}"


def before(unit: str, count: int, published: date) -> str | None:
    """So many days, weeks, months or years before: a day, a month or a year, as exactly as people say it."""
    if unit in ("day", "week"):
        days = published.toordinal() - count * (7 if unit == "week" else 1)
        return date.fromordinal(days).isoformat() if days > 0 else None
    months = published.year * 12 + published.month - 1 - count * (12 if unit == "year" else 1)
    if months < 12:
        return None
    return f"{months // 12:04d}" if unit == "year" else f"{months // 12:04d}-{months % 12 + 1:02d}"


def season(name: str, year: int | None, published: date | None, direction: int) -> str | None:
    """A season as the months it lasts (northern half of the Earth), the latest one begun unless said otherwise."""
    first, last = _SEASONS[name]
    if year is None:
        if published is None:
            return None
        begun = (published.month, published.day) >= (first, 1)
        year = published.year if begun else published.year - 1
        if direction < 0 and begun and published.month <= last:
            year -= 1
        if direction > 0:
            year = published.year if published.month < first else published.year + 1
    end_year, end = (year + 1, last - 12) if last > 12 else (year, last)
    return f"{year:04d}-{first:02d}/{end_year:04d}-{end:02d}"
