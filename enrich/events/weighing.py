"""Candidates: tellings with their slots and standing, and how sure each is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from enrich.events.entries import EventType
from enrich.events.slots import Filled
from enrich.events.speaking import Speech
from enrich.events.standing import Standing
from enrich.events.telling import Telling
from schemas.base import Span
from schemas.report import SURE, Context, Event


@dataclass(frozen=True, slots=True)
class Candidate:
    """One telling, understood. Another reader (a semantic one, a plug-in) may weigh it before it becomes an event."""

    telling: Telling
    event: EventType
    filled: Filled
    standing: Standing
    speeches: tuple[Speech, ...]
    context: Context
    evidence: Span
    confidence: float
    silenced: str | None = None
    """Why it does not count, in words; None when it does."""
    reasons: tuple[str, ...] = field(default=())
    echoes: tuple[Speech, ...] = ()
    """Who speaks of it beside: only claims come of these."""

    @property
    def type(self) -> str:
        """The event type."""
        return self.telling.type


def confidence(telling: Telling, event: EventType, filled: Filled) -> float:
    """How sure a telling is: the pattern's own weight, lowered for every slot the type wants and the text lacks."""
    sure = telling.pattern.confidence
    if event.slots.actors.fallback != "none" and not filled.actors:
        sure -= 0.1
    if not filled.actors and not filled.targets and not filled.places:
        sure -= 0.2
    if event.slots.quantities and filled.amounts:
        sure += 0.05
    if telling.scene.title:
        sure += 0.05
    return round(max(0.05, min(0.99, sure)), 2)


def alike(a: Sequence[str], b: Sequence[str]) -> bool:
    """May two sets of actors be the same doers? Nobody named may be anybody."""
    return not a or not b or bool(set(a) & set(b))


def main_first(events: Iterable[Event]) -> tuple[Event, ...]:
    """One main event, and that first: the one called so where it counts, else the first that counts, else as called.

    Whoever lowers or adds events after they were told (the second reader, a tagger) may have left none that counts.
    """
    told = list(events)
    called = [event for event in told if event.main and event.context is Context.CURRENT]
    sure = [event for event in told if event.confidence >= SURE and event.context is Context.CURRENT]
    main = next((event for event in called if event in sure), next(iter((*sure, *called)), None))
    rest = [_as_main(event, main=False) for event in told if event is not main]
    return (_as_main(main, main=True), *rest) if main else tuple(rest)


def _as_main(event: Event, *, main: bool) -> Event:
    return event if event.main is main else event.model_copy(update={"main": main})
