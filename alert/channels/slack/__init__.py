"""Slack by its Web API: threads, silent edits, and the means to find out what became of an uncertain message."""

import hashlib
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any, Final

import httpx
from pydantic import Field, SecretStr, field_validator

from alert.channel import Broken, Capabilities, Channel, Kind, Limit, Parcel, Sent
from alert.channels import Services
from alert.channels.slack.api import Api, client
from alert.channels.slack.socket import SocketMode
from alert.words.blocks import PLAINER, blocks, summary
from alert.words.document import Document
from schemas.alert import Action, Severity
from schemas.base import Strict
from schemas.ports import Clock

EVENT: Final = "tocsin_alert"
_NAMESPACE = uuid.UUID("6f2f5f8e-6a52-5d0c-9f0e-0d4a4e3c7a10")
_BEFORE = timedelta(seconds=10)
"""Clocks differ: reconciliation looks from a little before the first attempt."""


class Options(Strict):
    """`slack: {channel: C0123456789, token: "${SLACK_BOT_TOKEN}"}`."""

    channel: str = Field(pattern=r"^[CGD][A-Z0-9]{6,}$")
    token: SecretStr
    app_token: SecretStr | None = None
    """For buttons over Socket Mode; without it, and without a signing secret, there are no buttons."""
    signing_secret: SecretStr | None = None
    """For buttons over HTTP, where the desk has a public address."""
    api_url: str = "https://slack.com/api/"
    per_second: float = Field(default=0.95, gt=0, le=50)
    """Messages a second into the channel. Slack allows about one; a little less is never turned away."""
    mention: dict[Severity, str] = {}
    """Severity → `here`, a user group (S…) or a user (U…): mentions come from here, never from a message."""

    @field_validator("token")
    @classmethod
    def _bot(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith("xox"):
            raise ValueError("this is no Slack token; a bot token starts with xoxb-")
        return value

    @field_validator("api_url")
    @classmethod
    def _web(cls, value: str) -> str:
        if not value.startswith(("https://", "http://127.0.0.1", "http://localhost", "http://[::1]")):
            raise ValueError("write an https:// address")
        return value


def open_channel(name: str, options: Options, services: Services) -> "Slack":
    """The channel, not yet connected."""
    return Slack(options, client(services.network))


def ears(channels: Mapping[str, Channel], act: Callable[[Action], Awaitable[None]], clock: Clock) -> list[SocketMode]:
    """A socket for each app whose channels have an `app_token`."""
    apps: dict[str, dict[str, Slack]] = {}
    for name, channel in channels.items():
        if isinstance(channel, Slack) and channel.options.app_token is not None:
            apps.setdefault(channel.options.app_token.get_secret_value(), {})[name] = channel
    found = []
    for token, ours in apps.items():
        first = next(iter(ours.values()))
        places = {channel.options.channel: name for name, channel in ours.items()}
        found.append(SocketMode(first.api_with(token), first.api, places, act, clock))
    return found


class Slack:
    """One Slack channel. A handle is the message's `ts`, always as the string Slack gave."""

    can = Capabilities(threads=True, edits=True, reconcile=True, plainer=PLAINER, parallel=4)

    def __init__(self, options: Options, http: httpx.AsyncClient) -> None:
        self.options = options
        self._http = http
        token = options.token.get_secret_value()
        self.api = self.api_with(token)
        self._we: tuple[str, str] | None = None
        self._workspace = "slack/" + hashlib.sha256(f"{options.api_url}\n{token}".encode()).hexdigest()[:12]

    def api_with(self, token: str) -> Api:
        """Slack's Web API with another of the app's tokens."""
        return Api(self.options.api_url, token, self._http)

    def legs(self) -> tuple[str, ...]:
        """One channel."""
        return ("",)

    def limits(self, kind: Kind) -> tuple[Limit, ...]:
        """One message a second and channel, under 300 a minute and workspace; chat.update is tier 3 (50 a minute)."""
        if kind == "edit":
            return (Limit(f"{self._workspace}/update", 40 / 60, 5),)
        channel = Limit(f"{self._workspace}/{self.options.channel}", self.options.per_second)
        return Limit(self._workspace, 4.0, 20), channel

    async def send(self, parcel: Parcel) -> Sent:
        """chat.postMessage."""
        body = {
            "channel": self.options.channel,
            **self._message(parcel),
            "unfurl_links": False,
            "unfurl_media": False,
            "parse": "none",
            "link_names": False,
            "client_msg_id": str(uuid.uuid5(_NAMESPACE, parcel.delivery)),
            "metadata": {"event_type": EVENT, "event_payload": {"delivery_id": parcel.delivery}},
        }
        if parcel.kind == "reply" and parcel.thread:
            body |= {"thread_ts": parcel.thread, "reply_broadcast": parcel.broadcast}
        return Sent(str((await self.api.write("chat.postMessage", body))["ts"]))

    async def update(self, parcel: Parcel) -> Sent:
        """chat.update, always with blocks and text: blocks that are left out would stay as they were."""
        body = {"channel": self.options.channel, "ts": parcel.thread, **self._message(parcel)}
        await self.api.write("chat.update", body)
        return Sent(parcel.thread)

    def _message(self, parcel: Parcel) -> dict[str, Any]:
        found = blocks(
            parcel.content, reply=parcel.kind == "reply", plainer=parcel.plainer, buttons=self._has_buttons
        )  # fmt: skip
        mention = self._mention(parcel)
        if mention and found:
            found = [{"type": "rich_text", "block_id": "mention", "elements": [mention]}, *found]
        return {"text": summary(parcel.content), "blocks": found}

    @property
    def _has_buttons(self) -> bool:
        return self.options.app_token is not None or self.options.signing_secret is not None

    def _mention(self, parcel: Parcel) -> dict[str, Any] | None:
        """Whom the configuration wants called for this severity; not on a silent edit."""
        content = parcel.content
        whom = self.options.mention.get(content.severity) if isinstance(content, Document) else None
        if whom is None or parcel.kind == "edit":
            return None
        kinds: dict[str, dict[str, Any]] = {
            "S": {"type": "usergroup", "usergroup_id": whom},
            "U": {"type": "user", "user_id": whom},
            "W": {"type": "user", "user_id": whom},
        }
        element = kinds.get(whom[:1]) or {"type": "broadcast", "range": whom}
        return {"type": "rich_text_section", "elements": [element]}

    async def reconcile(self, parcel: Parcel) -> Sent | None:
        """Look for the delivery id in the metadata of our own messages, from just before the first attempt on."""
        ours = await self._identity()
        async for message in self._messages(parcel):
            payload = (message.get("metadata") or {}).get("event_payload") or {}
            mine = message.get("bot_id") == ours[0] or message.get("user") == ours[1]
            if mine and payload.get("delivery_id") == parcel.delivery:
                return Sent(str(message["ts"]))
        return None

    async def _messages(self, parcel: Parcel) -> AsyncIterator[dict[str, Any]]:
        started = (parcel.started - _BEFORE).timestamp() if parcel.started else 0.0
        fields = {
            "channel": self.options.channel, "oldest": f"{started:.6f}", "inclusive": "true",
            "include_all_metadata": "true", "limit": "100",
        }  # fmt: skip
        method = "conversations.history"
        if parcel.kind == "reply" and parcel.thread:
            method, fields["ts"] = "conversations.replies", parcel.thread
        while True:
            page = await self.api.read(method, **fields)
            for message in page.get("messages", ()):
                yield message
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return
            fields["cursor"] = str(cursor)

    async def _identity(self) -> tuple[str, str]:
        """Our bot id and user id."""
        if self._we is None:
            who = await self.api.read("auth.test")
            self._we = (str(who.get("bot_id") or ""), str(who.get("user_id") or ""))
        return self._we

    async def check(self) -> str:
        """auth.test and conversations.info. Raises `Broken` when the bot cannot post in the channel."""
        who = await self.api.read("auth.test")
        self._we = (str(who.get("bot_id") or ""), str(who.get("user_id") or ""))
        found = (await self.api.read("conversations.info", channel=self.options.channel)).get("channel") or {}
        if found.get("is_archived"):
            raise Broken("is_archived")
        if found.get("is_member") is False:
            raise Broken("not_in_channel")
        return f"{who.get('user', 'bot')} in #{found.get('name', self.options.channel)} of {who.get('team', 'Slack')}"

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()
