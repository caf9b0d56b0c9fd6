"""What the reports of a story have in common: its members' traits, each with the share of members that carry it."""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import chain, islice
from operator import itemgetter
from typing import Final, NamedTuple

from enrich.stories.traits import Count, Traits, towns

Shares = Mapping[str, float]
SKETCHES: Final = 8
MOST_COUNTS: Final = 24
CORE_WORDS: Final = 60


class Bag(NamedTuple):
    """Words, each with the share of the texts that have it, and the length of that vector, squared."""

    shares: Mapping[int, float]
    length: float


class Profile(NamedTuple):
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
    vocabulary: "Vocabulary"
    counts: tuple[Count, ...]
    when: tuple[float, float] | None
    first: float | None
    last: float | None
    sketches: tuple["array[int]", ...]
    sketched: frozenset[int]
    """All that stands in any of the sketches."""
    figures: Shares
    members: int
    who: frozenset[str]
    """Everyone who does or suffers it."""
    slots: Shares
    langs: frozenset[str]
    grounds: frozenset[str]
    """Places smaller than a country that its texts name."""
    """Everyone and everywhere, each with the largest of its shares."""


def profile_of(kind: str | None, members: Sequence[Traits]) -> Profile:
    """The profile of a story of this main event type with these members (at least one)."""
    actors, targets = _shares(member.actors for member in members), _shares(member.targets for member in members)
    lands, spots = _shares(member.lands for member in members), _shares(member.spots for member in members)
    sketches = tuple(member.sketch for member in members[-SKETCHES:] if len(member.sketch))
    times = [member.at for member in members if member.at is not None]
    kinds = [member.kind for member in members if member.kind]
    return Profile(
        kind=kind,
        kinds=frozenset(kinds),
        also=frozenset().union(*(member.also for member in members)),
        current=members[0].current,
        actors=actors,
        targets=targets,
        spots=spots,
        around=frozenset().union(*(member.around for member in members)),
        lands=lands,
        names=_shares(member.names for member in members),
        concepts=_shares(member.concepts for member in members),
        vocabulary=Vocabulary(members),
        counts=tuple(dict.fromkeys(count for member in reversed(members) for count in member.counts))[:MOST_COUNTS],
        when=_hull(member.when for member in members),
        first=min(times, default=None),
        last=max(times, default=None),
        sketches=sketches,
        sketched=frozenset(chain.from_iterable(sketches)),
        figures=_shares(member.figures for member in members),
        members=len(members),
        who=frozenset(actors) | frozenset(targets),
        grounds=towns(chain.from_iterable(member.grounds for member in members)),
        langs=frozenset(member.lang for member in members),
        slots=_largest(actors, targets, lands, spots),
    )


def _shares(sets: Iterable[frozenset[str]]) -> Shares:
    """How many of those that name anything name each."""
    told = [found for found in sets if found]
    if not told:
        return _NONE
    if told.count(told[0]) == len(told):
        return dict.fromkeys(told[0], 1.0)
    counts, share = Counter(chain.from_iterable(told)), _parts_of(len(told))
    return {key: share[count] for key, count in counts.items()}


_NONE: Final[Shares] = {}


@cache
def _parts_of(whole: int) -> tuple[float, ...]:
    """0, 1, … of so many: each the same number wherever it is kept."""
    return tuple(part / whole for part in range(whole + 1))


def _largest(*many: Shares) -> Shares:
    """Each key with the largest of its shares."""
    found: dict[str, float] = {}
    for shares in many:
        for key, share in shares.items():
            if share > found.get(key, 0.0):
                found[key] = share
    return found


class Vocabulary:
    """The words of a story's texts, each kind of them worked out when it is first asked for."""

    __slots__ = ("_members", "_roots", "_words")

    def __init__(self, members: Sequence[Traits]) -> None:
        self._members = members
        self._words: dict[str, Bag | None] = {}
        self._roots: Bag | None = None

    def words(self, lang: str) -> Bag | None:
        """The words of its texts in a language; None where there are none."""
        if lang not in self._words:
            texts = [member.words for member in self._members if member.lang == lang]
            self._words[lang] = _core(texts) if any(texts) else None
        return self._words[lang]

    def roots(self) -> Bag | None:
        """The roots of all its texts; None where there are none."""
        if self._roots is None:
            self._roots = _core([member.roots for member in self._members])
        return self._roots if self._roots.shares else None


def _core(texts: Sequence["array[int]"]) -> Bag:
    if len(texts) == 1:
        return Bag(dict.fromkeys(texts[0], 1.0), float(len(texts[0])))
    counts, whole = Counter(chain.from_iterable(texts)), len(texts)
    core = sorted([entry for entry in counts.items() if entry[1] > 1], key=itemgetter(1), reverse=True)[:CORE_WORDS]
    if len(core) < CORE_WORDS:
        core += islice((entry for entry in counts.items() if entry[1] == 1), CORE_WORDS - len(core))
    share = _parts_of(whole)
    return Bag({word: share[count] for word, count in core}, sum([n * n for _, n in core]) / (whole * whole))


def _hull(spans: Iterable[tuple[float, float] | None]) -> tuple[float, float] | None:
    known = [span for span in spans if span is not None]
    return (min(span[0] for span in known), max(span[1] for span in known)) if known else None
