"""Subscription files: from what a person writes to a set of subscriptions, or to every fault with its place."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from alert.compile import Compiled, Compiler, ReadList
from alert.query.ast import Node, Saved, walk
from alert.query.check import Vocabulary
from alert.subscription_set import Origin, SubscriptionSet
from alert.written import Written
from schemas import marked
from schemas.errors import ConfigError, Fault
from schemas.marked import suggest
from schemas.ports import Folding, Lexicon, Names
from schemas.subscription import Subscription, SubscriptionsFile

__all__ = ["SubscriptionSet", "load"]

MAX_CHAIN = 8
"""Saved queries that use one another, one inside the next."""
MAX_BROAD = 100
"""Subscriptions with `allow_broad` that one set takes: each of them is tried on every report."""


def no_lists(name: str) -> str:
    """For where there are no files to read lists from."""
    raise OSError(f"no list files here, and {name!r} would be one")


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
    before: SubscriptionSet | None = None,
) -> SubscriptionSet:
    """Compile subscription files (name as shown in errors → text).

    `destinations` None: not checked. `admit_broad`: subscriptions nothing can anchor are warned of, not refused.
    `before`: the set in use; files that have not changed are not compiled again, and only changes are indexed.
    Raises `ConfigError` with every fault of every file, each with its place; the set in use is then as it was.
    """
    known = None if destinations is None else frozenset(destinations)
    origin = Origin(names, lexicon, folding, known, dict(files))
    loading = _Loading(Vocabulary(names, lexicon, folding), known, admit_broad, read_list)
    same = _unchanged(origin, before)
    parsed = _parsed({name: text for name, text in files.items() if name not in same}, loading)
    queries = {source.marked.file: file.queries for source, file in parsed if file.queries}
    if before is not None and queries != before.origin.queries:
        parsed = [*parsed, *_parsed({name: files[name] for name in same}, loading)]
        same = frozenset()
    if before is not None:
        _take_over(before, same, loading)
    loading.vocabulary = replace(loading.vocabulary, queries=_Queries(loading).all(parsed))
    for source, file in sorted(parsed, key=lambda entry: entry[0].marked.file):
        compiler = Compiler(source, loading.vocabulary, loading.faults, loading.read_list)
        for at, written in enumerate(file.subscriptions):
            _add(loading, compiler, written, at)
    if loading.faults:
        raise ConfigError(sorted(loading.faults))
    return SubscriptionSet(loading.compiled, replace(origin, queries=queries), loading.warnings, before)


def _unchanged(origin: Origin, before: SubscriptionSet | None) -> frozenset[str]:
    """Files that need not be compiled again: the same text, checked against the same names and destinations.

    Files with saved queries are always read again; so are those with lists, which may have changed on the disk.
    """
    old = before.origin if before is not None else None
    if before is None or old is None or (old.names, old.lexicon) != (origin.names, origin.lexicon):
        return frozenset()
    if old.destinations != origin.destinations:
        return frozenset()
    listed = {one.file for one in before.compiled.values() if one.written.lists}
    same = {name for name, text in origin.files.items() if old.files.get(name) == text}
    return frozenset(same - listed - old.queries.keys())


def _take_over(before: SubscriptionSet, same: Collection[str], loading: _Loading) -> None:
    """Keep what unchanged files gave."""
    kept = [one for one in before.compiled.values() if one.file in same]
    loading.compiled.update((one.written.id, one) for one in kept)
    loading.seen.update((one.written.id, f"{one.file}:{one.line}") for one in kept)
    loading.warnings.extend(fault for fault in before.warnings if fault.file in same)
    loading.broad += sum(one.broad for one in kept)


def _parsed(files: Mapping[str, str], loading: _Loading) -> list[tuple[Written, SubscriptionsFile]]:
    found = (_read(name, text, loading.faults) for name, text in sorted(files.items()))
    return [one for one in found if one is not None]


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
