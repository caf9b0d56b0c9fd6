"""How an event stands: reported, claimed, confirmed, denied, planned …; now, in the past, or as an anniversary."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from enrich.document import Document, Hit
from enrich.events.entries import EventType, Grammar
from enrich.events.scene import Scene
from enrich.events.speaking import Speech, quoted_by
from enrich.events.telling import Telling
from schemas.report import Context, Status

AHEAD = 12
"""Most words between a cue and the event it governs, in the direction the language governs."""
BEHIND = 4
"""… and against it."""
CLOSE = 3
"""Most words between a negation and the verb."""

CUE_STATUS: Mapping[str, Status] = {
    "retract": Status.RETRACTED,
    "deny": Status.DENIED,
    "negation": Status.DENIED,
    "refuse": Status.REFUSED,
    "threaten": Status.THREATENED,
    "demand": Status.DEMANDED,
    "hypothetical": Status.HYPOTHETICAL,
    "plan": Status.PLANNED,
    "claim": Status.CLAIMED,
    "accuse": Status.CLAIMED,
    "hearsay": Status.CLAIMED,
}
"""Cue → what it makes of an event, the strongest first."""

OWN = frozenset({"threat", "diplomatic_meeting"})
"""Types whose own verb is a cue word: a threat threatens."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A status, who gives it, and the words that set it."""

    status: Status
    by: Speech | None
    reason: str
    explicit: bool
    """Set by a word, not taken by default."""


@dataclass(frozen=True)
class Judge:
    """Judges tellings by one language's grammar."""

    grammar: Grammar

    def judge(
        self, telling: Telling, event: EventType, speeches: Sequence[Speech], document: Document,
        is_party: Callable[[Speech], str | None],
    ) -> Standing:  # fmt: skip
        """How a telling stands. `is_party` says whether a speaker is of the actor's or the target's side."""
        speech = quoted_by(speeches, telling.verb[0])
        for cue, status in CUE_STATUS.items():
            hit = self._governing(cue, telling)
            if hit is None or not _fitting(status, telling.type):
                continue
            own = next((known for known in speeches if known.hit == hit), None)
            return Standing(status, own if own and own.by else speech, f"{cue}: {document.text(hit.span)}", True)
        if telling.pattern.status is not None:
            return Standing(telling.pattern.status, speech, f"pattern {telling.rule}", True)
        return self._said(telling, event, speeches, speech, document, is_party)

    def _said(
        self, telling: Telling, event: EventType, speeches: Sequence[Speech], speech: Speech | None,
        document: Document, is_party: Callable[[Speech], str | None],
    ) -> Standing:  # fmt: skip
        confirm = self._governing("confirm", telling) or self._governing("formally", telling)
        own = next((known for known in speeches if known.hit == confirm), None) if confirm else None
        side = is_party(own or speech) if (own or speech) else None  # type: ignore[arg-type]
        words = document.text(confirm.span) if confirm else ""
        if confirm and (side == "actor" or (side is None and (own is None or own.by is None))):
            return Standing(Status.CONFIRMED, own or speech, f"confirm: {words}", True)
        if side == "actor":
            status = Status.CONFIRMED if event.own_word == "confirmed" else Status.CLAIMED
            return Standing(status, own or speech, "said by the actor", True)
        if side == "target":
            status = Status.CONFIRMED if event.victim_word == "confirmed" else Status.CLAIMED
            return Standing(status, own or speech, "said by the other side", True)
        if event.public_act:
            return Standing(Status.CONFIRMED, speech, "a public act", False)
        return Standing(Status.REPORTED, speech, "stated as fact", False)

    def _governing(self, cue: str, telling: Telling) -> Hit | None:
        """The nearest hit of a cue that governs a telling."""
        hits = [hit for hit in telling.scene.cue(cue) if self._governs(cue, hit, telling)]
        return min(hits, key=lambda hit: abs(hit.first - telling.verb[0]), default=None)

    def _governs(self, cue: str, hit: Hit, telling: Telling) -> bool:
        start, end = telling.verb
        if hit.first >= start and hit.last <= end:
            return True
        pace = self.grammar.pace
        before, after = start - hit.last, hit.first - end
        ahead, behind = (after, before) if self.grammar.order == "SOV" else (before, after)
        if cue == "negation":
            return 0 <= ahead <= CLOSE * pace and not _stopped(hit, telling)
        if 0 <= ahead <= AHEAD * pace:
            return not _stopped(hit, telling)
        return 0 <= behind <= BEHIND * pace and not _stopped(hit, telling)


def _fitting(status: Status, type: str) -> bool:
    return not (type in OWN and status == Status.THREATENED)


def _stopped(hit: Hit, telling: Telling) -> bool:
    """Does a word like `but` stand between a cue and a telling?"""
    low, high = min(hit.last, telling.verb[1]), max(hit.first, telling.verb[0])
    return any(low <= stop.first and stop.last <= high for stop in telling.scene.cue("stop"))


def context_of(scene: Scene, document: Document, *, anniversary: bool) -> tuple[Context, str]:
    """Whether a sentence is about now, and the words that say otherwise."""
    if anniversary:
        return Context.ANNIVERSARY, "the text marks an anniversary"
    past = next(iter(scene.cue("historical")), None)
    if past:
        return Context.HISTORICAL, document.text(past.span)
    if document.published is not None:
        years = [day for day in scene.days if not day.relative and _year(day.value) is not None]
        if years and all((_year(day.value) or 0) < document.published.year - 1 for day in years):
            return Context.HISTORICAL, years[0].value
    return Context.CURRENT, ""


def _year(value: str) -> int | None:
    head = value[:4]
    return int(head) if head.isdigit() else None
