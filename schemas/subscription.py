"""What a person writes in `subscriptions/*.yaml`."""

import re
from typing import Any, Literal

from pydantic import ConfigDict, Field, field_validator

from schemas.alert import Severity
from schemas.base import Strict
from schemas.settings import zone

Gate = Literal["pass", "hold", "drop"]

_HOURS = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d\Z")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d\Z")
_EXPECT = re.compile(r"(\d+) per (\d+)([hdw])\Z")


class QuietHours(Strict):
    """`{hours: "22:00-06:00", timezone: Asia/Seoul, except: flash}`."""

    model_config = ConfigDict(populate_by_name=True)

    hours: str
    timezone: str | None = None
    except_: Severity | None = Field(default=None, alias="except")

    @field_validator("hours")
    @classmethod
    def _hours(cls, value: str) -> str:
        if not _HOURS.match(value):
            raise ValueError(f'"{value[:40]}" are no hours; write 22:00-06:00')
        return value

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str | None) -> str | None:
        return None if value is None else zone(value)


class Digest(Strict):
    """`{digest: {at: "08:00"}}`."""

    at: str = "08:00"

    @field_validator("at")
    @classmethod
    def _clock(cls, value: str) -> str:
        if not _CLOCK.match(value):
            raise ValueError(f'"{value[:40]}" is no time of day; write 08:00')
        return value


class DigestRing(Strict):
    """A digest instead of rings."""

    digest: Digest


class Examples(Strict):
    """Words that must, and must not, ring. They are this subscription's tests."""

    fire: tuple[str, ...] = ()
    stay_quiet: tuple[str, ...] = ()


class Subscription(Strict):
    """One thing a person wants to hear of. `match` is a query or its structured form; queries are parsed in `alert`."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,79}$")
    title: str = ""
    owner: str | None = None
    enabled: bool = True
    match: str | dict[str, Any]
    severity: Severity | dict[Literal["default", "flash", "high", "normal", "low"], str] = Severity.NORMAL
    notify: tuple[str, ...] = ()
    ring: Literal["every", "material", "first"] | DigestRing = "material"
    quiet: QuietHours | None = None
    expect: str | None = None
    full_text: bool = False
    """Fetch the article behind each new item that this matches, and read it as an update of the item."""
    unplaced: Gate = "drop"
    unattributed: Gate = "drop"
    unknown_language: Gate = "drop"
    language: str = "en"
    lists: dict[str, str] = {}
    allow_broad: bool = False
    max_per_hour: int | None = Field(default=None, ge=1)
    examples: Examples = Examples()

    @field_validator("expect")
    @classmethod
    def _expect(cls, value: str | None) -> str | None:
        if value is not None and not _EXPECT.match(value):
            raise ValueError(f'"{value[:40]}" is no expectation; write "1 per 30d"')
        return value


class SubscriptionsFile(Strict):
    """One file of `subscriptions/`: subscriptions, and queries other subscriptions use by name."""

    subscriptions: tuple[Subscription, ...] = ()
    queries: dict[str, str] = {}
