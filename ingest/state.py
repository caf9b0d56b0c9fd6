"""What is remembered of a feed between looks: a frozen value, kept as JSON in the task's state."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal, Self

from pydantic import JsonValue

Standing = Literal["new", "healthy", "failing", "gone", "poisoned", "blocked"]
"""new: not read yet · healthy: the last look was good · failing: it was not · gone: 410, retired · poisoned: what comes
is no feed · blocked: they do not let us in. Empty and stale are judged from a healthy feed's history (`health.py`)."""


@dataclass(frozen=True, slots=True)
class Watch:
    """One feed's memory. Times are seconds since 1970, UTC."""

    url: str
    standing: Standing = "new"
    reason: str = ""
    """Of the last look, in words."""
    etag: str | None = None
    last_modified: str | None = None
    validated: float = 0.0
    """When the last unconditional look brought a document: a 304 is not believed for more than a day after it."""
    body_hash: str = ""
    count: float = 0.0
    """New items, weighed down with age (half-life three days)."""
    span: float = 0.0
    """Seconds of observation, weighed down alike; count ÷ span is the rate."""
    usual: float = 0.0
    """The rate when there was last news, items a second: what a silence is judged against."""
    last: float = 0.0
    """The last look; 0 before the first."""
    next: float = 0.0
    fails: int = 0
    failing_since: float = 0.0
    seeded: bool = False
    """A document was read once, be it empty: what comes from now on is new."""
    trust_guids: bool = True
    last_item: float = 0.0
    """When the last new item was found; when the feed was first read, before there is one."""
    items: int = 0
    """Entries in the last document."""
    ttl: float | None = None
    max_age: float | None = None
    skip_hours: tuple[int, ...] = ()
    """Hours of the day, UTC, in which the feed asks not to be looked at; and days of the week alike."""
    skip_days: tuple[str, ...] = ()
    moved_to: str | None = None
    """Where it says it has moved for good."""
    moved_count: int = 0
    moved_since: float = 0.0
    adopted: str | None = None
    """The address looked at instead of `url`, once the move was believed."""
    overrun: int = 0
    """Looks for which the feed is still looked at twice as often, since it held more news than its window shows."""
    told: str = ""
    """The bad news the operator was last told of this feed; "" when there is none open."""
    swept: int = 0
    """The day on which the seen set was last cleared of the very old."""

    @property
    def address(self) -> str:
        """Where to look."""
        return self.adopted or self.url

    def to_json(self) -> dict[str, JsonValue]:
        """As it is kept: what is at its default is left out."""
        written = asdict(self)
        return {f.name: written[f.name] for f in _FIELDS if f.name == "url" or written[f.name] != f.default}

    @classmethod
    def from_json(cls, value: Any) -> Self:
        """As it was kept; what an older or newer version wrote beside it is passed over."""
        known = {f.name for f in _FIELDS}
        kept: dict[str, Any] = {key: entry for key, entry in dict(value).items() if key in known}
        kept |= {key: tuple(entry) for key, entry in kept.items() if isinstance(entry, list)}
        return cls(**kept)

    def but(self, **changes: Any) -> "Watch":
        """The same with changes."""
        return replace(self, **changes)


_FIELDS = fields(Watch)


@dataclass(frozen=True, slots=True)
class Policy:
    """How often a feed may be looked at; the operator's own hosts may be looked at more often. Seconds."""

    floor: float = 300.0
    """Never more often, unless `max_delay` says so."""
    hard_floor: float = 60.0
    """Never more often, whatever anybody says, but for hosts in `quick`."""
    ceiling: float = 6 * 3600.0
    gap: float = 2.0
    """Between the end of one request to a host and the start of the next."""
    quick: Mapping[str, float] = field(default_factory=dict)
    """Host → seconds between looks at each of its feeds, for hosts that the operator owns, such as the sample wire."""

    def own(self, host: str) -> float | None:
        """The interval of an own host, if it is one."""
        return self.quick.get(host)

    def gap_of(self, host: str) -> float:
        """Seconds between requests to a host."""
        return min(self.gap, self.quick[host] / 20) if host in self.quick else self.gap
