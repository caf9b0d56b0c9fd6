"""An open story: its public state, and the members it is compared by."""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from pydantic import JsonValue

from enrich.stories.traits import Traits, keyset
from schemas.story import Story

FIRST_KEPT: Final = 4
LAST_KEPT: Final = 8
"""Members kept for comparing: the first, which say what it is, and the latest, which say what it has become."""


@dataclass(slots=True)
class OpenStory:
    """One story that reports may join. `touched` is the stage's own time (seconds since 1970), never a publisher's."""

    story: Story
    touched: float
    live: bool = False
    members: dict[int, Traits] = field(default_factory=dict)
    """By the number of their arrival, in that order."""
    reports: list[str] = field(default_factory=list)

    def take_all(self, members: Mapping[int, Traits]) -> None:
        """The members of a story that became this one."""
        self.members = dict(sorted({**self.members, **members}.items()))

    def excess(self) -> list[int]:
        """The numbers of the members that need not be kept."""
        numbers = list(self.members)
        return numbers[FIRST_KEPT:-LAST_KEPT] if len(numbers) > FIRST_KEPT + LAST_KEPT else []

    def number_of(self, report: str) -> int | None:
        """Under which number a report is kept."""
        return next((number for number, member in self.members.items() if member.report == report), None)


_SETS: Final = (
    "also",
    "actors",
    "targets",
    "spots",
    "lands",
    "names",
    "concepts",
    "figures",
    "grounds",
    "around",
    "heads",
)
_ARRAYS: Final = ("words", "sketch", "roots")
_FIELDS: Final = tuple(field.name for field in fields(Traits))
_EMPTY: Final = Traits(report="")


def to_json(traits: Traits) -> dict[str, JsonValue]:
    """Traits as JSON, fields at their default left out."""
    found: dict[str, Any] = {}
    for name in _FIELDS:
        value = getattr(traits, name)
        if value != getattr(_EMPTY, name):
            found[name] = sorted(value) if name in _SETS else value.tolist() if name in _ARRAYS else value
    if "counts" in found:
        found["counts"] = list(map(list, found["counts"]))
    if "when" in found:
        found["when"] = list(found["when"])
    return found


def from_json(value: Mapping[str, Any]) -> Traits:
    """Traits from what `to_json` made; what a newer version added is ignored."""
    known: dict[str, Any] = {name: value[name] for name in _FIELDS if name in value}
    for name in _SETS:
        known[name] = keyset(known.get(name, ()))
    for name in _ARRAYS:
        known[name] = array("I", known.get(name, ()))
    if known.get("when"):
        known["when"] = (known["when"][0], known["when"][1])
    known["counts"] = tuple((unit, low, high) for unit, low, high in known.get("counts", ()))
    return Traits(**known)
