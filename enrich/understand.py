"""Understanding: from an item to its report, and why. The door to this room."""

import hashlib
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Protocol

from pydantic import TypeAdapter

from enrich.document import Document, Hit, Mention
from enrich.events import EventReader
from enrich.fold import Fold
from enrich.gazetteer import Gazetteer
from enrich.keywords import Keywords
from enrich.reading import Reader
from enrich.salient import salient
from enrich.semantic import SemanticReader, TwoReaders
from schemas.base import Span
from schemas.item import Item
from schemas.ports import Named, Outside
from schemas.report import EVENT_TYPES, Entity, Event, Keyword, Quantity, Report

_ENTITIES = TypeAdapter(tuple[Entity, ...])
_KEYWORDS = TypeAdapter(tuple[Keyword, ...])
_QUANTITIES = TypeAdapter(tuple[Quantity, ...])
"""A whole list is made in one step: a text has a hundred of these, and each alone costs as much."""


class Events(Protocol):
    """What reads events off a document."""

    @property
    def event_types(self) -> frozenset[str]:
        """Types an event may have."""

    @property
    def keyword_ids(self) -> frozenset[str]:
        """Concepts that `keyword:` may name."""

    def read(self, document: Document) -> tuple[Event, ...]:
        """The events of a document, the main one first."""

    def keywords(self, document: Document) -> Sequence[Hit]:
        """Where the text touches the lexicon's concepts."""

    def explain(self, document: Document) -> Sequence[str]:
        """Telling by telling, in words."""


class NoEvents:
    """Reads no events: for what needs names, numbers and dates only."""

    event_types = frozenset(EVENT_TYPES)
    keyword_ids: frozenset[str] = frozenset()

    def read(self, document: Document) -> tuple[Event, ...]:
        """None."""
        return ()

    def keywords(self, document: Document) -> Sequence[Hit]:
        """None."""
        return ()

    def explain(self, document: Document) -> Sequence[str]:
        """Nothing to say."""
        return ()


class Understander:
    """Implements `schemas.ports` Understanding, Explaining, Names and Lexicon. Pure and thread-safe once loaded."""

    def __init__(
        self, gazetteer: Gazetteer, events: Events, lists: Keywords | None = None, version: str = "",
        outside: Outside | None = None,
    ) -> None:  # fmt: skip
        self.gazetteer = gazetteer
        self.events = events
        self.lists = lists or Keywords(())
        self.version = version
        self.outside = outside
        self._reader = Reader(gazetteer, concepts=self.lists.find)

    @classmethod
    def load(cls, user_dirs: Sequence[Path] = ()) -> "Understander":
        """The packaged lexicon and the user's folders. Raises `ConfigError` with every fault's place."""
        lists = Keywords.load(user_dirs)
        gazetteer = Gazetteer.load(user_dirs)
        events = TwoReaders(EventReader.load(Fold(), user_dirs, gazetteer), SemanticReader.load())
        return cls(gazetteer, events, lists, _version(user_dirs))

    def beside(self, outside: Outside) -> "Understander":
        """The same, which also asks the taggers of other packages."""
        version = hashlib.sha256(f"{self.version} {outside.version}".encode()).hexdigest()[:12]
        return Understander(self.gazetteer, self.events, self.lists, version, outside)

    # -- schemas.ports.Understanding, Explaining

    def understand(self, item: Item) -> Report:
        """Read one item. Never raises on any text."""
        report = self._report(item, self._reader.read(item))
        return self.outside.read(report) if self.outside else report

    def _report(self, item: Item, document: Document) -> Report:
        return Report(
            **{name: getattr(item, name) for name in Item.model_fields if name != "lang"},
            lang=document.lang or item.lang,
            entities=entities(document, self.gazetteer),
            keywords=touched((*document.concepts, *self.events.keywords(document))),
            quantities=quantities(document),
            events=self.events.read(document),
            terms=salient(document),
            lexicon=self.version,
        )

    def explain(self, item: Item) -> Sequence[str]:
        """Language, names with why each is thought to be that, the events telling by telling, what taggers say."""
        document = self._reader.read(item)
        lines = [f"language: {document.lang or 'unknown'}"]
        for mention in document.mentions:
            words = document.text(mention.span)
            lines.append(f'name: "{words}" is {mention.id} ({mention.confidence:.2f}: {mention.reason})')
        lines += [
            f'number: "{document.text(amount.span)}" is {amount.value} {amount.unit}' for amount in document.amounts
        ]
        lines += [f'date: "{document.text(day.span)}" is {day.value}' for day in document.days]
        beside = self.outside.explain(self._report(item, document)) if self.outside else ()
        return (*lines, *self.events.explain(document), *beside)

    def read(self, item: Item) -> Document:
        """The document an item is laid open to."""
        return self._reader.read(item)

    # -- schemas.ports.Lexicon

    def event_types(self) -> frozenset[str]:
        """Types an event may have, the user's own included."""
        return self.events.event_types | (self.outside.event_types if self.outside else frozenset())

    def keyword_ids(self) -> frozenset[str]:
        """Concepts and keyword lists that `keyword:` may name."""
        return self._keyword_ids

    @cached_property
    def _keyword_ids(self) -> frozenset[str]:
        return self.events.keyword_ids | self.lists.ids

    # -- schemas.ports.Names

    def find(self, id: str) -> Named | None:
        """The entity of an id."""
        return self.gazetteer.find(id)

    def lookup(self, name: str) -> Sequence[Named]:
        """Who or what may be called so, in any language, likeliest first."""
        return self.gazetteer.lookup(name)

    def name(self, id: str, lang: str = "en") -> str:
        """How a reader of a language calls it."""
        return self.gazetteer.name(id, lang)

    def above(self, id: str) -> tuple[str, ...]:
        """The ids it lies beneath or acts for, nearest first."""
        return self.gazetteer.above(id)

    def ids(self) -> Iterable[str]:
        """Every known id."""
        return self.gazetteer.ids()


def entities(document: Document, gazetteer: Gazetteer) -> tuple[Entity, ...]:
    """What is named, each entity once with all its spans, in the order of first mention."""
    spans: dict[str, list[Span]] = {}
    best: dict[str, Mention] = {}
    for mention in document.mentions:
        spans.setdefault(mention.id, []).append(mention.span)
        if mention.id not in best or mention.confidence > best[mention.id].confidence:
            best[mention.id] = mention
    return _ENTITIES.validate_python([
        {
            "id": id, "type": best[id].type, "name": gazetteer.name(id), "spans": tuple(spans[id]),
            "confidence": best[id].confidence, "reason": best[id].reason,
        }
        for id in spans
    ])  # fmt: skip


def touched(hits: Iterable[Hit]) -> tuple[Keyword, ...]:
    """Each concept or list once, with the places where the text touches it."""
    spans: dict[str, dict[Span, None]] = {}
    for hit in hits:
        spans.setdefault(hit.id, {})[(hit.start, hit.end)] = None
    return _KEYWORDS.validate_python([{"id": id, "spans": tuple(sorted(found))} for id, found in spans.items()])


def quantities(document: Document) -> tuple[Quantity, ...]:
    """Every number with its unit, in order."""
    return _QUANTITIES.validate_python([
        {
            "value": amount.value, "min": amount.min, "max": amount.max, "unit": amount.unit,
            "modifier": amount.modifier, "span": amount.span,
        }
        for amount in document.amounts
    ])  # fmt: skip


def _version(user_dirs: Sequence[Path]) -> str:
    """A short digest of every lexicon file that was read."""
    digest = hashlib.sha256()
    room = Path(__file__).parent
    digest.update((room / "semantic" / "weights.npz").read_bytes())
    for folder in (room / "lexicon", *user_dirs):
        for path in sorted(path for path in folder.rglob("*") if path.suffix in (".yaml", ".gz", ".txt")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
