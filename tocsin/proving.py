"""The lexicon's own examples, run: what a user's event types promise, and what of ours their words may have broken.

They are held to the patterns, as the lexicon's tests are: the second reader may weigh a telling otherwise.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from enrich.events import EventReader
from enrich.events.entries import Counter, EventType, Example
from enrich.events.lexicon import SHIPPED
from enrich.events.proving import broken
from enrich.fold import Fold
from enrich.understand import Understander
from schemas import marked
from schemas.errors import Fault
from schemas.item import Item
from schemas.report import Context, Event
from tocsin.config import read_text

Reading = Callable[[Example | Counter], tuple[Event, ...]]
"""A text of the lexicon → the events read."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One file of an event type, its examples run."""

    file: str
    examples: int
    faults: tuple[Fault, ...]


def proofs(folders: Sequence[Path], reader: Understander) -> Iterator[Proof]:
    """Every event file of the folders and, where they hold any file, of the lexicon that comes with tocsin.

    `reader` was made of the same folders, and lays the texts open. Raises `ConfigError` on a file that cannot be read.
    """
    own = [path for folder in folders for path in sorted(folder.rglob("*.yaml"))]
    if not own:
        return
    patterns = EventReader.load(Fold(), folders, reader)

    def events(text: Example | Counter) -> tuple[Event, ...]:
        item = Item(id="example", title=text.title, text=text.text, lang=text.lang)
        return patterns.read(reader.read(item))

    for path in [*own, *sorted((SHIPPED / "events").glob("*.yaml"))]:
        source = marked.parse(read_text(path, str(path)), str(path))
        if isinstance(source.value, dict) and next(iter(source.value), None) == "event":
            yield _proof(source, marked.validate(source, EventType), events)


def _proof(source: marked.Marked, kind: EventType, events: Reading) -> Proof:
    faults = [
        source.fault(
            ("examples", index), f"this text is not read as it says: {problem}", "mend the words or the example"
        )
        for index, example in enumerate(kind.examples)
        for problem in broken(kind.event, example, events(example))
    ]
    faults += [
        source.fault(
            ("not_examples", index), f"{kind.event} is read where it must not be", "add an unless, or fewer words"
        )
        for index, counter in enumerate(kind.not_examples)
        if any(event.type == kind.event and event.context is Context.CURRENT for event in events(counter))
    ]
    return Proof(source.file, len(kind.examples) + len(kind.not_examples), tuple(faults))
