"""How many: the numbers of an event, and who said each."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from enrich.document import Amount, Document
from enrich.events.slots import unique
from enrich.events.speaking import quoted_by
from enrich.events.weighing import Candidate, alike
from schemas.report import Event, EventQuantity

LEAD = 2
"""Sentences under a headline whose people are those of its event, whoever else the text counts later."""


def quantities_of(members: Iterable[Candidate]) -> tuple[EventQuantity, ...]:
    """The numbers told of one event, each once, with everyone who gave it."""
    found: dict[tuple[float | None, float | None, str], EventQuantity] = {}
    for member in members:
        for amount in member.filled.amounts:
            quantity = _quantity(amount, member)
            key = _figure(amount)
            before = found.get(key)
            if before is not None:
                quantity = before.model_copy(update={"said_by": unique((*before.said_by, *quantity.said_by))})
            found[key] = quantity
    return tuple(found.values())


def _figure(amount: Amount | EventQuantity) -> tuple[float | None, float | None, str]:
    """What makes two numbers the same figure, said twice."""
    if amount.value is not None:
        return (amount.value, amount.value, amount.unit)
    return (amount.min, amount.max, amount.unit)


def _quantity(amount: Amount, member: Candidate) -> EventQuantity:
    speech = quoted_by(member.speeches, member.telling.first)
    return EventQuantity(
        value=amount.value, min=amount.min, max=amount.max, unit=amount.unit, modifier=amount.modifier,
        part_of=amount.part_of, said_by=(speech.by,) if speech and speech.by else (), span=amount.span,
    )  # fmt: skip


def with_amounts(events: Sequence[Event], heads: Sequence[Candidate], document: Document) -> tuple[Event, ...]:
    """Numbers that no telling's sentence held go to the first event that may count them.

    What the main event chiefly counts (its first unit: the soldiers of a deployment) it also takes from what is told
    beside it, by the same actors and now: *14,000 fought in Kursk* says how many were sent.
    """
    result = list(events)
    told = [frozenset(map(_figure, event.quantities)) for event in events]
    for amount in document.amounts:
        figure = _figure(amount)
        holders = [at for at, figures in enumerate(told) if figure in figures]
        if not holders:
            free = (at for at, head in enumerate(heads) if _counts(head, amount.unit))
            taker = next(free, None) if amount.unit != "other" else None
            if amount.unit == "people" and not (taker == 0 and document.sentence_at(amount.start) <= LEAD):
                taker = None
        else:
            taker = 0 if events[0].main and _chiefly(heads, holders, amount.unit) else None
        if taker is not None:
            quantity = _held(amount, events, holders) or _quantity(amount, replace(heads[taker], speeches=()))
            result[taker] = result[taker].model_copy(update={"quantities": (*result[taker].quantities, quantity)})
    return tuple(result)


def _counts(head: Candidate, unit: str) -> bool:
    return unit in head.event.slots.quantities


def _chiefly(heads: Sequence[Candidate], holders: Sequence[int], unit: str) -> bool:
    """Is it the main event's own unit, held by events only that go with it?"""
    main = heads[0]
    held = [heads[at] for at in holders]
    return 0 not in holders and main.event.slots.quantities[:1] == (unit,) and all(
        head.context is main.context and alike(head.filled.actors, main.filled.actors) for head in held
    )  # fmt: skip


def _held(amount: Amount, events: Sequence[Event], holders: Sequence[int]) -> EventQuantity | None:
    every = (quantity for at in holders for quantity in events[at].quantities)
    return next((quantity for quantity in every if _figure(quantity) == _figure(amount)), None)
