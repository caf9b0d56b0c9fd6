"""The lexicon's own examples, run: what a user's event types promise, and what of ours their words may have broken."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from enrich.events.entries import Counter, EventType, Example
from enrich.events.lexicon import SHIPPED
from enrich.events.proving import broken
from enrich.understand import Understander
from schemas import marked
from schemas.errors import Fault
from schemas.item import Item
from schemas.report import Context, Event
from tocsin.config import read_text


@dataclass(frozen=True, slots=True)
class Proof:
    """One file of an event type, its examples run."""

    file: str
    examples: int
    faults: tuple[Fault, ...]


def proofs(folders: Sequence[Path], reader: Understander) -> Iterator[Proof]:
    """Every event file of the folders and, where they hold any file, of the lexicon that comes with tocsin.

    Raises `ConfigError` on a file that cannot be read; none of those the reader was made of.
    """
    own = [path for folder in folders for path in sorted(folder.rglob("*.yaml"))]
    for path in [*own, *(sorted((SHIPPED / "events").glob("*.yaml")) if own else ())]:
        source = marked.parse(read_text(path, str(path)), str(path))
        if isinstance(source.value, dict) and next(iter(source.value), None) == "event":
            yield _proof(source, marked.validate(source, EventType), reader)


def _proof(source: marked.Marked, kind: EventType, reader: Understander) -> Proof:
    faults = [
        source.fault(
            ("examples", index), f"this text is not read as it says: {problem}", "mend the words or the example"
        )
        for index, example in enumerate(kind.examples)
        for problem in broken(kind.event, example, _events(example, reader))
    ]
    faults += [
        source.fault(
            ("not_examples", index), f"{kind.event} is read where it must not be", "add an unless, or fewer words"
        )
        for index, counter in enumerate(kind.not_examples)
        if any(event.type == kind.event and event.context is Context.CURRENT for event in _events(counter, reader))
    ]
    return Proof(source.file, len(kind.examples) + len(kind.not_examples), tuple(faults))


def _events(text: Example | Counter, reader: Understander) -> tuple[Event, ...]:
    return reader.understand(Item(id="example", title=text.title, text=text.text, lang=text.lang)).events
