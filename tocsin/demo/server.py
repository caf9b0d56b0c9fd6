"""The sample wire on a loopback port: publishes its items one by one once every feed was looked at."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from schemas.ports import Clock
from tocsin import web
from tocsin.demo.wire import Published, Wire, WireItem, render


class WireServer:
    """Serves the feeds of a wire. `publish` adds an item; `looked` is set once every feed was fetched."""

    def __init__(self, wire: Wire, clock: Clock) -> None:
        self.wire = wire
        self.looked = asyncio.Event()
        self.base = ""
        self._clock = clock
        self._published: dict[str, list[Published]] = {name: [] for name in wire.feeds}
        self._seen: set[str] = set()

    def feed_url(self, name: str) -> str:
        """Where a feed is served."""
        return f"{self.base}/feeds/{name}"

    def publish(self, item: WireItem) -> None:
        """Put an item into its feed, dated now."""
        url = f"{self.base}/news/{item.id}"
        self._published[item.feed].append(Published(item, self._clock.now(), url))

    def _feed(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in self.wire.feeds:
            return PlainTextResponse("no such feed", status_code=404)
        document = render(self.wire.feeds[name], self.feed_url(name), self._published[name])
        self._seen.add(name)
        if len(self._seen) == len(self.wire.feeds):
            self.looked.set()
        if request.headers.get("if-none-match") == document.etag:
            return Response(status_code=304, headers={"etag": document.etag})
        return Response(document.body, media_type=document.content_type, headers={"etag": document.etag})

    def _item(self, request: Request) -> Response:
        name = request.path_params["name"]
        for item in self.wire.items:
            if item.id == name:
                return PlainTextResponse(f"{item.title}\n\n{item.text}\n")
        return PlainTextResponse("no such item", status_code=404)

    def app(self) -> Starlette:
        """The feeds and the items as a web application."""
        return Starlette(routes=[Route("/feeds/{name}", self._feed), Route("/news/{name}", self._item)])

    async def tell(self) -> None:
        """Publish the wire: the old items at once, the live ones after every feed was looked at."""
        await self.looked.wait()
        start = asyncio.get_running_loop().time()
        for item in sorted(self.wire.items, key=lambda item: item.after):
            if item.before:
                continue
            await asyncio.sleep(max(0.0, start + item.after - asyncio.get_running_loop().time()))
            self.publish(item)


@asynccontextmanager
async def wire_server(wire: Wire, clock: Clock) -> AsyncIterator[WireServer]:
    """The wire, served on a free loopback port, its old items already out."""
    server = WireServer(wire, clock)
    async with web.serving(server.app(), web.bind("127.0.0.1", 0)) as port:
        server.base = f"http://127.0.0.1:{port}"
        for item in wire.items:
            if item.before:
                server.publish(item)
        yield server
