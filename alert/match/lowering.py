"""From gated formulas to programs over features: what the index can check, exactly wherever that is possible."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from alert.match import clauses as c
from alert.match.clauses import Program
from alert.match.numbering import ANY, Numbering
from alert.match.values import NumberFeatures, Values
from alert.match.verdicts import value_key
from alert.match.vocabulary import Words as WordFeatures
from alert.match.words import Terms, list_scope, listed, surfaces
from alert.query import patterns
from alert.query.ast import Among, Between, Compare, Has, Is, Near, Node, Or, Pattern, Stem, Wild, Words
from alert.query.binding import (
    FALSE,
    TRUE,
    All,
    Any,
    Every,
    Flag,
    Formula,
    Leaf,
    No,
    Some,
    is_text,
    negated,
    of_event,
)  # fmt: skip
from alert.query.fields import NUMBERS, SCOPES

MAX_BLOCKS: Final = 32
"""Event blocks one block may be split into by the words inside it."""

NewBlock = Callable[[Formula, bool], int]
"""The feature "some (real) event satisfies this": made once for each block."""


class FieldLowering:
    """Conditions on fields and numbers, of the report or of an event."""

    def __init__(self, numbering: Numbering) -> None:
        self.values = Values(numbering)
        self.numbers = NumberFeatures(numbering)
        self.flags: dict[Flag, int] = {}
        self._numbering = numbering

    def leaf(self, leaf: Leaf) -> Program:
        """The program of one condition."""
        match leaf:
            case Is(field, value, exact):
                return self.values.one(field, value_key(field, value), exact)
            case Among(field, _, values):
                return self.values.some(field, frozenset(value_key(field, value) for value in values))
            case Has(field):
                return self.numbers.present(field) if field in NUMBERS else self.values.present(field)
            case Compare(field, operator, number):
                return self._compare(field, operator, number)
            case Between(field, low, high):
                return c.needs(c.all_of([self._compare(field, ">=", low), self._compare(field, "<=", high)]))
            case Flag():
                return self.flag(leaf)
        raise TypeError(f"no condition on a field: {leaf!r}")

    def _compare(self, field: str, operator: str, number: float) -> Program:
        feature, exact = self.numbers.one(field, operator, number)
        return feature if exact else c.needs(feature)

    def flag(self, flag: Flag) -> int:
        """The feature of knowing, or not knowing, a field."""
        if flag not in self.flags:
            self.flags[flag] = self._numbering.new(0.5)
        return self.flags[flag]


class TextLowering:
    """Conditions on words."""

    def __init__(self, numbering: Numbering, terms: Terms) -> None:
        self._numbering = numbering
        self._terms = terms
        self.scopes: dict[str, WordFeatures] = {scope: WordFeatures(numbering) for scope in ("", *SCOPES)}
        self.literals: dict[str, int] = {}

    def leaf(self, node: Node) -> Program:
        """The program of a text condition."""
        match node:
            case Words(text, exact, scope):
                words = self.scopes[scope]
                if exact:
                    return self._row(words, [words.exact(word) for word in surfaces(text, self._terms.tokens(text))])
                return self._row(words, [words.word(keys) for keys in self._terms.keys(text)])
            case Stem(text, scope):
                words = self.scopes[scope]
                return self._row(words, [words.stem(token.keys[0]) for token in self._terms.tokens(text)])
            case Wild():
                return self._wild(node)
            case Near(left, right):
                return c.needs(c.all_of([self.leaf(left), self.leaf(right)]))
            case Or(parts):
                return c.any_of([self.leaf(part) for part in parts])
            case Pattern(source):
                return c.needs(self._literal(patterns.literal(source)))
            case Among():
                return self._list(node)
        raise TypeError(f"no condition on words: {node!r}")

    def _row(self, words: WordFeatures, features: Sequence[int]) -> Program:
        """Words in a row: one or two are exact, more are checked in full once their pairs are there."""
        if len(features) == 1:
            return features[0]
        pairs = [words.pair(first, second) for first, second in pairwise(features)]
        return pairs[0] if len(pairs) == 1 else c.needs(c.all_of(pairs))

    def _wild(self, node: Wild) -> Program:
        words = self.scopes[node.scope]
        row = [token.keys[0] for token in self._terms.tokens(node.text)]
        last = len(row) - 1
        features = [
            self._part(words, word, node.before and at == 0, node.after and at == last) for at, word in enumerate(row)
        ]
        return self._row(words, features)

    def _part(self, words: WordFeatures, word: str, before: bool, after: bool) -> int:
        return words.wild(word, before, after) if before or after else words.word(frozenset((word,)))

    def _literal(self, literal: str) -> int:
        """The feature of letters a pattern cannot do without, wherever they are in the text."""
        if literal not in self.literals:
            self.literals[literal] = self._numbering.new(0.01)
        return self.literals[literal]

    def _list(self, node: Among) -> Program:
        scope = list_scope(node.field)
        single, others = set(), []
        for term in listed(scope, node.values):
            keys = self._terms.keys(term.text) if isinstance(term, Words) and not term.exact else ()
            if len(keys) == 1:
                single.add(keys[0])
            else:
                others.append(self.leaf(term))
        return c.any_of([*([self.scopes[scope].some(frozenset(single))] if single else []), *others])


class Lowering:
    """Formulas of reports; what they ask of events becomes blocks, each a feature of the report."""

    def __init__(self, numbering: Numbering, terms: Terms, new_block: NewBlock) -> None:
        self.text = TextLowering(numbering, terms)
        self.fields = FieldLowering(numbering)
        self._new_block = new_block

    def program(self, formula: Formula) -> Program:
        """The program of a gated formula."""
        match formula:
            case All(parts):
                return c.all_of([self.program(part) for part in parts])
            case Any(parts):
                return c.any_of([self.program(part) for part in parts])
            case No(part):
                return c.none_of(self.program(part))
            case Some(part, real):
                return self._block(part, real, [MAX_BLOCKS])
            case Every(part, real):
                return c.none_of(self._block(negated(part), real, [MAX_BLOCKS]))
        return self.text.leaf(formula) if is_text(formula) else self.fields.leaf(formula)  # type: ignore[arg-type]

    def _block(self, part: Formula, real: bool, left: list[int]) -> Program:
        """`Some(part)`, its conditions on the report taken out one by one: what is left speaks of events alone."""
        part = simplified(part)
        if part == FALSE or (part == TRUE and not real):
            return c.FALSE if part == FALSE else ANY
        outside = _outside(part)
        if outside is None:
            return self._new_block(part, real)
        left[0] -= 1
        if left[0] < 0:
            return c.needs(self._new_block(simplified(_loosened(part)), real))
        with_it = self._block(_given(part, outside, True), real, left)
        without = self._block(_given(part, outside, False), real, left)
        condition = self.program(outside)
        signs = _signs(part, outside)
        if signs == {True}:
            return c.all_of([with_it, c.any_of([condition, without])])
        if signs == {False}:
            return c.all_of([without, c.any_of([c.none_of(condition), with_it])])
        return c.any_of([c.all_of([condition, with_it]), c.all_of([c.none_of(condition), without])])


def event_program(formula: Formula, fields: FieldLowering) -> Program:
    """The program of a block that speaks of events alone."""
    match formula:
        case All(parts):
            return c.all_of([event_program(part, fields) for part in parts])
        case Any(parts):
            return c.any_of([event_program(part, fields) for part in parts])
        case No(part):
            return c.none_of(event_program(part, fields))
        case Some() | Every():
            raise TypeError("a block inside a block speaks of the report")
    return fields.leaf(formula)


def _is_outside(node: Formula) -> bool:
    return not isinstance(node, All | Any | No) and not of_event(node)


def _outside(formula: Formula) -> Formula | None:
    """The first condition in a block that is about the report, not the event."""
    match formula:
        case All(parts) | Any(parts):
            return next((found for part in parts if (found := _outside(part)) is not None), None)
        case No(part):
            return _outside(part)
    return formula if _is_outside(formula) else None


def _given(formula: Formula, condition: Formula, holds: bool) -> Formula:
    """The formula once it is known whether a condition holds."""
    if formula == condition:
        return TRUE if holds else FALSE
    match formula:
        case All(parts):
            return All(tuple(_given(part, condition, holds) for part in parts))
        case Any(parts):
            return Any(tuple(_given(part, condition, holds) for part in parts))
        case No(part):
            return No(_given(part, condition, holds))
    return formula


def _loosened(formula: Formula) -> Formula:
    """The formula with every condition on the report taken for true, denied or not: implied by the formula."""
    match formula:
        case All(parts):
            return All(tuple(_loosened(part) for part in parts))
        case Any(parts):
            return Any(tuple(_loosened(part) for part in parts))
        case No(part) if _is_outside(part):
            return TRUE
    return TRUE if _is_outside(formula) else formula


def _signs(formula: Formula, condition: Formula, sign: bool = True) -> set[bool]:
    """Whether a condition stands in a formula plainly (True), under a NOT (False), or both."""
    if formula == condition:
        return {sign}
    match formula:
        case All(parts) | Any(parts):
            return set().union(*(_signs(part, condition, sign) for part in parts))
        case No(part):
            return _signs(part, condition, not sign)
    return set()


def simplified(formula: Formula) -> Formula:
    """The formula without the constants in it."""
    match formula:
        case All(parts) | Any(parts):
            neutral, decisive = (TRUE, FALSE) if isinstance(formula, All) else (FALSE, TRUE)
            kept = [one for part in parts if (one := simplified(part)) != neutral]
            if decisive in kept:
                return decisive
            unique = tuple(dict.fromkeys(kept))
            return unique[0] if len(unique) == 1 else type(formula)(unique)
        case No(part):
            inner = simplified(part)
            return FALSE if inner == TRUE else TRUE if inner == FALSE else No(inner)
    return formula
