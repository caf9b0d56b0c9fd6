"""Subscriptions: what each one cost and rang, silences, and a place to try a query before it is saved."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from alert.backtest import costs_in_words
from alert.compile import Compiled
from alert.lone import LONGEST, lone, slips, written_out
from alert.query.show import show
from schemas.errors import TocsinError
from tocsin.desk.asking import asked
from tocsin.desk.drawing import bars
from tocsin.desk.face import Face
from tocsin.desk.forms import field

SILENCES: Final[Mapping[str, timedelta]] = {
    "4": timedelta(hours=4), "24": timedelta(hours=24), "168": timedelta(days=7),
}  # fmt: skip
"""Hours that may be asked for."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A subscription as the desk lists it."""

    id: str
    title: str
    query: str
    severity: str
    notify: tuple[str, ...]
    enabled: bool
    expect: str
    cost: str
    """What it costs to check, in words."""
    place: str
    """`file:line`."""


def entry(one: Compiled, cost: str) -> Entry:
    """What the list says of a subscription."""
    written = one.written
    return Entry(
        written.id, written.title, show(one.query), one.default.value, written.notify, written.enabled,
        written.expect or "", cost, f"{one.file}:{one.line}",
    )  # fmt: skip


def routes(face: Face) -> list[Route]:
    """`/subscriptions…` and `/try`."""

    async def subscriptions(_: Request) -> Response:
        wanted = face.wanted()
        costs = costs_in_words(wanted)
        entries = [entry(one, costs.get(name, "")) for name, one in sorted(wanted.compiled.items())]
        counts, last = await face.pages.last_rings()
        silences = [(each.name, silence) for each in await face.pages.outlooks() for silence in each.silences]
        return face.page(
            "subscriptions.html", subscriptions=entries, counts=counts, last=last, silences=silences, spans=SILENCES
        )

    async def silence(request: Request) -> Response:
        hours = await field(request, "hours")
        one = face.wanted().compiled.get(request.path_params["id"])
        if one is None or (hours and hours not in SILENCES):
            return face.page("missing.html", status=404)
        at = face.clock.now()
        until = at + SILENCES[hours] if hours else None
        for destination in one.written.notify:
            await face.act(
                asked("silence" if until else "unsilence", destination, at, subscription=one.written.id, until=until)
            )
        return RedirectResponse("/subscriptions", status_code=303)

    async def try_(request: Request) -> Response:
        query = request.query_params.get("query", "").strip()
        origin = face.wanted().origin
        wrong = slips(query, origin) if query else []
        found, unread = None, ""
        if query and not wrong:
            try:
                found = await face.pages.tried(lone(query, origin))
            except TocsinError as error:
                unread = str(error)
        return face.page(
            "try.html", query=query, wrong=wrong, unread=unread, found=found, longest=LONGEST,
            bars=bars(found.days) if found else [], full=written_out(query, origin) if found else "",
            yaml=as_yaml(query) if found else "",
        )  # fmt: skip

    return [
        Route("/subscriptions", subscriptions),
        Route("/subscriptions/{id}/silence", silence, methods=["POST"]),
        Route("/try", try_),
    ]


def as_yaml(query: str) -> str:
    """The query as a subscription file: the daemon's files stay the truth."""
    quoted = json.dumps(query, ensure_ascii=False)
    return f"subscriptions:\n  - id: my-subscription\n    title: …\n    match: {quoted}\n    notify: [console]\n"
