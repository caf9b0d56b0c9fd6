"""The guard at connect time: one judgement a name, and the judged address is the one dialled."""

import asyncio
import socket
import threading
import time
from collections.abc import Sequence

import httpcore
import pytest

from ingest.addresses import AllowList
from ingest.network import Forbidden, GuardedNetwork, Resolver, SystemNames, judge
from tests.servers.http import FeedServer

PUBLIC = "93.184.215.14"


def test_one_bad_address_condemns_the_name() -> None:
    with pytest.raises(Forbidden, match="allow_private"):
        judge("two-faced.example", 80, [PUBLIC, "127.0.0.1"], AllowList())
    assert judge("good.example", 443, [PUBLIC], AllowList()) == [PUBLIC]


def test_low_ports_of_other_services_are_refused() -> None:
    with pytest.raises(Forbidden, match="port 25"):
        judge("mail.example", 25, [PUBLIC], AllowList())
    assert judge("own.example", 25, ["10.0.0.1"], AllowList.of(["10.0.0.0/8"]))


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f000001", "0", "localhost", "[::1]", "::ffff:127.0.0.1"])
async def test_loopback_in_every_spelling_is_refused(host: str) -> None:
    with pytest.raises((Forbidden, httpcore.ConnectError)):
        await GuardedNetwork(AllowList()).connect_tcp(host, 80, timeout=1)


async def test_a_name_that_changes_its_mind_is_dialled_where_it_was_judged(feed_server: FeedServer) -> None:
    answers = iter([["127.0.0.1"], ["169.254.169.254"]])

    async def rebinding(host: str, port: int) -> Sequence[str]:
        return next(answers)

    network = GuardedNetwork(AllowList.of(["127.0.0.1"]), rebinding)
    stream = await network.connect_tcp("rebind.example", feed_server.port, timeout=1)
    await stream.aclose()
    with pytest.raises(Forbidden, match="169"):
        await network.connect_tcp("rebind.example", 80, timeout=1)


async def test_a_resolver_remembers_what_it_found_and_what_it_did_not() -> None:
    asked, now = list[str](), 0.0

    async def ask(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        if host == "dead.example":
            raise httpcore.ConnectError("unknown")
        return [PUBLIC]

    resolver = Resolver(ask, lambda: now)
    for _ in range(3):
        assert await resolver("a.example", 80) == [PUBLIC]
        with pytest.raises(httpcore.ConnectError):
            await resolver("dead.example", 80)
    assert asked == ["a.example", "dead.example"]
    now = 20
    with pytest.raises(httpcore.ConnectError):
        await resolver("dead.example", 80)
    assert asked == ["a.example", "dead.example", "dead.example"]


async def test_a_name_nobody_knows_is_an_error_of_the_connection() -> None:
    with pytest.raises(httpcore.ConnectError, match="cannot be resolved"):
        await SystemNames()("no-such-name.invalid", 80)


async def test_names_that_take_long_hold_up_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    dead = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: dead.wait() and [])
    names = SystemNames()
    asked = [asyncio.ensure_future(names(f"dead{number}.example", 80)) for number in range(8)]
    await asyncio.to_thread(time.monotonic)  # the loop's own threads are free
    dead.set()
    assert await asyncio.gather(*asked) == [[]] * 8


async def test_an_address_needs_no_resolver() -> None:
    async def never(host: str, port: int) -> list[str]:
        raise AssertionError(host)

    assert await Resolver(never)("192.0.2.7", 80) == ["192.0.2.7"]


async def test_local_sockets_are_never_dialled() -> None:
    with pytest.raises(Forbidden):
        await GuardedNetwork(AllowList()).connect_unix_socket("/run/x.sock")
