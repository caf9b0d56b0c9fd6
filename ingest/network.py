"""The SSRF guard: names are resolved once, every address is judged, and the judged address is the one dialled.

It sits at connect time, below TLS and redirects, so that neither a redirect nor a name that changes its mind between
check and connect (DNS rebinding) gets round it. The name stays in `Host` and in the TLS handshake.
"""

import asyncio
import ipaddress
import socket
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import httpcore

from ingest.addresses import AllowList, refusal
from schemas.errors import Unreadable

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]

_WEB_PORTS = (80, 443)
_REMEMBER, _REMEMBER_FAILURE = 60.0, 15.0
_MOST_NAMES = 32
"""Names that are asked for at once."""


class Forbidden(Unreadable):
    """The guard refuses the address; says which and how to allow it."""


class SystemNames:
    """The system's resolver, in threads of its own: a dead name takes long, and the loop has few."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_MOST_NAMES, "names")

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """Every address of a name. Raises `httpcore.ConnectError` for an unknown one."""
        ask = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._threads, ask)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"the name {host[:100]} cannot be resolved") from error
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def literal(host: str) -> str | None:
    """The address that a host is written as, in the usual form; None for names and for unusual spellings."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return None


class Resolver:
    """A resolver that remembers: a minute what it found, a quarter of that what it did not."""

    def __init__(self, ask: Resolve | None = None, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._ask, self._monotonic = ask or SystemNames(), monotonic
        self._known: dict[tuple[str, int], tuple[float, Sequence[str] | None]] = {}

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """The addresses of a host."""
        if (address := literal(host)) is not None:
            return [address]
        known = self._known.get((host, port))
        if known and known[0] > self._monotonic():
            if known[1] is None:
                raise httpcore.ConnectError(f"the name {host[:100]} could not be resolved a moment ago")
            return known[1]
        if len(self._known) > 50_000:
            self._known.clear()
        try:
            found = await self._ask(host, port)
        except httpcore.ConnectError:
            self._known[host, port] = (self._monotonic() + _REMEMBER_FAILURE, None)
            raise
        self._known[host, port] = (self._monotonic() + _REMEMBER, found)
        return found


def judge(host: str, port: int, addresses: Sequence[str], allowed: AllowList) -> Sequence[str]:
    """The addresses that may be dialled. One bad address condemns the name. Raises `Forbidden`."""
    if allowed.names(host, port):
        return addresses
    for address in addresses:
        reason = None if allowed.covers(address) else refusal(address)
        if reason:
            raise Forbidden(f"{host[:100]} is refused: {reason}; allow it with network.allow_private if it is yours")
    outside = not all(allowed.covers(address) for address in addresses)
    if outside and port < 1024 and port not in _WEB_PORTS:
        raise Forbidden(f"{host[:100]} is refused: port {port} is not a web server's")
    return addresses


class GuardedNetwork(httpcore.AsyncNetworkBackend):
    """httpcore's network with the guard in front of every connection."""

    def __init__(self, allowed: AllowList, resolver: Resolve | None = None) -> None:
        self._inner = httpcore.AnyIOBackend()
        self._allowed, self._resolve = allowed, resolver or Resolver()

    async def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:  # fmt: skip
        """Connect to the first judged address that answers. Raises `Forbidden`."""
        async with asyncio.timeout(timeout):
            addresses = judge(host, port, await self._resolve(host, port), self._allowed)
        failure: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in addresses[:4]:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError(f"{host[:100]} has no address")

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[SocketOption] | None = None
    ) -> httpcore.AsyncNetworkStream:
        """Never."""
        raise Forbidden("a local socket is no web server")

    async def sleep(self, seconds: float) -> None:
        """Wait between attempts."""
        await self._inner.sleep(seconds)
