"""The index: from a report's features to the programs whose clauses all hold, without looking at the others.

Every program is filed under the features of its *anchor*, the clause that is true least often: only reports with one of
them make it a candidate. All candidates are then checked at once over flat arrays:

    literals of all candidates ─▶ true or false ─▶ OR within each clause ─▶ AND within each program

Programs whose clauses are only implied are marked `inexact` and left to the caller. Removing one makes it impossible
(a tombstone); `compacted` tells when it is time to build anew.
"""

from array import array
from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from alert.match.clauses import Clause, Clauses
from alert.match.numbering import ANY, Numbering

Ints = NDArray[np.int32]
Filed: TypeAlias = "dict[int, int | array[int]]"
"""Feature → the program filed under it, or several."""

_FEW: Final = 6
"""So few candidates are checked one by one: calling numpy costs more."""
_FLUSH: Final = 4096
_NEVER: Final = 2 * ANY + 1


class _Column:
    """A growing flat array."""

    def __init__(self, kind: Any) -> None:
        self.values: NDArray[Any] = np.zeros(256, kind)
        self.size = 0

    def extend(self, values: Sequence[int] | Sequence[bool]) -> None:
        """Append; room grows by half, which wastes less than doubling."""
        wanted = self.size + len(values)
        if wanted > len(self.values):
            grown = np.zeros(max(wanted, len(self.values) * 3 // 2), self.values.dtype)
            grown[: self.size] = self.values[: self.size]
            self.values = grown
        self.values[self.size : wanted] = values
        self.size = wanted


class Index:
    """Programs by number; numbers are never used again."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._anchors: Filed = {}
        self._literals = _Column(np.int32)
        self._opens = _Column(np.bool_)
        """True at a literal that begins a clause."""
        self._start = _Column(np.int32)
        self._length = _Column(np.int32)
        self._count = _Column(np.int32)
        """Clauses of a program."""
        self._inexact = _Column(np.bool_)
        self._looked = _Column(np.int64)
        """How often a program was a candidate."""
        self._waiting: list[Clauses] = []
        self._true = np.zeros(2048, np.uint8)
        self._true[1::2] = 1
        self._live = 0
        self.candidates = 0
        """Programs looked at since the beginning, for accounting."""

    def __len__(self) -> int:
        return self._live

    @property
    def size(self) -> int:
        """Numbers handed out, dead ones included."""
        return self._start.size + len(self._waiting)

    @property
    def compacted(self) -> bool:
        """False once a tenth of the programs (and some) are dead."""
        return self.size - self._live < max(1000, self.size // 10)

    def add(self, clauses: Clauses) -> int:
        """File a program; returns its number."""
        number = self.size
        self._waiting.append(clauses)
        for feature in self._anchor(clauses.all):
            self._file(feature, number)
        if len(self._waiting) >= _FLUSH:
            self._flush()
        self._live += 1
        return number

    def _anchor(self, clauses: Iterable[Clause]) -> Iterable[int]:
        """The features of the rarest clause that asks only for things that are there."""
        common = self._numbering.commonness
        best: Clause = (2 * ANY,)
        least = float("inf")
        for clause in clauses:
            if not any(literal & 1 for literal in clause):
                weight = sum(common(literal >> 1) for literal in clause)
                if weight < least:
                    best, least = clause, weight
        return [literal >> 1 for literal in best]

    def expected(self, number: int) -> float:
        """The share of reports a program is expected to be a candidate in, were it filed now."""
        anchor = self._anchor(self.clauses(number).all)
        return min(1.0, sum(self._numbering.commonness(feature) for feature in anchor))

    def _file(self, feature: int, number: int) -> None:
        filed = self._anchors.get(feature)
        if filed is None:
            self._anchors[feature] = number
        elif isinstance(filed, int):
            self._anchors[feature] = array("i", (filed, number))
        else:
            filed.append(number)

    def _flush(self) -> None:
        """Move what waits into the flat arrays."""
        literals: list[int] = []
        opens: list[bool] = []
        start, length, count, inexact = [], [], [], []
        begin = self._literals.size
        for clauses in self._waiting:
            start.append(begin + len(literals))
            for clause in clauses.all:
                literals.extend(clause)
                opens.extend([True] + [False] * (len(clause) - 1))
            length.append(begin + len(literals) - start[-1])
            count.append(len(clauses.all))
            inexact.append(not clauses.exact)
        self._literals.extend(literals)
        self._opens.extend(opens)
        self._start.extend(start)
        self._length.extend(length)
        self._count.extend(count)
        self._inexact.extend(inexact)
        self._looked.extend([0] * len(start))
        self._waiting = []

    def remove(self, number: int) -> None:
        """Make a program impossible."""
        self._flush()
        at = int(self._start.values[number])
        length = int(self._length.values[number])
        if length > 1 and not self._opens.values[at + 1]:
            self._opens.values[at + 1] = True
            self._count.values[number] += 1
        self._literals.values[at] = _NEVER
        self._live -= 1

    def looked(self, number: int) -> int:
        """How often a program was a candidate."""
        return int(self._looked.values[number]) if number < self._looked.size else 0

    def clauses(self, number: int) -> Clauses:
        """The clauses of a program (of a removed one, impossible ones)."""
        self._flush()
        at, length = int(self._start.values[number]), int(self._length.values[number])
        found: list[list[int]] = []
        opens = self._opens.values[at : at + length].tolist()
        for literal, begins in zip(self._literals.values[at : at + length].tolist(), opens, strict=True):
            if begins:
                found.append([literal])
            else:
                found[-1].append(literal)
        return Clauses(tuple(tuple(clause) for clause in found), not bool(self._inexact.values[number]))

    def match(self, features: set[int]) -> tuple[list[int], list[int]]:
        """The programs whose clauses hold: those that match for certain, and those still to be checked in full."""
        if self._waiting:
            self._flush()
        numbers = self._candidates(features)
        self.candidates += len(numbers)
        if not len(numbers):
            return [], []
        np.add.at(self._looked.values, numbers, 1)
        self._fit()
        there = np.fromiter(features, np.int32, len(features))
        self._true[2 * there] = 1
        self._true[2 * there + 1] = 0
        holding = self._check_each(numbers) if len(numbers) <= _FEW else self._check(numbers)
        self._true[2 * there] = 0
        self._true[2 * there + 1] = 1
        inexact = self._inexact.values[holding]
        return holding[~inexact].tolist(), holding[inexact].tolist()

    def _fit(self) -> None:
        """Grow the truth table to every feature there is."""
        wanted = 2 * self._numbering.size
        if wanted > len(self._true):
            self._true = np.zeros(wanted + wanted // 2 // 2 * 2, np.uint8)
            self._true[1::2] = 1

    def file_anew(self) -> None:
        """Choose every anchor again, by how common features are by now; duplicates and the dead drop out."""
        self._flush()
        literals = self._literals.values[: self._literals.size]
        count = self._count.values[: self._count.size].astype(np.int64)
        if not len(count):
            return
        weight = self._numbering.all_commonness()[literals >> 1]
        weight[literals & 1 == 1] = np.inf
        opening = np.flatnonzero(self._opens.values[: len(literals)])
        by_clause = np.add.reduceat(weight, opening)
        least = np.minimum.reduceat(by_clause, np.cumsum(count) - count)
        chosen = np.flatnonzero((by_clause == np.repeat(least, count)) & np.isfinite(by_clause))
        program = np.repeat(np.arange(len(count), dtype=np.int32), count)[chosen]
        program, first = np.unique(program, return_index=True)
        chosen = chosen[first]
        size = np.append(opening[1:], len(literals))[chosen] - opening[chosen]
        at = np.repeat(opening[chosen] - (np.cumsum(size) - size), size) + np.arange(int(size.sum()))
        self._anchors = _filed(literals[at] >> 1, np.repeat(program, size))
        self._file_unanchored(np.flatnonzero(~np.isfinite(least)))

    def _file_unanchored(self, numbers: NDArray[np.int64]) -> None:
        for number in numbers.tolist():
            if self._literals.values[self._start.values[number]] != _NEVER:
                self._file(ANY, number)

    def _candidates(self, features: set[int]) -> Ints:
        found = array("i")
        anchors = self._anchors
        for feature in anchors.keys() & features:
            filed = anchors[feature]
            if isinstance(filed, int):
                found.append(filed)
            else:
                found.extend(filed)
        return np.frombuffer(found, np.int32)

    def _check_each(self, numbers: Ints) -> Ints:
        """Those whose clauses hold, one by one."""
        true, literals, opens = self._true, self._literals.values, self._opens.values
        kept: list[int] = []
        for number in set(numbers.tolist()):
            at = int(self._start.values[number])
            end = at + int(self._length.values[number])
            values = true[literals[at:end]]
            if end - at == 1:
                holds = bool(values[0])
            else:
                holds = bool(np.bitwise_or.reduceat(values, np.flatnonzero(opens[at:end])).all())
            if holds:
                kept.append(number)
        return np.array(sorted(kept), np.int32)

    def _check(self, numbers: Ints) -> Ints:
        """Those whose clauses hold, all at once."""
        length = self._length.values[numbers]
        end = np.cumsum(length)
        steps = np.arange(int(end[-1]), dtype=np.int32)
        at = np.repeat(self._start.values[numbers] - (end - length), length) + steps
        values = self._true[self._literals.values[at]]
        by_clause = np.bitwise_or.reduceat(values, np.flatnonzero(self._opens.values[at]))
        count = self._count.values[numbers]
        by_program = np.bitwise_and.reduceat(by_clause, np.cumsum(count) - count)
        return np.unique(numbers[by_program != 0])


def _filed(features: Ints, numbers: Ints) -> Filed:
    """Feature → its programs."""
    order = np.argsort(features, kind="stable")
    features, numbers = features[order], np.ascontiguousarray(numbers[order], np.int32)
    unique, begin = np.unique(features, return_index=True)
    end = np.append(begin[1:], len(features))
    filed: Filed = {}
    for feature, start, stop in zip(unique.tolist(), begin.tolist(), end.tolist(), strict=True):
        filed[feature] = int(numbers[start]) if stop - start == 1 else array("i", numbers[start:stop].tobytes())
    return filed
