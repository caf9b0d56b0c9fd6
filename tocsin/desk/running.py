"""Is tocsin well? Feeds, the pipeline over time, destinations, dead letters with a way back; probes and metrics."""

from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from tocsin.desk.drawing import line
from tocsin.desk.face import Face
from tocsin.operate.dead import UnknownLetter

FLOW: Final = ("ingest", "understand", "stories", "match", "deliver")
SLOW: Final = 10.0
"""Seconds behind that a full picture means at least: a flat line stays flat."""


def routes(face: Face) -> list[Route]:
    """`/feeds`, `/pipeline`, a retry, and the probes."""

    async def feeds(_: Request) -> Response:
        return face.page("feeds.html", feeds=await face.pages.feeds())

    async def pipeline(_: Request) -> Response:
        return face.page(
            "pipeline.html", ill=[line for line in face.health.lines() if not line.endswith(": ok")],
            stages=await stages(face), letters=await face.pages.dead(),
            outlooks=[(each, standing(face, each.name)) for each in await face.pages.outlooks()],
            arrivals=await face.pages.arrivals(),
        )  # fmt: skip

    async def retry(request: Request) -> Response:
        try:
            await face.pages.retry(request.path_params["id"])
        except UnknownLetter:
            return face.page("missing.html", status=404)
        return RedirectResponse("/pipeline", status_code=303)

    return [
        Route("/feeds", feeds), Route("/pipeline", pipeline), Route("/dead/{id}/retry", retry, methods=["POST"]),
        *_probes(face),
    ]  # fmt: skip


async def stages(face: Face) -> list[dict[str, object]]:
    """Each stage: how far behind now, and over the last hours."""
    found: list[dict[str, object]] = []
    lags = sorted(await face.pages.lag(), key=lambda lag: _flow(lag.task.stage))
    for lag in lags:
        trend = face.trends.of(lag.task.stage)
        found.append(
            {"name": lag.task.stage, "records": lag.records, "seconds": lag.seconds,
             "behind": line(trend.behind, top=SLOW), "most_behind": max((y for _, y in trend.behind), default=0.0),
             "pace": line(trend.pace), "now": trend.pace[-1][1] if trend.pace else None}
        )  # fmt: skip
    return found


def _flow(stage: str) -> int:
    """Where a stage stands in the flow; what is no stage of ours comes last."""
    return FLOW.index(stage) if stage in FLOW else len(FLOW)


def standing(face: Face, destination: str) -> str:
    """What this process knows of a destination beside its ledger: a breaker that is open."""
    _, detail = face.health.parts.get(f"destination {destination}", (None, ""))
    return detail


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
