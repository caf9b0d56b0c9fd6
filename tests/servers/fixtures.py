"""The fixtures: each server runs once a session and is emptied for every test that asks for it.

Where a server cannot run, its tests are skipped with the reason; with TOCSIN_REQUIRE_SLACK=1 or TOCSIN_REQUIRE_SMTP=1
that is a failure instead.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.log.waiting import eventually

from .certificates import Authority
from .http import FeedServer
from .postfix import PostfixServer
from .slack import SlackServer
from .slack_proxy import SlackProxy
from .smtp import MailServer

PATIENCE = 5.0


def _sockets() -> set[str]:
    """The sockets of this process (on Linux)."""
    return {fd.name for fd in Path("/proc/self/fd").glob("*") if fd.is_socket()}


@pytest.fixture
async def parted() -> AsyncIterator[None]:
    """Both sides have hung up before the loop ends: TLS says goodbye first, and what is cut off there is a warning."""
    before = _sockets()
    yield
    with suppress(TimeoutError):
        await eventually(lambda: asyncio.to_thread(_sockets), before.__ge__, PATIENCE)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A certificate authority that nobody but the tests trusts."""
    directory: Path = tmp_path_factory.mktemp("certificates")
    return Authority(directory)


@pytest.fixture(scope="session")
def slack_session() -> Iterator[SlackServer]:
    """The emulator's process."""
    require(SlackServer.unavailable_reason(), "TOCSIN_REQUIRE_SLACK")
    with SlackServer() as server:
        yield server


@pytest.fixture
def slack(slack_session: SlackServer) -> SlackServer:
    """An empty Slack workspace that takes anything."""
    slack_session.reset()
    return slack_session


@pytest.fixture(scope="session")
def slack_proxy_session(slack_session: SlackServer) -> Iterator[SlackProxy]:
    """The proxy's thread."""
    with SlackProxy(slack_session) as proxy:
        yield proxy


@pytest.fixture
def slack_proxy(slack: SlackServer, slack_proxy_session: SlackProxy) -> SlackProxy:
    """The same workspace as `slack`, behind Slack's limits and a script of faults."""
    slack_proxy_session.reset()
    return slack_proxy_session


@pytest.fixture(scope="session")
def smtp_session(authority: Authority) -> Iterator[MailServer]:
    """The mail server's thread."""
    with MailServer(authority) as server:
        yield server


@pytest.fixture
def smtp(smtp_session: MailServer) -> MailServer:
    """An empty mail server that fails on demand."""
    smtp_session.reset()
    return smtp_session


@pytest.fixture(scope="session")
def postfix_session(authority: Authority) -> Iterator[PostfixServer]:
    """Postfix's master process."""
    require(PostfixServer.unavailable_reason(), "TOCSIN_REQUIRE_SMTP")
    with PostfixServer(authority) as server:
        yield server


@pytest.fixture
def postfix(postfix_session: PostfixServer) -> PostfixServer:
    """A real relay with an empty mailbox."""
    postfix_session.reset()
    return postfix_session


@pytest.fixture(scope="session")
def feed_server_session() -> Iterator[FeedServer]:
    """The feed server's thread."""
    with FeedServer() as server:
        yield server


@pytest.fixture
def feed_server(feed_server_session: FeedServer) -> FeedServer:
    """A web server with nothing on it."""
    feed_server_session.reset()
    return feed_server_session


@pytest.fixture(scope="session")
def tls_feed_server_session(authority: Authority) -> Iterator[FeedServer]:
    """The HTTPS feed server's thread."""
    with FeedServer(authority.server_context()) as server:
        yield server


@pytest.fixture
def tls_feed_server(tls_feed_server_session: FeedServer) -> FeedServer:
    """The same over HTTPS; only who pins `authority.ca_file` believes its certificate."""
    tls_feed_server_session.reset()
    return tls_feed_server_session


def require(reason: str | None, variable: str) -> None:
    """Skip for a reason, or fail for it where the environment says that the server must be there."""
    if reason is None:
        return
    if os.environ.get(variable) == "1":
        pytest.fail(f"{variable}=1, but {reason}")
    pytest.skip(reason)
