"""Slack as strict as its documents and as unreliable as a network: our proxy in front of the emulator.

It refuses what Slack documents as refused and the emulator lets through, keeps callers to Slack's pace, lets history
lag, and does what a script of faults says. It fakes rules and the network, never the state: that is the emulator's.
"""

import asyncio
import itertools
import json
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import httpx
from aiohttp import web

from .slack.faults import Call, Fault, Reply, refused, too_many
from .slack.history import history_page, replies_page, truthy
from .slack.limits import refusal
from .slack.pace import Limits, Pace
from .slack.server import SlackServer
from .web import WebServer, hang_up

WRITES = ("chat.postMessage", "chat.update")
NO_FAULT = Fault()


class _Refused(Exception):
    """The emulator said no; the message is its word for why."""


class SlackProxy(WebServer):
    """A context manager; give its `api_url`, `token`, `channel` to the code under test, and ask `server` for the truth.

    Set freely, from any thread: `limits`, `history_lag` (seconds), `token_errors` (token -> Slack's word for it),
    `on_call` (a Call -> Fault or None, asked when the script has nothing for the method). `reset` puts all back.
    """

    def __init__(self, server: SlackServer) -> None:
        super().__init__()
        self.server = server
        self.reset()

    def reset(self) -> None:
        """Forget faults, records and settings; the workspace itself is reset by `server.reset()`."""
        self.limits = Limits()
        self.history_lag = 0.0
        self.token_errors: dict[str, str] = {}
        self.on_call: Callable[[Call], Fault | None] | None = None
        self.calls: list[Call] = []
        self.answers: list[tuple[Call, Reply | None]] = []
        self._script: defaultdict[str, deque[Fault | None]] = defaultdict(deque)
        self._pace = Pace()
        self._posted: dict[str, float] = {}
        self._broadcast_roots: set[tuple[str, str]] = set()
        self._tokens = itertools.cycle(self.server.spare_tokens)

    @property
    def api_url(self) -> str:
        """What goes into a destination's `api_url`."""
        return f"{self.base_url}/api/"

    @property
    def token(self) -> str:
        """The one token that may do everything."""
        return self.server.token

    @property
    def channel(self) -> str:
        """The id of `#alerts`."""
        return self.server.channel

    @property
    def webhook_url(self) -> str:
        """An incoming webhook that posts into `#general`."""
        return f"{self.base_url}{self.server.webhook_path}"

    def script(self, faults: Iterable[Fault | None], method: str = "chat.postMessage") -> None:
        """Queue what happens to the next calls of `method` (`webhook` for the incoming webhook); None is no fault."""
        self._script[method].extend(faults)

    def calls_of(self, method: str) -> list[Call]:
        """Return the recorded calls of one method, oldest first."""
        return [call for call in self.calls if call.method == method]

    async def open(self) -> None:
        self._client = httpx.AsyncClient(base_url=self.server.base_url, timeout=30.0)

    async def close(self) -> None:
        await self._client.aclose()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        call = await _read(request)
        fault = self._fault_for(call)
        await asyncio.sleep(fault.delay)
        true = await self._treat(call, request.path) if fault.forward else None
        await asyncio.sleep(fault.stall)
        reply = None if fault.drop else fault.reply or true
        self.answers.append((call, reply))
        return _sent(reply) if reply else hang_up(request)

    def _fault_for(self, call: Call) -> Fault:
        self.calls.append(call)
        scripted = self._script[call.method]
        if scripted:
            return scripted.popleft() or NO_FAULT
        return (self.on_call(call) if self.on_call else None) or NO_FAULT

    async def _treat(self, call: Call, path: str) -> Reply:
        """Do what Slack would do with a call that reached it."""
        webhook = call.method == "webhook"
        turned_away = self._unknown_hook(path) if webhook else self._unauthorised(call)
        if turned_away:
            return turned_away
        if wait := self._pace.admit(call.method, str(call.fields.get("channel")), time.monotonic(), self.limits):
            return too_many(wait)
        if webhook:
            return await self._post_to_webhook(call, path)
        if call.method in WRITES:
            return refusal(call.fields) or await self._channel_refusal(call) or await self._write(call)
        if call.method in ("conversations.history", "conversations.replies"):
            return await self._look_back(call)
        return Reply(200, await self._forward(call.method, call.fields, call.token))

    def _unknown_hook(self, path: str) -> Reply | None:
        return None if path == self.server.webhook_path else Reply(404, "no_service")

    def _unauthorised(self, call: Call) -> Reply | None:
        if not call.token:
            return refused("not_authed")
        if call.token in self.token_errors:
            return refused(self.token_errors[call.token])
        return None if call.token in (self.server.token, self.server.blind_token) else refused("invalid_auth")

    async def _channel_refusal(self, call: Call) -> Reply | None:
        """The emulator also takes names and strangers; Slack wants an id and, without `chat:write.public`, a member."""
        channel = await self._forward("conversations.info", {"channel": call.fields.get("channel", "")})
        if not channel["ok"]:
            return refused(channel["error"])
        if channel["channel"]["is_archived"]:
            return refused("is_archived")
        if not channel["channel"]["is_member"]:
            return refused("not_in_channel")
        return await self._thread_refusal(call)

    async def _thread_refusal(self, call: Call) -> Reply | None:
        root = call.fields.get("thread_ts")
        if not root or call.method != "chat.postMessage":
            return None
        thread = await self._forward("conversations.replies", {"channel": call.fields["channel"], "ts": root})
        is_root = any(m["ts"] == root and m.get("thread_ts", root) == root for m in thread["messages"])
        return None if is_root else refused("cannot_reply_to_message")

    async def _write(self, call: Call) -> Reply:
        done = await self._forward(call.method, call.fields, call.token)
        if done["ok"]:
            if truthy(call.fields.get("reply_broadcast")) and call.fields.get("thread_ts"):
                self._broadcast_roots.add((done["channel"], call.fields["thread_ts"]))
            self._posted.setdefault(done["ts"], time.time())
            done["message"] = self._signed(done["message"])
        return Reply(200, done)

    async def _post_to_webhook(self, call: Call, path: str) -> Reply:
        if wrong := refusal(call.fields):
            body = wrong.body
            return Reply(400, body["error"] if isinstance(body, Mapping) else body)
        answer = await self._client.post(path, json=dict(call.fields))
        return Reply(answer.status_code, answer.text)

    async def _look_back(self, call: Call) -> Reply:
        asked, channel = call.fields, str(call.fields.get("channel", ""))
        try:
            if call.method == "conversations.history":
                found = await self._all(call.method, call.token, channel=channel)
                return Reply(200, history_page([*found, *await self._broadcasts(channel)], asked))
            found = await self._all(call.method, call.token, channel=channel, ts=str(asked.get("ts", "")))
        except _Refused as error:
            return refused(str(error))
        rooted = any(message["ts"] == asked.get("ts") for message in found)
        return Reply(200, replies_page(found, asked)) if rooted else refused("thread_not_found")

    async def _broadcasts(self, channel: str) -> list[dict[str, Any]]:
        """Find the replies that were also sent to the channel; the emulator leaves them out of its history."""
        roots = [ts for where, ts in self._broadcast_roots if where == channel]
        threads = [await self._all("conversations.replies", None, channel=channel, ts=ts) for ts in roots]
        found = itertools.chain.from_iterable(threads)
        return [message | {"subtype": "thread_broadcast"} for message in found if message.get("reply_broadcast")]

    async def _all(self, method: str, token: str | None, **inner: str) -> list[dict[str, Any]]:
        """Read every page of the emulator's, without what still lags."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            page = await self._forward(method, {**inner, "limit": 1000, "cursor": cursor}, token)
            if not page["ok"]:
                raise _Refused(page["error"])
            found += [self._signed(message) for message in page["messages"] if self._is_visible(message)]
            cursor = page.get("response_metadata", {}).get("next_cursor", "")
            if not cursor:
                return found

    def _is_visible(self, message: Mapping[str, Any]) -> bool:
        posted = self._posted.get(message["ts"], float(message["ts"]))
        return time.time() - posted >= self.history_lag

    def _signed(self, message: dict[str, Any]) -> dict[str, Any]:
        """Name the app, as Slack does on a bot's messages and the emulator does not."""
        if message.get("user") != self.server.bot_user_id:
            return message
        return {"bot_id": self.server.bot_id, "app_id": self.server.app_id, **message}

    async def _forward(self, method: str, fields: Mapping[str, Any], token: str | None = None) -> dict[str, Any]:
        token = next(self._tokens) if token in (None, self.server.token) else token
        inner = {name: value for name, value in fields.items() if name != "token"}
        headers = {"Authorization": f"Bearer {token}"}
        answer = await self._client.post(f"/api/{method}", json=inner, headers=headers)
        if answer.status_code == 404:
            return {"ok": False, "error": "unknown_method"}
        answer.raise_for_status()
        body: dict[str, Any] = answer.json()
        return body


async def _read(request: web.Request) -> Call:
    """Read a call as Slack does: JSON, a form or a query; the token in the header or the form."""
    at = time.time()
    fields: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        fields |= _object(await request.text())
    else:
        fields |= {name: _typed(name, str(value)) for name, value in (await request.post()).items()}
    webhook = request.path.startswith("/services/")
    if webhook and "payload" in fields:
        fields = _object(fields["payload"])
    _, _, header = request.headers.get("Authorization", "").partition(" ")
    method = "webhook" if webhook else request.path.removeprefix("/api/")
    return Call(at, method, fields, header.strip() or fields.get("token"))


def _typed(name: str, value: str) -> object:
    """In a form, the structured fields are JSON text; what cannot be read stays text and is refused later."""
    if name not in ("blocks", "attachments", "metadata"):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _sent(reply: Reply) -> web.Response:
    if isinstance(reply.body, str):
        return web.Response(status=reply.status, text=reply.body, headers=dict(reply.headers))
    return web.json_response(dict(reply.body), status=reply.status, headers=dict(reply.headers))
