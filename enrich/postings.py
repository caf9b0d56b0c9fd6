"""Keys to numbers, packed: twelve bytes an entry where a dictionary of lists takes some two hundred.

A language's gazetteer has up to a quarter of a million keys, most of which no text ever asks for. They are kept as
Python's own 64-bit hashes: with three million keys known and ten million different words asked for, the chance that
any two ever meet is below one in 500,000.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Postings:
    """Which numbers (places in somebody's list) each key stands for."""

    hashes: Sequence[int]
    """Ascending."""
    numbers: Sequence[int]

    def of(self, key: str) -> Iterator[int]:
        """The numbers of a key, in the order they were noted."""
        wanted = hash(key)
        at = bisect_left(self.hashes, wanted)
        while at < len(self.hashes) and self.hashes[at] == wanted:
            yield self.numbers[at]
            at += 1


@dataclass(frozen=True)
class Notes:
    """Postings in the making."""

    hashes: "array[int]" = field(default_factory=lambda: array("q"))
    numbers: "array[int]" = field(default_factory=lambda: array("i"))

    def add(self, key: str, number: int) -> None:
        """Note that a key stands for a number."""
        self.hashes.append(hash(key))
        self.numbers.append(number)

    def packed(self) -> Postings:
        """As they are asked."""
        hashes = np.array(self.hashes, dtype=np.int64)
        order = np.argsort(hashes, kind="stable")
        numbers = np.array(self.numbers, dtype=np.int32)[order]
        return Postings(array("q", hashes[order].tobytes()), array("i", numbers.tobytes()))
