"""From a message on its way to the parcel a channel takes: the words are found at the last moment, so they are true."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from alert.channel import Parcel
from alert.delivery.state import Pending, Row, Thread
from alert.policy import rise
from alert.words import compose
from alert.words.document import Digest, Document
from alert.words.facts import Reader
from schemas.alert import Alert
from schemas.ports import Names

LATE = timedelta(minutes=15)
"""An alert later than this says so."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What every message of a destination is worded with."""

    names: Names
    timezone: str = "UTC"
    language: str | None = None
    """Of the destination; None: as the subscription wishes."""
    public_url: str | None = None

    def reader(self, alert: Alert) -> Reader:
        """For whom an alert is worded."""
        wished = next((match.language for match in alert.matches), "en")
        return Reader(self.language or wished, self.names, self.timezone)

    def subject(self, alert: Alert) -> str:
        """What a thread that this alert opens is called."""
        return compose.subject(alert, self.reader(alert))


def parcel(row: Row, threads: Mapping[str, Thread], desk: Desk, now: datetime) -> Parcel:
    """The parcel for the row's present leg."""
    thread = next(iter(threads.values()))
    reply = row.kind in ("reply", "edit")
    return Parcel(
        delivery=row.id,
        kind=row.kind,
        content=_digest(row, threads, desk) if row.kind == "digest" else _document(row, thread, desk, now),
        leg=row.leg,
        thread=thread.roots.get(row.leg, "") if reply else "",
        earlier=thread.recent.get(row.leg, ()) if reply else (),
        broadcast=row.broadcast,
        plainer=row.plainer,
        started=row.since or row.started,
    )


def _document(row: Row, thread: Thread, desk: Desk, now: datetime) -> Document:
    part = row.parts[0]
    reader = desk.reader(part.alert)
    told = thread.told if row.kind == "reply" else None
    wording = compose.Wording(
        reader=reader,
        told=told,
        notes=_notes(row, thread, part, reader, now),
        public_url=desk.public_url,
        subject=thread.subject if row.kind in ("reply", "edit") else "",
        extra=_risen(part.alert, thread, reader) if row.kind == "reply" else (),
    )
    return compose.compose(part.alert, wording)


def _risen(alert: Alert, thread: Thread, reader: Reader) -> tuple[str, ...]:
    if not rise(alert, thread) or thread.told_severity is None:
        return ()
    old, new = (reader.words.word(f"severity.{severity}") for severity in (thread.told_severity, alert.severity))
    return (reader.words.word("severity_rise", old=old, new=new),)


def _notes(row: Row, thread: Thread, part: Pending, reader: Reader, now: datetime) -> tuple[str, ...]:
    """What is to be said of the message itself."""
    words = reader.words
    found = []
    late = now - part.since
    if late > LATE and row.kind in ("root", "reply"):
        found.append(words.word("delayed", n=int(late.total_seconds() // 60)))
    if row.repeats:
        found.append(words.word("may_repeat"))
    if part.alert.via:
        found.append(words.word("via", destination=part.alert.via))
    if row.kind == "root" and thread.opened and not thread.roots:
        found.append(words.word("continued"))
    if row.kind == "edit" and thread.acknowledged:
        who, _, at = thread.acknowledged.rpartition("|")
        found.append(words.word("acked", who=who, at=reader.time(datetime.fromisoformat(at))))
    if row.kind == "edit" and thread.muted_until and thread.muted_until > now:
        found.append(words.word("muted", who=thread.muted_by, at=reader.time(thread.muted_until)))
    return tuple(found)


def _digest(row: Row, threads: Mapping[str, Thread], desk: Desk) -> Digest:
    reader = desk.reader(row.parts[0].alert)
    missed = reader.words.word("missed")
    waiting = [
        compose.Waiting(part.alert, threads[part.alert.story.id].told, missed if part.expired else "")
        for part in row.parts
    ]
    notes = (reader.words.word("may_repeat"),) if row.repeats else ()
    wording = compose.Wording(reader=reader, notes=notes, public_url=desk.public_url)
    return compose.digest(waiting, wording, row.destination, row.reason)
