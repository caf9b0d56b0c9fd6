"""The understand stage: items in, reports out."""

from collections.abc import Sequence
from typing import Final

from schemas.codec import decode_as
from schemas.errors import Unreadable
from schemas.item import Item
from schemas.ports import Record, State, Understanding, Unit
from schemas.topics import REPORTS

SHARD: Final = "0"
"""The one story shard: stories need one writer."""


class UnderstandStage:
    """Reads each item; an item nobody can read goes to the dead letters with its bytes."""

    def __init__(self, understanding: Understanding) -> None:
        self._understanding = understanding

    def restore(self, state: State) -> None:
        """Understanding keeps nothing between items."""

    def handle(self, batch: Sequence[Record], unit: Unit) -> None:
        """One report an item."""
        for record in batch:
            try:
                item = decode_as(record, Item)
            except Unreadable as error:
                unit.dead(record, error)
                continue
            unit.emit(REPORTS, SHARD, self._understanding.understand(item), record)
