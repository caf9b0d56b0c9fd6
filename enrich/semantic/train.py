"""`python -m enrich.semantic.train [--write]`: learn from `enrich/corpus/*.jsonl`, say how well; write the weights.

Multinomial logistic regression (scikit-learn) over marks and sentence vectors. What is printed was measured on reports
that were not trained on: each language left out in turn, then five folds over all.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal, cast

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from enrich.events import EventReader
from enrich.fold import Fold
from enrich.gazetteer import Gazetteer
from enrich.semantic.encoder import SentenceEncoder
from enrich.semantic.features import SCALE, Vector, marks, present, words
from enrich.semantic.fusion import evidence
from enrich.semantic.model import NONE, Guess, Head, SemanticReader, Weights
from enrich.understand import Understander
from schemas.item import Item
from schemas.report import Event

HERE: Final = Path(__file__).parent
CORPUS: Final = HERE.parent / "corpus"
PENALTY: Final = 0.5
"""Inverse strength of the ridge."""
BEARING_PENALTY: Final = 0.2
"""The same, of the marks of how an event stands: many, and each says little."""
FOLDS: Final = 5
THIRDS: Final = 3
RARE: Final = 3
"""A mark seen in fewer records is no feature."""


@dataclass(frozen=True)
class Example:
    """One labelled report, laid open."""

    lang: str
    marks: frozenset[str]
    bearing: frozenset[str]
    """The marks of how the main event stands."""
    vector: Vector
    type: str
    status: str | None
    types: frozenset[str]
    """Of all its events."""
    told: Event | None
    """The main event as the patterns read it."""
    tuned: bool
    """Whether the lexicon was written with an eye on it: records with an even number."""


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
                lang=record["lang"], marks=marks(document, reader.keywords(document)),
                bearing=reader.bearing(document, candidates),
                vector=encoder.encode([words(document)])[0], type=main.get("type", NONE), status=main.get("status"),
                types=frozenset(event["type"] for event in record["events"]),
                told=next(iter(reader.settle(document, candidates)), None),
                tuned=record["id"][-1] in "02468",
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
    bearings: dict[str, int]
    quick: LogisticRegression
    types: LogisticRegression
    statuses: LogisticRegression
    trust: tuple[float, ...] = (0.0, 1.0, 0.0, 0.0)

    @classmethod
    def of(cls, seen: Sequence[Example]) -> "Trained":
        """Learn."""
        columns = common(example.marks for example in seen)
        kinds = [example.type for example in seen]
        told = [example for example in seen if example.status]
        borne = [example.marks | example.bearing for example in told]
        bearings = common(borne)
        return cls(
            columns, bearings, learn(matrix(seen, columns)[:, : len(columns)], kinds),
            learn(matrix(seen, columns), kinds),
            learn(rows(borne, bearings), [str(example.status) for example in told], BEARING_PENALTY),
        )  # fmt: skip

    def head(self, name: Literal["quick", "types", "statuses"]) -> Head:
        """As it is shipped: `none` first, the bias last."""
        trained: LogisticRegression = getattr(self, name)
        classes = [str(label) for label in trained.classes_]
        order = sorted(range(len(classes)), key=lambda at: (classes[at] != NONE, classes[at]))
        numbers = np.hstack([trained.coef_, trained.intercept_[:, None]])[order]
        return Head(tuple(classes[at] for at in order), numbers.astype(np.float32))

    def weights(self) -> Weights:
        """As `enrich.semantic.model` reads them."""
        return Weights(
            self.columns, self.bearings, self.head("quick"), self.head("types"), self.head("statuses"), self.trust
        )  # fmt: skip

    def write(self) -> None:
        """The weights, for `enrich.semantic.model.Weights`."""
        weights = self.weights()
        heads = {"quick": weights.quick, "types": weights.types, "statuses": weights.statuses}
        numbers = {name: head.matrix.astype(np.float16) for name, head in heads.items()}
        names: dict[str, list[Any]] = {name: list(head.classes) for name, head in heads.items()}
        names["columns"] = list(self.columns)
        names["bearings"] = list(self.bearings)
        names["trust"] = [round(weight, 3) for weight in self.trust]
        np.savez_compressed(HERE / "weights.npz", allow_pickle=False, **numbers)
        (HERE / "weights.json").write_text(json.dumps(names, indent=0) + "\n", encoding="utf-8")


def matrix(seen: Sequence[Example], columns: dict[str, int]) -> Vector:
    """A row an example: the marks, then the sentence vector."""
    vectors = np.array([example.vector for example in seen], dtype=np.float32) * SCALE
    return np.hstack([rows([example.marks for example in seen], columns), vectors])


def rows(seen: Sequence[frozenset[str]], columns: dict[str, int]) -> Vector:
    """A row a set of marks."""
    found = np.zeros((len(seen), len(columns)), dtype=np.float32)
    for row, names in zip(found, seen, strict=True):
        row[present(names, columns)] = 1.0
    return found


def common(seen: Iterable[frozenset[str]]) -> dict[str, int]:
    """A column for each mark that is not rare."""
    counts = Counter(name for names in seen for name in names)
    return {name: at for at, name in enumerate(sorted(name for name, count in counts.items() if count >= RARE))}


def learn(features: Vector, labels: Sequence[str], penalty: float = PENALTY) -> LogisticRegression:
    """The classifier of one question."""
    return LogisticRegression(C=penalty, tol=1e-3, max_iter=3000).fit(features, labels)


def guesses(trained: Trained, seen: Sequence[Example]) -> list[tuple[Guess, Guess]]:
    """What the trained reader thinks of examples: by the marks alone, and with the sentence."""
    reader = SemanticReader(trained.weights(), SentenceEncoder())
    return [
        (reader.guess(one.marks, None, one.bearing), reader.guess(one.marks, one.vector, one.bearing)) for one in seen
    ]


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
    return f"n={len(test):4}  marks alone: {told[0]}; with the sentence: {told[1]}, status {np.mean(status):.3f}"


def trust(seen: Sequence[Example]) -> tuple[float, ...]:
    """How far to believe either reader, learnt of readings of reports that neither was made with."""
    rows, right = [], []
    for fold in range(THIRDS):
        trained = Trained.of([example for at, example in enumerate(seen) if at % THIRDS != fold])
        held = [example for example in seen[fold::THIRDS] if example.told and not example.tuned]
        for (_, guess), example in zip(guesses(trained, held), held, strict=True):
            told = cast(Event, example.told)
            rows.append(evidence(told.type, told.confidence, guess))
            right.append(told.type in example.types)
    fitted = LogisticRegression(C=1.0, fit_intercept=False).fit(rows, right)
    calibrated = fitted.predict_proba(rows)[:, 1]
    print(  # noqa: T201
        f"trust: n={len(right)}, right {np.mean(right):.3f}, AUC of the patterns alone "
        f"{roc_auc_score(right, [row[1] for row in rows]):.3f}, of both {roc_auc_score(right, calibrated):.3f}"
    )
    return tuple(float(weight) for weight in fitted.coef_[0])


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
