"""What is worth ringing for, when, and why: a pure function of the alert, the thread and the destination's rules.

The order of the checks, each with its reason: was the destination ever told → what is new against what it was last
told → the subscriptions' wish → silence → mute → quiet hours → a bigger story → the cap. Holding never loses: what is
held is judged again at its release, with the story's state of then.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from alert.delivery.state import Condition, Thread
from alert.hours import next_at, quiet_until
from schemas.alert import Alert, Match, RingMode, Severity
from schemas.materiality import differences, facts, level
from schemas.story import Materiality

COALESCE: Final = timedelta(minutes=10)
"""Between two updates of a thread that change facts but not how the story stands."""
EDIT_EVERY: Final = timedelta(seconds=60)
RESUME_AFTER: Final = timedelta(days=7)
"""A story that speaks again after this gets a new root: nobody scrolls up a week."""
INHIBIT: Final = timedelta(hours=1)
HOUR: Final = timedelta(hours=1)
EXPIRES: Final = {
    Severity.FLASH: timedelta(hours=24),
    Severity.HIGH: timedelta(hours=6),
    Severity.NORMAL: timedelta(hours=2),
    Severity.LOW: timedelta(hours=1),
}
"""How long an alert that is free to go may be tried."""
_LOUDNESS: Final[tuple[RingMode, ...]] = ("digest", "first", "material", "every")
DIGEST_AT: Final = "08:00"

Act = Literal["root", "reply", "edit", "digest", "fold", "filter"]


@dataclass(frozen=True, slots=True)
class Rules:
    """A destination's rules."""

    name: str
    timezone: str = "UTC"
    quiet: str | None = None
    max_per_hour: int | None = None
    edits: bool = False
    digest_at: str = DIGEST_AT
    coalesce: timedelta = COALESCE


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do with an alert, when, and why. `held` when it only waits for the time to be right."""

    act: Act
    due: datetime
    reason: str
    held: bool = False
    broadcast: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """All that a verdict depends on."""

    alert: Alert
    thread: Thread
    rules: Rules
    now: datetime
    condition: Condition = field(default_factory=lambda: Condition(destination=""))


def decide(case: Case) -> Verdict:
    """Whether, how and when this alert is said at this destination."""
    wish = _wish(case)
    if wish.act in ("root", "reply"):
        return _hold(case, wish) or wish
    return wish


def news(case: Case) -> Materiality:
    """How much is new for this destination: against the facts it was last told, and by the risen severity."""
    thread, story = case.thread, case.alert.story
    if thread.told is None:
        return Materiality.M3
    found = level(differences(thread.told, facts(story, story.sources)))
    if thread.told_revision == story.revision - 1:
        found = max(found, case.alert.materiality)
    return Materiality.M3 if rise(case.alert, thread) else found


def rise(alert: Alert, thread: Thread) -> bool:
    """Whether the story rings louder than it last did here."""
    return thread.told_severity is not None and alert.severity.rank > thread.told_severity.rank


def mode(matches: Sequence[Match]) -> RingMode:
    """The loudest wish of the subscriptions that may ring; low severity never rings in real time."""
    wishes: list[RingMode] = ["digest" if _may_not_ring(match) else match.ring for match in matches]
    return max(wishes, key=_LOUDNESS.index, default="material")


def _may_not_ring(match: Match) -> bool:
    return bool(match.held) or match.severity is Severity.LOW


def _wish(case: Case) -> Verdict:
    """What the subscriptions want, before anything holds it."""
    now, thread = case.now, case.thread
    if thread.told is None:
        return _first(case)
    new, ring = news(case), mode(case.alert.matches)
    if new >= Materiality.M3:
        return Verdict(_place(thread, now), now, "the story stands differently now", broadcast=True)
    if new >= Materiality.M2 and ring in ("material", "every"):
        if ring == "every" or thread.rang is None:
            return Verdict(_place(thread, now), now, "new facts")
        due = max(now, thread.rang + case.rules.coalesce)
        return Verdict(_place(thread, now), due, "new facts, gathered for a while")
    if new >= Materiality.M2 and ring == "digest":
        return Verdict("digest", _digest_time(case), "new facts, for the digest", held=True)
    if ring == "every" and case.alert.story.revision > thread.told_revision:
        return Verdict(_place(thread, now), now, "the subscription wants every report")
    return _silently(case, new)


def _place(thread: Thread, now: datetime) -> Act:
    last = thread.rang or thread.opened
    return "root" if not thread.roots or last is None or now - last > RESUME_AFTER else "reply"


def _first(case: Case) -> Verdict:
    if not case.alert.matches and case.alert.correction:
        return Verdict("filter", case.now, "a correction of a story this destination was never told")
    if mode(case.alert.matches) == "digest":
        return Verdict("digest", _digest_time(case), _why_no_ring(case.alert.matches), held=True)
    return Verdict("root", case.now, "first told here")


def _why_no_ring(matches: Sequence[Match]) -> str:
    """Why none of them rings: the loudest one's reason."""
    loudest = max(matches, key=lambda match: match.severity.rank)
    if loudest.held:
        return f"held: {loudest.held}"
    return "the subscription wants a digest" if loudest.ring == "digest" else "low severity does not ring in real time"


def _silently(case: Case, new: Materiality) -> Verdict:
    thread, story = case.thread, case.alert.story
    shown = thread.shown or thread.told
    changed = shown is None or bool(differences(shown, facts(story, story.sources)))
    if case.rules.edits and thread.roots and (changed or thread.stale):
        due = max(case.now, thread.edited + EDIT_EVERY) if thread.edited else case.now
        return Verdict("edit", due, "shown in the message that opened the thread, silently")
    why = "nothing new for this destination" if new <= Materiality.M0 else "too little news to ring again"
    return Verdict("fold", case.now, why)


def _digest_time(case: Case) -> datetime:
    """The earliest hour any of the subscriptions names, on its own clock or the destination's."""
    times = [
        next_at(match.digest_at or case.rules.digest_at, _zone(match, case.rules), case.now)
        for match in case.alert.matches
    ]
    return min(times, default=next_at(case.rules.digest_at, case.rules.timezone, case.now))


def _zone(match: Match, rules: Rules) -> str:
    return match.quiet.timezone if match.quiet and match.quiet.timezone else rules.timezone


def _hold(case: Case, wish: Verdict) -> Verdict | None:
    """The first thing that says "not now"; None when nothing does."""
    return (
        _silenced(case, wish)
        or _muted(case, wish)
        or _quiet(case, wish)
        or _overshadowed(case, wish)
        or _cap(case, wish)
    )


def _held(wish: Verdict, until: datetime, reason: str) -> Verdict:
    return Verdict(wish.act, until, reason, held=True, broadcast=wish.broadcast)


def _silenced(case: Case, wish: Verdict) -> Verdict | None:
    wanted = {match.subscription for match in case.alert.matches}
    ends: list[datetime] = []
    who = ""
    for silence in case.condition.silences:
        if silence.until <= case.now or silence.story not in (None, case.alert.story.id):
            continue
        ends.append(silence.until)
        who = f"silenced by {silence.by}" + (f": {silence.note}" if silence.note else "")
        if silence.subscription is None:
            return _held(wish, silence.until, who)
        wanted.discard(silence.subscription)
    return _held(wish, min(ends), who) if ends and not wanted and case.alert.matches else None


def _muted(case: Case, wish: Verdict) -> Verdict | None:
    until = case.thread.muted_until
    if until is None or until <= case.now or wish.broadcast:
        return None
    return _held(wish, until, f"the story is muted by {case.thread.muted_by or 'somebody'}")


def _quiet(case: Case, wish: Verdict) -> Verdict | None:
    """Quiet for all its subscriptions, or for the whole destination; flash breaks through unless more is named."""
    ends = [_quiet_end(match, case) for match in case.alert.matches]
    waiting = [end for end in ends if end is not None]
    if ends and len(waiting) == len(ends):
        return _held(wish, min(waiting), "quiet hours of the subscription")
    if case.rules.quiet and case.alert.severity is not Severity.FLASH:
        end = quiet_until(case.rules.quiet, case.rules.timezone, case.now)
        return _held(wish, end, "quiet hours of the destination") if end else None
    return None


def _quiet_end(match: Match, case: Case) -> datetime | None:
    if match.quiet is None or match.severity.rank >= (match.quiet.except_ or Severity.FLASH).rank:
        return None
    return quiet_until(match.quiet.hours, match.quiet.timezone or case.rules.timezone, case.now)


def _overshadowed(case: Case, wish: Verdict) -> Verdict | None:
    """A flash mutes, for an hour, the first rings of lesser stories of the same kind in the same place."""
    story = case.alert.story
    if wish.act != "root" or case.alert.severity.rank >= Severity.HIGH.rank or case.thread.told is not None:
        return None
    for loud in case.condition.loud:
        ends = loud.at + INHIBIT
        if (
            loud.story != story.id
            and ends > case.now
            and loud.type == story.type
            and set(loud.where) & set(story.places)
        ):
            return Verdict("digest", ends, "a bigger story of the same kind is ringing", held=True)
    return None


def _cap(case: Case, wish: Verdict) -> Verdict | None:
    limit = case.rules.max_per_hour
    if limit is None or wish.act != "root" or case.alert.severity is Severity.FLASH:
        return None
    recent = [at for at in case.condition.rings if at > case.now - HOUR]
    if len(recent) < limit:
        return None
    return Verdict("digest", recent[-limit] + HOUR, f"more than {limit} stories within the hour", held=True)
