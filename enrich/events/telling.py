"""Where a text tells an event: the patterns, tried on one sentence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from enrich.document import Document
from enrich.events.checks import kinds
from enrich.events.entries import EventType, Pattern
from enrich.events.scene import Scene
from schemas.report import UNITS

Place = tuple[int, int]
"""Tokens, half-open."""


@dataclass(frozen=True, slots=True)
class Telling:
    """One place that tells an event: which rule, in which sentence, by which words."""

    type: str
    pattern: Pattern
    scene: Scene
    parts: tuple[Place, ...]
    """The tokens of each part of the pattern, in the pattern's order."""
    first: int = field(init=False, compare=False, repr=False)
    """First token of the words that tell it."""
    last: int = field(init=False, compare=False, repr=False)
    """One past the last token."""
    verb: Place = field(init=False, compare=False, repr=False)
    """The part that says what happened: by convention the pattern's first."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "first", min(self.parts)[0])
        object.__setattr__(self, "last", max([end for _, end in self.parts]))
        object.__setattr__(self, "verb", self.parts[0])

    @property
    def rule(self) -> str:
        """`troop_deployment/send+troops`."""
        return f"{self.type}/{self.pattern.id}"


class PatternBook:
    """The patterns of all event types, sorted by what they need, for one pace of language."""

    def __init__(self, events: Mapping[str, EventType], pace: float = 1.0) -> None:
        self._pace = pace
        self._by_part: dict[str, list[tuple[str, str, Pattern]]] = {}
        for event in events.values():
            for pattern in event.patterns:
                entry = (f"{event.event}/{pattern.id}", event.event, pattern)
                for option in pattern.all[0].split("|"):
                    self._by_part.setdefault(option, []).append(entry)

    def candidates(self, scene: Scene) -> Iterable[tuple[str, Pattern]]:
        """Patterns whose first part is in the sentence."""
        found: dict[str, tuple[str, Pattern]] = {}
        for concept in scene.hits:
            for rule, kind, pattern in self._by_part.get(concept, ()):
                if rule not in found:
                    found[rule] = (kind, pattern)
        return found.values()

    def read(self, scene: Scene, document: Document) -> list[Telling]:
        """Every telling in a sentence, the surest first."""
        found: list[Telling] = []
        places: dict[str, list[Place]] = {}
        for kind, pattern in self.candidates(scene):
            if pattern.title_only and not scene.title:
                continue
            for part in reversed(pattern.all):  # the last is most often the one that lacks
                if part not in places:
                    places[part] = places_of(part, scene, document)
                if not places[part]:
                    break
            else:
                fits = self._fit(pattern, [places[part] for part in pattern.all])
                found += [Telling(kind, pattern, scene, parts) for parts in fits]
        return found

    def _fit(self, pattern: Pattern, places: Sequence[Sequence[Place]]) -> Iterator[tuple[Place, ...]]:
        """Each way the pattern fits, one for each place of its first part, given the places of all."""
        reach, others = int(pattern.within * self._pace), places[1:]
        for head in places[0]:
            parts = _nearest(head, others, reach, ordered=pattern.ordered) if others else (head,)
            if parts:
                yield parts

    def lacking(self, pattern: Pattern, scene: Scene, document: Document) -> tuple[str, ...]:
        """The parts of a pattern that a sentence does not have, for near misses."""
        return tuple(part for part in pattern.all if not places_of(part, scene, document))


@lru_cache(maxsize=4096)
def _options(part: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """A part's options: (`@`, entity types), (`#`, units) or (concept, nothing)."""
    return tuple(
        ("@", kinds((option[1:],)))
        if option.startswith("@")
        else ("#", frozenset(UNITS if option == "#any" else (option[1:],)))
        if option.startswith("#")
        else (option, frozenset[str]())
        for option in part.split("|")
    )


def places_of(part: str, scene: Scene, document: Document) -> list[Place]:
    """Where a part of a pattern stands in a sentence."""
    found: list[Place] = []
    for option, wanted in _options(part):
        if not wanted:
            if option in scene.hits:
                found += [(hit.first, hit.last) for hit in scene.hits[option]]
        elif option == "@":
            government = "government" in wanted
            found += [
                (mention.first, mention.last)
                for mention in scene.mentions
                if mention.type in wanted or (government and mention.government)
            ]
        else:
            found += [document.token_range(amount.span) for amount in scene.amounts if amount.unit in wanted]
    return found


def _nearest(head: Place, others: Sequence[Sequence[Place]], reach: int, *, ordered: bool) -> tuple[Place, ...] | None:
    """For each other part its place nearest to what is already taken, all within reach; None when one is too far."""
    taken = [head]
    for places in others:
        best: tuple[int, Place] | None = None
        for place in places:
            if place not in taken and not (ordered and place[0] < taken[-1][0]):
                away = (min(gap(place, other) for other in taken) if len(taken) > 1 else gap(place, head), place)
                if best is None or away < best:
                    best = away
        if best is None or best[0] > reach:
            return None
        taken.append(best[1])
    return tuple(taken)


def gap(a: Place, b: Place) -> int:
    """Words between two places; 0 when they touch or overlap."""
    after = b[0] - a[1]
    before = a[0] - b[1]
    return after if after > 0 else max(before, 0)
