"""The classifier: does a report tell an event, of which type, how does it stand? Trained by `enrich.semantic.train`."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Final

import numpy as np

from enrich.document import Document
from enrich.semantic.encoder import SentenceEncoder
from enrich.semantic.features import SCALE, Encoder, Vector, present, words
from schemas.report import Status

NONE: Final = "none"
UNLIKELY: Final = 0.15
"""Where the signs alone say this of an event, the sentence is not read: so with most of sport, culture and weather."""
CLEAR: Final = 0.7
"""Where the signs alone are so sure of the very event that the patterns read, the sentence is not read either."""
GROUNDS: Final = 3
"""Most signs named for a status."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What a report seems to be about. `event` is the probability that it tells an event at all."""

    event: float
    types: Mapping[str, float]
    """Type → probability; with the probability of no event they make one."""
    statuses: Mapping[Status, float]
    """Status → probability, if there is an event."""

    @property
    def type(self) -> str:
        """The likeliest type."""
        return max(self.types, key=self.types.__getitem__)

    @property
    def type_probability(self) -> float:
        """Of the likeliest type."""
        return max(self.types.values())

    @property
    def status(self) -> Status:
        """The likeliest status."""
        return max(self.statuses, key=self.statuses.__getitem__)

    def __str__(self) -> str:
        return (
            f"an event {self.event:.2f}, {self.type} {self.type_probability:.2f}, "
            f"{self.status} {self.statuses[self.status]:.2f}"
        )


@dataclass(frozen=True, slots=True)
class Trust:
    """What the chances are worth, learnt of reports that were not trained on: two logistic curves over log odds."""

    event: tuple[float, float]
    type: tuple[float, float]


@dataclass(frozen=True)
class Head:
    """One trained question: a row a class, a column a feature (signs, then the vector where it has one), bias last."""

    classes: tuple[str, ...]
    matrix: Vector

    def probabilities(self, at: Sequence[int], signs: int, vector: Vector | None = None) -> Vector:
        """Of each class, for signs in the columns `at` of `signs` and the sentence vector."""
        scores = self.matrix[:, at].sum(axis=1) + self.matrix[:, -1]
        if vector is not None:
            scores = scores + self.matrix[:, signs:-1] @ (vector * SCALE)
        powers = np.exp(scores - scores.max())
        return np.asarray(powers / powers.sum(), dtype=np.float32)


@dataclass(frozen=True)
class Weights:
    """What was learnt: of types (the first class is `none`) and of statuses, by the signs alone (`quick`) and with the
    sentence vector. What the two ways say together is right more often than either."""

    columns: Mapping[str, int]
    """Sign → column."""
    quick_types: Head
    types: Head
    quick_statuses: Head
    statuses: Head
    trust: Trust

    @classmethod
    def load(cls) -> "Weights":
        """The weights that ship with tocsin."""
        folder = resources.files("enrich.semantic")
        names = json.loads(folder.joinpath("weights.json").read_text("utf-8"))
        with folder.joinpath("weights.npz").open("rb") as stream, np.load(stream, allow_pickle=False) as numbers:
            heads = {name: Head(tuple(names[name]), numbers[name].astype(np.float32)) for name in numbers.files}
        columns = {name: at for at, name in enumerate(names["columns"])}
        return cls(columns, **heads, trust=Trust(**{name: tuple(curve) for name, curve in names["trust"].items()}))


class SemanticReader:
    """Reads documents as wholes. Thread-safe."""

    def __init__(self, weights: Weights, encoder: Encoder) -> None:
        self._weights = weights
        self._encoder = encoder
        self.trust = weights.trust

    @classmethod
    def load(cls) -> "SemanticReader":
        """With the weights that ship, and the sentence model where a text first asks for it."""
        return cls(Weights.load(), SentenceEncoder())

    def read(self, document: Document, signs: Collection[str], told: str | None = None) -> Guess | None:
        """A guess, or None for a text without any word of the lexicon: there is nothing to go by.

        `told` is the type of the main event that the patterns read: where the signs settle the matter, the sentence is
        spared.
        """
        if not any(name.startswith("c:") for name in signs):
            return None
        quick = self.guess(signs, None)
        if (told is None and quick.event < UNLIKELY) or (told == quick.type and quick.type_probability > CLEAR):
            return quick
        return self.guess(signs, self._encoder.encode([words(document)])[0])

    def guess(self, signs: Collection[str], vector: Vector | None) -> Guess:
        """From the signs, and the sentence's vector where it was read, to a guess."""
        weights = self._weights
        count, at = len(weights.columns), present(signs, weights.columns)
        kinds, standing = weights.quick_types.probabilities(at, count), weights.quick_statuses.probabilities(at, count)
        if vector is not None:
            kinds = _mean(kinds, weights.types.probabilities(at, count, vector))
            standing = _mean(standing, weights.statuses.probabilities(at, count, vector))
        return Guess(
            event=float(1 - kinds[0]), types=dict(zip(weights.types.classes[1:], kinds[1:].tolist(), strict=True)),
            statuses=dict(zip(map(Status, weights.statuses.classes), standing.tolist(), strict=True)),
        )  # fmt: skip

    def grounds(self, signs: Collection[str], status: Status, other: Status) -> list[str]:
        """The signs that speak most for a status against another, the heaviest first."""
        head, columns = self._weights.quick_statuses, self._weights.columns
        row = head.matrix[head.classes.index(status)] - head.matrix[head.classes.index(other)]
        heaviest = sorted((name for name in signs if name in columns), key=lambda name: (-row[columns[name]], name))
        return [name for name in heaviest[:GROUNDS] if row[columns[name]] > 0]


def _mean(one: Vector, other: Vector) -> Vector:
    return np.asarray((one + other) / 2, dtype=np.float32)
