"""What kind of happening an event type is: which types may tell the same one, and what tells two apart.

The knowledge is `kinds.yaml`; a type that stands nowhere in it (a user's own) is a family of its own.
"""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final, Literal

from schemas import marked
from schemas.base import Strict

Kinship = Literal["same", "family", "near", "apart"]

MOMENT_WINDOW: Final = 3.0
"""Days after which a report of such a type is of another happening."""
LASTING_WINDOW: Final = 10.0
"""… of a happening that goes on: a deployment, sanctions, talks."""


class Kinds(Strict):
    """The table of `kinds.yaml`."""

    families: Mapping[str, tuple[str, ...]]
    near: tuple[tuple[str, str], ...]
    becomes: Mapping[str, tuple[str, ...]]
    moments: frozenset[str]
    placed: frozenset[str]
    directed: frozenset[str]
    wide: frozenset[str]


@cache
def kinds() -> Kinds:
    """The table, read once."""
    text = (resources.files("enrich.stories") / "kinds.yaml").read_text("utf-8")
    return marked.validate(marked.parse(text, "kinds.yaml"), Kinds)


@cache
def _families() -> Mapping[str, str]:
    return {member: name for name, members in kinds().families.items() for member in members}


def family(kind: str) -> str:
    """The family of a type; the type itself when it has none."""
    return _families().get(kind, kind)


@cache
def _near() -> frozenset[tuple[str, str]]:
    pairs = kinds().near
    return frozenset((*pairs, *((second, first) for first, second in pairs)))


@cache
def kinship(one: str, other: str) -> Kinship:
    """How likely two types tell the same happening."""
    if one == other:
        return "same"
    ours, theirs = family(one), family(other)
    if ours == theirs:
        return "family"
    return "near" if (ours, theirs) in _near() else "apart"


def grows(old: str | None, new: str) -> bool:
    """Whether a happening of one type may have become one of the other: talks a ceasefire."""
    return old is not None and new in kinds().becomes.get(old, ())


def window(kind: str | None) -> float:
    """Days between reports within which they may be of one happening."""
    return MOMENT_WINDOW + 1 if kind is None else MOMENT_WINDOW if kind in kinds().moments else LASTING_WINDOW
