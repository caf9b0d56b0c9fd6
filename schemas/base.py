"""The two kinds of value everything here is made of: messages (lenient to read) and configuration (strict)."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict


def _aware(value: datetime) -> datetime:
    """A time without a zone is taken as UTC; every other is turned into UTC."""
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


UtcTime = Annotated[datetime, AfterValidator(_aware)]
"""An aware datetime in UTC. The publisher's own words for a time are kept beside it where they matter."""

Span = tuple[int, int]
"""Half-open, in Unicode code points of `title + "\\n" + text` (so an untitled text starts at 1)."""


class Message(BaseModel):
    """A frozen value that travels in a topic. Unknown fields are ignored, so that a newer writer can be read."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Strict(BaseModel):
    """A frozen value a person writes. Unknown keys are refused: a misspelt key must not be silently without effect."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
