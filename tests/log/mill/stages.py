"""The stages of the mill. Each counts the records of its keys: its state must be a fold over its inputs."""

from collections.abc import Sequence

from schemas.alert import Alert, Outcome, Receipt, Severity
from schemas.base import Message
from schemas.codec import decode_as
from schemas.item import Item
from schemas.ports import Record, State, Unit
from schemas.report import Report
from schemas.story import Change, Materiality, Story
from schemas.topics import ALERTS, CHANGES, ITEMS, RECEIPTS, REPORTS, Topic
from tocsin.log.port import StageSpec

STORIES = 7
DESTINATIONS = 3


class MillStage:
    """One output for each input, and a count per key in the state."""

    source: Topic
    target: Topic

    def restore(self, state: State) -> None:
        """Remember the counts, as a stage with memory would."""
        self.counts = {key: value for key, value in state.scan() if isinstance(value, int)}

    def handle(self, batch: Sequence[Record], unit: Unit) -> None:
        """Turn each input into its output."""
        for record in batch:
            self.counts[record.key] = count = self.counts.get(record.key, 0) + 1
            unit.put(record.key, count)
            key, message = self.turn(record, count, unit)
            unit.emit(self.target, key, message, record)

    def turn(self, record: Record, count: int, unit: Unit) -> tuple[str, Message]:
        """The key and the message of the output."""
        raise NotImplementedError


class Understand(MillStage):
    """Items to reports."""

    source, target = ITEMS, REPORTS

    def turn(self, record: Record, count: int, unit: Unit) -> tuple[str, Message]:
        """The item is its report."""
        return "all", Report(**decode_as(record, Item).model_dump())


class Stories(MillStage):
    """Reports to changes of a handful of stories."""

    source, target = REPORTS, CHANGES

    def turn(self, record: Record, count: int, unit: Unit) -> tuple[str, Message]:
        """The story is chosen by the report's number."""
        report = decode_as(record, Report)
        name = f"story{int(report.id) % STORIES}"
        story = Story(id=name, revision=count, first_seen=unit.now, last_seen=unit.now)
        return name, Change(id=f"c{report.id}", story=story, report=report, materiality=Materiality.M2, live=True)


class Match(MillStage):
    """Changes to alerts."""

    source, target = CHANGES, ALERTS

    def turn(self, record: Record, count: int, unit: Unit) -> tuple[str, Message]:
        """The destination is chosen by the report's number."""
        change = decode_as(record, Change)
        where = f"desk{int(change.report.id) % DESTINATIONS}"
        return where, Alert(
            id=f"a{change.report.id}", destination=where, story=change.story, report=change.report,
            materiality=change.materiality, severity=Severity.NORMAL, created=unit.now,
        )  # fmt: skip


class Deliver(MillStage):
    """Alerts to receipts."""

    source, target = ALERTS, RECEIPTS

    def turn(self, record: Record, count: int, unit: Unit) -> tuple[str, Message]:
        """Everything is sent."""
        alert = decode_as(record, Alert)
        return alert.destination, Receipt(
            id=f"r{alert.report.id}", alert=alert.id, destination=alert.destination, story=alert.story.id,
            revision=alert.story.revision, report=alert.report.id, outcome=Outcome.SENT, reason="mill", at=unit.now,
        )  # fmt: skip


STAGES: dict[str, type[MillStage]] = {
    "understand": Understand, "stories": Stories, "match": Match, "deliver": Deliver,
}  # fmt: skip


def spec_of(name: str) -> StageSpec:
    """The stage as the log sees it."""
    return StageSpec(name, (STAGES[name].source,))
