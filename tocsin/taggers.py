"""Taggers from outside: found among the installed packages, loaded when the operator names them, and kept in check.

A package offers one by the entry point group `tocsin.taggers`; `tocsin.yaml` names those that may be loaded:

    taggers: {floods: {rivers: [Oder, Elbe]}}

Whatever a tagger does while it reads (raise, exit, hang, answer rubbish), the item goes on without its word; that is
counted and told by name. What cannot be a tagger at all is a fault of the configuration, before anything starts.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import EntryPoint, entry_points
from threading import Thread
from typing import Any, Final

import structlog

from enrich.outside import Change, Weighed, weighed
from enrich.understand import Understander
from schemas.errors import ConfigError, Fault
from schemas.marked import Marked, suggest
from schemas.ports import Tagger
from schemas.report import Report

log = structlog.get_logger()

GROUP: Final = "tocsin.taggers"
PATIENCE: Final = 30.0
"""Seconds after which a tagger hangs: it is asked no more until the next start."""
HANGS: Final = "hangs"
"""Kind of failure: no answer in time."""
WELL_AGAIN: Final = 100
"""Good answers in a row after which its last failure is no trouble any more."""
_TYPE: Final = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")

Note = Callable[[str, Mapping[str, int], str], None]
"""(tagger, how many `asked` `added` `agreed` `vetoed` `failed`, its trouble or ""), after every answer."""


def nobody(tagger: str, counts: Mapping[str, int], trouble: str) -> None:
    """Note nothing."""


class Failed(Exception):
    """A tagger gave no word that can be used: the kind of failure, and what went wrong."""

    def __init__(self, kind: str, why: str) -> None:
        super().__init__(why)
        self.kind = kind


@dataclass(slots=True)
class Guarded:
    """One tagger, and how it is doing."""

    name: str
    version: str
    """`distribution version` it came with."""
    tagger: Tagger
    types: frozenset[str] = frozenset()
    trouble: str = ""
    hangs: bool = False
    asked: int = 0
    failed: int = 0
    good: int = 0
    """Good answers since the last failure."""
    known: set[str] = field(default_factory=set)
    """Kinds of failure that were logged."""

    def word(self, report: Report, types: frozenset[str], patience: float) -> Weighed:
        """The report with its word. Raises `Failed`."""
        self.asked += 1
        try:
            answer = within(patience, lambda: weighed(report, self.name, self.tagger.tag(report), types))
        except Failed as failure:
            self._fails(failure)
            raise
        self.good += 1
        if self.good >= WELL_AGAIN:
            self.trouble = ""
        return answer

    def _fails(self, failure: Failed) -> None:
        self.failed, self.good, self.hangs = self.failed + 1, 0, failure.kind == HANGS
        self.trouble = f"{self.failed} of {self.asked} reports failed, the last: {failure}"
        if failure.kind not in self.known:
            self.known.add(failure.kind)
            log.warning("tagger_failed", tagger=self.name, version=self.version, error=str(failure))


def within(seconds: float, ask: Callable[[], Weighed]) -> Weighed:
    """An answer, asked for on a thread of its own, which is left behind when it hangs. Raises `Failed`."""
    answers: list[Weighed | Failed] = []

    def work() -> None:
        try:
            answers.append(ask())
        except BaseException as error:  # noqa: BLE001 -- foreign code: it may raise anything, SystemExit too
            answers.append(Failed(type(error).__name__, words_of(error)))

    thread = Thread(target=work, name="tagger", daemon=True)
    thread.start()
    thread.join(seconds)
    answer = (
        answers[0] if answers else Failed(HANGS, f"no answer for {seconds:g} s; it is asked no more until a restart")
    )
    if isinstance(answer, Failed):
        raise answer
    return answer


def words_of(error: BaseException) -> str:
    """An error of foreign code in one printable line, whatever its own words do."""
    try:
        said = str(error)
    except Exception:  # noqa: BLE001 -- foreign code
        said = "it cannot say"
    line = " ".join(said.split())[:200]
    return f"{type(error).__name__}: {''.join(letter if letter.isprintable() else '?' for letter in line)}"


@dataclass(frozen=True)
class Taggers:
    """`schemas.ports.Outside`: every tagger that the operator named, asked in the order written."""

    guarded: Sequence[Guarded]
    lexicon_types: frozenset[str]
    note: Note = nobody
    patience: float = PATIENCE

    @cached_property
    def version(self) -> str:
        """Their names and versions."""
        return ", ".join(f"{one.name} of {one.version}" for one in self.guarded)

    @cached_property
    def event_types(self) -> frozenset[str]:
        """Types they may add that the lexicon does not have."""
        return frozenset().union(*(one.types for one in self.guarded))

    def read(self, report: Report) -> Report:
        """The report with what they add and what they doubt."""
        for one in self.guarded:
            if not one.hangs:
                report = self._asked(one, report).report
        return report

    def explain(self, report: Report) -> Sequence[str]:
        """What each says of it, in words."""
        lines: list[str] = []
        for one in self.guarded:
            said = Weighed(report, (Change("failed", one.trouble),)) if one.hangs else self._asked(one, report)
            words = [change.words for change in said.changes] or ["nothing to say"]
            lines += [f"tagger {one.name}: {line}" for line in words]
            report = said.report
        return lines

    def _asked(self, one: Guarded, report: Report) -> Weighed:
        """The report with a tagger's word; as it was, and why, when it gave none."""
        try:
            said = one.word(report, self.lexicon_types | one.types, self.patience)
        except Failed as failure:
            said = Weighed(report, (Change("failed", f"failed: {failure}"),))
        self.note(one.name, Counter(["asked", *(change.kind for change in said.changes)]), one.trouble)
        return said


def with_taggers(
    understander: Understander, wanted: Mapping[str, Mapping[str, Any]], source: Marked, note: Note = nobody
) -> Understander:
    """The understanding beside the taggers an operator named in `source`. Raises `ConfigError`."""
    return understander.beside(opened(wanted, source, understander.event_types(), note)) if wanted else understander


def opened(wanted: Mapping[str, Mapping[str, Any]], source: Marked, types: frozenset[str], note: Note) -> Taggers:
    """The taggers the operator named, loaded and made. `types`: those of the lexicon. Raises `ConfigError`."""
    offered: dict[str, list[EntryPoint]] = {}
    for entry in entry_points(group=GROUP):
        offered.setdefault(entry.name, []).append(entry)
    faults: list[Fault] = []
    found: list[Guarded] = []
    for name, options in wanted.items():
        try:
            found.append(_made(name, _the_one(name, offered), options))
        except _NoTagger as error:
            faults.append(source.fault(("taggers", name), str(error), error.fix, key=True))
    if faults:
        raise ConfigError(faults)
    return Taggers(found, types, note)


class _NoTagger(Exception):
    """What was named is no tagger, and what to do about it."""

    def __init__(self, problem: str, fix: str) -> None:
        super().__init__(problem)
        self.fix = fix


def _the_one(name: str, offered: Mapping[str, Sequence[EntryPoint]]) -> EntryPoint:
    entries = offered.get(name, ())
    if not entries:
        known = suggest(name, offered) or f"there are: {', '.join(sorted(offered)) or 'none'}"
        raise _NoTagger(f'no installed package offers a tagger "{name}"', known)
    if len(entries) > 1:
        packages = ", ".join(sorted(_package(entry) for entry in entries))
        raise _NoTagger(f'several packages offer a tagger "{name}": {packages}', "uninstall those you do not trust")
    return entries[0]


def _package(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value


def _made(name: str, entry: EntryPoint, options: Mapping[str, Any]) -> Guarded:
    """A tagger, made with its options. Raises `_NoTagger` with what it raised itself."""
    package = _package(entry)
    try:
        tagger = entry.load()(dict(options))
        types = frozenset(tagger.event_types)
        asks = callable(tagger.tag)
    except (Exception, SystemExit) as error:
        raise _NoTagger(
            f'tagger "{name}" of {package} does not start: {words_of(error)}', "mend or remove it"
        ) from error
    if strange := _strange(types):
        fix = "a type is written like flood_warning"
        raise _NoTagger(f'tagger "{name}" of {package}: {strange!r} is no event type', fix)
    if not asks:
        raise _NoTagger(f'tagger "{name}" of {package} has no tag(report)', "see docs/extending.md")
    return Guarded(name, package, tagger, types)


def _strange(types: Iterable[object]) -> object | None:
    return next((one for one in types if not isinstance(one, str) or not _TYPE.match(one)), None)
