"""The clerk writes what happens to messages: set out, arrived, failed, given up. Synchronous, inside a unit."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alert.channel import Sent
from alert.delivery.intake import Intake
from alert.delivery.pages import Pages
from alert.delivery.plan import Job, expires
from alert.delivery.state import Condition, Loud, Pending, Row, RowState, Thread
from alert.policy import HOUR, INHIBIT
from schemas.alert import Alert, Outcome, Severity
from schemas.materiality import facts

RECENT = 9
"""Handles kept of a thread's latest messages (RFC 5322 References stay short with them)."""


def delivery_id(destination: str, kind: str, parts: tuple[Pending, ...]) -> str:
    """Opaque, and the same whenever the same message is made again."""
    told = "\n".join(f"{part.alert.story.id} {part.alert.story.revision}" for part in parts)
    return hashlib.sha256(f"{destination}\n{kind}\n{told}".encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Setting:
    """A message that set out, with the threads it speaks in as they were then."""

    row: Row
    threads: Mapping[str, Thread]


@dataclass(frozen=True, slots=True)
class Clerk:
    """Keeps the ledger of one destination's messages."""

    destination: str
    intake: Intake
    first_leg: str = ""
    subject: Callable[[Alert], str] = lambda alert: alert.story.headline
    """What a thread is called that an alert opens."""

    def set_out(self, job: Job, pages: Pages) -> Setting | None:
        """Write a message as SENDING; None when, looked at again, there is nothing to send now."""
        parts = tuple(part for story in job.stories if (part := self._part(story, pages, single=not job.bundle)))
        if not parts:
            return None
        kind = "digest" if job.bundle else parts[0].kind
        row = Row(
            id=delivery_id(self.destination, kind, parts), destination=self.destination, kind=kind, parts=parts,
            leg=self.first_leg, started=pages.now, broadcast=parts[0].broadcast and kind == "reply",
            attempt=max(part.attempt for part in parts), reason=job.bundle or parts[0].reason,
        )  # fmt: skip
        threads = {}
        for part in parts:
            thread = pages.thread(self.destination, part.alert.story.id)
            threads[thread.story] = thread
            pages.put_thread(thread.model_copy(update={"row": row.id}))
            pages.drop_pending(self.destination, thread.story)
        pages.put_row(row)
        return Setting(row, threads)

    def _part(self, story: str, pages: Pages, *, single: bool) -> Pending | None:
        """What waits in a thread, judged again by the present; None when it is not to go now."""
        waiting = pages.pending(self.destination, story)
        thread = pages.thread(self.destination, story)
        if waiting is None or thread.row:
            return None
        if single and waiting.kind != "digest":
            self.intake.judge(waiting, thread, pages, released=True)
            waiting = pages.pending(self.destination, story)
        free = waiting is not None and waiting.due <= pages.now and (not waiting.held or waiting.kind == "digest")
        return waiting if free and not (single and waiting is not None and waiting.kind == "digest") else None

    def note(self, row: Row, pages: Pages) -> None:
        """Write how a message stands while it is on its way."""
        pages.put_row(row)

    def arrived(self, row: Row, sent: Mapping[str, Sent], pages: Pages) -> None:
        """Every leg has its answer: receipts, and the threads know what was told."""
        delivered = {**row.done, **{leg: one.handle for leg, one in sent.items()}}
        if not delivered:
            self.refuse(row, "; ".join(dict.fromkeys(row.refused.values())) or row.reason, pages)
            return
        first = next(iter(delivered.values()))
        for part in row.parts:
            outcome, reason = self._ended(row)
            pages.receipt(part, outcome, reason, message_id=first)
            thread = self._told(row, part, delivered, pages)
            pages.put_thread(thread)
            if row.kind == "reply":
                self.intake.mend(thread, pages) if pages.pending(self.destination, thread.story) is None else None
        pages.drop_row(row)
        self._count(row, pages)

    def _ended(self, row: Row) -> tuple[Outcome, str]:
        if row.kind == "edit":
            return Outcome.FOLDED, "shown in the message that opened the thread, silently"
        refused = f"; refused for {len(row.refused)} of its addresses" if row.refused else ""
        return Outcome.SENT, f"{row.kind}: {row.reason}{refused}"

    def _told(self, row: Row, part: Pending, delivered: Mapping[str, str], pages: Pages) -> Thread:
        """The thread after the message."""
        thread = pages.thread(self.destination, part.alert.story.id)
        now_facts = facts(part.alert.story, part.alert.story.sources)
        changed: dict[str, object] = {"row": ""}
        if row.kind == "edit":
            return thread.model_copy(update={**changed, "shown": now_facts, "edited": pages.now, "stale": False})
        loudest = max(filter(None, (thread.told_severity, part.alert.severity)), key=lambda severity: severity.rank)
        changed |= {"told": now_facts, "told_revision": part.alert.story.revision, "told_severity": loudest,
                    "rang": pages.now}  # fmt: skip
        if row.kind == "root":
            changed |= {"roots": dict(delivered), "recent": {}, "opened": pages.now, "shown": now_facts,
                        "stale": False, "subject": self.subject(part.alert)}  # fmt: skip
        elif row.kind == "reply":
            recent = {leg: (*thread.recent.get(leg, ()), handle)[-RECENT:] for leg, handle in delivered.items()}
            changed |= {"recent": {**thread.recent, **recent}, "stale": True}
        return thread.model_copy(update=changed)

    def _count(self, row: Row, pages: Pages) -> None:
        """Roots count against the cap; a flash mutes the small stories round it."""
        if row.kind != "root":
            return
        condition, story = pages.condition(self.destination), row.parts[0].alert.story
        rings = (*(at for at in condition.rings if at > pages.now - HOUR), pages.now)
        loud = tuple(one for one in condition.loud if one.at > pages.now - INHIBIT)
        if row.parts[0].alert.severity is Severity.FLASH:
            loud = (*loud, Loud(story=story.id, type=story.type, where=story.places, at=pages.now))
        pages.put_condition(condition.model_copy(update={"rings": rings, "loud": loud}))

    def refuse(self, row: Row, reason: str, pages: Pages, outcome: Outcome = Outcome.REFUSED) -> None:
        """The message will never arrive: its alerts have their receipts, its threads go on."""
        for part in row.parts:
            pages.receipt(part, outcome, reason)
            thread = pages.thread(self.destination, part.alert.story.id)
            pages.put_thread(thread.model_copy(update={"row": ""}))
        pages.drop_row(row)

    def return_(self, row: Row, due: datetime, reason: str, pages: Pages, *, counts: bool = True) -> None:
        """Surely not sent: its parts wait again, under whatever came meanwhile."""
        for part in row.parts:
            story = part.alert.story.id
            thread = pages.thread(self.destination, story)
            pages.put_thread(thread.model_copy(update={"row": ""}))
            newer = pages.pending(self.destination, story)
            attempt = part.attempt + (1 if counts else 0)
            changed: dict[str, object] = {"due": due, "attempt": attempt, "reason": reason}
            if newer is not None:
                part = newer.model_copy(update={"covers": (*part.covers, *newer.covers), "since": part.since,
                                                "fallen_back": part.fallen_back})  # fmt: skip
            pages.put_pending(part.model_copy(update=changed))
        pages.drop_row(row)

    def reopen(self, row: Row, pages: Pages) -> None:
        """The root is gone: an edit has nothing to show any more; anything else opens a new thread."""
        for part in row.parts:
            thread = pages.thread(self.destination, part.alert.story.id)
            pages.put_thread(thread.model_copy(update={"row": "", "roots": {}, "recent": {}, "stale": False}))
            if row.kind == "edit":
                pages.receipt(part, Outcome.FOLDED, "the message that opened the thread is gone; nothing to edit")
            else:
                pages.put_pending(part.model_copy(update={"due": pages.now}))
        pages.drop_row(row)

    def give_up(self, stories: Sequence[str], pages: Pages) -> None:
        """What could not be sent in time has its receipt, and a line in the next digest."""
        for waiting in filter(None, (pages.pending(self.destination, story) for story in stories)):
            if expires(waiting) <= pages.now:
                self._give_up(waiting, pages)

    def _give_up(self, waiting: Pending, pages: Pages) -> None:
        if waiting.kind == "digest" or waiting.expired or waiting.kind == "edit":
            pages.receipt(waiting, Outcome.EXPIRED, "no digest could be sent either")
            pages.drop_pending(self.destination, waiting.alert.story.id)
            return
        hours = (pages.now - waiting.since) / timedelta(hours=1)
        pages.receipt(waiting, Outcome.EXPIRED, f"could not be sent for {hours:.1f} h; listed in the next digest")
        missed = {"covers": (), "kind": "digest", "due": pages.now, "since": pages.now, "expired": True,
                  "held": False, "reason": "expired before it could be sent"}  # fmt: skip
        pages.put_pending(waiting.model_copy(update=missed))

    def set_condition(self, change: Callable[[Condition], Condition], pages: Pages) -> None:
        """Write how the destination stands."""
        pages.put_condition(change(pages.condition(self.destination)))


def begun_again(row: Row) -> Row:
    """What a message that was SENDING when the process ended is: uncertain, never simply unsent."""
    return row.model_copy(update={"state": RowState.UNCERTAIN}) if row.state is RowState.SENDING else row
