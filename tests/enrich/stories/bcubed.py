"""BCubed precision, recall and F1 of a grouping (Bagga & Baldwin 1998; Amigó et al. 2009)."""

from collections import defaultdict
from collections.abc import Hashable, Mapping
from typing import NamedTuple


class Score(NamedTuple):
    """Averages over the items."""

    precision: float
    recall: float
    items: int

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def __str__(self) -> str:
        return f"P {self.precision:.3f}  R {self.recall:.3f}  F1 {self.f1:.3f}  ({self.items} items)"


def bcubed(gold: Mapping[str, Hashable], found: Mapping[str, Hashable]) -> Score:
    """Score a grouping of all gold items: item → story, item → group."""
    stories, groups = _sets(gold), _sets(found)
    precision = recall = 0.0
    for item in gold:
        mine, truly = groups[found[item]], stories[gold[item]]
        both = len(mine & truly)
        precision += both / len(mine)
        recall += both / len(truly)
    return Score(precision / len(gold), recall / len(gold), len(gold))


def across(gold: Mapping[str, Hashable], found: Mapping[str, Hashable], langs: Mapping[str, str]) -> Score:
    """Only what lies between languages: of each item, its companions that are in another language than it is.

    An item that has none, by gold or by the grouping, does not count on that side.
    """
    stories, groups = _sets(gold), _sets(found)
    precisions, recalls = [], []
    for item in gold:
        mine = {other for other in groups[found[item]] if langs[other] != langs[item]}
        truly = {other for other in stories[gold[item]] if langs[other] != langs[item]}
        if mine:
            precisions.append(len(mine & truly) / len(mine))
        if truly:
            recalls.append(len(mine & truly) / len(truly))
    return Score(_mean(precisions), _mean(recalls), len(recalls))


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 1.0


def _sets(labels: Mapping[str, Hashable]) -> Mapping[Hashable, set[str]]:
    found: defaultdict[Hashable, set[str]] = defaultdict(set)
    for item, label in labels.items():
        found[label].add(item)
    return found
