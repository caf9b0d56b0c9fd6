"""The matcher: formulas in, and for each report the numbers of those that hold.

Equal formulas are kept once. Adding and removing touch nothing but the formula's own entries, so a set may change while
it is in use (from one thread at a time).
"""

from array import array
from collections.abc import Iterable
from time import thread_time
from typing import Final, NamedTuple

import ahocorasick_rs
import numpy as np

from alert.match.clauses import Clauses, all_of, clauses
from alert.match.facts import Facts, Happening
from alert.match.index import Index
from alert.match.lowering import FieldLowering, Lowering, event_program
from alert.match.numbering import ANY, Numbering
from alert.match.verdicts import Sight, holds
from alert.match.words import Terms
from alert.query.binding import Flag, Formula
from alert.query.fields import SCOPES

_FEW_LITERALS: Final = 16
_FIRST_LOOK: Final = 200
_LATER: Final = 8
_SELDOM: Final = 50_000
"""After 200 reports, 1,600, 12,800, then every 50,000, subscriptions are filed anew by what was common in them."""


class Blocks:
    """Event blocks: formulas of events, matched against each event of a report; each is a feature of the report."""

    def __init__(self, report_numbering: Numbering) -> None:
        self._outside = report_numbering
        self._inside = Numbering()
        self._real = self._inside.new(0.7)
        self.fields = FieldLowering(self._inside)
        self.index = Index(self._inside)
        self._known: dict[tuple[Formula, bool], int] = {}
        self._features: list[int] = []
        self._formulas: dict[int, Formula] = {}
        """Of inexact blocks, to be checked in full."""
        self._kept: dict[frozenset[int], tuple[list[int], list[int]]] = {}
        self._kept_for = 0

    def feature(self, formula: Formula, real: bool) -> int:
        """The report's feature "some (real) event satisfies this"."""
        key = (formula, real)
        feature = self._known.get(key)
        if feature is None:
            program = event_program(formula, self.fields)
            found = clauses(all_of((program, self._real)) if real else program)
            number = self.index.add(found)
            feature = self._known[key] = self._outside.new(0.02)
            self._features.append(feature)
            if not found.exact:
                self._formulas[number] = formula
        return feature

    def features(self, sight: Sight, found: set[int]) -> None:
        """Add the features of the blocks that some event satisfies."""
        if not self._features:
            return
        for event in (*sight.facts.events, sight.facts.empty):
            sure, open_ = self._real_match(event) if event.real else self._empty_match(event)
            found.update(self._features[number] for number in sure)
            for number in open_:
                if self._features[number] not in found and holds(self._formulas[number], sight, event):
                    found.add(self._features[number])

    def _real_match(self, event: Happening) -> tuple[list[int], list[int]]:
        features = self._of(event)
        self._inside.saw(np.fromiter(features, np.int32, len(features)))
        return self.index.match(features)

    def _empty_match(self, event: Happening) -> tuple[list[int], list[int]]:
        """Every report has the empty event, and it differs in little: its answers are kept until a block is added."""
        if self._kept_for != len(self._features):
            self._kept, self._kept_for = {}, len(self._features)
        features = frozenset(self._of(event))
        if features not in self._kept:
            self._kept[features] = self.index.match(set(features))
        return self._kept[features]

    def _of(self, event: Happening) -> set[int]:
        features = {ANY}
        if event.real:
            features.add(self._real)
            self.fields.values.features(event.values, event.own, features)
            self.fields.numbers.features(event.numbers, features)
        for flag, feature in self.fields.flags.items():
            if _holds(flag, event):
                features.add(feature)
        return features


def _holds(flag: Flag, event: Happening) -> bool:
    if event.real:
        return flag.is_ == ("known" if event.knows(flag.field) else "unknown")
    return flag.is_ == ("ghost" if flag.field in event.ghost else "unknown")


class Cost(NamedTuple):
    """What one formula has cost."""

    reports: int
    """Reports matched so far."""
    looked: int
    """Of them, how often it was a candidate."""
    seconds: float
    """Of processor time, spent on checking it in full."""


class Matcher:
    """Which of very many formulas hold for a report."""

    def __init__(self, terms: Terms) -> None:
        self._numbering = Numbering()
        self._blocks = Blocks(self._numbering)
        self._lowering = Lowering(self._numbering, terms, self._blocks.feature)
        self._index = Index(self._numbering)
        self._formulas: dict[int, Formula] = {}
        self._programs: dict[int, int] = {}
        """Hash of clauses → program; a collision is noticed and merely keeps both."""
        self._handles: dict[int, list[int]] = {}
        """Program → handles, where more than one."""
        self._first = array("q")
        """Program → handle, the only one or the first; -1 of a removed program."""
        self._program = array("i")
        """Handle → program; -1 of a removed handle."""
        self._live = 0
        self._spent: dict[int, float] = {}
        self._slow: set[int] = set()
        self._reports = 0
        self._look = _FIRST_LOOK
        self._automaton: ahocorasick_rs.AhoCorasick | None = None
        self._literal_order: list[str] = []

    def __len__(self) -> int:
        return self._live

    @property
    def candidates(self) -> int:
        """Programs looked at since the beginning."""
        return self._index.candidates

    @property
    def worn(self) -> bool:
        """True once a tenth of what was added is gone: time to file all anew in another matcher."""
        return not self._index.compacted

    def add(self, formula: Formula) -> int:
        """Match a formula from now on; returns its handle, which `match` answers with and which is never used again."""
        handle = len(self._program)
        found = clauses(self._lowering.program(formula))
        key = hash(found.all) if found.exact else hash(formula)
        program = self._programs.get(key)
        if program is not None and self._same(program, found, formula):
            self._handles.setdefault(program, [self._first[program]]).append(handle)
        else:
            program = self._index.add(found)
            self._programs[key] = program
            self._first.append(handle)
            if not found.exact:
                self._formulas[program] = formula
        self._program.append(program)
        self._live += 1
        return handle

    def _same(self, program: int, found: Clauses, formula: Formula) -> bool:
        if self._first[program] < 0:
            return False
        if not found.exact:
            return self._formulas.get(program) == formula
        return program not in self._formulas and self._index.clauses(program) == found

    def remove(self, handle: int) -> None:
        """Match it no more. Raises KeyError on a handle that is not in use."""
        program = self._program[handle]
        if program < 0:
            raise KeyError(handle)
        self._program[handle] = -1
        self._live -= 1
        shared = self._handles.get(program)
        if shared is not None:
            shared.remove(handle)
            self._first[program] = shared[0]
            if len(shared) == 1:
                del self._handles[program]
            return
        self._first[program] = -1
        self._slow.discard(program)
        self._formulas.pop(program, None)
        self._index.remove(program)

    def match(self, sight: Sight) -> list[int]:
        """The handles of the formulas that hold, in no order."""
        sure, open_ = self._found(sight)
        return list(self._owners([*sure, *(program for program in open_ if self._checked(program, sight))]))

    def match_quickly(self, sight: Sight) -> tuple[list[int], list[int]]:
        """The same, but slow formulas that may hold are not checked in full: the second list."""
        sure, open_ = self._found(sight)
        put_off = [program for program in open_ if program in self._slow]
        checked = [program for program in open_ if program not in self._slow and self._checked(program, sight)]
        return list(self._owners([*sure, *checked])), list(self._owners(put_off))

    def slow_down(self, handle: int) -> None:
        """From now on `match_quickly` puts this formula off where it has to be checked in full."""
        self._slow.add(self._program[handle])

    def _found(self, sight: Sight) -> tuple[list[int], list[int]]:
        """Programs that hold, and those that may; what the report has is counted."""
        features = self.features(sight)
        sure, open_ = self._index.match(features)
        self._numbering.saw(np.fromiter(features, np.int32, len(features)))
        self._reports += 1
        if self._reports >= self._look:
            self._look = min(self._look * _LATER, self._reports + _SELDOM)
            self.file_anew()
        return sure, open_

    def _checked(self, program: int, sight: Sight) -> bool:
        """The full check of a program, its time on its account."""
        start = thread_time()
        holding = holds(self._formulas[program], sight)
        self._spent[program] = self._spent.get(program, 0.0) + thread_time() - start
        return holding

    def cost(self, handle: int) -> Cost:
        """What a formula has cost so far (formulas that are equal share one account)."""
        program = self._program[handle]
        return Cost(self._reports, self._index.looked(program), self._spent.get(program, 0.0))

    def expected(self, handle: int) -> float:
        """The share of reports a formula should be a candidate in: first a guess, then by what was common lately."""
        return self._index.expected(self._program[handle])

    def heavier(self, seconds: float) -> list[int]:
        """The handles of formulas that have taken more time a report than this."""
        spent = [program for program, total in self._spent.items() if total > seconds * self._reports]
        return list(self._owners(program for program in spent if self._first[program] >= 0))

    def file_anew(self) -> None:
        """File every subscription under what has proved rare in the reports seen."""
        self._index.file_anew()
        self._blocks.index.file_anew()

    def _owners(self, programs: Iterable[int]) -> Iterable[int]:
        for program in programs:
            shared = self._handles.get(program)
            if shared is None:
                yield self._first[program]
            else:
                yield from shared

    def features(self, sight: Sight) -> set[int]:
        """Everything the report satisfies, as far as some formula asks for it."""
        facts, found = sight.facts, {ANY}
        fields, text = self._lowering.fields, self._lowering.text
        fields.values.features(facts.values, facts.values, found)
        fields.numbers.features(facts.numbers, found)
        for flag, feature in fields.flags.items():
            if bool(facts.values.get(flag.field)) == (flag.is_ == "known"):
                found.add(feature)
        text.scopes[""].features(facts, facts.tokens, found)
        if any(text.scopes[scope] for scope in SCOPES):
            edge = facts.title_tokens
            text.scopes["title"].features(facts, facts.tokens[:edge], found)
            text.scopes["text"].features(facts, facts.tokens[edge:], found)
        if text.literals:
            self._add_literals(facts, text.literals, found)
        self._blocks.features(sight, found)
        return found

    def _add_literals(self, facts: Facts, literals: dict[str, int], found: set[int]) -> None:
        """The letters patterns cannot do without."""
        body = facts.body.casefold()
        if len(literals) <= _FEW_LITERALS:
            found.update(feature for literal, feature in literals.items() if literal in body)
            return
        if self._automaton is None or len(self._literal_order) != len(literals):
            self._literal_order = list(literals)
            self._automaton = ahocorasick_rs.AhoCorasick(self._literal_order)
        hits = self._automaton.find_matches_as_indexes(body, overlapping=True)
        found.update(literals[self._literal_order[pattern]] for pattern, _, _ in hits)
