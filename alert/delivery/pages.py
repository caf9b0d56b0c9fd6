"""The state of delivery in a unit, as values: every key of it is written and read here and nowhere else.

thread/<destination>/<story>    pending/<destination>/<story>    row/<destination>/<id>    condition/<destination>
"""

from collections.abc import Iterator
from datetime import datetime
from typing import TypeVar

from pydantic import JsonValue

from alert.delivery.state import Condition, Pending, Row, Thread
from schemas.alert import Outcome, Receipt
from schemas.base import Message
from schemas.ports import Record, State, Unit
from schemas.topics import RECEIPTS

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

    def _one(self, kind: type[M], key: str) -> M | None:
        value = self._state.get(key)
        return None if value is None else _load(kind, value)

    def _all(self, kind: type[M], prefix: str) -> Iterator[M]:
        for _, value in self._state.scan(prefix):
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
    """The ledger inside a unit of work: what is written here is committed with the unit or not at all."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit)
        self.unit = unit
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
        return self.unit.now

    def put_thread(self, thread: Thread) -> None:
        """Remember a thread."""
        self.unit.put(f"thread/{thread.destination}/{thread.story}", _dump(thread))

    def drop_thread(self, thread: Thread) -> None:
        """Forget a thread."""
        self.unit.delete(f"thread/{thread.destination}/{thread.story}")

    def put_pending(self, pending: Pending) -> None:
        """Let something wait in its thread."""
        destination, story = pending.alert.destination, pending.alert.story.id
        self.unit.put(f"pending/{destination}/{story}", _dump(pending))
        self.pending_now[destination, story] = pending

    def drop_pending(self, destination: str, story: str) -> None:
        """Nothing waits in that thread any more."""
        self.unit.delete(f"pending/{destination}/{story}")
        self.pending_now[destination, story] = None

    def put_row(self, row: Row) -> None:
        """Write a message on its way."""
        self.unit.put(f"row/{row.destination}/{row.id}", _dump(row))
        self.rows_now[row.destination, row.id] = row

    def drop_row(self, row: Row) -> None:
        """The message has arrived, or never will."""
        self.unit.delete(f"row/{row.destination}/{row.id}")
        self.rows_now[row.destination, row.id] = None

    def put_condition(self, condition: Condition) -> None:
        """Remember how a destination stands."""
        self.unit.put(f"condition/{condition.destination}", _dump(condition))
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
                    "latency": (self.now - covered.created).total_seconds(),
                    "at": self.now,
                    **more,
                }
            )
            self.receipts.append(receipt)

    def publish(self, cause: Record | None = None) -> None:
        """Emit the receipts gathered since."""
        for receipt in self.receipts:
            self.unit.emit(RECEIPTS, receipt.destination, receipt, cause)
