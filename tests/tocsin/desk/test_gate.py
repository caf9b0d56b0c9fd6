"""Who may ask the desk for what."""

import httpx
import pytest
from starlette.requests import Request

from schemas.settings import Desk
from tests.tocsin.desk.face import World, locked
from tocsin.desk.gate import HEADERS
from tocsin.desk.patience import ADDRESSES, Patience

BEARER = {"authorization": "Bearer open sesame"}


async def test_without_a_token_the_loopback_may_read_everything() -> None:
    async with World().http() as http:
        for path in ("/", "/feeds", "/pipeline", "/subscriptions", "/explain", "/api/stories", "/metrics", "/livez"):
            assert (await http.get(path)).status_code == 200, path


async def test_every_answer_forbids_what_is_not_ours() -> None:
    async with World().http() as http:
        for path in ("/", "/livez", "/nothing"):
            response = await http.get(path)
            assert {name: response.headers[name] for name in HEADERS} == HEADERS


@pytest.mark.parametrize("base", ["http://evil.example", "http://127.0.0.1.evil.example:8765"])
async def test_by_another_name_it_does_not_answer(base: str) -> None:
    async with World().http(base) as http:
        assert (await http.get("/")).status_code == 421
        assert (await http.get("/livez")).status_code == 200


async def test_it_answers_to_its_public_name() -> None:
    async with World(Desk(public_url="https://desk.example/")).http("https://desk.example") as http:
        assert (await http.get("/")).status_code == 200


async def test_with_a_token_a_stranger_is_sent_to_the_login_and_a_program_is_told() -> None:
    async with World(locked()).http() as http:
        page = await http.get("/")
        assert (page.status_code, page.headers["location"]) == (303, "/login")
        assert (await http.get("/api/stories")).status_code == 401
        assert (await http.get("/metrics")).status_code == 401
        assert (await http.get("/readyz")).status_code == 200
        assert (await http.get("/api/stories", headers=BEARER)).status_code == 200
        assert (await http.get("/api/stories", headers={"authorization": "Bearer wrong"})).status_code == 401


async def test_a_person_logs_in_once() -> None:
    async with World(locked()).http() as http:
        wrong = await http.post("/login", data={"token": "guess"})
        assert "not the token" in wrong.text
        assert (await http.get("/")).status_code == 303
        let_in = await http.post("/login", data={"token": "open sesame"})
        assert let_in.status_code == 303
        cookie = let_in.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert "sesame" not in cookie
        assert (await http.get("/")).status_code == 200


async def test_guessing_is_borne_for_a_while_only() -> None:
    now = [0.0]
    world = World(locked())
    world.gate.patience.now = lambda: now[0]
    async with world.http() as http:
        for _ in range(5):
            assert (await http.post("/login", data={"token": "guess"})).status_code == 200
            assert (await http.get("/api/stories", headers={"authorization": "Bearer guess"})).status_code == 401
        for answer in (
            await http.post("/login", data={"token": "open sesame"}),
            await http.get("/api/stories", headers=BEARER),
            await http.get("/", headers={"cookie": "tocsin=guess"}),
        ):
            assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
        assert (await http.get("/livez")).status_code == 200
        now[0] = 61.0
        assert (await http.get("/api/stories", headers=BEARER)).status_code == 200


async def test_a_cookie_of_an_old_token_is_taken_back_and_counted() -> None:
    world = World(locked())
    async with world.http() as http:
        answer = await http.get("/", headers={"cookie": "tocsin=old"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/login")
        assert 'tocsin=""' in answer.headers["set-cookie"]


def test_only_so_many_addresses_are_remembered() -> None:
    patience = Patience(lambda: 0.0)
    for number in range(ADDRESSES + 50):
        scope = {"type": "http", "headers": [], "client": (f"10.0.{number // 256}.{number % 256}", 1)}
        patience.was_wrong(Request(scope))
    assert len(patience._wrong) == ADDRESSES


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}])
async def test_a_form_of_another_site_does_nothing(headers: dict[str, str]) -> None:
    world = await World().filled()
    async with world.http() as http:
        answer = await http.post("/story/st1/mute/desk", headers=headers)
        assert (answer.status_code, world.acted) == (403, [])


async def test_items_are_let_in_with_a_token_only() -> None:
    async with World().http() as http:
        assert (await http.post("/api/items", content='{"title": "a"}')).status_code == 403
    async with World(locked()).http() as http:
        assert (await http.post("/api/items", content='{"title": "a"}')).status_code == 401


async def test_whoever_listens_everywhere_answers_to_any_name() -> None:
    async with World(locked(listen="0.0.0.0:8765")).http("http://tocsin.lan:8765") as http:
        response: httpx.Response = await http.get("/api/stories", headers=BEARER)
        assert response.status_code == 200
