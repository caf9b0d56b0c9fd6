"""The desk for other programs: stories and alerts as JSON, alerts as they come (SSE), items in."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from schemas.alert import Alert, Receipt
from schemas.door import item_of
from schemas.errors import TocsinError, Unreadable
from schemas.item import Item
from schemas.story import Change, Story
from tocsin.desk.forms import body as body_of
from tocsin.desk.openapi import MOST, document
from tocsin.desk.pages import Pages

Push = Callable[[Sequence[Item], bool], Awaitable[int]]
"""Items into the log (`backfill`: they never ring) → how many ids were new."""
LARGEST: Final = 10_000_000
"""Bytes of one POST."""
POLL: Final = 1.0
"""Seconds between two looks for new alerts."""


def routes(pages: Pages, push: Push) -> list[Route]:
    """Everything under `/api/`."""

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
            return StreamingResponse(_stream(pages, request), media_type="text/event-stream")
        found = pages.alerts(request.query_params.get("subscription"), limit=_limit(request))
        return JSONResponse([_plain(alert) async for alert in found])

    async def items(request: Request) -> Response:
        return await _let_in(request, push)

    async def openapi(_: Request) -> Response:
        return JSONResponse(document())

    return [
        Route("/api/stories", stories),
        Route("/api/stories/{id}", story),
        Route("/api/alerts", alerts),
        Route("/api/items", items, methods=["POST"]),
        Route("/api/openapi.json", openapi),
    ]


async def _let_in(request: Request, push: Push) -> Response:
    body = await body_of(request, LARGEST)
    if body is None:
        return _problem(413, f"more than {LARGEST} bytes in one request")
    try:
        given = read_items(body)
    except Unreadable as error:
        return _problem(422, str(error))
    try:
        fresh = await push(given, request.query_params.get("backfill") in ("1", "true", "yes"))
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
    return found


async def _stream(pages: Pages, request: Request) -> AsyncIterator[str]:
    """Alerts from now on, oldest first, one event each; a comment every so often keeps proxies from hanging up."""
    wanted = request.query_params.get("subscription")
    since, told = datetime.now(UTC), set[str]()
    yield ": alerts from now on\n\n"
    while not await request.is_disconnected():
        new = [alert async for alert in pages.alerts(wanted, limit=MOST) if alert.created >= since]
        for alert in reversed([alert for alert in new if alert.id not in told]):
            told.add(alert.id)
            yield f"id: {alert.id}\nevent: alert\ndata: {json.dumps(_plain(alert), ensure_ascii=False)}\n\n"
        if not new:
            yield ":\n\n"
        await asyncio.sleep(POLL)


def _limit(request: Request) -> int:
    given = request.query_params.get("limit", "50")
    return min(max(int(given), 1), MOST) if given.isascii() and given.isdigit() and len(given) < 6 else 50


def _plain(message: Story | Change | Alert | Receipt) -> dict[str, Any]:
    return message.model_dump(mode="json")


def _problem(status: int, detail: str) -> Response:
    """RFC 9457."""
    return JSONResponse({"status": status, "detail": detail}, status, media_type="application/problem+json")
