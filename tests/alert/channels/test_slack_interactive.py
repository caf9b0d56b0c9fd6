"""Buttons and forms in Slack become Actions: once, by the right person, for the right destination."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.signature import SignatureVerifier

from alert.channels import Services, build
from alert.channels.slack.interactive import heard
from alert.channels.slack.signature import refusal
from alert.listening import listeners
from alert.matching import alert_id
from schemas.alert import Action
from schemas.settings import Destination
from tests.alert.build import DAWN
from tests.alert.channels.socket_server import SocketServer
from tocsin.clock import SystemClock

PLACES = {"C0ALERTS00": "east-asia"}


def press(
    button: str = "acknowledge", value: str = "st1:3", channel: str = "C0ALERTS00", **more: Any
) -> dict[str, Any]:
    """A block_actions payload as Slack sends it."""
    return {
        "type": "block_actions", "team": {"id": "T1"}, "user": {"id": "U1", "username": "anna", "name": "anna"},
        "channel": {"id": channel}, "trigger_id": "13345224609.738474920.8088930838d88f008e0",
        "actions": [{"action_id": f"tocsin.{button}", "value": value, "action_ts": "1745827931.000200"}], **more,
    }  # fmt: skip


def submission(scope: str = "story", span: str = "4h", note: str | None = "planned exercise") -> dict[str, Any]:
    """The silence form, sent in."""
    chosen = {"scope": {"scope": {"selected_option": {"value": scope}}},
              "span": {"span": {"selected_option": {"value": span}}}, "note": {"note": {"value": note}}}  # fmt: skip
    return {
        "type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1", "name": "anna"},
        "view": {"id": "V1", "callback_id": "tocsin.silence", "state": {"values": chosen},
                 "private_metadata": json.dumps({"channel": "C0ALERTS00", "story": "st1"})},
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["acknowledge", "mute", "unmute", "feedback"])
def test_a_button_is_an_action_of_the_person_who_pressed_it(kind: str) -> None:
    action = heard(press(kind), PLACES, DAWN).action
    assert action is not None
    assert (action.kind, action.destination, action.story, action.by, action.origin) == (
        kind, "east-asia", "st1", "anna", "slack")  # fmt: skip
    assert action.until == (DAWN + timedelta(hours=24) if kind == "mute" else None)
    assert action.alert == alert_id("east-asia", "st1", 3)


@pytest.mark.parametrize("revision", ["", "\u00b2", "-1", "9" * 30, "three"])
def test_a_revision_that_is_no_number_names_no_alert(revision: str) -> None:
    action = heard(press(value=f"st1:{revision}"), PLACES, DAWN).action
    assert action is None or action.alert is None


def test_the_same_press_heard_twice_is_one_action() -> None:
    first, second = (heard(press(), PLACES, DAWN + timedelta(seconds=n)).action for n in (0, 9))
    assert first is not None
    assert second is not None
    assert first.id == second.id
    assert first.id != getattr(heard(press("mute"), PLACES, DAWN).action, "id", None)


def test_a_value_from_another_channel_acts_on_nothing() -> None:
    found = heard(press(channel="C0ELSE0000"), PLACES, DAWN)
    assert found.action is None
    assert "no destination" in found.ignored


def test_silence_asks_first_and_then_is_an_action_with_its_reason() -> None:
    asked = heard(press("silence"), PLACES, DAWN).reply
    assert asked is not None
    assert asked.method == "views.open"
    assert json.loads(asked.body["view"]["private_metadata"]) == {"channel": "C0ALERTS00", "story": "st1"}
    action = heard(submission(), PLACES, DAWN).action
    assert action is not None
    assert (action.kind, action.story, action.note) == ("silence", "st1", "planned exercise")
    assert action.until == DAWN + timedelta(hours=4)
    everything = heard(submission(scope="all", note=None), PLACES, DAWN).action
    assert everything is not None
    assert everything.story is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=12,
)


@given(st.sampled_from(["block_actions", "view_submission", "x"]), st.dictionaries(
    st.sampled_from(["actions", "channel", "user", "view", "team", "trigger_id"]), JSON))  # fmt: skip
def test_no_payload_breaks_the_ear(kind: str, payload: dict[str, Any]) -> None:
    assert heard({"type": kind, **payload}, PLACES, DAWN).action is None


def test_a_signature_is_believed_exactly_when_slacks_own_code_believes_it() -> None:
    body, secret = b"payload=%7B%7D", "8f742231b10e8888abcd99yyyzzz85a5"
    stamp = str(int(DAWN.timestamp()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body)
    headers = {"x-slack-request-timestamp": stamp, "x-slack-signature": str(signature)}
    assert refusal(secret, headers, body, DAWN) is None
    assert refusal(secret, headers, body + b" ", DAWN) == "wrong signature"
    assert refusal("other", headers, body, DAWN) == "wrong signature"
    assert refusal(secret, headers, body, DAWN + timedelta(minutes=6)) == "too old"
    assert refusal(secret, {}, body, DAWN) == "no timestamp"
    assert refusal(secret, {**headers, "x-slack-signature": "v0=é"}, body, DAWN) == "wrong signature"


@asynccontextmanager
async def listening(server: SocketServer) -> AsyncIterator[asyncio.Queue[Action]]:
    """The socket of an app with one channel; yields where its actions come out."""
    options = {"channel": "C0ALERTS00", "token": "xoxb-test", "app_token": "xapp-test", "api_url": server.api_url}
    clock = SystemClock()
    channel = build("east-asia", Destination(kind="slack", options=options), Services(clock))
    actions: asyncio.Queue[Action] = asyncio.Queue()
    (ear,) = listeners({"east-asia": channel}, actions.put, clock)
    running = asyncio.create_task(ear.run())
    try:
        yield actions
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await channel.close()


async def test_a_press_over_the_socket_is_logged_then_acknowledged_then_answered() -> None:
    async with SocketServer() as server, listening(server) as actions:
        await server.send({"envelope_id": "e1", "type": "interactive", "payload": press("mute")})
        assert await asyncio.wait_for(server.acks.get(), 10) == "e1"
        assert actions.get_nowait().kind == "mute"
        await server.send({"envelope_id": "e2", "type": "events_api", "payload": {"type": "event_callback"}})
        assert await asyncio.wait_for(server.acks.get(), 10) == "e2"
        assert [method for method, _ in server.calls] == ["apps.connections.open", "chat.postEphemeral"]


async def test_slack_asking_for_a_new_connection_gets_one() -> None:
    async with SocketServer() as server, listening(server) as actions:
        await server.send({"type": "disconnect", "reason": "refresh_requested"})
        await server.hang_up()
        await server.send({"envelope_id": "e3", "type": "interactive", "payload": press()})
        assert (await asyncio.wait_for(actions.get(), 10)).kind == "acknowledge"
        assert server.opened == 2


def test_without_an_app_token_there_is_no_ear_and_no_button() -> None:
    options = {"channel": "C0ALERTS00", "token": "xoxb-test"}
    channel = build("a", Destination(kind="slack", options=options), Services(SystemClock()))
    assert listeners({"a": channel}, lambda action: asyncio.sleep(0), SystemClock()) == []
