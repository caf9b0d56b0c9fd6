"""The daemon's web face: pages for people, an API, probes and metrics. Feed text is only text: templates escape it."""

from typing import Final

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from schemas.errors import Unreadable
from tocsin.desk import api, running, stories, wanted
from tocsin.desk.face import TEMPLATES, Face
from tocsin.desk.forms import field

LONGEST: Final = 20_000
"""Characters of a text that is explained."""


def build(face: Face) -> Starlette:
    """The web application."""
    routes = [
        *face.doors,
        *stories.routes(face),
        *wanted.routes(face),
        *running.routes(face),
        *_texts(face),
        *api.routes(face),
        Mount("/static", StaticFiles(packages=[("tocsin.desk", "static")])),
    ]
    gate = Middleware(BaseHTTPMiddleware, dispatch=face.gate)
    return Starlette(routes=routes, middleware=[gate], exception_handlers={Unreadable: api.refused})


def _texts(face: Face) -> list[Route]:
    async def explain(request: Request) -> Response:
        text = (await field(request, "text"))[:LONGEST]
        lines = await face.explain(text) if text.strip() else ()
        return face.page("explain.html", text=text, lines=lines)

    async def login(request: Request) -> Response:
        given = await field(request, "token")
        if given and (wait := face.gate.patience.wait(request)):
            return _login(f"Too many wrong tokens; try again in {wait:.0f} seconds.", 429, wait)
        if given and (let_in := face.gate.login(request, given)):
            return let_in
        return _login("That is not the token." if given else "")

    both = ["GET", "POST"]
    return [Route("/explain", explain, methods=both), Route("/login", login, methods=both)]


def _login(wrong: str, status: int = 200, wait: float = 0.0) -> Response:
    page = TEMPLATES.get_template("login.html").render(wrong=wrong)
    return HTMLResponse(page, status, headers={"retry-after": f"{wait:.0f}"} if wait else None)
