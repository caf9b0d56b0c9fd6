"""Programs over features, and the clauses that must hold for them.

A program is a feature, or (AND, …), (OR, …), (NOT, program), (NEEDS, program); the last is something whose full check
is left to `verdicts`: the program inside is only implied by it. Clauses are in conjunctive normal form: each a tuple of
literals, 2f for "feature f is there", 2f+1 for "f is not there", of which one must be true.
"""

from collections.abc import Iterable, Sequence
from itertools import product
from math import prod
from typing import Final, NamedTuple, TypeAlias

from alert.match.numbering import ANY

AND: Final = -1
OR: Final = -2
NOT: Final = -3
NEEDS: Final = -4

Program: TypeAlias = "int | tuple[int | Program, ...]"
Clause = tuple[int, ...]

TRUE: Final[Program] = ANY
FALSE: Final[Program] = (NOT, ANY)

MAX_CLAUSES: Final = 24
"""An OR of ANDs may multiply out to so many clauses; beyond, each AND gives its shortest clause only."""


class Clauses(NamedTuple):
    """Clauses that a program implies; `exact`: they imply it too. Nothing to check is one clause (ANY)."""

    all: tuple[Clause, ...]
    exact: bool


def all_of(parts: Iterable[Program]) -> Program:
    """The conjunction, flattened and simplified."""
    return _join(AND, parts, neutral=TRUE, decisive=FALSE)


def any_of(parts: Iterable[Program]) -> Program:
    """The disjunction, flattened and simplified."""
    return _join(OR, parts, neutral=FALSE, decisive=TRUE)


def _join(kind: int, parts: Iterable[Program], *, neutral: Program, decisive: Program) -> Program:
    flat: list[Program] = []
    for part in parts:
        if part == decisive:
            return decisive
        if isinstance(part, tuple) and part[0] == kind:
            flat.extend(part[1:])
        elif part != neutral:
            flat.append(part)
    unique = tuple(dict.fromkeys(flat))
    if len(unique) < 2:
        return unique[0] if unique else neutral
    return (kind, *unique)


def none_of(part: Program) -> Program:
    """The denial."""
    if isinstance(part, tuple) and part[0] == NOT:
        return part[1]
    return (NOT, part)


def needs(part: Program) -> Program:
    """Something that implies the part and has to be checked in full."""
    return part if part == FALSE else (NEEDS, part)


def clauses(program: Program) -> Clauses:
    """The clauses of a program, the shortest first, none implied by another."""
    found, exact = _clauses(program, denied=False)
    kept: list[Clause] = []
    for clause in sorted({tuple(sorted(set(one))) for one in found if not _always(one)}, key=_length):
        if not any(set(other) <= set(clause) for other in kept):
            kept.append(clause)
    return Clauses(tuple(kept) or ((2 * ANY,),), exact)


def _length(clause: Clause) -> tuple[int, Clause]:
    return len(clause), clause


def _always(clause: Sequence[int]) -> bool:
    return any(literal ^ 1 in clause for literal in clause) or 2 * ANY in clause


def _clauses(program: Program, *, denied: bool) -> tuple[list[Clause], bool]:
    if isinstance(program, int):
        return [(2 * program + denied,)], True
    kind, parts = program[0], program[1:]
    if kind == NOT:
        return _clauses(parts[0], denied=not denied)
    if kind == NEEDS:
        return ([] if denied else _clauses(parts[0], denied=False)[0]), False
    inner = [_clauses(part, denied=denied) for part in parts]
    exact = all(part_exact for _, part_exact in inner)
    if (kind == AND) != denied:
        return [clause for found, _ in inner for clause in found], exact
    return _multiplied([found for found, _ in inner], exact)


def _multiplied(alternatives: Sequence[list[Clause]], exact: bool) -> tuple[list[Clause], bool]:
    """One clause of each alternative, joined, in every combination."""
    if not all(alternatives):
        return [], False
    if prod(len(found) for found in alternatives) > MAX_CLAUSES:
        shortest = [min(found, key=_length) for found in alternatives]
        return [tuple(literal for clause in shortest for literal in clause)], False
    return [tuple(literal for clause in chosen for literal in clause) for chosen in product(*alternatives)], exact
