"""Subscriptions: from the files a person writes to a set that says, of any report, who wants it and why."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from alert.compile import Compiled, Compiler, ReadList
from alert.match.explain import Verdict, explain, reasons, spans, stopped_by
from alert.match.facts import Reader
from alert.match.matcher import Matcher
from alert.match.verdicts import Sight, holds
from alert.match.words import Terms, Text
from alert.query.ast import Node, Saved, walk
from alert.query.check import Vocabulary
from alert.written import Written
from schemas import marked
from schemas.alert import Match, Quiet, Severity
from schemas.errors import ConfigError, Fault
from schemas.marked import suggest
from schemas.ports import Folding, Lexicon, Names
from schemas.report import Report
from schemas.story import Story
from schemas.subscription import DigestRing, Subscription, SubscriptionsFile

MAX_CHAIN = 8
"""Saved queries that use one another, one inside the next."""
MAX_BROAD = 100
"""Subscriptions with `allow_broad` that one set takes: each of them is tried on every report."""


def no_lists(name: str) -> str:
    """For where there are no files to read lists from."""
    raise OSError(f"no list files here, and {name!r} would be one")


@dataclass(frozen=True, slots=True)
class Explained:
    """One subscription and one report: the outcome, the clause that stopped it, and the whole tree."""

    subscription: str
    outcome: str
    """`matches`, `held`, `disabled` or `no match`."""
    reason: str
    tree: Verdict
    gate: str = ""
    """The gate (`unplaced`, …) that alone kept it out, if one did."""


class SubscriptionSet:
    """Compiled subscriptions, indexed. To change the set, load another and swap; one thread may match at a time."""

    def __init__(
        self, compiled: Mapping[str, Compiled], names: Names, folding: Folding, warnings: Iterable[Fault] = ()
    ) -> None:
        self.compiled = compiled
        self.warnings = tuple(warnings)
        self._reader = Reader(names, folding)
        self._terms = Terms(folding)
        self._matcher = Matcher(self._terms)
        self._handles: list[str] = []
        for one in compiled.values():
            if one.written.enabled:
                self._file(one)

    def _file(self, one: Compiled) -> None:
        """File a subscription, and once more as it is with its gates open where one says `hold`."""
        for formula in (one.formula, one.held):
            if formula is not None:
                self._matcher.add(formula)
                self._handles.append(one.written.id)

    def __len__(self) -> int:
        return len(self.compiled)

    def sight(self, report: Report, story: Story | None = None) -> Sight:
        """A report laid out for evaluation."""
        facts = self._reader.read(report, story)
        return Sight(facts, Text(facts, self._terms))

    def match(self, report: Report, story: Story | None = None) -> list[Match]:
        """Every enabled subscription that wants the report, with reasons and spans, in the order of their ids.

        Those a gate holds back are among them with `held` saying why.
        """
        sight = self.sight(report, story)
        wanting = sorted({self._handles[handle] for handle in self._matcher.match(sight)})
        return [_match(self.compiled[one], sight) for one in wanting]

    def destinations(self, matches: Iterable[Match]) -> Mapping[str, Sequence[Match]]:
        """Matches by the destination they notify."""
        found: dict[str, list[Match]] = {}
        for match in matches:
            for name in dict.fromkeys(self.compiled[match.subscription].written.notify):
                found.setdefault(name, []).append(match)
        return found

    def explain(self, report: Report, subscription: str, story: Story | None = None) -> Explained:
        """Why a subscription wants a report, or the first clause that stopped it. Raises KeyError on an unknown id."""
        one = self.compiled[subscription]
        sight = self.sight(report, story)
        tree = explain(one.formula, sight)
        if tree.holds:
            outcome = "matches" if one.written.enabled else "disabled"
            return Explained(subscription, outcome, "; ".join(reasons(tree)), tree)
        if one.held is not None and holds(one.held, sight):
            return Explained(subscription, "held", f"held: {_unknown(one, 'hold')}", explain(one.held, sight))
        gate = _unknown(one, "drop") if holds(one.open, sight) else ""
        return Explained(subscription, "no match", gate or stopped_by(tree), tree, gate)


def _match(one: Compiled, sight: Sight) -> Match:
    """The match of a subscription that is known to want a report, or would if its gates did not hold it."""
    held = ""
    tree = explain(one.formula, sight)
    if not tree.holds and one.held is not None:
        tree, held = explain(one.held, sight), _unknown(one, "hold")
    ring = one.written.ring
    quiet = one.written.quiet
    return Match(
        subscription=one.written.id,
        title=one.written.title,
        owner=one.written.owner,
        severity=severity(one, sight),
        reasons=tuple(reasons(tree)),
        spans=tuple(spans(tree)),
        ring="digest" if isinstance(ring, DigestRing) else ring,
        digest_at=ring.digest.at if isinstance(ring, DigestRing) else None,
        quiet=None if quiet is None else Quiet(hours=quiet.hours, timezone=quiet.timezone, except_=quiet.except_),
        language=one.written.language,
        held=held,
    )


def severity(one: Compiled, sight: Sight) -> Severity:
    """The loudest severity whose query holds, else the default."""
    return next((loud for loud, formula in one.severities if holds(formula, sight)), one.default)


def _unknown(one: Compiled, gate: str) -> str:
    """Which gates of a subscription do this, in words."""
    words = {"unplaced": "its place", "unattributed": "its speaker", "unknown_language": "its language"}
    doing = [name for name in words if getattr(one.written, name) == gate]
    return " or ".join(words[name] for name in doing) + f" is not known ({', '.join(doing)}: {gate})"


@dataclass
class _Loading:
    """What is gathered while files are read."""

    vocabulary: Vocabulary
    destinations: Collection[str] | None
    admit_broad: bool
    read_list: ReadList
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    compiled: dict[str, Compiled] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    """Id → where it was written."""
    broad: int = 0


def load(
    files: Mapping[str, str],
    names: Names,
    lexicon: Lexicon,
    folding: Folding,
    *,
    destinations: Collection[str] | None = None,
    read_list: ReadList = no_lists,
    admit_broad: bool = False,
) -> SubscriptionSet:
    """Compile subscription files (name as shown in errors → text).

    `destinations` None: not checked. `admit_broad`: subscriptions nothing can anchor are warned of, not refused.
    Raises `ConfigError` with every fault of every file, each with its place.
    """
    loading = _Loading(Vocabulary(names, lexicon, folding), destinations, admit_broad, read_list)
    parsed = [one for name, text in sorted(files.items()) if (one := _read(name, text, loading.faults)) is not None]
    queries = _Queries(loading).all([(source, file) for source, file in parsed])
    loading.vocabulary = Vocabulary(names, lexicon, folding, queries=queries)
    for source, file in parsed:
        compiler = Compiler(source, loading.vocabulary, loading.faults, loading.read_list)
        for at, written in enumerate(file.subscriptions):
            _add(loading, compiler, written, at)
    if loading.faults:
        raise ConfigError(sorted(loading.faults))
    return SubscriptionSet(loading.compiled, names, folding, loading.warnings)


def _read(name: str, text: str, faults: list[Fault]) -> tuple[Written, SubscriptionsFile] | None:
    try:
        read = marked.parse(text, name)
        return Written(text, read), marked.validate(read, SubscriptionsFile)
    except ConfigError as error:
        faults.extend(error.faults)
        return None


def _add(loading: _Loading, compiler: Compiler, written: Subscription, at: int) -> None:
    path = ("subscriptions", at)
    source, known = compiler.source, loading.seen.get(written.id)
    if known is not None:
        problem = f'subscription "{written.id}" is written twice, also at {known}'
        loading.faults.append(source.fault((*path, "id"), problem, "give one another id"))
        return
    loading.seen[written.id] = f"{source.marked.file}:{source.marked.at((*path, 'id'))[0]}"
    loading.faults.extend(_destination_faults(written, source, at, loading.destinations))
    one = compiler.compile(written, path)
    if one is None:
        return
    loading.compiled[written.id] = one
    loading.warnings.extend(source.fault((*path, "match"), f"{written.id}: {words}") for words in one.warnings)
    if one.broad:
        _admit(loading, source, written, at)


def _destination_faults(
    written: Subscription, source: Written, at: int, destinations: Collection[str] | None
) -> Iterable[Fault]:
    for number, name in enumerate(written.notify if destinations is not None else ()):
        if name not in (destinations or ()):
            fix = suggest(name, destinations or ()) or "name it under destinations: in tocsin.yaml"
            yield source.fault(("subscriptions", at, "notify", number), f'unknown destination "{name}"', fix)


def _admit(loading: _Loading, source: Written, written: Subscription, at: int) -> None:
    """Let in a subscription that must be tried on every report, or refuse it."""
    loading.broad += 1
    problem = f'"{written.id}" has nothing that must be there, so it would be tried on every report'
    fault = source.fault(("subscriptions", at, "match"), problem, "add a word or a field, or say allow_broad: true")
    if loading.admit_broad or (written.allow_broad and loading.broad <= MAX_BROAD):
        loading.warnings.append(fault)
    elif written.allow_broad:
        loading.faults.append(source.fault(("subscriptions", at), f"more than {MAX_BROAD} broad subscriptions"))
    else:
        loading.faults.append(fault)


class _Queries:
    """Saved queries of all files: found, checked each after those it uses, cycles refused."""

    def __init__(self, loading: _Loading) -> None:
        self.loading = loading
        self.parsed: dict[str, tuple[Compiler, Node]] = {}
        self.done: dict[str, Node] = {}

    def all(self, files: Iterable[tuple[Written, SubscriptionsFile]]) -> Mapping[str, Node]:
        for source, file in files:
            for name, text in file.queries.items():
                self.parse(source, name, text)
        for name in self.parsed:
            self.check(name, ())
        return self.done

    def parse(self, source: Written, name: str, text: str) -> None:
        if name in self.parsed:
            self.loading.faults.append(source.fault(("queries", name), f'query "{name}" is written twice', key=True))
            return
        compiler = Compiler(source, self.loading.vocabulary, self.loading.faults, self.loading.read_list)
        node = compiler.parse(("queries", name), text)
        if node is not None:
            self.parsed[name] = (compiler, node)

    def check(self, name: str, above: tuple[str, ...]) -> None:
        if name in self.done or name not in self.parsed:
            return
        compiler, node = self.parsed[name]
        if name in above or len(above) > MAX_CHAIN:
            ring = " → ".join((*above, name))
            problem = f"queries use each other: {ring}" if name in above else f"queries nested too deep: {ring}"
            self.loading.faults.append(compiler.source.fault(("queries", name), problem))
            self.done[name] = node
            return
        for part in walk(node):
            if isinstance(part, Saved):
                self.check(part.name, (*above, name))
        if name not in self.done:
            vocabulary = replace(self.loading.vocabulary, queries=self.done)
            self.done[name] = (
                compiler.checked(("queries", name), compiler.source.marked.value["queries"][name], node, vocabulary)
                or node
            )
