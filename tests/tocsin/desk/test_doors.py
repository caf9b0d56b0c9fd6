"""The doors answers come in by: signed or confirmed, or nothing happens."""

import json
from urllib.parse import urlencode

import httpx
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette

from alert.channels import Services, build
from alert.links import Linking
from schemas.alert import Action
from schemas.settings import Destination
from tests.alert.channels.test_slack_interactive import press
from tocsin.clock import SystemClock
from tocsin.desk.doors import routes

KEY, SECRET = b"k" * 32, "8f742231b10e8888abcd99yyyzzz85a5"


class World:
    """The doors of a desk with one Slack destination, and what came through them."""

    def __init__(self) -> None:
        self.acted: list[Action] = []
        options = {
            "channel": "C0ALERTS00",
            "token": "xoxb-test",
            "signing_secret": SECRET,
            "api_url": "http://127.0.0.1:9/",
        }
        clock = SystemClock()
        channels = {"east-asia": build("east-asia", Destination(kind="slack", options=options), Services(clock))}
        app = Starlette(routes=list(routes(channels, self.act, clock, KEY)))
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk")
        self.links = Linking("http://desk", KEY).links("desk-mail", "st1", 2, clock.now())

    async def act(self, action: Action) -> None:
        self.acted.append(action)

    async def slack(self, payload: dict[str, object], secret: str = SECRET) -> httpx.Response:
        body = urlencode({"payload": json.dumps(payload)})
        headers = {k: str(v) for k, v in _signed(secret, body).items()}
        return await self.http.post("/slack/interactive", content=body, headers=headers)


def _signed(secret: str, body: str) -> dict[str, object]:
    stamp = str(int(SystemClock().now().timestamp()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body)
    return {"x-slack-request-timestamp": stamp, "x-slack-signature": signature,
            "content-type": "application/x-www-form-urlencoded"}  # fmt: skip


async def test_a_signed_press_is_an_action() -> None:
    world = World()
    assert (await world.slack(press("mute"))).status_code == 200
    assert [(action.kind, action.destination) for action in world.acted] == [("mute", "east-asia")]


async def test_a_stranger_is_turned_away() -> None:
    world = World()
    assert (await world.slack(press(), secret="guess")).status_code == 401
    assert (await world.http.post("/slack/interactive", content=b"x" * 300_000)).status_code == 413
    assert world.acted == []


async def test_following_a_link_asks_and_only_the_answer_acts() -> None:
    world = World()
    asked = await world.http.get(world.links["mute"])
    assert "Mute this story" in asked.text
    assert world.acted == []
    assert "Done." in (await world.http.post(world.links["mute"])).text
    assert [(action.kind, action.destination, action.story) for action in world.acted] == [("mute", "desk-mail", "st1")]


async def test_a_forged_link_does_nothing() -> None:
    world = World()
    assert (await world.http.post("/act/AAAA")).status_code == 410
    assert world.acted == []


def test_without_secrets_there_are_no_doors() -> None:
    assert routes({}, World().act, SystemClock(), None) == []
