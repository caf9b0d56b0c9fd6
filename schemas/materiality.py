"""How much a change matters: a pure rule on two sets of facts (contracts, "Materiality of a change").

M3: the status moved to or from confirmed, denied or retracted; a new main event type; a count ten times off.
M2: a new country or actor; a count moved by 20 % and out of the old range. M1: more independent sources, and the
smaller facts that are new. M0: nothing new. Stories compare with the story before the report; delivery compares with
what a destination was last told.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, Protocol

from schemas.base import Message
from schemas.report import EventQuantity, Status
from schemas.story import Materiality

DECISIVE = frozenset({Status.CONFIRMED, Status.DENIED, Status.RETRACTED})
"""Words after which a reader acts differently."""
MOVED = 0.20
"""A count that moved by less is the same count."""
TENFOLD = 10.0

Aspect = Literal["type", "status", "count", "country", "actor", "target", "place", "sources"]


class Factual(Protocol):
    """Anything that states the facts of one happening: Story, Facts."""

    @property
    def type(self) -> str | None:
        """Main event type."""

    @property
    def status(self) -> Status | None:
        """The strongest present word."""

    @property
    def actors(self) -> tuple[str, ...]:
        """Entity ids."""

    @property
    def targets(self) -> tuple[str, ...]:
        """Entity ids."""

    @property
    def places(self) -> tuple[str, ...]:
        """Entity ids."""

    @property
    def quantities(self) -> tuple[EventQuantity, ...]:
        """Counts."""

    @property
    def said_by(self) -> tuple[str, ...]:
        """Entity ids of the speakers."""


class Sourced(Factual, Protocol):
    """Facts, and who stands for them: Story, Facts."""

    @property
    def sources(self) -> tuple[str, ...]:
        """Independent publishers."""


class Facts(Message):
    """The facts of a story at one moment, small enough to be remembered for each destination."""

    type: str | None = None
    status: Status | None = None
    actors: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    quantities: tuple[EventQuantity, ...] = ()
    said_by: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


class Difference(Message):
    """One thing that is new. `old` and `new` are ids, status words, or counts as `14000 soldiers`."""

    aspect: Aspect
    level: Materiality
    old: str = ""
    new: str = ""


def facts(story: Factual, sources: Sequence[str]) -> Facts:
    """The facts of a story (or event) and its independent sources."""
    return Facts(
        type=story.type, status=story.status, actors=story.actors, targets=story.targets, places=story.places,
        quantities=story.quantities, said_by=story.said_by, sources=tuple(sources),
    )  # fmt: skip


def level(differences: Iterable[Difference]) -> Materiality:
    """The highest of all; M0 of none."""
    return max((difference.level for difference in differences), default=Materiality.M0)


def differences(old: Sourced, new: Sourced) -> tuple[Difference, ...]:
    """What is new, most material first."""
    found = [*_kind(old, new), *_status(old, new), *_counts(old, new), *_named(old, new), *_sources(old, new)]
    return tuple(sorted(found, key=lambda difference: difference.level, reverse=True))


def _kind(old: Sourced, new: Sourced) -> list[Difference]:
    if new.type is None or new.type == old.type:
        return []
    return [Difference(aspect="type", level=Materiality.M3, old=old.type or "", new=new.type)]


def _status(old: Sourced, new: Sourced) -> list[Difference]:
    if new.status is None or new.status == old.status:
        return []
    decisive = {old.status, new.status} & DECISIVE
    weight = Materiality.M3 if decisive else Materiality.M1
    return [Difference(aspect="status", level=weight, old=old.status or "", new=new.status)]


def is_country(key: str) -> bool:
    """Ids of countries are ISO 3166-1 alpha-2; all others are lower-case slugs."""
    return len(key) == 2 and key.isupper()


def _named(old: Sourced, new: Sourced) -> list[Difference]:
    if (new.actors, new.targets, new.places) == (old.actors, old.targets, old.places):
        return []
    known = {*old.actors, *old.targets, *old.places}
    found = [Difference(aspect="actor", level=Materiality.M2, new=key) for key in _fresh(new.actors, old.actors)]
    for aspect, ids, before in (("target", new.targets, old.targets), ("place", new.places, old.places)):
        for key in _fresh(ids, before):
            if is_country(key) and key not in known:
                found.append(Difference(aspect="country", level=Materiality.M2, new=key))
                known.add(key)
            elif not is_country(key):
                found.append(Difference.model_validate({"aspect": aspect, "level": Materiality.M1, "new": key}))
    return found


def _fresh(now: Sequence[str], before: Sequence[str]) -> list[str]:
    return [key for key in now if key not in before]


def _sources(old: Sourced, new: Sourced) -> list[Difference]:
    if new.sources == old.sources or set(new.sources) <= set(old.sources):
        return []
    weight = Materiality.M1
    return [Difference(aspect="sources", level=weight, old=str(len(old.sources)), new=str(len(new.sources)))]


def _range(quantities: Iterable[EventQuantity], unit: str) -> tuple[float, float] | None:
    """The hull of all that is said of one unit; parts of a total are not the total."""
    ends = [
        end
        for quantity in quantities
        if quantity.unit == unit and quantity.part_of is None
        for end in (quantity.min, quantity.max, quantity.value)
        if end is not None
    ]
    return (min(ends), max(ends)) if ends else None


def _counts(old: Sourced, new: Sourced) -> list[Difference]:
    if new.quantities == old.quantities:
        return []
    found = []
    for unit in dict.fromkeys(quantity.unit for quantity in new.quantities):
        before, after = _range(old.quantities, unit), _range(new.quantities, unit)
        if after is None or after == before:
            continue
        weight = Materiality.M1 if before is None else _moved(before, after)
        if weight is not Materiality.M0:
            was = "" if before is None else _count(before, unit)
            found.append(Difference(aspect="count", level=weight, old=was, new=_count(after, unit)))
    return found


def _moved(old: tuple[float, float], new: tuple[float, float]) -> Materiality:
    """How far the new range reaches out of the old one, by the end that went farthest."""
    ratios = [_ratio(end, old) for end in new]
    worst = max(ratios)
    if worst >= TENFOLD:
        return Materiality.M3
    return Materiality.M2 if worst >= 1 + MOVED else Materiality.M0


def _ratio(value: float, old: tuple[float, float]) -> float:
    low, high = old
    if low <= value <= high:
        return 1.0
    near = high if value > high else low
    small, large = sorted((abs(value), abs(near)))
    return large / small if small else TENFOLD


def _count(ends: tuple[float, float], unit: str) -> str:
    low, high = ends
    return f"{low:g} {unit}" if low == high else f"{low:g}-{high:g} {unit}"
