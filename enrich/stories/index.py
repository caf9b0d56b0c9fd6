"""Which open stories a report could belong to, without looking at all of them: an index of what is rare in each.

Every key leads to the stories that last had it, a bounded number; so the work for a report does not grow with the
window.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from heapq import nlargest
from itertools import combinations
from typing import Final

from enrich.stories.commonness import Commonness
from enrich.stories.kinds import family
from enrich.stories.traits import Traits

POSTING: Final = 32
"""Stories kept for one key, the latest."""
CANDIDATES: Final = 12
"""Stories that are looked at closely."""
RARE: Final = 4.5
"""Bits from which a name leads to stories by itself."""
RARE_NAMES: Final = 8
RARE_WORDS: Final = 8
SKETCHED: Final = 6
PAIRED: Final = 5

Key = str | int


def keys_of(traits: Traits, common: Commonness) -> list[Key]:
    """What leads to a report's story, rarest kind of key first."""
    keys: list[Key] = list(traits.sketch[:SKETCHED])
    parties = sorted(traits.who | traits.lands, key=lambda key: (-common.name(key), key))[:PAIRED]
    if traits.kind is not None:
        kin = family(traits.kind)
        keys += [f"{kin}|{spot}" for spot in traits.spots]
        keys += [f"{kin}|{one}" for one in parties]
        keys += [f"{kin}|{one}|{other}" for one, other in combinations(sorted(parties), 2)]
    keys += [f"|{one}|{other}" for one, other in combinations(sorted(parties[:3]), 2)]
    names = sorted(((common.name(key), key) for key in traits.names | traits.spots), reverse=True)
    keys += [f"n|{key}" for bits, key in names[:RARE_NAMES] if bits >= RARE]
    keys += [f"#|{unit}|{low:g}" for unit, low, high in traits.counts if low == high and low >= 10]
    words = sorted(((common.word(word, traits.lang), word) for word in traits.words), reverse=True)
    keys += [-word for _, word in words[:RARE_WORDS]]
    return keys


class Index:
    """Key → handles of the stories that had it, oldest first."""

    def __init__(self) -> None:
        self._postings: defaultdict[Key, list[int]] = defaultdict(list)
        self._forgotten = 0

    def note(self, keys: Iterable[Key], handle: int) -> None:
        """A story has these keys now."""
        for key in keys:
            posting = self._postings[key]
            if posting and posting[-1] == handle:
                continue
            if handle in posting:
                posting.remove(handle)
            posting.append(handle)
            if len(posting) > POSTING:
                del posting[0]

    def candidates(self, keys: Iterable[Key], known: Collection[int]) -> list[int]:
        """The likeliest stories: those that share most keys, a key of few stories counting for more."""
        scores: defaultdict[int, float] = defaultdict(float)
        for key in keys:
            posting = self._postings.get(key)
            if posting:
                weight = 1.0 / (2 + len(posting))
                for handle in posting:
                    scores[handle] += weight
        best = nlargest(CANDIDATES, [(score, handle) for handle, score in scores.items() if handle in known])
        return [handle for _, handle in best]

    def forget(self, known: Collection[int], stories: int) -> None:
        """So many stories are gone; now and then their postings are swept out."""
        self._forgotten += stories
        if self._forgotten <= 1000 + len(known) // 4:
            return
        self._forgotten = 0
        for key, posting in list(self._postings.items()):
            kept = [handle for handle in posting if handle in known]
            if kept:
                self._postings[key] = kept
            else:
                del self._postings[key]
