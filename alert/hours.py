"""Hours of the day in a zone: quiet hours and digest times, across changes to summer time. All instants are UTC."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def _clock(text: str) -> time:
    hour, _, minute = text.partition(":")
    return time(int(hour), int(minute))


def _at(day: datetime, clock: time) -> datetime:
    """That clock time on the day of `day`, as UTC. A time that summer time skips is the moment after the gap."""
    local = day.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0, fold=0)
    return local.astimezone(UTC)


def next_at(clock: str, timezone: str, now: datetime) -> datetime:
    """The next instant at which that zone's clocks show `08:00`, strictly after now."""
    today = now.astimezone(ZoneInfo(timezone))
    days = (_at(today + timedelta(days=ahead), _clock(clock)) for ahead in range(-1, 3))
    return next(instant for instant in days if instant > now)


def quiet_until(hours: str, timezone: str, now: datetime) -> datetime | None:
    """When the quiet hours (`22:00-06:00`) that hold now end; None when it is not quiet. Equal ends: always quiet."""
    for start, end in _spans(hours, timezone, now):
        if start <= now < end:
            return end
    return None


def _spans(hours: str, timezone: str, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    first, _, last = hours.partition("-")
    opens, closes = _clock(first), _clock(last)
    today = now.astimezone(ZoneInfo(timezone))
    overnight = timedelta(days=1 if closes <= opens else 0)
    for ahead in (-1, 0, 1):
        day = today + timedelta(days=ahead)
        yield _at(day, opens), _at(day + overnight, closes)
