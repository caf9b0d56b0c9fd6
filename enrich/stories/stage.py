"""The stories stage: reports in, one change each out; the open stories live in its state."""

from collections.abc import Sequence

from enrich.stories.stories import Stories
from schemas.codec import decode_as
from schemas.errors import Unreadable
from schemas.ports import Names, Record, State, Unit
from schemas.report import Report
from schemas.story import Change, Story
from schemas.topics import CHANGES


class StoriesStage:
    """One writer for all stories. State: `story/<id>` → the story, `live/<id>` → true once a live report came."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._stories = Stories(names)

    def restore(self, state: State) -> None:
        """Take up the open stories again."""
        self._stories = Stories(self._names)
        self._stories.load(Story.model_validate(value) for _, value in state.scan("story/"))

    def handle(self, batch: Sequence[Record], unit: Unit) -> None:
        """One change a report."""
        for record in batch:
            try:
                report = decode_as(record, Report)
            except Unreadable as error:
                unit.dead(record, error)
                continue
            self._change(self._stories.add(report), record, unit)

    def _change(self, change: Change, record: Record, unit: Unit) -> None:
        live = change.live or unit.get(f"live/{change.story.id}") is not None
        if live:
            unit.put(f"live/{change.story.id}", value=True)
        unit.put(f"story/{change.story.id}", change.story.model_dump(mode="json", exclude_defaults=True))
        unit.emit(CHANGES, change.story.id, change.model_copy(update={"live": live}), record)
