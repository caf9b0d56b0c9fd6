"""Now, and one story: what is ringing, who said what of it, and what it rang."""

from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from alert.lone import lone, slips
from tocsin.desk import telling
from tocsin.desk.asking import asked
from tocsin.desk.drawing import charts, sparkline
from tocsin.desk.face import Face

MUTE: Final = timedelta(hours=24)


def routes(face: Face) -> list[Route]:
    """`/` and `/story/…`."""

    async def now(request: Request) -> Response:
        query = request.query_params.get("query", "").strip()
        wrong = slips(query, face.wanted().origin) if query else []
        one = lone(query, face.wanted().origin) if query and not wrong else None
        rows = [] if wrong else await face.pages.stories(one=one)
        return face.page("now.html", rows=rows, receipts=await face.pages.receipts(), query=query, wrong=wrong)

    async def story(request: Request) -> Response:
        id = request.path_params["id"]
        changes = await face.pages.story(id)
        if not changes:
            return face.page("missing.html", status=404)
        texts = [(change, *telling.title_and_text(change.report)) for change in reversed(changes)]
        times = [change.report.published or change.story.last_seen for change in changes]
        return face.page(
            "story.html", story=face.pages.as_of_now(changes[-1].story), texts=texts, claims=telling.claims(changes),
            line=sparkline(times), charts=charts(changes), receipts=await face.pages.rung(id),
        )  # fmt: skip

    async def mute(request: Request) -> Response:
        id = request.path_params["id"]
        at = face.clock.now()
        await face.act(asked("mute", request.path_params["destination"], at, story=id, until=at + MUTE))
        return RedirectResponse(f"/story/{id}", status_code=303)

    return [
        Route("/", now), Route("/story/{id}", story), Route("/story/{id}/mute/{destination}", mute, methods=["POST"])
    ]  # fmt: skip
