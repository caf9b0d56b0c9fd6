"""How an event stands: reported, claimed, confirmed, denied, planned …; now, in the past, or as an anniversary."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from enrich.document import Document, Hit
from enrich.events.entries import EventType, Grammar
from enrich.events.scene import Scene
from enrich.events.speaking import Speech, quoted_by
from enrich.events.telling import Telling, gap
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

CLAIMING = ("claim", "accuse", "say", "confirm")
"""Cues of who holds what another denies."""
HEADING = ("deny", "refuse", "threaten", "demand", "hypothetical", "plan")
"""Cues of a headline that judge what its lead tells."""
Heading = tuple[Scene, Sequence[Speech]]
"""A headline with what is said in it."""
PARTS = ("\u3000", "…", ";", "；", "؛", "—")
"""Marks that part thoughts."""


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
        heading: Heading | None,
        is_party: Callable[[Speech], str | None],
    ) -> Standing:  # fmt: skip
        """How a telling stands.

        `heading` is the headline over a lead that first tells what the headline only judges ("Berlin refuses again").
        `is_party` says whether a speaker is of the actor's or the target's side.
        """
        speech = quoted_by(speeches, telling.verb[0])
        return (
            self._by_cue(telling, event, speeches, speech, document)
            or self._by_heading(heading, event, speech, document)
            or self._by_pattern(telling, speech)
            or self._by_confirmation(telling, event, speeches, speech, document, is_party)
            or _by_speaker(event, speech, is_party)
        )

    def _by_cue(
        self, telling: Telling, event: EventType, speeches: Sequence[Speech], speech: Speech | None, document: Document
    ) -> Standing | None:
        if telling.scene.title and asks(telling.scene, document):
            return Standing(Status.HYPOTHETICAL, speech, "the headline asks", True)
        for cue, status in CUE_STATUS.items():
            if cue not in telling.scene.cues:
                continue
            hit = self._governing(cue, telling, document)
            if hit is not None and status is Status.PLANNED and event.public_act and _is_act(hit, telling):
                continue
            if hit is None or status in event.never or (cue == "hearsay" and speech is not None):
                continue
            own = next((known for known in speeches if known.hit == hit), None)
            if status is Status.DENIED and (claimed := _denied_later(own, speeches)):
                return Standing(Status.CLAIMED, claimed, f"{claimed.cue}, denied by another", True)
            return Standing(status, own if own and own.by else speech, f"{cue}: {document.text(hit.span)}", True)
        return None

    @staticmethod
    def _by_heading(
        heading: Heading | None, event: EventType, speech: Speech | None, document: Document
    ) -> Standing | None:
        if heading is None:
            return None
        scene, speeches = heading
        if asks(scene, document):
            return Standing(Status.HYPOTHETICAL, speech, "the headline asks", True)
        for cue in HEADING:
            for hit in scene.cue(cue) if CUE_STATUS[cue] not in event.never else ():
                own = next((known for known in speeches if known.hit == hit and known.by), None)
                return Standing(CUE_STATUS[cue], own or speech, f"headline, {cue}: {document.text(hit.span)}", True)
        return None

    @staticmethod
    def _by_pattern(telling: Telling, speech: Speech | None) -> Standing | None:
        if telling.pattern.status is None:
            return None
        return Standing(telling.pattern.status, speech, f"pattern {telling.rule}", True)

    def _by_confirmation(
        self, telling: Telling, event: EventType, speeches: Sequence[Speech], speech: Speech | None,
        document: Document, is_party: Callable[[Speech], str | None],
    ) -> Standing | None:  # fmt: skip
        hit = self._governing("confirm", telling, document) or self._governing("formally", telling, document)
        if hit is None:
            return None
        own = next((known for known in speeches if known.hit == hit and known.by), None) or speech
        side = is_party(own) if own and own.by else None
        if own is None or own.by is None or side is not None:
            status = Status.CLAIMED if side == "actor" and event.own_word == "claimed" else Status.CONFIRMED
            return Standing(status, own, f"confirm: {document.text(hit.span)}", True)
        return None

    def _governing(self, cue: str, telling: Telling, document: Document) -> Hit | None:
        """The nearest hit of a cue that governs a telling."""
        hits = [hit for hit in telling.scene.cue(cue) if self._governs(cue, hit, telling, document)]
        return min(hits, key=lambda hit: abs(hit.first - telling.verb[0]), default=None)

    def _governs(self, cue: str, hit: Hit, telling: Telling, document: Document) -> bool:
        start, end = telling.verb
        if hit.first < end and start < hit.last:
            return not (cue == "negation" and _is_part(hit, telling))
        pace = self.grammar.pace
        before, after = start - hit.last, hit.first - end
        ahead, behind = (after, before) if self.grammar.order == "SOV" else (before, after)
        if cue == "negation":
            near = 0 <= ahead <= CLOSE * pace or (hit.last - hit.first > 1 and 0 <= behind <= pace)
            return near and not _stopped(hit, telling, document)
        if 0 <= ahead <= AHEAD * pace:
            return not _stopped(hit, telling, document)
        return 0 <= behind <= BEHIND * pace and not _stopped(hit, telling, document)


def _denied_later(denier: Speech | None, speeches: Sequence[Speech]) -> Speech | None:
    """Who claims first what another then denies (*the rebels say they took Birao, Bangui denies it*)."""
    if denier is None or denier.by is None or denier.cue != "deny":
        return None
    earlier = [one for one in speeches if one.cue in CLAIMING and one.hit.first < denier.hit.first]
    return next((one for one in earlier if one.by not in (None, denier.by) and not _one_side(one, denier)), None)


def _one_side(one: Speech, other: Speech) -> bool:
    """Do two speak for one country? Not where one is an armed group: it fights the state it is of."""
    kinds = {speech.mention.type for speech in (one, other) if speech.mention}
    return one.country == other.country and "armed_group" not in kinds


def _is_act(hit: Hit, telling: Telling) -> bool:
    """Is the word of a plan the act itself (*approves sanctions*)? Then it is done, not planned."""
    start, end = telling.verb
    return start <= hit.first and hit.last <= end


def _is_part(hit: Hit, telling: Telling) -> bool:
    """Is the negation a word of what happened (*the truce did not hold*)? Then it denies nothing."""
    start, end = telling.verb
    return start <= hit.first and hit.last <= end and hit.last - hit.first < end - start


def _stopped(hit: Hit, telling: Telling, document: Document) -> bool:
    """Does a word like `but`, or a mark that parts thoughts, stand between a cue and a telling?"""
    low, high = min(hit.last, telling.verb[1]), max(hit.first, telling.verb[0])
    if any(low <= stop.first and stop.last <= high for stop in telling.scene.cue("stop")):
        return True
    if low >= high:
        return False
    between = document.body[document.tokens[low - 1].end : document.tokens[high].start]
    return any(mark in between for mark in PARTS)


def _by_speaker(event: EventType, speech: Speech | None, is_party: Callable[[Speech], str | None]) -> Standing:
    """Nothing said how it stands: who says so decides."""
    side = is_party(speech) if speech else None
    if side == "actor":
        status = Status.CONFIRMED if event.own_word == "confirmed" else Status.CLAIMED
        return Standing(status, speech, "said by the actor", True)
    if side == "target":
        status = Status.CONFIRMED if event.victim_word == "confirmed" else Status.CLAIMED
        return Standing(status, speech, "said by the other side", True)
    if event.public_act:
        return Standing(Status.CONFIRMED, speech, "a public act", False)
    return Standing(Status.REPORTED, speech, "stated as fact", False)


def asks(scene: Scene, document: Document) -> bool:
    """Does a sentence end as a question?"""
    if document.text(scene.span).rstrip(" »”\"'」)").endswith(("?", "？", "؟")):
        return True
    ends = [hit.last for hit in scene.cue("question")]
    return any(end == scene.last for end in ends)


def context_of(telling: Telling, event: EventType, document: Document, *, anniversary: bool) -> tuple[Context, str]:
    """Whether a telling is about now, and the words that say otherwise."""
    if anniversary:
        return Context.ANNIVERSARY, "the text marks an anniversary"
    scene = telling.scene
    past = next(iter(scene.cue("historical")), None)
    if past is None and event.aftermath:
        past = next((hit for hit in scene.cue("aftermath") if gap((hit.first, hit.last), telling.verb) <= AHEAD), None)
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
