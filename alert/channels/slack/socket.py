"""Socket Mode: Slack's buttons without a public address. One socket an app, whatever number of its channels we use.

Source: docs.slack.dev, "Using Socket Mode". An envelope is acknowledged once its action is on the log, within three
seconds; an envelope that is not is sent again by Slack, and then is the same action.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from alert.channel import Broken, Undelivered
from alert.channels.slack.api import Api
from alert.channels.slack.interactive import Heard, heard
from alert.delivery.pace import backoff
from schemas.alert import Action
from schemas.ports import Clock

log = structlog.get_logger()

ACK = 2.5
"""Seconds to put an action on the log: Slack waits three."""
REFUSED = 300.0
"""Seconds before a token that was refused is tried again."""
QUIET = 60.0
"""Seconds between two pings of ours; Slack pings as well."""


@dataclass(slots=True)
class SocketMode:
    """One app's socket."""

    app: Api
    """Called with the app token, for the socket's address."""
    bot: Api
    """Called with the bot token, for answers to the person."""
    places: Mapping[str, str]
    """Channel id → destination."""
    act: Callable[[Action], Awaitable[None]]
    clock: Clock
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _failures: int = field(default=0)

    async def run(self) -> None:
        """Listen until cancelled. Nothing that Slack or the network does ends it."""
        while True:
            await self.sleep(await self._once())

    async def _once(self) -> float:
        """One connection from its opening to its end; the seconds to wait before the next."""
        try:
            await self._listen(await self._address())
        except Broken as error:
            log.error("slack buttons are off", reason=error.reason, fix="check app_token; it needs connections:write")
            return REFUSED
        except (Undelivered, WebSocketException, OSError, TimeoutError) as error:
            self._failures += 1
            wait = 1.0 + backoff(self._failures)
            log.warning("slack socket lost", error=type(error).__name__, seconds=round(wait, 1))
            return wait
        return 0.1

    async def _address(self) -> str:
        return str((await self.app.write("apps.connections.open", {}))["url"])

    async def _listen(self, url: str) -> None:
        """Hear envelopes until Slack asks for a new connection, as it does every few hours."""
        async with connect(url, proxy=None, open_timeout=10, ping_interval=QUIET, max_size=1_000_000) as socket:
            async for message in socket:
                envelope = _envelope(message)
                if envelope.get("type") == "hello":
                    self._failures = 0
                elif envelope.get("type") == "disconnect":
                    return
                elif "envelope_id" in envelope:
                    await self._answer(socket, envelope)

    async def _answer(self, socket: ClientConnection, envelope: Mapping[str, Any]) -> None:
        payload = envelope.get("payload")
        found = heard(payload, self.places, self.clock.now()) if isinstance(payload, dict) else Heard(ignored="empty")
        if found.action is not None:
            async with asyncio.timeout(ACK):
                await self.act(found.action)
        await socket.send(json.dumps({"envelope_id": envelope["envelope_id"]}))
        await respond(found, self.bot)


async def respond(found: Heard, bot: Api) -> None:
    """Show the person what was done. Its failing changes nothing."""
    if found.ignored:
        log.info("slack payload ignored", reason=found.ignored)
    if found.reply is None:
        return
    try:
        await bot.write(found.reply.method, found.reply.body)
    except Undelivered as error:
        log.info("no answer shown", method=found.reply.method, reason=error.reason)


def _envelope(message: str | bytes) -> dict[str, Any]:
    try:
        value = json.loads(message)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
