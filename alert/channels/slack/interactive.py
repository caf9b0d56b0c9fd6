"""What people press in Slack, as Actions. Pure: a payload in, what follows out.

A payload is authentic by its way (our own socket, or a checked signature); it acts only on the destination whose
channel it comes from, whatever its button's value says. Pressing twice, or Slack sending it twice, is one Action.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from alert.matching import alert_id
from alert.words.clean import clean
from schemas.alert import Action

Payload = Mapping[str, Any]

MUTE = timedelta(hours=24)
SPANS = {"1h": timedelta(hours=1), "4h": timedelta(hours=4), "1d": timedelta(days=1), "7d": timedelta(days=7),
         "30d": timedelta(days=30)}  # fmt: skip
_KINDS: dict[str, Literal["acknowledge", "mute", "unmute", "feedback", "unsilence"]] = {
    "tocsin.acknowledge": "acknowledge", "tocsin.mute": "mute", "tocsin.unmute": "unmute",
    "tocsin.feedback": "feedback", "tocsin.unsilence": "unsilence",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reply:
    """What Slack is asked in return: a method of the Web API and its body."""

    method: str
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Heard:
    """What a payload comes to."""

    action: Action | None = None
    reply: Reply | None = None
    ignored: str = ""
    """Why it comes to nothing."""


def heard(payload: Payload, places: Mapping[str, str], now: datetime) -> Heard:
    """What a payload means; `places` maps channel ids to the destinations they are. Never raises on any payload."""
    try:
        if payload.get("type") == "block_actions":
            return _pressed(payload, places, now)
        if payload.get("type") == "view_submission":
            return _submitted(payload, places, now)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        return Heard(ignored=f"not understood ({type(error).__name__})")
    return Heard(ignored="not of a kind we asked for")


def _pressed(payload: Payload, places: Mapping[str, str], now: datetime) -> Heard:
    pressed = payload["actions"][0]
    name = str(pressed["action_id"])
    channel = str((payload.get("channel") or {}).get("id", ""))
    destination = places.get(channel)
    if destination is None:
        return Heard(ignored="from a channel that is no destination of ours")
    story, _, revision = str(pressed.get("value", "")).partition(":")
    if name == "tocsin.silence":
        return Heard(reply=_ask(payload, destination, story))
    if name not in _KINDS or not _is_id(story):
        return Heard(ignored="no button of ours")
    kind = _KINDS[name]
    action = Action(
        id=_id(payload, pressed.get("action_ts"), name, story), kind=kind, destination=destination, story=story,
        alert=alert_id(destination, story, int(revision)) if _is_number(revision) else None,
        by=_who(payload), origin="slack", at=now, until=now + MUTE if kind == "mute" else None,
    )  # fmt: skip
    return Heard(action, _confirm(payload, channel, action))


def _submitted(payload: Payload, places: Mapping[str, str], now: datetime) -> Heard:
    view = payload["view"]
    if view.get("callback_id") != "tocsin.silence":
        return Heard(ignored="no form of ours")
    meta = json.loads(view["private_metadata"])
    channel, story = str(meta["channel"]), str(meta["story"])
    destination = places.get(channel)
    if destination is None or not _is_id(story):
        return Heard(ignored="from a channel that is no destination of ours")
    values = view["state"]["values"]
    scope = values["scope"]["scope"]["selected_option"]["value"]
    span = SPANS[values["span"]["span"]["selected_option"]["value"]]
    note = clean(values["note"]["note"].get("value") or "", 200)
    action = Action(
        id=_id(payload, view.get("id"), "silence", story), kind="silence", destination=destination,
        story=story if scope == "story" else None, by=_who(payload), origin="slack", at=now, until=now + span,
        note=note,
    )  # fmt: skip
    return Heard(action, _confirm(payload, channel, action))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _is_id(story: str) -> bool:
    return 0 < len(story) <= 200 and story.isprintable() and " " not in story and "/" not in story


def _who(payload: Payload) -> str:
    """The person's name as Slack gives it, or the id."""
    user = payload["user"]
    return clean(str(user.get("name") or user.get("username") or user["id"]), 60)


def _id(payload: Payload, moment: object, *parts: str) -> str:
    """The same for the same press, however often it is heard."""
    team = (payload.get("team") or {}).get("id", "")
    told = "\n".join([str(team), str(payload["user"]["id"]), str(moment), *parts])
    return "slack-" + hashlib.sha256(told.encode()).hexdigest()[:24]


def _confirm(payload: Payload, channel: str, action: Action) -> Reply:
    """A word only the person sees, with a way back where there is one."""
    said = {
        "acknowledge": "Acknowledged.",
        "mute": "Muted for 24 hours; a denial, a confirmation or a retraction still comes through.",
        "unmute": "No longer muted.",
        "feedback": "Noted: not relevant.",
        "silence": f"Silenced until {(action.until or action.at).astimezone(UTC):%Y-%m-%d %H:%M} UTC.",
        "unsilence": "No longer silenced.",
    }[action.kind]
    back = {"mute": ("tocsin.unmute", "Undo"), "silence": ("tocsin.unsilence", "Undo")}.get(action.kind)
    blocks: list[dict[str, Any]] = [{"type": "section", "text": {"type": "plain_text", "text": said}}]
    if back and action.story:
        button = {"type": "button", "action_id": back[0], "value": f"{action.story}:",
                  "text": {"type": "plain_text", "text": back[1]}}  # fmt: skip
        blocks.append({"type": "actions", "elements": [button]})
    body = {"channel": channel, "user": str(payload["user"]["id"]), "text": said, "blocks": blocks}
    return Reply("chat.postEphemeral", body)


def _ask(payload: Payload, destination: str, story: str) -> Reply:
    """The form in which a silence is asked for: of what, how long, and why."""
    meta = json.dumps({"channel": str(payload["channel"]["id"]), "story": story})
    view = {
        "type": "modal", "callback_id": "tocsin.silence", "private_metadata": meta,
        "title": _plain("Silence"), "submit": _plain("Silence"), "close": _plain("Cancel"),
        "blocks": [
            _input("scope", "Of what", {"type": "radio_buttons", "action_id": "scope", **_options(
                [("story", "This story"), ("all", f"Everything for {destination}"[:75])])}),
            _input("span", "For how long", {"type": "static_select", "action_id": "span", **_options(
                [("1h", "1 hour"), ("4h", "4 hours"), ("1d", "1 day"), ("7d", "7 days"), ("30d", "30 days")])}),
            _input("note", "Why (everybody who asks will see it)", {"type": "plain_text_input", "action_id": "note",
                                                                    "max_length": 200}),
        ],
    }  # fmt: skip
    return Reply("views.open", {"trigger_id": str(payload["trigger_id"]), "view": view})


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def _input(key: str, label: str, element: dict[str, Any]) -> dict[str, Any]:
    return {"type": "input", "block_id": key, "label": _plain(label), "element": element}


def _options(known: list[tuple[str, str]]) -> dict[str, Any]:
    options = [{"text": _plain(text), "value": value} for value, text in known]
    return {"options": options, "initial_option": options[0]}
