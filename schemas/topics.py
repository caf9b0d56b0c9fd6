"""The topic table: what travels where, under which key, for how long."""

from dataclasses import dataclass
from typing import Final, Literal

from schemas.alert import Action, Alert, DeadLetter, Receipt
from schemas.base import Message
from schemas.item import Feed, Item
from schemas.report import Report
from schemas.story import Change

Retention = Literal["items", "reports", "receipts", "dead"]


@dataclass(frozen=True, slots=True)
class Topic:
    """A named stream of one message type.

    `name` is without the prefix (`tocsin.` by default); `version` is the major version of the message type;
    `retention` names the setting that bounds its age (None: compacted, kept while the key lives).
    """

    name: str
    message: type[Message]
    key: str
    written_by: str
    version: int = 1
    retention: Retention | None = None
    single: bool = False
    """True where one writer must see everything, so that the topic has one partition."""

    @property
    def compacted(self) -> bool:
        """Only the last record of a key is kept."""
        return self.retention is None


FEEDS: Final = Topic("feeds", Feed, "host url", "the configuration")
ITEMS: Final = Topic("items", Item, "host", "ingest, push", retention="items")
REPORTS: Final = Topic("reports", Report, "story shard", "understand", retention="reports", single=True)
CHANGES: Final = Topic("changes", Change, "story id", "stories", retention="reports")
ALERTS: Final = Topic("alerts", Alert, "destination", "match", retention="reports")
ACTIONS: Final = Topic("actions", Action, "destination", "Slack, desk, command line", retention="receipts")
RECEIPTS: Final = Topic("receipts", Receipt, "destination", "deliver", retention="receipts")
DEAD: Final = Topic("dead", DeadLetter, "none", "any stage", retention="dead", single=True)

TOPICS: Final = {t.name: t for t in (FEEDS, ITEMS, REPORTS, CHANGES, ALERTS, ACTIONS, RECEIPTS, DEAD)}
"""Every topic by name. The state changelogs `state.<stage>` are the log's own business."""


def route(key: str) -> str:
    """The part of a key that chooses its partition: what stands before the first space.

    A feed's key is `host url`: every feed of a host lies in one partition (so one process keeps the host's limits),
    and compaction still keeps each feed.
    """
    return key.partition(" ")[0]
