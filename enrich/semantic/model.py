"""The classifier: does a report tell an event, of which type, how does it stand? Trained by `enrich.semantic.train`."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Final

import numpy as np

from enrich.document import Document, Hit
from enrich.semantic.encoder import SentenceEncoder
from enrich.semantic.features import SCALE, Encoder, Vector, marks, present, words
from schemas.report import Event, Status

NONE: Final = "none"
UNLIKELY: Final = 0.15
"""Where the marks alone say this of an event, the sentence is not read: so with most of sport, culture and weather."""
CLEAR: Final = 0.7
"""Where the marks alone are so sure of the very event that the patterns read, the sentence is not read either."""

GROUNDS: Final = 3
"""Most marks named for a status."""


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


@dataclass(frozen=True)
class Head:
    """One trained question: a row a class, a column a feature (marks, then the vector where it has one), bias last."""

    classes: tuple[str, ...]
    matrix: Vector

    def probabilities(self, at: Sequence[int], marks: int, vector: Vector | None) -> Vector:
        """Of each class, for marks in the columns `at` of `marks` and the sentence vector."""
        scores = self.matrix[:, at].sum(axis=1) + self.matrix[:, -1]
        if vector is not None:
            scores = scores + self.matrix[:, marks:-1] @ (vector * SCALE)
        powers = np.exp(scores - scores.max())
        return np.asarray(powers / powers.sum(), dtype=np.float32)


@dataclass(frozen=True)
class Weights:
    """What was learnt. `types` classes begin with `none`; the quick heads look at the marks alone."""

    columns: Mapping[str, int]
    bearings: Mapping[str, int]
    """The columns of `statuses`: the same marks, and those of `enrich.events.bearing`."""
    quick: Head
    types: Head
    statuses: Head
    trust: tuple[float, ...]
    """How the two readers' sureness make one: see `enrich.semantic.fusion.together`."""

    @classmethod
    def load(cls) -> "Weights":
        """The weights that ship with tocsin."""
        folder = resources.files("enrich.semantic")
        names = json.loads(folder.joinpath("weights.json").read_text("utf-8"))
        with folder.joinpath("weights.npz").open("rb") as stream, np.load(stream, allow_pickle=False) as numbers:
            heads = {name: Head(tuple(names[name]), numbers[name].astype(np.float32)) for name in numbers.files}
        bearings = {name: at for at, name in enumerate(names["bearings"])}
        columns = {name: at for at, name in enumerate(names["columns"])}
        return cls(columns, bearings, **heads, trust=tuple(names["trust"]))


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

    def read(
        self, document: Document, concepts: Sequence[Hit], events: Sequence[Event] = (),
        bearing: Collection[str] = (),
    ) -> Guess | None:  # fmt: skip
        """A guess, or None for a text without any word of the lexicon: there is nothing to go by.

        `events` are those that the patterns read: where the marks settle the matter, the sentence is spared. `bearing`
        are the marks of how the main one stands.
        """
        found = marks(document, concepts)
        if not any(name.startswith("c:") for name in found):
            return None
        quick = self.guess(found, None, bearing)
        told = events[0].type if events else None
        if (told is None and quick.event < UNLIKELY) or (told == quick.type and quick.type_probability > CLEAR):
            return quick
        return self.guess(found, self._encoder.encode([words(document)])[0], bearing)

    def guess(self, found: Collection[str], vector: Vector | None, bearing: Collection[str]) -> Guess:
        """From the marks, the sentence's vector where it was read, and the bearings to a guess."""
        weights, count = self._weights, len(self._weights.columns)
        head = weights.quick if vector is None else weights.types
        kinds = head.probabilities(present(found, weights.columns), count, vector)
        borne = present((*found, *bearing), weights.bearings)
        standing = weights.statuses.probabilities(borne, len(weights.bearings), None)
        return Guess(
            event=float(1 - kinds[0]), types=dict(zip(head.classes[1:], kinds[1:].tolist(), strict=True)),
            statuses=dict(zip(map(Status, weights.statuses.classes), standing.tolist(), strict=True)),
        )  # fmt: skip

    def grounds(self, found: Collection[str], status: Status, other: Status) -> list[str]:
        """The marks that speak most for a status against another, the heaviest first."""
        head, columns = self._weights.statuses, self._weights.bearings
        row = head.matrix[head.classes.index(status)] - head.matrix[head.classes.index(other)]
        borne = sorted((name for name in found if name in columns), key=lambda name: -row[columns[name]])
        return [name for name in borne[:GROUNDS] if row[columns[name]] > 0]
