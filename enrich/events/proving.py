"""The lexicon's own examples, run: what each event type promises to read, and what it promises not to."""

from collections.abc import Callable, Iterator

from enrich.document import Document
from enrich.events.entries import Counter, Example
from enrich.events.reader import EventReader
from schemas.report import Event

Lay = Callable[[str, str, str], Document]
"""(title, text, language) → the document, everything found in it."""


def prove(reader: EventReader, lay: Lay) -> Iterator[str]:
    """Every broken promise of the lexicon's event types, in words."""
    for event in reader.lexicon.events.values():
        for example in event.examples:
            found = reader.read(lay(example.title, example.text, example.lang))
            for problem in broken(event.event, example, found):
                yield f"{event.event} [{example.lang}] {example.text or example.title}: {problem}"
        for counter in event.not_examples:
            found = reader.read(lay(counter.title, counter.text, counter.lang))
            if any(_same(event.event, other) for other in found):
                yield f"{event.event} [{counter.lang}] {counter.text or counter.title}: read where it must not be"


def _same(kind: str, event: Event) -> bool:
    return event.type == kind and event.context == "current"


def broken(kind: str, example: Example, found: tuple[Event, ...]) -> Iterator[str]:
    """How the events found fall short of an example."""
    event = next((event for event in found if event.type == kind), None)
    if event is None:
        yield f"not read (found {', '.join(event.type for event in found) or 'nothing'})"
        return
    if example.status is not None and event.status != example.status:
        yield f"status is {event.status}, not {example.status}"
    if example.context is not None and event.context != example.context:
        yield f"context is {event.context}, not {example.context}"
    for slot in ("actors", "targets", "places", "said_by"):
        wanted: tuple[str, ...] | None = getattr(example, slot)
        if wanted is not None and not set(wanted) <= set(getattr(event, slot)):
            yield f"{slot} are {', '.join(getattr(event, slot)) or 'nobody'}, not {', '.join(wanted)}"
    for unit, value in example.quantities.items():
        if not any(quantity.unit == unit and quantity.value == value for quantity in event.quantities):
            yield f"no {value:g} {unit}"


Promise = Example | Counter
