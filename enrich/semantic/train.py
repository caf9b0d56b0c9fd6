"""`python -m enrich.semantic.train [--write]`: learn from `enrich/corpus/*.jsonl`, say how well; write the weights.

Multinomial logistic regression (scikit-learn) over signs and sentence vectors. What is printed was measured on reports
that were not trained on: each language left out in turn, then five folds over all.
"""

import argparse
import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal, get_args

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from enrich.events import EventReader
from enrich.fold import Fold
from enrich.gazetteer import Gazetteer
from enrich.semantic.encoder import SentenceEncoder
from enrich.semantic.features import SCALE, Vector, marks, present, words
from enrich.semantic.fusion import LEAST
from enrich.semantic.model import NONE, Guess, Head, SemanticReader, Trust, Weights
from enrich.understand import Understander
from schemas.item import Item
from schemas.report import Event

HERE: Final = Path(__file__).parent
CORPUS: Final = HERE.parent / "corpus"
PENALTY: Final = 0.3
"""Inverse strength of the ridge, by the signs alone."""
SENTENCE_PENALTY: Final = 0.1
"""The same with the sentence vector."""
FOLDS: Final = 5
THIRDS: Final = 3
RARE: Final = 3
"""A sign seen in fewer records is no feature."""
RATE: Final = 0.5
"""How much of what people feed it tells an event of ours; of the corpus it is three in five. Set so that ordinary news
rings once in 200 items (`tests.bench.ordinary`)."""
HeadName = Literal["quick_types", "types", "quick_statuses", "statuses"]
HEADS: Final[tuple[HeadName, ...]] = get_args(HeadName)
AS_THEY_ARE: Final = Trust((0.0, 1.0), (0.0, 1.0))
"""Chances taken at their word."""


@dataclass(frozen=True)
class Example:
    """One labelled report, laid open."""

    lang: str
    signs: frozenset[str]
    vector: Vector
    type: str
    status: str | None
    types: frozenset[str]
    """Of all its events."""
    told: Event | None
    """The main event as the patterns read it."""


def examples() -> list[Example]:
    """Every record of the corpus."""
    gazetteer, encoder = Gazetteer.load(), SentenceEncoder()
    reader = EventReader.load(Fold(), (), gazetteer)
    understander = Understander(gazetteer, reader)
    found = []
    for record in records():
        document = understander.read(Item.model_validate({key: record[key] for key in ("id", "title", "text")}))
        candidates = reader.candidates(document)
        main: dict[str, Any] = next((event for event in record["events"] if event.get("main")), {})
        found.append(
            Example(
                lang=record["lang"],
                signs=marks(document, reader.keywords(document)) | reader.bearing(document, candidates),
                vector=encoder.encode([words(document)])[0], type=main.get("type", NONE), status=main.get("status"),
                types=frozenset(event["type"] for event in record["events"]),
                told=next(iter(reader.settle(document, candidates)), None),
            )
        )  # fmt: skip
    return found


def records() -> Iterator[dict[str, Any]]:
    """The corpus, language by language."""
    for path in sorted(CORPUS.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            yield json.loads(line)


@dataclass(frozen=True)
class Trained:
    """Classifiers of one set of examples."""

    columns: dict[str, int]
    quick_types: LogisticRegression
    types: LogisticRegression
    quick_statuses: LogisticRegression
    statuses: LogisticRegression
    trust: Trust = AS_THEY_ARE

    @classmethod
    def of(cls, seen: Sequence[Example]) -> "Trained":
        """Learn."""
        counts = Counter(name for example in seen for name in example.signs)
        columns = {name: at for at, name in enumerate(sorted(name for name, count in counts.items() if count >= RARE))}
        kinds = [example.type for example in seen]
        told = [example for example in seen if example.status]
        statuses = [str(example.status) for example in told]
        return cls(
            columns,
            learn(matrix(seen, columns), kinds, PENALTY),
            learn(matrix(seen, columns, sentences=True), kinds, SENTENCE_PENALTY),
            learn(matrix(told, columns), statuses, PENALTY),
            learn(matrix(told, columns, sentences=True), statuses, SENTENCE_PENALTY),
        )  # fmt: skip

    def head(self, name: HeadName) -> Head:
        """As it is shipped: `none` first, the bias last."""
        trained: LogisticRegression = getattr(self, name)
        classes = [str(label) for label in trained.classes_]
        order = sorted(range(len(classes)), key=lambda at: (classes[at] != NONE, classes[at]))
        numbers = np.hstack([trained.coef_, trained.intercept_[:, None]])[order]
        return Head(tuple(classes[at] for at in order), numbers.astype(np.float32))

    def weights(self) -> Weights:
        """As `enrich.semantic.model` reads them."""
        return Weights(self.columns, **{name: self.head(name) for name in HEADS}, trust=self.trust)

    def write(self) -> None:
        """The weights, for `enrich.semantic.model.Weights`."""
        weights = self.weights()
        heads: dict[str, Head] = {name: getattr(weights, name) for name in HEADS}
        numbers = {name: head.matrix.astype(np.float16) for name, head in heads.items()}
        names: dict[str, Any] = {name: list(head.classes) for name, head in heads.items()}
        names["columns"] = list(self.columns)
        names["trust"] = {name: [round(weight, 3) for weight in curve] for name, curve in asdict(self.trust).items()}
        np.savez_compressed(HERE / "weights.npz", allow_pickle=False, **numbers)
        (HERE / "weights.json").write_text(json.dumps(names, indent=0) + "\n", encoding="utf-8")


def matrix(seen: Sequence[Example], columns: dict[str, int], *, sentences: bool = False) -> csr_matrix:
    """A row an example: the signs, then the sentence vector where it is asked for."""
    found = [present(example.signs, columns) for example in seen]
    ends = np.cumsum([0, *map(len, found)])
    at = np.array([column for row in found for column in row], dtype=np.int32)
    signs = csr_matrix((np.ones(len(at), dtype=np.float32), at, ends), shape=(len(seen), len(columns)))
    if not sentences:
        return signs
    return hstack([signs, csr_matrix(np.array([example.vector for example in seen]) * SCALE)]).tocsr()


def learn(features: csr_matrix, labels: Sequence[str], penalty: float) -> LogisticRegression:
    """The classifier of one question."""
    return LogisticRegression(C=penalty, tol=1e-2, max_iter=500).fit(features, labels)


def guesses(trained: Trained, seen: Sequence[Example]) -> list[tuple[Guess, Guess]]:
    """What the trained reader thinks of examples: by the signs alone, and with the sentence."""
    reader = SemanticReader(trained.weights(), SentenceEncoder())
    return [(reader.guess(example.signs, None), reader.guess(example.signs, example.vector)) for example in seen]


def score(train: Sequence[Example], test: Sequence[Example]) -> str:
    """Train on one part, measure on the other."""
    found = guesses(Trained.of(train), test)
    real = [example.type != NONE for example in test]
    told = []
    for way in (0, 1):
        auc = roc_auc_score(real, [pair[way].event for pair in found])
        right = [pair[way].type in example.types for pair, example in zip(found, test, strict=True) if example.status]
        told.append(f"AUC {auc:.3f}, type {np.mean(right):.3f}")
    status = [pair[1].status == example.status for pair, example in zip(found, test, strict=True) if example.status]
    return f"n={len(test):4}  signs alone: {told[0]}; with the sentence: {told[1]}, status {np.mean(status):.3f}"


def trust(seen: Sequence[Example]) -> Trust:
    """What the chances are worth, learnt of reports that were not trained on."""
    events: list[tuple[float, bool]] = []
    types: list[tuple[float, bool]] = []
    for fold in range(THIRDS):
        trained = Trained.of([example for at, example in enumerate(seen) if at % THIRDS != fold])
        held = seen[fold::THIRDS]
        for (_, guess), example in zip(guesses(trained, held), held, strict=True):
            events.append((guess.event, example.type != NONE))
            if example.type != NONE:
                types.append((guess.type_probability / guess.event, guess.type in example.types))
    share = float(np.mean([real for _, real in events]))
    fewer = log_odds(RATE) - log_odds(share)
    offset, slope = curve(events)
    return Trust(event=(offset + fewer, slope), type=curve(types))


def curve(chances: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """The logistic curve over log odds that makes these chances come true."""
    odds = [[1.0, log_odds(chance)] for chance, _ in chances]
    fitted = LogisticRegression(C=10.0, fit_intercept=False).fit(odds, [real for _, real in chances])
    return float(fitted.coef_[0][0]), float(fitted.coef_[0][1])


def log_odds(chance: float) -> float:
    """Of a chance kept from 0 and 1, as `enrich.semantic.fusion` keeps it."""
    kept = min(max(chance, LEAST), 1 - LEAST)
    return math.log(kept / (1 - kept))


def report(seen: Sequence[Example]) -> None:
    """Print both measurements."""
    for lang in sorted({example.lang for example in seen}):
        rest = [example for example in seen if example.lang != lang]
        print(f"{lang} left out: {score(rest, [example for example in seen if example.lang == lang])}")  # noqa: T201
    for fold in range(FOLDS):
        train = [example for at, example in enumerate(seen) if at % FOLDS != fold]
        print(f"fold {fold}:      {score(train, seen[fold::FOLDS])}")  # noqa: T201


def main() -> None:
    """Measure, then write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the weights, learnt of all")
    parser.add_argument("--quiet", action="store_true", help="do not measure first")
    chosen = parser.parse_args()
    seen = examples()
    if not chosen.quiet:
        report(seen)
    if chosen.write:
        replace(Trained.of(seen), trust=trust(seen)).write()


if __name__ == "__main__":
    main()
