"""A set of subscriptions: who wants a report, why, and why not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

from alert.burden import COSTLY, burden
from alert.compile import Compiled
from alert.match.explain import Verdict, explain, reasons, spans, stopped_by
from alert.match.facts import Reader
from alert.match.matcher import Cost, Matcher
from alert.match.verdicts import Sight, holds
from alert.match.words import Terms, Text
from schemas.alert import Match, Quiet, Severity
from schemas.errors import Fault
from schemas.ports import Folding, Lexicon, Names
from schemas.report import Report
from schemas.story import Story
from schemas.subscription import DigestRing


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


@dataclass(frozen=True, slots=True)
class Origin:
    """What a set was loaded from: enough to see what has changed since."""

    names: Names
    lexicon: Lexicon
    folding: Folding
    destinations: frozenset[str] | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    queries: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """File → its saved queries."""


class _Filing:
    """The matcher with what is filed in it; handed on from a set to the next, so that only changes are filed."""

    def __init__(self, folding: Folding) -> None:
        self.terms = Terms(folding)
        self.lock = Lock()
        self._matcher = Matcher(self.terms)
        self._ids: list[str] = []
        self._filed: dict[str, tuple[Compiled, tuple[int, ...]]] = {}
        self.slow: dict[str, str] = {}
        """Those in the slow lane, and why. A subscription that is changed begins in the fast one again."""

    def become(self, compiled: Mapping[str, Compiled]) -> None:
        """File what is new, take out what is gone; the rest is not touched."""
        for name, (one, handles) in list(self._filed.items()):
            if compiled.get(name) is not one:
                self._remove(name, handles)
        for name, one in compiled.items():
            if one.written.enabled and name not in self._filed:
                self._add(name, one)

    def _add(self, name: str, one: Compiled) -> None:
        """A subscription, and once more as it is with its gates open where one says `hold`."""
        formulas = [formula for formula in (one.formula, one.held) if formula is not None]
        with self.lock:
            handles = tuple(self._matcher.add(formula) for formula in formulas)
            self._ids.extend(name for _ in handles)
        self._filed[name] = (one, handles)

    def _remove(self, name: str, handles: tuple[int, ...]) -> None:
        with self.lock:
            for handle in handles:
                self._matcher.remove(handle)
        del self._filed[name]
        self.slow.pop(name, None)

    @property
    def worn(self) -> bool:
        """True once so much was taken out that filing all anew is better."""
        return self._matcher.worn

    def costs(self) -> Mapping[str, Cost]:
        """What each filed subscription has cost so far. Matching goes on between two of them."""
        found = {}
        for name, (_, handles) in list(self._filed.items()):
            with self.lock:
                found[name] = self._matcher.cost(handles[0])
        return found

    def expected(self) -> Mapping[str, float]:
        """The share of reports in which each filed subscription should have to be looked at."""
        found = {}
        for name, (_, handles) in list(self._filed.items()):
            with self.lock:
                found[name] = max(map(self._matcher.expected, handles))
        return found

    def match(self, sight: Sight) -> set[str]:
        """Ids of the subscriptions that want a report, held ones among them."""
        with self.lock:
            return {self._ids[handle] for handle in self._matcher.match(sight)}

    def match_quickly(self, sight: Sight) -> tuple[set[str], set[str]]:
        """The same, without the slow ones; and those of them that may want it."""
        with self.lock:
            found, put_off = self._matcher.match_quickly(sight)
            return {self._ids[handle] for handle in found}, {self._ids[handle] for handle in put_off}

    def weigh(self) -> None:
        """Send those to the slow lane that have proved too costly."""
        with self.lock:
            for handle in self._matcher.heavier(COSTLY):
                name = self._ids[handle]
                if name not in self.slow and (why := burden(self._matcher.cost(handle))):
                    self.slow[name] = why
                    for one in self._filed[name][1]:
                        self._matcher.slow_down(one)


class SubscriptionSet:
    """Compiled subscriptions, indexed. To change the set, load another and swap. Safe between threads.

    A set made `after` another takes over its index and changes only what changed; the older one then goes on working,
    but may miss what was taken out.
    """

    def __init__(
        self, compiled: Mapping[str, Compiled], origin: Origin, warnings: Iterable[Fault] = (),
        after: "SubscriptionSet | None" = None,
    ) -> None:  # fmt: skip
        self.compiled = compiled
        self.origin = origin
        self.warnings = tuple(warnings)
        self._reader: Reader = after._reader if after else Reader(origin.names, origin.folding)
        fresh = after is None or after.origin.folding is not origin.folding or after._filing.worn
        self._filing: _Filing = _Filing(origin.folding) if after is None or fresh else after._filing
        self._filing.become(compiled)

    def __len__(self) -> int:
        return len(self.compiled)

    def sight(self, report: Report, story: Story | None = None) -> Sight:
        """A report laid out for evaluation."""
        facts = self._reader.read(report, story)
        return Sight(facts, Text(facts, self._filing.terms))

    def match(self, report: Report, story: Story | None = None) -> list[Match]:
        """Every enabled subscription that wants the report, with reasons and spans, in the order of their ids.

        Those a gate holds back are among them with `held` saying why.
        """
        sight = self.sight(report, story)
        return self._matches(self._filing.match(sight), sight)

    def match_quickly(self, report: Report, story: Story | None = None) -> tuple[list[Match], list[str]]:
        """The same without the slow lane; and the ids of those in it that may want the report: see `match_slowly`."""
        sight = self.sight(report, story)
        found, put_off = self._filing.match_quickly(sight)
        return self._matches(found, sight), sorted(put_off & self.compiled.keys() - found)

    def match_slowly(self, ids: Iterable[str], report: Report, story: Story | None = None) -> list[Match]:
        """What `match_quickly` put off, checked in full; ids that are gone by now want nothing."""
        enabled = (name for name in ids if name in self.compiled and self.compiled[name].written.enabled)
        return self._matches(enabled, self.sight(report, story))

    def _matches(self, ids: Iterable[str], sight: Sight) -> list[Match]:
        found = (_match(self.compiled[one], sight) for one in sorted(ids) if one in self.compiled)
        return [match for match in found if match is not None]

    def weigh(self) -> None:
        """Send to the slow lane whoever has proved too costly; they stay there until they are changed."""
        self._filing.weigh()

    @property
    def slow(self) -> Mapping[str, str]:
        """The subscriptions in the slow lane, and why."""
        return {name: why for name, why in self._filing.slow.items() if name in self.compiled}

    def costs(self) -> Mapping[str, Cost]:
        """What each enabled subscription has cost since it was filed."""
        return self._filing.costs()

    def expected(self) -> Mapping[str, float]:
        """The share of reports in which each enabled subscription should have to be looked at."""
        return self._filing.expected()

    def wanting(self, report: Report, story: Story | None = None) -> set[str]:
        """Ids of the subscriptions that want the report, held ones among them; no reasons, and so much faster."""
        return self._filing.match(self.sight(report, story)) & self.compiled.keys()

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


def _match(one: Compiled, sight: Sight) -> Match | None:
    """The match of a subscription the index has found; None where another version of it was found there."""
    held = ""
    tree = explain(one.formula, sight)
    if not tree.holds and one.held is not None:
        tree, held = explain(one.held, sight), _unknown(one, "hold")
    if not tree.holds:
        return None
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
