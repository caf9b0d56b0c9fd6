"""The fixtures: each server runs once a session and is emptied for every test that asks for it."""

from collections.abc import Iterator

import pytest

from .http import FeedServer


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
