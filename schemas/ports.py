"""The ports: what a room needs from outside, implemented in one room and handed in by `tocsin/app.py`."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol, runtime_checkable

from pydantic import JsonValue

from schemas.base import Message, Span
from schemas.item import Item
from schemas.report import Event, Report
from schemas.topics import Topic


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""


@dataclass(frozen=True, slots=True)
class Task:
    """The unit of ownership: one partition of one stage's inputs. One worker owns it at a time."""

    stage: str
    partition: int = 0

    def __str__(self) -> str:
        return f"{self.stage}/{self.partition}"


@dataclass(frozen=True, slots=True)
class Record:
    """One record as read from the log; `value` None is a tombstone. `topic` is without the prefix."""

    topic: str
    partition: int
    offset: int
    key: str
    value: bytes | None
    headers: Mapping[str, str] = field(default_factory=dict)
    timestamp: datetime | None = None

    @property
    def place(self) -> str:
        """`topic/partition/offset`, for people and for headers."""
        return f"{self.topic}/{self.partition}/{self.offset}"


class State(Protocol):
    """Keyed state of one task. Values are JSON; keys are ordered by code point."""

    def get(self, key: str) -> JsonValue | None:
        """The value, or None."""

    def scan(
        self, prefix: str = "", until: str | None = None, limit: int | None = None
    ) -> Iterator[tuple[str, JsonValue]]:
        """Keys that start with `prefix` (and are < `until`) in order, with their values."""


class Unit(State, Protocol):
    """One unit of work: everything written in it is committed together or not at all.

    Reads see the unit's own writes. A unit is used from one thread at a time. Nothing here waits on a network.
    """

    @property
    def task(self) -> Task:
        """Whose unit this is."""

    @property
    def now(self) -> datetime:
        """The instant of the unit, fixed for its length."""

    def put(self, key: str, value: JsonValue) -> None:
        """Set the state of a key."""

    def delete(self, key: str) -> None:
        """Forget a key; an unknown one is no error."""

    def emit(self, topic: Topic, key: str, message: Message | None, cause: Record | None = None) -> None:
        """Write a message (None: a tombstone); `cause` is the record it came of, for traces and audits."""

    def dead(self, record: Record, error: BaseException) -> None:
        """Lay a record aside with the error, in the dead-letter topic."""

    def acknowledge(self, batch: Sequence[Record]) -> None:
        """These records are done with once the unit is committed."""


class Runtime(Protocol):
    """What the worker of a task may do with the log."""

    def unit(self, task: Task) -> AbstractAsyncContextManager[Unit]:
        """Open a unit; leaving the block commits it, an exception drops it.

        Raises `Fenced` when the task is another worker's by now, `LogFull` when there is no room.
        """

    async def read(self, task: Task, limit: int = 500, wait: float = 1.0) -> Sequence[Record]:
        """The task's next unread records (none after `wait` seconds without any).

        Records read but not acknowledged in a committed unit are read again after `rewind` or a restart.
        """

    async def rewind(self, task: Task) -> None:
        """Forget what was read and not acknowledged: the next read starts after the last committed position."""


class Stage(Protocol):
    """A plain, synchronous function from a batch and its state to effects. Runs off the event loop."""

    def restore(self, state: State) -> None:
        """Build what is kept in memory from the state: once before the first unit and after every dropped one."""

    def handle(self, batch: Sequence[Record], unit: Unit) -> None:
        """Do the work of a batch. An empty batch is a tick: the moment to look at timers."""


@runtime_checkable
class Worker(Protocol):
    """A stage that acts on the world (fetches, deliveries): async, one per task, runs until cancelled."""

    async def run(self, task: Task, runtime: Runtime) -> None:
        """Work until cancelled."""


class Token(NamedTuple):
    """A word of a text: its half-open span in the text, and the keys it answers to.

    `keys[0]` is the exact folded form; the others are what is left after clitics and endings are taken off, stems
    and the like. Two words are forms of one another when their keys meet.
    """

    start: int
    end: int
    keys: tuple[str, ...]


class Folding(Protocol):
    """Text folding with offsets kept: the one place where words of any language are compared."""

    def fold(self, text: str, lang: str | None = None) -> str:
        """NFC, case, letter variants; idempotent. For comparing, never for showing."""

    def tokens(self, text: str, lang: str | None = None) -> Sequence[Token]:
        """The words of a text in order. Han and kana give one token a character."""

    def term(self, words: str, lang: str | None = None) -> Sequence[frozenset[str]]:
        """A term of a query or lexicon, word by word: the keys any one of which a token must carry."""


@dataclass(frozen=True, slots=True)
class Named:
    """An entity as the gazetteer knows it."""

    id: str
    type: str
    name: str
    """The common English name."""
    within: str | None = None
    """Id of what it lies beneath or acts for, one level up."""


class Names(Protocol):
    """Canonical names of countries, places, people and organisations, in every language."""

    def find(self, id: str) -> Named | None:
        """The entity of an id."""

    def lookup(self, name: str) -> Sequence[Named]:
        """Who or what may be called so, in any language, likeliest first."""

    def name(self, id: str, lang: str = "en") -> str:
        """How a reader of a language calls it; the id itself when nobody knows."""

    def above(self, id: str) -> tuple[str, ...]:
        """The ids it lies beneath or acts for, nearest first: kursk-oblast → (RU,)."""

    def ids(self) -> Iterable[str]:
        """Every known id."""


class Lexicon(Protocol):
    """The lexicon's vocabulary, for checking what people write."""

    def event_types(self) -> frozenset[str]:
        """Types an event may have, the user's own included."""

    def keyword_ids(self) -> frozenset[str]:
        """Concepts and keyword lists that `keyword:` may name."""


class Understanding(Protocol):
    """From an item to its report; pure and thread-safe."""

    def understand(self, item: Item) -> Report:
        """Read one item. Never raises on any text."""


class Explaining(Protocol):
    """An understanding that can say why."""

    def explain(self, item: Item) -> Sequence[str]:
        """Gate by gate, in words: which rule, which words, which clause set the status, what was lacking."""


@dataclass(frozen=True, slots=True)
class Veto:
    """What a tagger says against one event of the report it was shown."""

    event: int
    """Which: the index in the report's `events`."""
    reason: str


@dataclass(frozen=True, slots=True)
class Tagged:
    """What a tagger says of one report; of most it says nothing."""

    events: tuple[Event, ...] = ()
    """What it would add. Each has evidence: spans of the words that tell it, in `Report.body`."""
    vetoes: tuple[Veto, ...] = ()


class Tagger(Protocol):
    """A reader of events from another package: entry point group `tocsin.taggers`, see `docs/extending.md`."""

    @property
    def event_types(self) -> Collection[str]:
        """Types it may add that no lexicon has; those of the lexicon need not be named."""

    def tag(self, report: Report) -> Tagged:
        """What it makes of a report. The same for the same report, whenever it is asked, and from any thread."""


class Outside(Protocol):
    """All taggers of an installation, as the understanding asks them. Never raises, whatever they do."""

    @property
    def version(self) -> str:
        """Their names and versions."""

    @property
    def event_types(self) -> frozenset[str]:
        """Types they may add that the lexicon does not have."""

    def read(self, report: Report) -> Report:
        """The report with what they add and what they doubt."""

    def explain(self, report: Report) -> Sequence[str]:
        """What each says of it, in words."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an HTTP server said; the body is decoded and bounded."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    url: str


class Http(Protocol):
    """The guarded HTTP client: public addresses only (but for the allow-list), bounded in size and time."""

    async def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, content: bytes | None = None,
        timeout: float = 30.0, limit: int = 10_000_000,
    ) -> Answer:  # fmt: skip
        """One request, no redirects followed. Raises `TryLater` on what may pass, `Unreadable` on what will not."""


def span_text(text: str, span: Span) -> str:
    """The words a span covers."""
    return text[span[0] : span[1]]
