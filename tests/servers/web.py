"""How does a test serve HTTP? `WebServer` puts one handler behind a loopback port, in a thread of its own."""

import ssl
from types import TracebackType
from typing import Self

from aiohttp import web

from .loop import LoopThread

LARGEST_BODY = 32 * 2**20


class WebServer:
    """A loopback HTTP server that gives every request to `answer`; use it as a context manager."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self._loop = LoopThread(type(self).__name__)
        self._runner: web.AppRunner | None = None
        self.port = 0

    @property
    def base_url(self) -> str:
        """Where the server listens, without a slash at the end."""
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def scheme(self) -> str:
        """`http`, or `https` when the server was given a certificate."""
        return "https" if self._tls else "http"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer one request; runs on the server's own loop."""
        raise NotImplementedError

    async def open(self) -> None:
        """Prepare what the handler needs, on the server's own loop."""

    async def close(self) -> None:
        """Let go of what `open` prepared."""

    def __enter__(self) -> Self:
        self._loop.__enter__()
        self._loop.run(self._start())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.run(self._stop())
        self._loop.__exit__(kind, error, trace)

    async def _start(self) -> None:
        await self.open()
        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_route("*", "/{path:.*}", self.answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, auto_decompress=False)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, ssl_context=self._tls).start()
        self.port = self._runner.addresses[0][1]

    async def _stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()
        await self.close()


def hang_up(request: web.Request) -> web.Response:
    """Close the connection without an answer; the response returned goes nowhere."""
    if request.transport:
        request.transport.close()
    return web.Response()
