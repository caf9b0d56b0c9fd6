"""The system's clock."""

from datetime import UTC, datetime


class SystemClock:
    """Wall time, in UTC."""

    def now(self) -> datetime:
        """The present instant."""
        return datetime.now(UTC)
