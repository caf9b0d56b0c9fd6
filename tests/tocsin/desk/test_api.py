"""The desk for programs: stories, alerts, items in; and the document that describes it."""

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from schemas.codec import decode_as
from schemas.errors import Unreadable
from schemas.item import Item
from schemas.ports import Task
from schemas.topics import ALERTS, ITEMS
from tests.alert.build import DAWN, alert
from tests.tocsin.desk.face import World, locked
from tocsin.desk.api import read_items
from tocsin.desk.openapi import document

BEARER = {"authorization": "Bearer open sesame"}


async def test_stories_and_alerts_are_as_the_document_says() -> None:
    spec = document()
    world = await World().filled()
    async with world.http() as http:
        assert (await http.get("/api/openapi.json")).json() == spec
        for path, real in (
            ("/api/stories", "/api/stories"),
            ("/api/stories/{id}", "/api/stories/st1"),
            ("/api/alerts", "/api/alerts?subscription=dprk-troops"),
        ):
            answer = spec["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            given = (await http.get(real)).json()
            assert given
            Draft202012Validator({**answer, "components": spec["components"]}).validate(given)
        missing = await http.get("/api/stories/none")
        assert (missing.status_code, missing.headers["content-type"]) == (404, "application/problem+json")
        assert (await http.get("/api/alerts?subscription=other")).json() == []


def test_the_document_is_good_openapi() -> None:
    validate(document())


async def test_items_come_in_once() -> None:
    world = await World(locked()).filled()
    lines = '{"id": "a", "title": "One"}\n\n{"id": "b", "text": "Two"}\n'
    async with world.http(headers=BEARER) as http:
        first, again = [await http.post("/api/items?backfill=1", content=lines) for _ in range(2)]
    assert (first.status_code, first.json()) == (202, {"items": 2, "new": 2})
    assert again.json() == {"items": 2, "new": 0}
    items = [decode_as(record, Item) async for record in world.log.history(ITEMS)]
    assert [(item.id, item.alertable) for item in items] == [("a", False), ("b", False)]


@pytest.mark.parametrize("line", ["{", "[]", '{"id": "a"}', '{"title": 3}', "\udcff"])
async def test_a_bad_line_is_told_and_nothing_is_let_in(line: str) -> None:
    world = await World(locked()).filled()
    async with world.http(headers=BEARER) as http:
        body = b'{"title": "good"}\n' + line.encode("utf-8", "surrogateescape")
        answer = await http.post("/api/items", content=body)
    assert answer.status_code == 422
    assert "line 2" in answer.json()["detail"]
    assert [record async for record in world.log.history(ITEMS)] == []


@given(st.binary(max_size=300))
def test_any_bytes_are_items_or_a_reason(body: bytes) -> None:
    try:
        read_items(body)
    except Unreadable as error:
        assert str(error).startswith("line ")


@pytest.mark.parametrize(
    "path",
    ["/api/stories?limit=0", "/api/alerts?limit=501", "/api/alerts?limit=٣", "/api/query"],
)
async def test_a_wrong_parameter_is_said(path: str) -> None:
    world = await World().filled()
    async with world.http() as http:
        answer = await http.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


@pytest.mark.parametrize("query", ["", "?backfill=maybe"])
async def test_no_item_at_all_is_a_mistake(query: str) -> None:
    world = await World(locked()).filled()
    async with world.http(headers=BEARER) as http:
        assert (await http.post(f"/api/items{query}", content="\n")).status_code == 422


def test_the_document_says_what_the_gate_says() -> None:
    for path in document()["paths"].values():
        for operation in path.values():
            assert {"401", "403", "421", "429"} <= set(operation["responses"])
    answer = document()["paths"]["/api/alerts"]["get"]["responses"]["200"]
    assert set(answer["content"]) == {"application/json", "text/event-stream"}


async def test_a_query_is_judged_as_it_is_typed() -> None:
    spec = document()
    shape = spec["paths"]["/api/query"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    world = await World().filled()
    async with world.http() as http:
        good = (await http.get("/api/query", params={"query": "troops actor:KP"})).json()
        bad = (await http.get("/api/query", params={"query": "actor:KP AND plce:RU"})).json()
    assert good == {"good": True, "full": "troops AND actor:KP", "slips": []}
    assert (bad["good"], bad["slips"][0]["start"], bad["slips"][0]["end"]) == (False, 13, 17)
    assert "^^^^" in bad["slips"][0]["shown"]
    for answer in (good, bad):
        Draft202012Validator({**shape, "components": spec["components"]}).validate(answer)


async def test_alerts_are_told_as_they_come() -> None:
    world = await World().filled()
    messages = asyncio.Queue[str]()
    scope = {
        "type": "http", "method": "GET", "path": "/api/alerts", "raw_path": b"/api/alerts", "query_string": b"",
        "headers": [(b"host", b"127.0.0.1"), (b"accept", b"text/event-stream")], "scheme": "http",
        "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1), "root_path": "", "http_version": "1.1",
    }  # fmt: skip

    async def receive() -> dict[str, object]:
        await asyncio.sleep(3600)
        return {"type": "http.disconnect"}

    async def send(message: dict[str, object]) -> None:
        body = message.get("body", b"")
        if isinstance(body, bytes) and body:
            await messages.put(body.decode())

    serving = asyncio.create_task(world.app(scope, receive, send))  # type: ignore[arg-type]
    try:
        assert (await messages.get()).startswith("retry: ")
        async with world.log.unit(Task("match", 0)) as unit:
            unit.emit(ALERTS, "desk", alert(key="st2", at=DAWN.replace(year=2099)))
        async with asyncio.timeout(10):
            while not (told := await messages.get()).startswith("id: "):
                pass
        assert told.startswith("id: 2\n")
        assert json.loads(told.split("data: ")[1])["story"]["id"] == "st2"
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
