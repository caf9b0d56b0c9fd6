"""Taking in: what an alert or an action changes in the ledger. Synchronous, inside a unit, without any call outside."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from alert.delivery.pages import Pages
from alert.delivery.state import Covered, Pending, RowState, Silence, Thread
from alert.policy import Case, Rules, Verdict, decide
from schemas.alert import Action, Alert, Outcome, Receipt
from schemas.story import Materiality

MUTE = timedelta(hours=24)
"""How long a mute lasts that names no end."""


@dataclass(frozen=True, slots=True)
class Intake:
    """Applies alerts and actions by the rules of each destination."""

    rules: Mapping[str, Rules]

    def alert(self, alert: Alert, pages: Pages) -> None:
        """Account for one alert: it waits in its thread from now on, or it has its receipt."""
        rules = self.rules.get(alert.destination)
        if rules is None:
            one = _waiting(alert, None, Verdict("filter", pages.now, ""), pages)
            pages.receipt(one, Outcome.REFUSED, "the configuration has no such destination any more")
            return
        thread = _thread(alert, pages)
        if alert.story.revision <= (thread.late if alert.late else thread.seen):
            return  # the same alert again: it has its place or its receipt already
        if alert.late:
            thread = thread.model_copy(update={"late": alert.story.revision})
            alert = _beside(alert, thread)
        thread = thread.model_copy(update={"seen": max(thread.seen, alert.story.revision), "latest": alert})
        pages.put_thread(thread)
        self.judge(_join(alert, _waits(alert, pages), pages), thread, pages)

    def judge(self, pending: Pending, thread: Thread, pages: Pages, *, released: bool = False) -> None:
        """Decide what becomes of what waits in a thread, by the state of now."""
        alert = pending.alert
        condition = pages.condition(alert.destination)
        case = Case(alert, thread, self.rules[alert.destination], pages.now, condition)
        verdict = decide(case)
        if verdict.act in ("fold", "filter"):
            outcome = Outcome.FOLDED if verdict.act == "fold" else Outcome.FILTERED
            pages.receipt(pending, outcome, verdict.reason)
            pages.drop_pending(alert.destination, alert.story.id)
            return
        waiting = _waiting(alert, pending, verdict, pages)
        pages.put_pending(waiting)
        if verdict.held and not (released and pending.reason == verdict.reason):
            _say_held(waiting, verdict.reason, pages)

    def action(self, action: Action, pages: Pages) -> None:
        """Apply what a person asked for. Applying it twice is applying it once."""
        if action.destination not in self.rules:
            return
        if action.kind in ("acknowledge", "mute", "unmute"):
            self._on_thread(action, pages)
        elif action.kind in ("silence", "unsilence"):
            self._on_silences(action, pages)
        elif action.kind == "resume":
            condition = pages.condition(action.destination)
            pages.put_condition(condition.model_copy(update={"broken": ""}))
        elif action.kind == "retry":
            _retry(action, pages)

    def _on_thread(self, action: Action, pages: Pages) -> None:
        if action.story is None:
            return
        thread = pages.thread(action.destination, action.story)
        changed: dict[str, object] = {"stale": bool(thread.roots)}
        if action.kind == "acknowledge":
            changed["acknowledged"] = f"{action.by}|{action.at.isoformat()}"
        elif action.kind == "mute":
            changed |= {"muted_until": action.until or action.at + MUTE, "muted_by": action.by}
        else:
            changed |= {"muted_until": None, "muted_by": ""}
        thread = thread.model_copy(update=changed)
        pages.put_thread(thread)
        self._rejudge(thread, pages)

    def _rejudge(self, thread: Thread, pages: Pages) -> None:
        """Look again at what waits in a thread, or mend its root where nothing does."""
        waiting = pages.pending(thread.destination, thread.story)
        if waiting is not None and not waiting.expired:
            self.judge(waiting, thread, pages, released=True)
        elif waiting is None and thread.stale and thread.latest is not None:
            self.mend(thread, pages)

    def mend(self, thread: Thread, pages: Pages) -> None:
        """Let the root be edited to the present state, where the channel edits."""
        rules = self.rules.get(thread.destination)
        if rules is None or not rules.edits or thread.latest is None or not thread.roots:
            return
        now = pages.now
        pages.put_pending(Pending(alert=thread.latest, kind="edit", due=now, since=now, reason="the root is mended"))

    def _on_silences(self, action: Action, pages: Pages) -> None:
        condition = pages.condition(action.destination)
        kept = tuple(
            silence
            for silence in condition.silences
            if silence.until > pages.now
            and (silence.id != action.id)
            and not (
                action.kind == "unsilence"
                and (silence.story, silence.subscription) == (action.story, action.subscription)
            )
        )
        if action.kind == "silence":
            until = action.until or action.at + MUTE
            kept = (*kept, Silence(id=action.id, story=action.story, subscription=action.subscription,
                                   until=until, by=action.by, note=action.note))  # fmt: skip
        pages.put_condition(condition.model_copy(update={"silences": kept}))
        for waiting in list(pages.all_pending()):
            if waiting.alert.destination == action.destination and not waiting.expired:
                self._rejudge(pages.thread(action.destination, waiting.alert.story.id), pages)


def _beside(alert: Alert, thread: Thread) -> Alert:
    """A late alert of a story that has come further by now: its subscriptions join those of the present state."""
    newest = thread.latest
    if newest is None or alert.story.revision > thread.seen:
        return alert
    late = {match.subscription for match in alert.matches}
    others = (match for match in newest.matches if match.subscription not in late)
    kept = {"id": alert.id, "late": True, "what": alert.what, "created": alert.created, "correction": False}
    joined = {"matches": (*others, *alert.matches), "materiality": Materiality.M0}
    loudest = max((newest.severity, alert.severity), key=lambda severity: severity.rank)
    return newest.model_copy(update={**kept, **joined, "severity": loudest})


def _thread(alert: Alert, pages: Pages) -> Thread:
    """The alert's thread; where its story was not told here but swallowed one that was, that thread goes on."""
    thread = pages.thread(alert.destination, alert.story.id)
    if thread.roots or thread.row:
        return thread
    for merged in alert.story.merged:
        other = pages.thread(alert.destination, merged)
        if other.roots:
            kept = {"story": thread.story, "seen": thread.seen, "late": thread.late, "row": "", "stale": True}
            return other.model_copy(update={**kept, "told_revision": alert.story.revision - 1})
    return thread


def _waits(alert: Alert, pages: Pages) -> Pending | None:
    """What waits in the alert's thread, with what still waited to be said of the stories that became part of it."""
    waiting = pages.pending(alert.destination, alert.story.id)
    for merged in alert.story.merged:
        other = pages.pending(alert.destination, merged)
        if other is None or other.expired:
            continue
        pages.drop_pending(alert.destination, merged)
        waiting = other if waiting is None else waiting.model_copy(update={"covers": (*other.covers, *waiting.covers)})
    return waiting


def _join(alert: Alert, waiting: Pending | None, pages: Pages) -> Pending:
    """The new alert on top of what waited; the louder severity stays."""
    covered = Covered(alert=alert.id, revision=alert.story.revision, report=alert.report.id, created=alert.created,
                      fetched=alert.report.fetched)  # fmt: skip
    if waiting is None:
        return Pending(alert=alert, covers=(covered,), kind="root", due=pages.now, since=pages.now)
    if waiting.expired:
        waiting = waiting.model_copy(update={"expired": False, "since": pages.now, "attempt": 0})
    loudest = max((waiting.alert.severity, alert.severity), key=lambda severity: severity.rank)
    matches = alert.matches or waiting.alert.matches
    merged = alert.model_copy(update={"severity": loudest, "matches": matches})
    return waiting.model_copy(update={"alert": merged, "covers": (*waiting.covers, covered)})


def _waiting(alert: Alert, pending: Pending | None, verdict: Verdict, pages: Pages) -> Pending:
    """The pending with the verdict in it; a backoff that runs is kept."""
    if pending is None:
        pending = _join(alert, None, pages)
    kind = verdict.act if verdict.act in ("root", "reply", "edit", "digest") else "root"
    due = max(verdict.due, pending.due) if pending.attempt else verdict.due
    since = pending.since if not pending.held and not verdict.held else max(verdict.due, pages.now)
    return pending.model_copy(
        update={"kind": kind, "due": due, "since": since, "reason": verdict.reason,
                "held": verdict.held, "broadcast": verdict.broadcast}
    )  # fmt: skip


def _say_held(waiting: Pending, reason: str, pages: Pages) -> None:
    """An interim receipt for the newest alert only: the others have theirs."""
    newest = waiting.covers[-1:]
    for covered in newest:
        pages.receipts.append(
            Receipt(id=f"{covered.alert}:held:{waiting.due:%Y%m%dT%H%M%S}", alert=covered.alert,
                    destination=waiting.alert.destination, story=waiting.alert.story.id, revision=covered.revision,
                    report=covered.report, outcome=Outcome.HELD, reason=reason, at=pages.now)
        )  # fmt: skip


def _retry(action: Action, pages: Pages) -> None:
    """A person lets an uncertain message go again, or hurries what waits."""
    rows = [row for row in pages.rows() if row.destination == action.destination]
    for row in rows:
        if action.story in (None, *row.stories) and row.state in (RowState.HELD, RowState.WAITING):
            pages.put_row(row.model_copy(update={"state": RowState.WAITING, "next": pages.now, "repeats": True}))
    waits = [one for one in pages.all_pending() if one.alert.destination == action.destination and not one.held]
    for one in waits:
        if action.story in (None, one.alert.story.id):
            pages.put_pending(one.model_copy(update={"due": pages.now}))
