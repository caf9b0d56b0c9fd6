"""What a person writes in `tocsin.yaml` and `feeds.yaml`."""

import re
from typing import Annotated, Any, Final, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, Field, SecretStr, WithJsonSchema, field_validator, model_validator

from schemas.base import Strict
from schemas.item import Store
from schemas.secrets import apart

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)([smhdw])\Z")


def seconds(value: Any) -> Any:
    """`5m`, `36h`, `30d` → seconds; numbers are seconds already. Raises ValueError with an example."""
    if isinstance(value, str):
        match = _DURATION.match(value.strip())
        if not match:
            raise ValueError(f'"{value[:40]}" is no duration; write 30s, 5m, 2h, 7d or 4w')
        return float(match[1]) * _UNITS[match[2]]
    return value


_WRITTEN: Final = {
    "anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "string", "pattern": _DURATION.pattern[:-2] + "$"}]
}
Duration = Annotated[float, BeforeValidator(seconds), Field(gt=0), WithJsonSchema(_WRITTEN, mode="validation")]
"""Seconds, written as `30s`, `5m`, `2h`, `7d`, `4w`."""


def zone(value: str) -> str:
    """A time zone of the IANA database, by name."""
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f'"{value[:60]}" is no time zone; write one like Europe/Paris or UTC') from error
    return value


class Kafka(Strict):
    """How to reach Kafka; only read when `log` is kafka://…"""

    topic_prefix: str = "tocsin"
    security: str = Field(default="plaintext", pattern="^(plaintext|ssl|sasl_plaintext|sasl_ssl)$")
    username: str | None = None
    password: SecretStr | None = None
    mechanism: str = Field(default="SCRAM-SHA-512", pattern="^(PLAIN|SCRAM-SHA-256|SCRAM-SHA-512)$")
    ca_file: str | None = None
    cert_file: str | None = None
    key_file: str | None = None
    partitions: int = Field(default=6, ge=1, le=256)
    replication: int | None = Field(default=None, ge=1, le=9)
    """None: 3 where the cluster has three brokers, else what it has."""
    instance: str | None = None
    """Static membership: a name that stays with this process over restarts."""


class Retention(Strict):
    """How long each kind of record is kept."""

    items: Duration = 30 * 86400.0
    reports: Duration = 90 * 86400.0
    receipts: Duration = 400 * 86400.0
    dead: Duration = 14 * 86400.0


class Network(Strict):
    """The way out."""

    proxy: str | None = None
    ca_file: str | None = None
    allow_private: tuple[str, ...] = ()
    """Hosts or CIDR ranges that may be reached although they are not public."""
    quick: dict[str, Duration] = {}
    """Hosts of your own → the time between two looks at each of their feeds; politeness does not bind you there."""
    contact: str | None = None
    """Put into the User-Agent, so that a publisher can write to you."""
    budget: float = Field(default=20.0, gt=0)
    """Looks at feeds per second, over all feeds."""


class Desk(Strict):
    """The web page and API."""

    listen: str = "127.0.0.1:8765"
    public_url: str | None = None
    token: SecretStr | None = None

    @field_validator("listen")
    @classmethod
    def _address(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdigit() or int(port) > 65535:
            raise ValueError(f'"{value[:60]}" is no address; write host:port')
        return value


class Canary(Strict):
    """A synthetic item sent through every stage, to see that they work and how long they take."""

    every: Duration = 600.0
    late: Duration = 120.0
    """After so long without an arrival something is wrong."""

    @model_validator(mode="after")
    def _late_before_the_next(self) -> Self:
        if self.late > self.every:
            raise ValueError("late must not be longer than every: one is on its way at a time")
        return self


class Destination(Strict):
    """Where alerts go: one channel kind with its options, which the channel itself checks."""

    kind: str
    options: dict[str, Any] = {}
    fallback: str | None = None
    on_uncertain: str = Field(default="resend", pattern="^(resend|drop|hold)$")
    max_per_hour: int | None = Field(default=None, ge=1)
    quiet: str | None = None
    timezone: str | None = None
    language: str | None = None
    canary: dict[str, Any] | None = None
    """Options that differ for the canary, such as a test channel: then it is told there. None: nobody is told."""

    @model_validator(mode="before")
    @classmethod
    def _one_kind(cls, value: Any) -> Any:
        """`{slack: {…}, fallback: x}` → kind and options."""
        if not isinstance(value, dict) or "kind" in value:
            return value
        kinds = [key for key in value if key not in cls.model_fields]
        if len(kinds) != 1:
            found = ", ".join(sorted(kinds)) or "none"
            raise ValueError(f"a destination names exactly one channel, such as slack or email; found {found}")
        rest = {key: entry for key, entry in value.items() if key != kinds[0]}
        return {"kind": kinds[0], "options": value[kinds[0]] or {}, **rest}


def _without_options(value: Any) -> Any:
    """`floods:` with nothing behind it is a tagger without options."""
    return {name: {} if rest is None else rest for name, rest in value.items()} if isinstance(value, dict) else value


Taggers = Annotated[dict[str, dict[str, Any]], BeforeValidator(_without_options)]
"""Tagger → its options, which the tagger itself checks."""


class TaggersPart(Strict):
    """The part of `tocsin.yaml` on taggers."""

    taggers: Taggers = {}
    """Taggers of installed packages that may add or veto events: name → options. None is loaded that is not named."""


class Settings(TaggersPart):
    """`tocsin.yaml`."""

    log: str = "sqlite:tocsin.db"
    state: str | None = None
    """Where this process keeps what it remembers beside the log. None: what the service manager made, or `.tocsin`."""
    kafka: Kafka = Kafka()
    timezone: str = "UTC"
    operator: str | None = None
    retention: Retention = Retention()
    network: Network = Network()
    desk: Desk = Desk()
    destinations: dict[str, Destination] = Field(default_factory=lambda: {"console": Destination(kind="console")})
    canary: Canary | None = None
    tracing: str | None = None
    """An OpenTelemetry collector's address (OTLP over HTTP), such as http://127.0.0.1:4318. None: no traces."""
    heartbeat: str | None = None
    """A URL asked every minute while all is well (a dead-man's switch elsewhere)."""

    _zone = field_validator("timezone")(zone)

    @field_validator("tracing")
    @classmethod
    def _collector(cls, value: str | None) -> str | None:
        if value is not None and not re.match(r"https?://[^/\s]+", value):
            raise ValueError(f'"{value[:60]}" is no collector; write http://host:4318')
        return value

    @field_validator("log")
    @classmethod
    def _log(cls, value: str) -> str:
        if not value.startswith(("sqlite:", "kafka://")) or value in ("sqlite:", "kafka://"):
            raise ValueError(f'"{value[:60]}" is no log; write sqlite:FILE or kafka://host:port,host:port')
        return value


class FeedSettings(Strict):
    """One entry of `feeds.yaml`."""

    url: str
    publisher: str | None = None
    trust: int = Field(default=1, ge=0, le=3)
    category: str | None = None
    lang: str | None = None
    max_delay: Duration | None = None
    store: Store = "full"
    charset: str | None = None
    auth: dict[str, SecretStr] | None = None
    full_text: bool = False

    @model_validator(mode="before")
    @classmethod
    def _credentials_apart(cls, value: Any) -> Any:
        """`https://name:password@host/feed` → the address, which travels and is shown, and `auth`, which never does."""
        if not isinstance(value, dict) or "@" not in str(value.get("url")):
            return value
        url, basic = apart(str(value["url"]))
        if basic is None:
            return value
        if value.get("auth"):
            raise ValueError("the address carries a name and password, and auth does too; keep one")
        return {**value, "url": url, "auth": {"basic": basic}}

    @field_validator("url")
    @classmethod
    def _http(cls, value: str) -> str:
        if not re.match(r"https?://[^/\s]+", value):
            raise ValueError(f'"{value[:80]}" is no web address; write http://… or https://…')
        return value

    @field_validator("auth")
    @classmethod
    def _one_auth(cls, value: dict[str, SecretStr] | None) -> dict[str, SecretStr] | None:
        if value is not None and (len(value) != 1 or not set(value) <= {"basic", "bearer", "header", "cookie"}):
            raise ValueError("auth names exactly one of basic, bearer, header, cookie")
        return value


class FeedsFile(Strict):
    """`feeds.yaml`."""

    feeds: tuple[FeedSettings, ...] = ()
