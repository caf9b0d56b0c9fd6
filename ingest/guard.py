"""The guarded HTTP client: `schemas.ports.Http` over httpx, with our own bounds on size, time and addresses.

httpx is the interface; beneath it is httpcore with the guard as its network. Nothing here follows redirects, keeps
cookies or reads the environment.
"""

import asyncio
import ssl
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Mapping
from types import TracebackType
from typing import Protocol, cast, runtime_checkable

import certifi
import httpcore
import httpx

from ingest.addresses import AllowList
from ingest.network import Forbidden, GuardedNetwork, Resolve
from ingest.unpack import ACCEPTED, unpack
from schemas.errors import TryLater, Unreadable
from schemas.ports import Answer

WIRE_PACKED = 3_000_000
"""Bytes of a compressed body on the wire."""
_IN_A_THREAD = 64_000
"""Packed bytes from which unpacking leaves the event loop."""
_RETRY = 60.0


def user_agent(version: str, contact: str | None = None) -> str:
    """What we call ourselves, honestly, with a way to reach the operator."""
    return f"tocsin/{version} (news alerts{'; ' + contact if contact else ''})"


def trust(ca_file: str | None = None) -> ssl.SSLContext:
    """The certificates we believe: the system's, Mozilla's, and a private authority's where configured."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    if ca_file:
        context.load_verify_locations(ca_file)
    return context


@runtime_checkable
class _Closable(Protocol):
    async def aclose(self) -> None: ...


class _Body(httpx.AsyncByteStream):
    """A response body as httpcore streams it."""

    def __init__(self, stream: AsyncIterable[bytes]) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _translated():
            async for piece in self._stream:
                yield piece

    async def aclose(self) -> None:
        if isinstance(self._stream, _Closable):
            await self._stream.aclose()


class _translated:  # noqa: N801  reads as a phrase: `with _translated():`
    """httpcore's errors as httpx's."""

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, httpcore.TimeoutException | TimeoutError):
            raise httpx.ReadTimeout(str(error) or "no answer in time") from error
        if isinstance(error, httpcore.NetworkError | httpcore.ProtocolError | httpcore.ProxyError | OSError):
            raise httpx.TransportError(str(error) or type(error).__name__) from error


class GuardedTransport(httpx.AsyncBaseTransport):
    """httpx's seam: a pool of httpcore whose network is guarded, or a proxy that enforces what may go out."""

    def __init__(
        self, allowed: AllowList, context: ssl.SSLContext, proxy: str | None = None, resolver: Resolve | None = None
    ) -> None:
        # One connection a look: feeds of one host are seconds apart, and idle connections cost httpcore dearly.
        if proxy:
            self._pool: httpcore.AsyncConnectionPool = httpcore.AsyncHTTPProxy(
                proxy, ssl_context=context, max_connections=None, max_keepalive_connections=0
            )
        else:
            self._pool = httpcore.AsyncConnectionPool(
                ssl_context=context, max_connections=None, max_keepalive_connections=0,
                network_backend=GuardedNetwork(allowed, resolver),
            )  # fmt: skip

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request."""
        url = request.url
        wanted = httpcore.Request(
            request.method,
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw, content=cast(AsyncIterable[bytes], request.stream),
            extensions=request.extensions,
        )  # fmt: skip
        with _translated():
            answer = await self._pool.handle_async_request(wanted)
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Body(cast(AsyncIterable[bytes], answer.stream)),
            extensions=answer.extensions,
        )  # fmt: skip

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()


class GuardedHttp:
    """The one way out (`schemas.ports.Http`). Close it when done, or use it as an async context."""

    def __init__(
        self, *, allow_private: Iterable[str] = (), proxy: str | None = None, ca_file: str | None = None,
        agent: str = "tocsin", most_at_once: int = 64, resolver: Resolve | None = None,
    ) -> None:  # fmt: skip
        transport = GuardedTransport(AllowList.of(allow_private), trust(ca_file), proxy, resolver)
        self._client = httpx.AsyncClient(
            transport=transport, follow_redirects=False, trust_env=False,
            headers={"User-Agent": agent, "Accept-Encoding": ACCEPTED, "Connection": "close"},
        )  # fmt: skip
        self._room = asyncio.Semaphore(most_at_once)

    async def __aenter__(self) -> "GuardedHttp":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    async def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, content: bytes | None = None,
        timeout: float = 30.0, limit: int = 10_000_000,
    ) -> Answer:  # fmt: skip
        """One request, no redirects followed. Raises `TryLater` on what may pass, `Unreadable` on what will not."""
        try:
            async with self._room, asyncio.timeout(timeout):
                return await self._asked(method, url, headers, content, timeout, limit)
        except (httpx.TimeoutException, TimeoutError) as error:
            raise TryLater(f"no answer within {timeout:.0f} seconds", _RETRY) from error
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as error:
            raise Unreadable("this is no web address") from error
        except httpx.TransportError as error:
            raise TryLater(f"the connection failed: {str(error)[:200]}", _RETRY) from error

    async def _asked(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        content: bytes | None,
        timeout: float,
        limit: int,
    ) -> Answer:
        if not url.lower().startswith(("http://", "https://")):
            raise Unreadable("only http and https addresses are asked")
        request = self._client.build_request(
            method, url, headers=dict(headers or {}), content=content,
            timeout=httpx.Timeout(connect=min(timeout, 10), read=timeout, write=timeout, pool=None),
        )  # fmt: skip
        if not request.url.host:
            raise Unreadable("the address names no host")
        response = await self._client.send(request, stream=True, auth=None)
        self._client.cookies.clear()
        try:
            packed = await _bounded(response, limit)
        finally:
            await response.aclose()
        encoding = response.headers.get("content-encoding", "")
        if len(packed) > _IN_A_THREAD and encoding:
            body = await asyncio.to_thread(unpack, packed, encoding, limit)
        else:
            body = unpack(packed, encoding, limit)
        found = {key.lower(): value for key, value in response.headers.items()}
        return Answer(response.status_code, found, body, url)


async def _bounded(response: httpx.Response, limit: int) -> bytes:
    """The body as it comes over the wire, refused once it is too long."""
    packed = response.headers.get("content-encoding", "identity") not in ("", "identity")
    bound = min(limit, WIRE_PACKED) if packed else limit
    body = bytearray()
    async for piece in response.aiter_raw():
        body += piece
        if len(body) > bound:
            raise Unreadable(f"the document has more than {bound:,} bytes")
    return bytes(body)


__all__ = ["Forbidden", "GuardedHttp", "GuardedTransport", "trust", "user_agent"]
