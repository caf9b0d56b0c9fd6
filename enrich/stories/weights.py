"""What each sign (`evidence.py`) is worth: bits per unit of its amount. The numbers are `weights.yaml`."""

from collections.abc import Mapping
from functools import cache
from importlib import resources

from schemas import marked
from schemas.base import Strict


class Weighing(Strict):
    """One way of weighing."""

    needed: float
    """Bits for which a report is taken to be of a story."""
    signs: Mapping[str, float]


class Weights(Strict):
    """The table of `weights.yaml`: where both tell an event other signs count than where one tells none."""

    told: Weighing
    untold: Weighing


@cache
def weights() -> Weights:
    """The table, read once."""
    text = (resources.files("enrich.stories") / "weights.yaml").read_text("utf-8")
    return marked.validate(marked.parse(text, "weights.yaml"), Weights)
