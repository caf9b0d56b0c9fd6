"""A single broker from the image apache/kafka, where a Docker engine answers."""

import asyncio
import functools
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import LogMessageWaitStrategy

from tests.servers.kafka import jars
from tests.servers.kafka.errors import KafkaDidNotStart
from tests.servers.kafka.nodes import common_properties, free_ports

ASK_SECONDS = 5
READY = "Kafka Server started"
INSIDE = 9092


@functools.cache
def answers() -> bool:
    """Whether a Docker engine is really there: a command on the path proves nothing."""
    ask = ["docker", "version", "--format", "{{.Server.Version}}"]
    try:
        return subprocess.run(ask, capture_output=True, timeout=ASK_SECONDS, check=False).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def settings(port: int) -> dict[str, str]:
    """The broker's properties, which the image wants as `KAFKA_…` variables."""
    wanted = common_properties(1) | {
        "node.id": "1",
        "listeners": f"PLAINTEXT://:{INSIDE},CONTROLLER://:9093",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
        "controller.quorum.voters": "1@localhost:9093",
    }
    return {f"KAFKA_{key.upper().replace('.', '_')}": value for key, value in wanted.items()}


@asynccontextmanager
async def broker() -> AsyncIterator[str]:
    """The bootstrap address of a fresh broker, removed afterwards.

    Raises:
        KafkaDidNotStart: the engine could not fetch or start the image.
    """
    [port] = free_ports(1)
    container = await asyncio.to_thread(_started, port)
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await asyncio.to_thread(container.stop)


def _started(port: int) -> DockerContainer:
    container = DockerContainer(f"apache/kafka:{jars.version()}").with_bind_ports(INSIDE, port)
    container = container.with_envs(**settings(port)).waiting_for(LogMessageWaitStrategy(READY))
    try:
        return container.start()
    except Exception as error:  # docker, requests and testcontainers raise errors of many trees
        raise KafkaDidNotStart(f"Docker could not run {container.image}: {error}") from error
