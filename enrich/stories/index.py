"""Which open stories a report could belong to, without looking at all of them: an index of what is rare in each.

Every key leads to the stories that last had it, a bounded number; so the work for a report does not grow with the
window.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from heapq import nlargest
from itertools import combinations
from typing import Final, TypeVar

from enrich.stories.commonness import Commonness
from enrich.stories.evidence import Sought
from enrich.stories.kinds import family

POSTING: Final = 24
"""Stories kept for one key, the latest."""
LOOKED: Final = 240
"""Stories that are counted for one report, those under the rarest keys first: the bound on the work."""
CANDIDATES: Final = 6
"""Stories that are looked at closely, at the most."""
SURELY: Final = 3
"""… of which so many in any case."""
WORTH: Final = 0.3
"""… and the others if they come so near to the likeliest one's score."""
RARE: Final = 4.5
"""Bits from which a name leads to stories by itself."""
RARE_NAMES: Final = 8
RARE_WORDS: Final = 8
RARE_ROOTS: Final = 5
SKETCHED: Final = 6
PAIRED: Final = 5

Key = str | int
K = TypeVar("K", int, str)


def keys_of(sought: Sought, common: Commonness) -> list[Key]:
    """What leads to a report's story."""
    traits = sought.traits
    keys: list[Key] = list(traits.sketch[:SKETCHED])
    bits = {key: common.names[key] for key in traits.names | traits.who | traits.lands | traits.spots}
    parties = _rarest(bits, PAIRED, traits.who | traits.lands)
    pairs = list(combinations(sorted(parties), 2))
    if traits.kind is not None:
        kin = family(traits.kind)
        keys += [f"{kin}|{spot}" for spot in traits.spots]
        keys += [f"{kin}|{one}" for one in parties if bits[one] >= RARE or not pairs]
        keys += [f"{kin}|{one}|{other}" for one, other in pairs]
    keys += [f"|{one}|{other}" for one, other in pairs[:3]]
    rare = _rarest(bits, RARE_NAMES, traits.names | traits.spots)
    keys += [f"n|{key}" for key in rare if bits[key] >= RARE]
    keys += [f"#|{unit}|{low:g}" for unit, low, high in traits.counts if low == high and low >= 10]
    keys += [f"#{figure}" for figure in traits.figures if len(figure) > 2]
    keys += [-word for word in _rarest(sought.words, RARE_WORDS)]
    keys += [f"~{root}" for root in _rarest(sought.roots, RARE_ROOTS)]
    return keys


def _rarest(bits: Mapping[K, float], most: int, keys: Iterable[K] | None = None) -> list[K]:
    """The keys of most bits, rarest first; of equals the greater first."""
    weighed = sorted([(bits[key], key) for key in (bits if keys is None else keys)], reverse=True)
    return [key for _, key in weighed[:most]]


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
                others = [other for other in posting if other != handle]
                self._postings[key] = (*others[1 - POSTING :], handle)

    def candidates(self, keys: Iterable[Key], known: Collection[int]) -> list[int]:
        """The likeliest stories: those that share most keys, a key of few stories counting for more."""
        found = [posting for key in keys if (posting := self._postings.get(key))]
        found.sort(key=len)
        scores: defaultdict[int, float] = defaultdict(float)
        looked = 0
        for posting in found:
            weight = 1.0 / (2 + len(posting))
            for handle in posting:
                scores[handle] += weight
            looked += len(posting)
            if looked > LOOKED:
                break
        best = nlargest(2 * CANDIDATES, zip(scores.values(), scores.keys(), strict=True))
        near = [entry for entry in best if entry[1] in known][:CANDIDATES]
        return [handle for rank, (score, handle) in enumerate(near) if rank < SURELY or score >= WORTH * near[0][0]]

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
