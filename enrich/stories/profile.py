"""What the reports of a story have in common: its members' traits, each with the share of members that carry it."""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from enrich.stories.traits import Count, Traits

Shares = Mapping[str, float]
SKETCHES: Final = 8
MOST_COUNTS: Final = 24
CORE_WORDS: Final = 60


@dataclass(frozen=True, slots=True)
class Profile:
    """A story as grouping sees it."""

    kind: str | None
    kinds: frozenset[str]
    also: frozenset[str]
    current: bool
    actors: Shares
    targets: Shares
    spots: Shares
    around: frozenset[str]
    lands: Shares
    names: Shares
    concepts: Shares
    words: Mapping[str, Mapping[int, float]]
    """By language."""
    roots: Mapping[int, float]
    """Across languages."""
    counts: tuple[Count, ...]
    when: tuple[float, float] | None
    first: float | None
    last: float | None
    sketches: tuple["array[int]", ...]
    figures: frozenset[str]
    members: int

    @property
    def who(self) -> frozenset[str]:
        """Everyone who does or suffers it."""
        return frozenset(self.actors) | frozenset(self.targets)


def profile_of(kind: str | None, members: Sequence[Traits]) -> Profile:
    """The profile of a story of this main event type with these members (at least one)."""
    times = [member.at for member in members if member.at is not None]
    kinds = [member.kind for member in members if member.kind]
    return Profile(
        kind=kind,
        kinds=frozenset(kinds),
        also=frozenset().union(*(member.also for member in members)),
        current=members[0].current,
        actors=_shares(member.actors for member in members),
        targets=_shares(member.targets for member in members),
        spots=_shares(member.spots for member in members),
        around=frozenset().union(*(member.around for member in members)),
        lands=_shares(member.lands for member in members),
        names=_shares(member.names for member in members),
        concepts=_shares(member.concepts for member in members),
        words=_words(members),
        roots=_core([member.roots for member in members]),
        counts=tuple(dict.fromkeys(count for member in reversed(members) for count in member.counts))[:MOST_COUNTS],
        when=_hull(member.when for member in members),
        first=min(times, default=None),
        last=max(times, default=None),
        sketches=tuple(member.sketch for member in members[-SKETCHES:] if len(member.sketch)),
        figures=frozenset().union(*(member.figures for member in members)),
        members=len(members),
    )


def _shares(sets: Iterable[frozenset[str]]) -> Shares:
    """How many of those that name anything name each."""
    told = [found for found in sets if found]
    if len(told) == 1:
        return dict.fromkeys(told[0], 1.0)
    counts = Counter(chain.from_iterable(told))
    return {key: count / len(told) for key, count in counts.items()}


def _words(members: Sequence[Traits]) -> Mapping[str, Mapping[int, float]]:
    by_lang: dict[str, list[array[int]]] = {}
    for member in members:
        by_lang.setdefault(member.lang, []).append(member.words)
    return {lang: _core(texts) for lang, texts in by_lang.items()}


def _core(texts: Sequence["array[int]"]) -> Mapping[int, float]:
    if len(texts) == 1:
        return dict.fromkeys(texts[0], 1.0)
    counts = Counter(chain.from_iterable(texts))
    return {word: count / len(texts) for word, count in counts.most_common(CORE_WORDS)}


def _hull(spans: Iterable[tuple[float, float] | None]) -> tuple[float, float] | None:
    known = [span for span in spans if span is not None]
    return (min(span[0] for span in known), max(span[1] for span in known)) if known else None
