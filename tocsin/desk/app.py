"""The daemon's web face: the first page, liveness, readiness and metrics. Feed text is text: every template escapes."""

from collections.abc import Awaitable, Callable, Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from schemas.alert import Receipt
from schemas.report import Report
from schemas.story import Story
from tocsin.health import Health
from tocsin.metrics import Metrics

Stories = Callable[[], Awaitable[Sequence[tuple[Story, Report]]]]
Receipts = Callable[[], Awaitable[Sequence[Receipt]]]

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_TEMPLATES = Environment(loader=PackageLoader("tocsin.desk"), autoescape=True, undefined=StrictUndefined)


async def _harden(request: Request, call_next: RequestResponseEndpoint) -> Response:
    """Nothing but our own style sheet may be loaded, and no page may frame us."""
    response = await call_next(request)
    response.headers.update(
        {"content-security-policy": _POLICY, "x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
    )
    return response


def build(
    health: Health, metrics: Metrics, stories: Stories, receipts: Receipts, doors: Sequence[Route] = ()
) -> Starlette:
    """The web application over what it may ask for; `doors` are where answers to alerts come in."""

    async def now(_: Request) -> Response:
        page = _TEMPLATES.get_template("now.html")
        words = page.render(health=health.lines(), stories=await stories(), receipts=await receipts())
        return HTMLResponse(words)

    async def livez(_: Request) -> Response:
        return PlainTextResponse("\n".join(health.lines()) + "\n", status_code=200 if health.live else 503)

    async def readyz(_: Request) -> Response:
        return PlainTextResponse("\n".join(health.lines()) + "\n", status_code=200 if health.ready else 503)

    async def exposition(_: Request) -> Response:
        return Response(metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    routes = [
        *doors,
        Route("/", now),
        Route("/livez", livez),
        Route("/readyz", readyz),
        Route("/metrics", exposition),
        Mount("/static", StaticFiles(packages=[("tocsin.desk", "static")])),
    ]
    return Starlette(routes=routes, middleware=[Middleware(BaseHTTPMiddleware, dispatch=_harden)])
