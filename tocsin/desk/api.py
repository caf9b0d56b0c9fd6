"""The desk for other programs: stories and alerts as JSON, alerts as they come (SSE), a query judged, items in."""

import json
from dataclasses import asdict
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from alert.lone import slips, written_out
from schemas.alert import Alert, Receipt
from schemas.door import item_of
from schemas.errors import TocsinError, Unreadable
from schemas.item import Item
from schemas.story import Change, Story
from tocsin.desk.face import Face, Push
from tocsin.desk.forms import body as body_of
from tocsin.desk.openapi import MOST, document

LARGEST: Final = 10_000_000
"""Bytes of one POST."""


def routes(face: Face) -> list[Route]:
    """Everything under `/api/`."""
    pages = face.pages

    async def stories(request: Request) -> Response:
        rows = await pages.stories(_limit(request))
        return JSONResponse([_plain(row.story) | {"severity": row.severity or None} for row in rows])

    async def story(request: Request) -> Response:
        changes = await pages.story(request.path_params["id"])
        if not changes:
            return _problem(404, "there is no such story in what is kept")
        receipts = await pages.rung(request.path_params["id"])
        plain = [_plain(change) for change in changes]
        now = _plain(pages.as_of_now(changes[-1].story))
        return JSONResponse({"story": now, "changes": plain, "receipts": [_plain(r) for r in receipts]})

    async def alerts(request: Request) -> Response:
        if "text/event-stream" in request.headers.get("accept", ""):
            return _events(face, request)
        found = pages.alerts(request.query_params.get("subscription"), limit=_limit(request))
        return JSONResponse([_plain(alert) async for alert in found])

    async def items(request: Request) -> Response:
        return await _let_in(request, face.push)

    async def query(request: Request) -> Response:
        if (given := request.query_params.get("query")) is None:
            raise Unreadable("query: say which one to judge")
        origin = face.wanted().origin
        wrong = slips(given, origin)
        full = "" if wrong else written_out(given, origin)
        return JSONResponse({"good": not wrong, "full": full, "slips": [asdict(slip) for slip in wrong]})

    async def openapi(_: Request) -> Response:
        return JSONResponse(document())

    return [
        Route("/api/stories", stories),
        Route("/api/stories/{id}", story),
        Route("/api/alerts", alerts),
        Route("/api/query", query),
        Route("/api/items", items, methods=["POST"]),
        Route("/api/openapi.json", openapi),
    ]


async def _let_in(request: Request, push: Push) -> Response:
    lane = request.query_params.get("backfill", "0")
    if lane not in ("0", "1"):
        raise Unreadable(f"backfill: {lane[:20]!r} is neither 0 nor 1")
    body = await body_of(request, LARGEST)
    if body is None:
        return _problem(413, f"more than {LARGEST} bytes in one request")
    given = read_items(body)
    try:
        fresh = await push(given, lane == "1")
    except TocsinError as error:
        return _problem(503, str(error))
    return JSONResponse({"items": len(given), "new": fresh}, status_code=202)


def read_items(body: bytes) -> list[Item]:
    """Items as JSON lines, all or none. Raises `Unreadable` with the line that is wrong."""
    found = []
    for number, line in enumerate(body.splitlines(), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
            if not isinstance(value, dict):
                raise Unreadable("not a JSON object")
            found.append(item_of(value))
        except (ValueError, RecursionError, Unreadable) as error:
            raise Unreadable(f"line {number}: {str(error)[:200]}") from error
    if not found:
        raise Unreadable("line 1: there is no item in it")
    return found


async def refused(_: Request, error: Exception) -> Response:
    """The answer to what cannot be read."""
    return _problem(422, str(error))


def _events(face: Face, request: Request) -> Response:
    """Alerts as they are written; where a listener was before, it goes on."""
    last, wanted = request.headers.get("last-event-id", ""), request.query_params.get("subscription")
    stream = face.tail.events(last, wanted, request.is_disconnected)
    return StreamingResponse(stream, media_type="text/event-stream", headers={"cache-control": "no-store"})


def _limit(request: Request) -> int:
    given = request.query_params.get("limit", "50")
    if not (given.isascii() and given.isdigit() and len(given) < 6 and 1 <= int(given) <= MOST):
        raise Unreadable(f"limit: {given[:20]!r} is no number from 1 to {MOST}")
    return int(given)


def _plain(message: Story | Change | Alert | Receipt) -> dict[str, Any]:
    return message.model_dump(mode="json")


def _problem(status: int, detail: str) -> Response:
    """RFC 9457."""
    return JSONResponse({"status": status, "detail": detail}, status, media_type="application/problem+json")
