"""The state of delivery in a unit, as values: every key of it is written and read here and nowhere else.

thread/<destination>/<story>    pending/<destination>/<story>    row/<destination>/<id>    condition/<destination>
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from pydantic import JsonValue

from alert.delivery.state import Condition, Pending, Row, Thread
from schemas.alert import Alert, Outcome, Receipt
from schemas.base import Message
from schemas.ports import Record, State, Unit
from schemas.topics import ALERTS, RECEIPTS

M = TypeVar("M", bound=Message)


def _dump(value: Message) -> JsonValue:
    dumped: JsonValue = value.model_dump(mode="json", exclude_defaults=True)
    return dumped


def _load(kind: type[M], value: JsonValue) -> M:
    return kind.model_validate(value)


class Ledger:
    """The ledger as it is on disk. Reading only: what a restart starts from."""

    def __init__(self, state: State) -> None:
        self._state = state

    def _get(self, key: str) -> JsonValue | None:
        return self._state.get(key)

    def _scan(self, prefix: str) -> Iterator[tuple[str, JsonValue]]:
        return iter(self._state.scan(prefix))

    def _one(self, kind: type[M], key: str) -> M | None:
        value = self._get(key)
        return None if value is None else _load(kind, value)

    def _all(self, kind: type[M], prefix: str) -> Iterator[M]:
        for _, value in self._scan(prefix):
            yield _load(kind, value)

    def thread(self, destination: str, story: str) -> Thread:
        """The thread, or a new one in which nothing was said."""
        found = self._one(Thread, f"thread/{destination}/{story}")
        return found or Thread(destination=destination, story=story)

    def threads(self) -> Iterator[Thread]:
        """Every thread."""
        return self._all(Thread, "thread/")

    def pending(self, destination: str, story: str) -> Pending | None:
        """What waits in a thread."""
        return self._one(Pending, f"pending/{destination}/{story}")

    def all_pending(self) -> Iterator[Pending]:
        """Everything that waits."""
        return self._all(Pending, "pending/")

    def row(self, destination: str, key: str) -> Row | None:
        """A message on its way."""
        return self._one(Row, f"row/{destination}/{key}")

    def rows(self) -> Iterator[Row]:
        """Every message on its way."""
        return self._all(Row, "row/")

    def condition(self, destination: str) -> Condition:
        """How a destination stands."""
        return self._one(Condition, f"condition/{destination}") or Condition(destination=destination)

    def conditions(self) -> Iterator[Condition]:
        """Every destination's condition."""
        return self._all(Condition, "condition/")


class Pages(Ledger):
    """The ledger for one change inside a unit: what is written here reaches the unit by `turn`, all or nothing.

    So a change that fails half-way leaves the unit, which other changes share, as it was.
    """

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit)
        self._unit = unit
        self._written: dict[str, JsonValue | None] = {}
        self._then: list[Callable[[Unit], None]] = []
        self.pending_now: dict[tuple[str, str], Pending | None] = {}
        """(destination, story) → what waits there after this unit."""
        self.rows_now: dict[tuple[str, str], Row | None] = {}
        self.conditions_now: dict[str, Condition] = {}
        self.receipts: list[Receipt] = []

    def touches(self, destination: str) -> bool:
        """Whether anything of a destination was changed."""
        keys = (*self.pending_now, *self.rows_now)
        return destination in self.conditions_now or any(where == destination for where, _ in keys)

    @property
    def now(self) -> datetime:
        """The instant of the unit."""
        return self._unit.now

    def _get(self, key: str) -> JsonValue | None:
        return self._written[key] if key in self._written else self._unit.get(key)

    def _scan(self, prefix: str) -> Iterator[tuple[str, JsonValue]]:
        found = {key: value for key, value in self._unit.scan(prefix) if key not in self._written}
        fresh = {key: value for key, value in self._written.items() if key.startswith(prefix) and value is not None}
        return iter(sorted({**found, **fresh}.items()))

    def turn(self) -> None:
        """Write all of it into the unit."""
        for key, value in self._written.items():
            self._unit.delete(key) if value is None else self._unit.put(key, value)
        for receipt in self.receipts:
            self._unit.emit(RECEIPTS, receipt.destination, receipt)
        for effect in self._then:
            effect(self._unit)

    def ring(self, alert: Alert) -> None:
        """Send an alert of ours round by the alerts topic: to a fallback, to the operator."""
        self._then.append(lambda unit: unit.emit(ALERTS, alert.destination, alert))

    def dead(self, record: Record, error: BaseException) -> None:
        """Lay a record aside."""
        self._then.append(lambda unit: unit.dead(record, error))

    def acknowledge(self, batch: Sequence[Record]) -> None:
        """These records are accounted for."""
        self._then.append(lambda unit: unit.acknowledge(batch))

    def put_thread(self, thread: Thread) -> None:
        """Remember a thread."""
        self._written[f"thread/{thread.destination}/{thread.story}"] = _dump(thread)

    def drop_thread(self, thread: Thread) -> None:
        """Forget a thread."""
        self._written[f"thread/{thread.destination}/{thread.story}"] = None

    def put_pending(self, pending: Pending) -> None:
        """Let something wait in its thread."""
        destination, story = pending.alert.destination, pending.alert.story.id
        self._written[f"pending/{destination}/{story}"] = _dump(pending)
        self.pending_now[destination, story] = pending

    def drop_pending(self, destination: str, story: str) -> None:
        """Nothing waits in that thread any more."""
        self._written[f"pending/{destination}/{story}"] = None
        self.pending_now[destination, story] = None

    def put_row(self, row: Row) -> None:
        """Write a message on its way."""
        self._written[f"row/{row.destination}/{row.id}"] = _dump(row)
        self.rows_now[row.destination, row.id] = row

    def drop_row(self, row: Row) -> None:
        """The message has arrived, or never will."""
        self._written[f"row/{row.destination}/{row.id}"] = None
        self.rows_now[row.destination, row.id] = None

    def put_condition(self, condition: Condition) -> None:
        """Remember how a destination stands."""
        self._written[f"condition/{condition.destination}"] = _dump(condition)
        self.conditions_now[condition.destination] = condition

    def receipt(self, pending: Pending, outcome: Outcome, reason: str, **more: object) -> None:
        """A receipt for the newest alert a pending stands for, and `folded` ones for those it collapsed."""
        story, destination = pending.alert.story.id, pending.alert.destination
        for index, covered in enumerate(reversed(pending.covers)):
            newest = index == 0
            folds = not newest and outcome is Outcome.SENT
            how = Outcome.FOLDED if folds else outcome
            why = f"told in the message of revision {pending.covers[-1].revision}" if folds else reason
            receipt = Receipt.model_validate(
                {
                    "id": f"{covered.alert}:{how}",
                    "alert": covered.alert,
                    "destination": destination,
                    "story": story,
                    "revision": covered.revision,
                    "report": covered.report,
                    "outcome": how,
                    "reason": why,
                    "fetched": covered.fetched,
                    "latency": (self.now - covered.created).total_seconds(),
                    "at": self.now,
                    **more,
                }
            )
            self.receipts.append(receipt)
