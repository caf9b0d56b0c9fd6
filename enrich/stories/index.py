"""Which open stories a report could belong to, without looking at all of them: an index of what is rare in each.

Every key leads to the stories that last had it, a bounded number; so the work for a report does not grow with the
window.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import combinations, islice
from typing import Final, TypeVar

from enrich.stories.commonness import Commonness
from enrich.stories.evidence import Sought
from enrich.stories.kinds import family
from enrich.stories.traits import Traits

POSTING: Final = 12
"""Stories kept for one key, the latest."""
LOOKED: Final = 120
"""Stories that are counted for one report, those under the rarest keys first: the bound on the work."""
LIKELIEST: Final = 10
"""Stories that are worth a second look."""
RARE: Final = 4.5
"""Bits from which a name leads to stories by itself."""
RARE_NAMES: Final = 8
RARE_WORDS: Final = 20
RARE_ROOTS: Final = 24
SKETCHED: Final = 4
PAIRED: Final = 5
BITS_OF_ROW: Final = 4.0
"""What a shared row of words is taken to be worth before stories are looked at closely; so with the following."""
BITS_OF_COUNT: Final = 4.0
BITS_OF_FIGURE: Final = 1.5
OF_KIND: Final = 0.5
OF_NAMED: Final = 0.7
"""Shares of what a thing says by itself: of a type beside who or where, of a name that is not of the event, …"""
OF_WORD: Final = 0.25
"""… of one of many words that two texts on one matter share."""

ROOTS: Final = 1 << 32
"""Added to the numbers of roots; those of words are below zero, those of rows of words as they are."""
Key = str | int
K = TypeVar("K", int, str)


def keys_of(sought: Sought, common: Commonness) -> dict[Key, float]:
    """What leads to a report's story, each with the bits it is worth, roughly."""
    bits = {key: common.names[key] for key in sought.all}
    figures: dict[Key, float] = {
        f"#{figure}": BITS_OF_FIGURE * (len(figure) - 1) for figure in sought.traits.figures if len(figure) > 1
    }
    counts = [(unit, low) for unit, low, high in sought.traits.counts if low == high and low >= 10]
    rare = _rarest(bits, RARE_NAMES, sought.traits.names | sought.traits.spots)
    return {
        **dict.fromkeys(sought.traits.sketch[:SKETCHED], BITS_OF_ROW),
        **_of_event(sought.traits, bits, common),
        **{f"n|{key}": OF_NAMED * bits[key] for key in rare if bits[key] >= RARE},
        **{f"#|{unit}|{count:g}": BITS_OF_COUNT for unit, count in counts},
        **figures,
        **{-word: OF_WORD * sought.words[word] for word in _rarest(sought.words, RARE_WORDS)},
        **{ROOTS + root: OF_WORD * sought.roots[root] for root in _rarest(sought.roots, RARE_ROOTS)},
    }


def _of_event(traits: Traits, bits: Mapping[str, float], common: Commonness) -> dict[Key, float]:
    """Who together with whom, and what together with who or where."""
    parties = _rarest(bits, PAIRED, traits.who | traits.lands)
    pairs = {f"|{one}|{other}": OF_NAMED * (bits[one] + bits[other]) for one, other in combinations(sorted(parties), 2)}
    keys: dict[Key, float] = dict(islice(pairs.items(), 3))
    if traits.kind is not None:
        kin, kind = family(traits.kind), OF_KIND * common.kind(traits.kind)
        keys |= {f"{kin}|{one}": kind + bits[one] for one in (*traits.spots, *parties)}
        keys |= {f"{kin}{pair}": kind + worth for pair, worth in pairs.items()}
    return keys


def _rarest(bits: Mapping[K, float], most: int, keys: Iterable[K] | None = None) -> list[K]:
    """The keys of most bits, rarest first; of equals the greater first."""
    weighed = sorted([(bits[key], key) for key in (bits if keys is None else keys)], reverse=True)
    return [key for _, key in weighed[:most]]


def _length(found: tuple[tuple[int, ...], float]) -> int:
    return len(found[0])


class Index:
    """Key → handles of the stories that had it, oldest first."""

    def __init__(self) -> None:
        self._postings: dict[Key, tuple[int, ...]] = {}
        """Tuples, since most keys lead to one story: lists keep room to grow."""
        self._forgotten = 0

    def note(self, keys: Iterable[Key], handle: int) -> None:
        """A story has these keys now."""
        alone = (handle,)
        for key in keys:
            posting = self._postings.setdefault(key, alone)
            if posting[-1] != handle:
                others = tuple([other for other in posting if other != handle]) if handle in posting else posting
                self._postings[key] = others[1 - POSTING :] + alone

    def candidates(self, keys: Mapping[Key, float], known: Collection[int]) -> list[tuple[float, int]]:
        """The likeliest stories with what their shared keys are worth, most first, the latest of equals."""
        found = [(posting, bits) for key, bits in keys.items() if (posting := self._postings.get(key))]
        found.sort(key=_length)
        worth: defaultdict[int, float] = defaultdict(float)
        looked = 0
        for posting, bits in found:
            for handle in posting:
                worth[handle] += bits
            looked += len(posting)
            if looked > LOOKED:
                break
        best = sorted(zip(worth.values(), worth.keys(), strict=True), reverse=True)
        return [entry for entry in best[:LIKELIEST] if entry[1] in known]

    def forget(self, known: Collection[int], stories: int) -> None:
        """So many stories are gone; now and then their postings are swept out."""
        self._forgotten += stories
        if self._forgotten <= 1000 + len(known) // 4:
            return
        self._forgotten = 0
        for key, posting in list(self._postings.items()):
            kept = tuple(handle for handle in posting if handle in known)
            if kept:
                self._postings[key] = kept
            else:
                del self._postings[key]
