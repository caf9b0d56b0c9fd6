"""The daemon's web face: pages for people, an API, probes and metrics. Feed text is only text: templates escape it."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from schemas.alert import Action
from schemas.ports import Clock
from tocsin.desk import api, telling
from tocsin.desk.forms import field
from tocsin.desk.gate import Gate
from tocsin.desk.pages import Pages
from tocsin.health import Health
from tocsin.metrics import Metrics

_TEMPLATES = Environment(loader=PackageLoader("tocsin.desk"), autoescape=True, undefined=StrictUndefined)
LONGEST: Final = 20_000
"""Characters of a text that is explained."""
MUTE: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Standing:
    """A subscription as the desk lists it."""

    id: str
    title: str
    query: str
    severity: str
    notify: tuple[str, ...]
    enabled: bool


@dataclass(frozen=True)
class Face:
    """What the desk shows and what it may do."""

    gate: Gate
    health: Health
    metrics: Metrics
    pages: Pages
    clock: Clock
    push: api.Push
    act: Callable[[Action], Awaitable[None]]
    explain: Callable[[str], Sequence[str]]
    """Why a text would ring or not, line by line; run off the event loop."""
    subscriptions: Callable[[], Sequence[Standing]]
    doors: Sequence[Route] = ()


def build(face: Face) -> Starlette:
    """The web application."""
    routes = [
        *face.doors,
        *_pages(face),
        *api.routes(face.pages, face.push),
        *_probes(face),
        Mount("/static", StaticFiles(packages=[("tocsin.desk", "static")])),
    ]
    return Starlette(routes=routes, middleware=[Middleware(BaseHTTPMiddleware, dispatch=face.gate)])


def _page(name: str, face: Face, *, status: int = 200, **shown: Any) -> Response:
    words = _TEMPLATES.get_template(name).render(health=face.health.lines(), ready=face.health.ready, **shown)
    return HTMLResponse(words, status)


def _pages(face: Face) -> list[Route]:
    async def now(_: Request) -> Response:
        return _page("now.html", face, rows=await face.pages.stories(), receipts=await face.pages.receipts())

    async def story(request: Request) -> Response:
        changes = await face.pages.story(request.path_params["id"])
        if not changes:
            return _page("missing.html", face, status=404)
        texts = [(change, *telling.title_and_text(change.report)) for change in reversed(changes)]
        times = [change.report.published or change.story.last_seen for change in changes]
        now = face.pages.as_of_now(changes[-1].story)
        return _page(
            "story.html", face, story=now, texts=texts, claims=telling.claims(changes),
            line=telling.sparkline(times), receipts=await face.pages.rung(request.path_params["id"]),
        )  # fmt: skip

    async def mute(request: Request) -> Response:
        await face.act(_muting(request.path_params["id"], request.path_params["destination"], face.clock))
        return RedirectResponse(f"/story/{request.path_params['id']}", status_code=303)

    async def explain(request: Request) -> Response:
        text = (await field(request, "text"))[:LONGEST]
        lines = await asyncio.to_thread(face.explain, text) if text.strip() else ()
        return _page("explain.html", face, text=text, lines=lines)

    async def subscriptions(_: Request) -> Response:
        counts, last = await face.pages.last_rings()
        return _page("subscriptions.html", face, subscriptions=face.subscriptions(), counts=counts, last=last)

    async def feeds(_: Request) -> Response:
        return _page("feeds.html", face, feeds=await face.pages.feeds())

    async def pipeline(_: Request) -> Response:
        return _page("pipeline.html", face, lags=await face.pages.lag(), letters=await face.pages.dead())

    async def login(request: Request) -> Response:
        given = await field(request, "token")
        wrong = "That is not the token." if given else ""
        return face.gate.login(given) or HTMLResponse(_TEMPLATES.get_template("login.html").render(wrong=wrong))

    both = ["GET", "POST"]
    return [
        Route("/", now), Route("/story/{id}", story), Route("/story/{id}/mute/{destination}", mute, methods=["POST"]),
        Route("/explain", explain, methods=both), Route("/subscriptions", subscriptions), Route("/feeds", feeds),
        Route("/pipeline", pipeline), Route("/login", login, methods=both),
    ]  # fmt: skip


def _muting(story: str, destination: str, clock: Clock) -> Action:
    at = clock.now()
    told = f"{story}\n{destination}\n{at:%Y-%m-%dT%H:%M}"
    return Action(
        id="desk-" + hashlib.sha256(told.encode()).hexdigest()[:24], kind="mute", destination=destination, story=story,
        by="the desk", origin="desk", at=at, until=at + MUTE,
    )  # fmt: skip


def _probes(face: Face) -> list[Route]:
    health = face.health

    async def livez(_: Request) -> Response:
        return PlainTextResponse("\n".join(health.lines()) + "\n", status_code=200 if health.live else 503)

    async def readyz(_: Request) -> Response:
        return PlainTextResponse("\n".join(health.lines()) + "\n", status_code=200 if health.ready else 503)

    async def exposition(_: Request) -> Response:
        face.metrics.health(health)
        return Response(face.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return [Route("/livez", livez), Route("/readyz", readyz), Route("/metrics", exposition)]
