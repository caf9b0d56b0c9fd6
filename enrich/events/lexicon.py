"""The event lexicon: every concept, event type and grammar found in the given folders, checked as one whole."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from enrich.events.checks import faults_of
from enrich.events.entries import Concept, EventType, Grammar, LanguageWords
from schemas.errors import ConfigError, Fault
from schemas.marked import Marked, parse, suggest, validate

SHIPPED = Path(__file__).parent.parent / "lexicon"
"""The lexicon that comes with tocsin."""

KINDS = ("concept", "ideas", "language", "event", "grammar")
"""First keys of the files that are ours; other kinds (entities …) may lie beside them."""


@dataclass(frozen=True)
class EventLexicon:
    """What the event reader knows."""

    titles: Mapping[str, str]
    """Concept id → what it means, in a few words."""
    words: Mapping[str, Mapping[str, tuple[str, ...]]]
    """Language → concept id → its words."""
    events: Mapping[str, EventType]
    grammars: Mapping[str, Grammar]
    version: str = ""

    @cached_property
    def keyword_ids(self) -> frozenset[str]:
        """Every concept."""
        return frozenset(self.titles)

    @cached_property
    def event_types(self) -> frozenset[str]:
        """Every event type."""
        return frozenset(self.events)

    def languages(self) -> tuple[str, ...]:
        """Languages with words, in order."""
        return tuple(sorted(self.words))


@dataclass
class _Heap:
    """What was read so far."""

    titles: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    events: dict[str, EventType] = field(default_factory=dict)
    grammars: dict[str, Grammar] = field(default_factory=dict)
    files: list[tuple[str, Marked, object]] = field(default_factory=list)

    def say(self, lang: str, concept: str, words: tuple[str, ...]) -> None:
        """Add words of a language to a concept."""
        known = self.words.setdefault(lang, {})
        known[concept] = tuple(dict.fromkeys((*known.get(concept, ()), *words)))


def load(folders: Iterable[Path] = (SHIPPED,)) -> EventLexicon:
    """Read every `*.yaml` below the folders, later ones adding to earlier ones.

    Raises `ConfigError` with every fault of every file: file, line, column, what is wrong and what was likely meant.
    """
    heap, faults, digest = _Heap(), list[Fault](), hashlib.sha256()
    for path in (path for folder in folders for path in sorted(folder.rglob("*.yaml"))):
        text = path.read_text(encoding="utf-8")
        try:
            if _read(heap, parse(text, str(path))):
                digest.update(text.encode())
        except ConfigError as error:
            faults += error.faults
    if not faults:
        faults = _unknown(heap)
    if faults:
        raise ConfigError(sorted(faults))
    return EventLexicon(heap.titles, heap.words, heap.events, heap.grammars, digest.hexdigest()[:12])


def _read(heap: _Heap, marked: Marked) -> bool:
    """Take one file in, if it is of a kind of ours."""
    first = next(iter(marked.value), None) if isinstance(marked.value, dict) else None
    if first not in KINDS:
        return False
    _READERS[str(first)](heap, marked)
    return True


def _concept(heap: _Heap, marked: Marked) -> None:
    entry = validate(marked, Concept)
    heap.titles.setdefault(entry.concept, entry.title)
    for lang, words in entry.words.items():
        heap.say(lang, entry.concept, words)  # type: ignore[arg-type]
    heap.files.append(("concept", marked, entry))


def _ideas(heap: _Heap, marked: Marked) -> None:
    ideas: Any = marked.value["ideas"]
    if not isinstance(ideas, dict) or len(marked.value) > 1:
        raise ConfigError([marked.fault(("ideas",), "ideas: must hold one `id: meaning` a line, and nothing else")])
    heap.titles.update({str(idea): str(title) for idea, title in ideas.items()})


def _language(heap: _Heap, marked: Marked) -> None:
    entry = validate(marked, LanguageWords)
    for concept, words in entry.words.items():
        heap.say(entry.language, concept, words)  # type: ignore[arg-type]
    heap.files.append(("language", marked, entry))


def _event(heap: _Heap, marked: Marked) -> None:
    entry = validate(marked, EventType)
    before = heap.events.get(entry.event)
    heap.events[entry.event] = entry if before is None else _joined(before, entry)
    heap.files.append(("event", marked, entry))


def _joined(before: EventType, after: EventType) -> EventType:
    """An event type with what a later file adds: patterns and their proofs; all else stays as shipped."""
    return before.model_copy(
        update={
            "patterns": (*before.patterns, *after.patterns),
            "unless": (*before.unless, *after.unless),
            "examples": (*before.examples, *after.examples),
            "not_examples": (*before.not_examples, *after.not_examples),
        }
    )


def _grammar(heap: _Heap, marked: Marked) -> None:
    entry = validate(marked, Grammar)
    heap.grammars[entry.grammar] = entry
    heap.files.append(("grammar", marked, entry))


_READERS = {"concept": _concept, "ideas": _ideas, "language": _language, "event": _event, "grammar": _grammar}


def _unknown(heap: _Heap) -> list[Fault]:
    """Faults that show only when everything is read: ids nobody defined, words no language would use."""
    return [
        marked.fault(path, problem, fix or (suggest(word, heap.titles) if word else ""), key=key)
        for _, marked, entry in heap.files
        for path, problem, fix, word, key in faults_of(entry, heap.titles)
    ]
