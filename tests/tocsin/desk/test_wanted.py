"""Subscriptions on the desk: listed, silenced, and tried before they are saved."""

from datetime import timedelta

import pytest
import yaml

from alert.delivery.state import Condition, Silence
from schemas.ports import Task
from tests.alert.build import DAWN
from tests.tocsin.desk.face import World
from tocsin.desk.wanted import as_yaml


async def read(world: World, path: str) -> str:
    async with world.http() as http:
        answer = await http.get(path)
        assert answer.status_code == 200
        return answer.text


async def test_each_is_listed_with_what_it_rang_and_expects() -> None:
    page = await read(await World().filled(), "/subscriptions")
    for shown in ("<h2>Troops</h2>", "actor:KP", "dprk · high · to desk · enabled", "expected 1 per 30d"):
        assert shown in page


async def test_one_is_silenced_and_the_silence_ended() -> None:
    world = await World().filled()
    async with world.http() as http:
        answer = await http.post("/subscriptions/dprk/silence", data={"hours": "24"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/subscriptions")
        await http.post("/subscriptions/dprk/silence")
    begun, ended = world.acted
    assert (begun.kind, begun.destination, begun.subscription) == ("silence", "desk", "dprk")
    assert begun.until == world.clock.now() + timedelta(hours=24)
    assert (ended.kind, ended.subscription, ended.until) == ("unsilence", "dprk", None)


@pytest.mark.parametrize(("name", "hours"), [("nobody", "24"), ("dprk", "9999"), ("dprk", "x")])
async def test_what_is_not_there_or_not_offered_is_not_silenced(name: str, hours: str) -> None:
    world = await World().filled()
    async with world.http() as http:
        assert (await http.post(f"/subscriptions/{name}/silence", data={"hours": hours})).status_code == 404
    assert world.acted == []


async def test_silences_are_listed() -> None:
    world = await World().filled()
    silence = Silence(id="s", subscription="dprk", until=DAWN + timedelta(hours=1), by="anna", note="<i>drill</i>")
    async with world.log.unit(Task("deliver", 0)) as unit:
        condition = Condition(destination="desk", silences=(silence,))
        unit.put("condition/desk", condition.model_dump(mode="json", exclude_defaults=True))
    page = await read(world, "/subscriptions")
    assert "desk: dprk until 2025-04-28 07:00 UTC, by anna" in page
    assert "&lt;i&gt;drill" in page
    assert "End the silence of dprk" in page


async def test_a_query_is_tried_on_the_history() -> None:
    page = await read(await World().filled(), "/try?query=actor:KP")
    assert "1 story in 2 reports" in page
    assert page.count("<rect") == 31
    assert '<a href="/story/st1"' in page
    assert "match: &#34;actor:KP&#34;" in page


async def test_a_wrong_query_is_shown_with_a_caret() -> None:
    page = await read(await World().filled(), "/try?query=actor:KP+AND+plce:RU")
    assert "^^^^" in page
    assert "<h2>Newest hits" not in page


async def test_now_shows_only_what_a_query_wants() -> None:
    world = await World().filled()
    assert "/story/st1" in (await read(world, "/?query=actor:KP")).split("<h2>Deliveries")[0]
    missing = await read(world, "/?query=actor:RU")
    assert "No story in what is kept matches" in missing
    assert "^^" in await read(world, "/?query=actor:XX")


@pytest.mark.parametrize("query", ['"north korea" OR كوريا', "say: 'x' # y", "a\\b"])
def test_the_file_to_keep_says_the_same_query(query: str) -> None:
    assert yaml.safe_load(as_yaml(query))["subscriptions"][0]["match"] == query
