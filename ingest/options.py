"""How the ingest worker behaves, and what it is told from outside."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ingest.fetch import Auth
from ingest.state import Policy
from schemas.alert import Alert
from schemas.item import Item

Sleep = Callable[[float], Awaitable[None]]
Notice = Callable[[str, str, str, datetime], Alert]
"""(subject, headline, detail, now) → the alert that tells the operator."""


@dataclass(frozen=True, slots=True)
class Options:
    """How the worker behaves."""

    policy: Policy = field(default_factory=Policy)
    budget: float = 20.0
    """Looks a second over all feeds of this process."""
    most_at_once: int = 64
    auth: Mapping[str, Auth] = field(default_factory=dict, repr=False)
    """Feed address → credentials. They never travel, and never cross hosts."""
    parsers: int = 1
    """Processes for documents that are large or ill-formed."""
    notice: Notice | None = None
    """How to tell the operator that feeds are ill."""
    crowded: Callable[[], str] = lambda: ""
    """Why no feed is to be looked at now (what was fetched piles up unread); "" when all is well."""
    wants_article: Callable[[Item], bool] = lambda item: False
    """Whether somebody wants the article behind a new item, besides feeds that always do. May take milliseconds."""
    on_item: Callable[[Item], None] | None = None
    """Told of every item once it is committed, for the metrics."""
    on_feeds: Callable[[Mapping[str, int]], None] | None = None
    """Told now and then how many feeds are in which condition."""
