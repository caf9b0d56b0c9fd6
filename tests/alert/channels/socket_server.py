"""Slack's side of Socket Mode, for tests: hands out an address, sends envelopes, and remembers what comes back."""

import asyncio
import json
from typing import Any

from aiohttp import WSMsgType, web


class SocketServer:
    """An async context manager. `send` puts an envelope on the open socket; `acks` and `calls` are what came back."""

    def __init__(self) -> None:
        self.acks: asyncio.Queue[str] = asyncio.Queue()
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.opened = 0
        self.refuse = ""
        """Slack's word for apps.connections.open, when it says no."""
        self._socket: asyncio.Queue[web.WebSocketResponse] = asyncio.Queue()
        self._current: web.WebSocketResponse | None = None

    @property
    def api_url(self) -> str:
        """What goes into `api_url`."""
        return f"http://127.0.0.1:{self._port}/api/"

    async def __aenter__(self) -> "SocketServer":
        app = web.Application()
        app.router.add_post("/api/{method}", self._call)
        app.router.add_get("/socket", self._listen)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._current is not None:
            await self._current.close()
        await self._runner.cleanup()

    async def send(self, envelope: dict[str, Any]) -> None:
        """Send on the newest open socket."""
        if self._current is None or self._current.closed:
            self._current = await asyncio.wait_for(self._socket.get(), 10)
        await self._current.send_str(json.dumps(envelope))

    async def hang_up(self) -> None:
        """Close the socket without a word."""
        if self._current is not None:
            await self._current.close()

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        self.calls.append((method, await request.json()))
        if method == "apps.connections.open":
            assert request.headers["Authorization"] == "Bearer xapp-test"
            if self.refuse:
                return web.json_response({"ok": False, "error": self.refuse})
            return web.json_response({"ok": True, "url": f"ws://127.0.0.1:{self._port}/socket"})
        return web.json_response({"ok": True})

    async def _listen(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.opened += 1
        await socket.send_str(json.dumps({"type": "hello"}))
        await self._socket.put(socket)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await self.acks.put(json.loads(message.data)["envelope_id"])
        return socket
