"""One subscription, from what was written to what can be matched; every fault with its place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from alert.query import parser, structured
from alert.query.ast import Node
from alert.query.binding import All, Any, Every, Flag, Formula, No, Resolved, Some, bind, gated
from alert.query.check import Vocabulary, check
from alert.query.faults import QueryError
from alert.query.fields import GATES
from alert.query.lint import warnings
from alert.query.structured import StructureError
from alert.written import Written
from schemas.alert import Severity
from schemas.errors import ConfigError, Fault
from schemas.marked import Path, suggest
from schemas.subscription import Subscription

ReadList = Callable[[str], str]
"""The text of a list file, by the name a person wrote. Raises OSError or ValueError."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A subscription ready to be matched."""

    written: Subscription
    query: Node
    formula: Formula
    """Where a gate says `hold`, as if it said `drop`."""
    held: Formula | None
    """Where a gate says `hold`, as if it said `pass`; None when that changes nothing."""
    open: Formula
    """As if every gate said `pass`: what the gates alone keep out."""
    severities: tuple[tuple[Severity, Formula], ...] = ()
    """Loudest first."""
    default: Severity = Severity.NORMAL
    warnings: tuple[str, ...] = ()
    broad: bool = False
    """Nothing in it must be there: every report has to be tried."""
    file: str = ""
    line: int = 0


class Compiler:
    """Compiles the subscriptions of one file; faults are collected, not raised."""

    def __init__(self, source: Written, vocabulary: Vocabulary, faults: list[Fault], read_list: ReadList) -> None:
        self.source = source
        self.vocabulary = vocabulary
        self.faults = faults
        self.read_list = read_list

    def compile(self, written: Subscription, path: Path) -> Compiled | None:
        """The subscription at a path; None when something in it is wrong."""
        vocabulary = replace(self.vocabulary, lists=self._lists(written, path))
        node = self.query((*path, "match"), written.match, vocabulary)
        default, severities = self._severity(written, path, vocabulary)
        if node is None or self.faults:
            return None
        bound = bind(node)
        formula = gated(bound, resolved(written, "drop"))
        held = gated(bound, resolved(written, "pass"))
        return Compiled(
            written=written,
            query=node,
            formula=formula,
            held=held if held != formula else None,
            open=gated(bound, dict.fromkeys(GATES.values(), "pass")),
            severities=tuple((severity, gated(one, resolved(written, "drop"))) for severity, one in severities),
            default=default,
            warnings=tuple(warnings(node, written, self.vocabulary.names)),
            broad=not anchored(formula),
            file=self.source.marked.file,
            line=self.source.marked.at((*path, "id"))[0],
        )

    def query(self, path: Path, written: object, vocabulary: Vocabulary) -> Node | None:
        """The checked tree of a query text or a structured query; None when something in it is wrong."""
        node = self.parse(path, written)
        return None if node is None else self.checked(path, written, node, vocabulary)

    def parse(self, path: Path, written: object) -> Node | None:
        """The tree as written, nothing looked up yet."""
        try:
            return parser.parse(written) if isinstance(written, str) else structured.read(written)
        except StructureError as error:
            self.faults.append(self.source.fault((*path, *error.path), error.problem, error.fix, key=error.key))
            return None
        except QueryError as error:
            self.faults.append(self.source.query_fault(path, error))
            return None

    def checked(self, path: Path, written: object, node: Node, vocabulary: Vocabulary) -> Node | None:
        """The tree with its names looked up; `written` is the text or structure it was read from."""
        checked, wrong = check(node, vocabulary)
        self.faults.extend(self._placed(path, written, fault) for fault in wrong)
        return None if wrong else checked

    def _placed(self, path: Path, written: object, error: QueryError) -> Fault:
        if isinstance(written, str):
            return self.source.query_fault(path, error)
        inside = structured.read_placed(written)[1][error.start]
        return self.source.fault((*path, *inside), error.problem, error.fix)

    def _lists(self, written: Subscription, path: Path) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for name, file in written.lists.items():
            try:
                found[name] = entries(self.read_list(file))
            except (OSError, ValueError, ConfigError) as error:
                problem = f'list "{name}" cannot be read: {getattr(error, "strerror", None) or error}'
                self.faults.append(self.source.fault((*path, "lists", name), problem, "a text file, one entry a line"))
                found[name] = ()
        return found

    def _severity(
        self, written: Subscription, path: Path, vocabulary: Vocabulary
    ) -> tuple[Severity, list[tuple[Severity, Formula]]]:
        """The severity where no query says another, and those by query, loudest first."""
        if isinstance(written.severity, Severity):
            return written.severity, []
        default, found = Severity.NORMAL, []
        for key, value in written.severity.items():
            place = (*path, "severity", key)
            if key == "default":
                default = self._default(place, value)
                continue
            node = self.query(place, value, vocabulary)
            if node is not None:
                found.append((Severity(key), bind(node)))
        return default, sorted(found, key=lambda entry: -entry[0].rank)

    def _default(self, path: Path, value: str) -> Severity:
        if value in list(Severity):
            return Severity(value)
        fix = suggest(value, list(Severity)) or "flash, high, normal or low"
        self.faults.append(self.source.fault(path, f'"{value[:40]}" is no severity', fix))
        return Severity.NORMAL


def resolved(written: Subscription, hold: Resolved) -> dict[str, Resolved]:
    """Field → what its gate does, `hold` taken as told."""
    gates = {"place": written.unplaced, "said_by": written.unattributed, "lang": written.unknown_language}
    return {field: hold if gate == "hold" else gate for field, gate in gates.items()}


def entries(text: str) -> tuple[str, ...]:
    """The entries of a list file: one a line, `#` begins a comment, doubles dropped."""
    lines = (line.split("#", 1)[0].strip() for line in text.lstrip("\ufeff").splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))


_BROAD: Final = (No, Every, Flag)


def anchored(formula: Formula) -> bool:
    """Whether something must be there for the formula to hold, so that it need not be tried on every report."""
    match formula:
        case All(parts):
            return any(anchored(part) for part in parts)
        case Any(parts):
            return all(anchored(part) for part in parts)
        case Some(part):
            return anchored(part)
    return not isinstance(formula, _BROAD)
