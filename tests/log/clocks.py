"""A clock the tests set by hand."""

from datetime import UTC, datetime, timedelta


class SetClock:
    """A `Clock` that stands still until it is moved; backwards too."""

    def __init__(self, start: datetime = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)) -> None:
        self._now = start

    def now(self) -> datetime:
        """The present instant."""
        return self._now

    def move(self, seconds: float) -> None:
        """Let time pass."""
        self._now += timedelta(seconds=seconds)
