"""What the desk is given: everything it shows, and everything it may do."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from alert.subscriptions import SubscriptionSet
from schemas.alert import Action
from schemas.item import Item
from schemas.ports import Clock
from tocsin.desk.gate import Gate
from tocsin.desk.pages import Pages
from tocsin.desk.stream import Tail
from tocsin.health import Health
from tocsin.metrics import Metrics
from tocsin.trends import Trends

Push = Callable[[Sequence[Item], bool], Awaitable[int]]
"""Items into the log (`backfill`: they never ring) → how many ids were new."""
TEMPLATES = Environment(
    loader=PackageLoader("tocsin.desk"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)  # fmt: skip


@dataclass(frozen=True)
class Face:
    """The parts of a running tocsin that the desk may see and use."""

    gate: Gate
    health: Health
    metrics: Metrics
    pages: Pages
    clock: Clock
    push: Push
    act: Callable[[Action], Awaitable[None]]
    explain: Callable[[str], Awaitable[Sequence[str]]]
    """Why a text would ring or not and which open story it would join, line by line."""
    wanted: Callable[[], SubscriptionSet]
    """The subscriptions as they are now."""
    tail: Tail
    trends: Trends = field(default_factory=Trends)
    doors: Sequence[Route] = ()

    def page(self, name: str, *, status: int = 200, **shown: Any) -> Response:
        """A page from its template, under the frame every page has."""
        well = {"health": self.health.lines(), "ready": self.health.ready, "trouble": self.health.trouble}
        words = TEMPLATES.get_template(name).render(called=self.called, **well, **shown)
        return HTMLResponse(words, status)

    def called(self, id: str) -> str:
        """How a reader calls an entity, with its id: `North Korea (KP)`."""
        name = self.wanted().origin.names.name(id)
        return id if name == id else f"{name} ({id})"
