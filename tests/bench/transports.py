"""Ways out: CPU of a 304 through httpx, httpx2, httpx over aiohttp, aiohttp alone, and the guarded client we ship.

    python -m tests.bench.transports [REQUESTS]

The server is another process on the loopback that says 304 to everything; only the client's CPU is counted. Every
client runs in a process of its own. A client that is not installed (httpx2 is no dependency of ours) is left out.
"""

import asyncio
import importlib
import importlib.util
import json
import os
import ssl
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import trustme

HOSTS = [f"127.0.1.{number}" for number in range(1, 201)]
ANSWER = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nCache-Control: max-age=300\r\n\r\n'
ASKED = {
    "User-Agent": "tocsin/bench",
    "If-None-Match": '"1"',
    "Accept": "application/rss+xml",
    "Accept-Encoding": "gzip",
}
Ask = Callable[[str], Awaitable[int]]


@dataclass(frozen=True)
class Case:
    """One client in one situation."""

    client: str
    at_once: int
    hosts: int
    tls: bool
    keep: bool

    @property
    def situation(self) -> str:
        """In words."""
        how = "kept open" if self.keep else "new TLS each" if self.tls else "new TCP each"
        return f"{how}, {self.hosts} hosts, {self.at_once} at once"


class Server(asyncio.Protocol):
    """Says 304 to everything."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client came."""
        self._transport, self._asked = transport, b""

    def data_received(self, data: bytes) -> None:
        """Answer each request that has come whole."""
        self._asked += data
        while b"\r\n\r\n" in self._asked:
            _, _, self._asked = self._asked.partition(b"\r\n\r\n")
            self._transport.write(ANSWER)  # type: ignore[attr-defined]  # a TCP transport


async def serve(directory: Path) -> None:
    """Listen with and without TLS, say on which ports, and answer until killed."""
    loop = asyncio.get_running_loop()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(directory / "cert.pem", directory / "key.pem")
    plain = await loop.create_server(Server, "0.0.0.0", 0, backlog=1024)
    secure = await loop.create_server(Server, "0.0.0.0", 0, ssl=context, backlog=1024)
    print(plain.sockets[0].getsockname()[1], secure.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


@asynccontextmanager
async def _httpx(case: Case, context: ssl.SSLContext, module: str = "httpx") -> AsyncIterator[Ask]:
    lib = importlib.import_module(module)
    limits = lib.Limits(max_connections=None, max_keepalive_connections=None if case.keep else 0)
    async with lib.AsyncClient(verify=context, limits=limits, timeout=60, trust_env=False) as client:
        yield lambda url: _status(client.get(url, headers=_headers(case)))


@asynccontextmanager
async def _over_aiohttp(case: Case, context: ssl.SSLContext) -> AsyncIterator[Ask]:
    aiohttp, httpx, bridge = map(importlib.import_module, ("aiohttp", "httpx", "httpx_aiohttp"))
    connector = aiohttp.TCPConnector(limit=0, force_close=not case.keep, ssl=context)
    session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
    async with httpx.AsyncClient(
        transport=bridge.AiohttpTransport(client=session), timeout=60, trust_env=False
    ) as client:
        yield lambda url: _status(client.get(url, headers=_headers(case)))


@asynccontextmanager
async def _aiohttp(case: Case, context: ssl.SSLContext) -> AsyncIterator[Ask]:
    aiohttp = importlib.import_module("aiohttp")
    connector = aiohttp.TCPConnector(limit=0, force_close=not case.keep, ssl=context)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:

        async def ask(url: str) -> int:
            async with session.get(url, headers=_headers(case), allow_redirects=False) as response:
                await response.read()
                return int(response.status)

        yield ask


@asynccontextmanager
async def _guarded(case: Case, context: ssl.SSLContext) -> AsyncIterator[Ask]:
    from ingest.guard import GuardedHttp

    ca_file = os.environ["BENCH_CA"]
    async with GuardedHttp(allow_private=["127.0.0.0/8"], ca_file=ca_file, most_at_once=case.at_once) as http:

        async def ask(url: str) -> int:
            return (await http.request("GET", url, headers=ASKED)).status

        yield ask


CLIENTS: dict[str, Callable[[Case, ssl.SSLContext], Any]] = {
    "httpx": _httpx,
    "httpx2": lambda case, context: _httpx(case, context, "httpx2"),
    "httpx over aiohttp": _over_aiohttp,
    "aiohttp alone": _aiohttp,
    "tocsin's guarded client": _guarded,
}
NEEDS = {"httpx2": "httpx2", "httpx over aiohttp": "httpx_aiohttp"}


def _headers(case: Case) -> dict[str, str]:
    return ASKED if case.keep else {**ASKED, "Connection": "close"}


async def _status(answer: Awaitable[Any]) -> int:
    return int((await answer).status_code)


async def _measure(case: Case, port: int, requests: int) -> dict[str, float]:
    """CPU microseconds of one request, requests a second, their 99th percentile (ms), failures."""
    context = ssl.create_default_context(cafile=os.environ["BENCH_CA"])
    times, failed = list[float](), list[int]()
    numbers = count()

    async def keep_asking(ask: Ask, until: int) -> None:
        while (number := next(numbers)) < until:
            start = perf_counter()
            host = HOSTS[number % case.hosts]
            try:
                assert await ask(f"http{'s' if case.tls else ''}://{host}:{port}/feed/{number}") == 304
            except Exception:  # noqa: BLE001  a client under load may fall over, and that is counted
                failed.append(number)
            times.append(perf_counter() - start)

    async with CLIENTS[case.client](case, context) as ask:
        await asyncio.gather(*(keep_asking(ask, case.at_once) for _ in range(case.at_once)))  # warm
        times.clear()
        start, cpu = perf_counter(), process_time()
        await asyncio.gather(*(keep_asking(ask, case.at_once + requests) for _ in range(case.at_once)))
        wall, spent = perf_counter() - start, process_time() - cpu
    p99 = sorted(times)[int(len(times) * 0.99)] * 1e3
    return {"cpu": spent / requests * 1e6, "rate": requests / wall, "p99": p99, "failed": len(failed)}


def _prepare(directory: Path) -> None:
    """A private authority, and a certificate for every host."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(directory / "ca.pem")
    certificate = authority.issue_cert(*HOSTS)
    certificate.private_key_pem.write_to_path(directory / "key.pem")
    for number, part in enumerate(certificate.cert_chain_pems):
        part.write_to_path(directory / "cert.pem", append=number > 0)


def _cases() -> list[Case]:
    kept = [Case(client, at_once, 10, False, True) for at_once in (100, 300) for client in list(CLIENTS)[:4]]
    fresh = [Case(client, 100, 200, tls, False) for tls in (False, True) for client in CLIENTS]
    few = [Case(client, 30, 200, True, False) for client in CLIENTS]
    return kept + fresh + few


def _installed(client: str) -> bool:
    return client not in NEEDS or importlib.util.find_spec(NEEDS[client]) is not None


def main() -> None:
    """Print a line for each client and situation."""
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        _prepare(directory)
        server = subprocess.Popen(
            [sys.executable, "-m", __spec__.name, "serve", name], stdout=subprocess.PIPE, text=True
        )
        try:
            assert server.stdout is not None
            plain, secure = server.stdout.readline().split()
            shown = ""
            for case in _cases():
                if not _installed(case.client):
                    continue
                if case.situation != shown:
                    shown = case.situation
                    print(f"\n{shown}   (load {os.getloadavg()[0]:.1f})")
                _print(case, secure if case.tls else plain, requests, directory)
        finally:
            server.kill()


def _print(case: Case, port: str, requests: int, directory: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", __spec__.name, "client", json.dumps(asdict(case)), port, str(requests)],
        env={**os.environ, "BENCH_CA": str(directory / "ca.pem")}, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    found = json.loads(told.stdout)
    print(
        f"  {case.client:24} {found['cpu']:7.0f} µs CPU {found['rate']:6.0f} a second {found['p99']:6.0f} ms p99"
        f"  {found['failed']:.0f} failed",
        flush=True,
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        asyncio.run(serve(Path(sys.argv[2])))
    elif sys.argv[1:2] == ["client"]:
        print(json.dumps(asyncio.run(_measure(Case(**json.loads(sys.argv[2])), int(sys.argv[3]), int(sys.argv[4])))))
    else:
        main()
