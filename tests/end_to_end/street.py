"""From reports to messages without feeds: the stories, match and deliver stages in a row, under virtual time."""

from datetime import timedelta
from itertools import count

from alert.channel import Channel
from alert.matching import MatchStage
from enrich.stories.stage import StoriesStage
from schemas.alert import Alert
from schemas.codec import encode
from schemas.ports import Record
from schemas.report import Report
from schemas.settings import Settings
from schemas.story import Change
from schemas.topics import CHANGES, REPORTS
from tests.alert.build import DAWN
from tests.alert.delivery.desk import Desk
from tests.alert.delivery.scripted import Scripted
from tests.alert.world import subscriptions
from tests.enrich.stories.memory import MemoryUnit
from tests.enrich.stories.world import FewNames


class Street:
    """Reports go in, `channel.taken` is what people saw, `changes` is what the stories stage said.

    With `killed`, the stories stage is thrown away after every report and made anew from its state.
    """

    def __init__(self, wanted: str, settings: Settings | None = None, *, killed: bool = False) -> None:
        self.channel = Scripted()
        channels: dict[str, Channel] = {"desk": self.channel}
        self.desk = Desk(channels, settings=settings or Settings())
        self.changes: list[Change] = []
        self._killed = killed
        self._stories = StoriesStage(FewNames())
        self._match = MatchStage(subscriptions(wanted))
        self._told, self._alerted = MemoryUnit(DAWN), MemoryUnit(DAWN)
        self._numbers = count()

    async def hear(self, *reports: Report) -> None:
        """Reports come in, one after the other, ten seconds apart."""
        for report in reports:
            now = self.desk.time.now()
            self._told.now = self._alerted.now = now
            if self._killed:
                self._stories = StoriesStage(FewNames())
                self._stories.restore(self._told)
            self._stories.handle([self._record(REPORTS.name, encode(report))], self._told)
            change = self._told.emitted[-1][2]
            assert isinstance(change, Change)
            self.changes.append(change)
            before = len(self._alerted.emitted)
            self._match.handle([self._record(CHANGES.name, encode(change))], self._alerted)
            alerts = [message for _, _, message in self._alerted.emitted[before:] if isinstance(message, Alert)]
            await self.desk.ring(*alerts)
            await self.desk.time.advance(seconds=10)

    def _record(self, topic: str, value: bytes) -> Record:
        return Record(topic, 0, next(self._numbers), "0", value)

    @property
    def said(self) -> list[tuple[str, str]]:
        """Kind and thread of every message."""
        return [(parcel.kind, parcel.thread) for parcel in self.channel.taken]

    @property
    def stories(self) -> list[str]:
        """Every story there was, in order of its first change."""
        return list(dict.fromkeys(change.story.id for change in self.changes))


def dawn(report: Report, hours: float = 0) -> Report:
    """The report as published so many hours after the tests' dawn."""
    return report.model_copy(update={"published": DAWN + timedelta(hours=hours)})
