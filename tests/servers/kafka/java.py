"""A Kafka of one or three brokers on this machine's Java, which tests may kill, freeze and start again."""

import asyncio
import atexit
import base64
import contextlib
import logging
import shutil
import signal
import tempfile
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from tests.servers.kafka import jars
from tests.servers.kafka.errors import KafkaDidNotStart
from tests.servers.kafka.locks import Locks
from tests.servers.kafka.nodes import Node, properties, seats

READY_SECONDS = 90
ASK_SECONDS = 5


class JavaKafka:
    """Apache Kafka (KRaft, every node broker and controller) in child processes; nodes are numbered from 1.

    Used as `async with JavaKafka(nodes=3) as kafka:`. A cluster of three keeps three copies of everything and
    wants two in sync. Data survive `kill` and `restart`, and are deleted when the context ends. `locks` add doors
    with TLS and SASL to a single broker.

    Raises:
        KafkaUnavailable: on entry, when Java or the jars cannot be had.
        KafkaDidNotStart: when a node did not become ready; carries the end of the node's log.
    """

    def __init__(self, nodes: int = 1, extra: Mapping[str, str] | None = None, locks: Locks | None = None) -> None:
        self._seats = seats(nodes)
        self._extra = extra or {}
        self._locks = locks
        self._nodes: dict[int, Node] = {}
        self._home = Path(tempfile.gettempdir())
        self.start_seconds = 0.0

    @property
    def bootstrap(self) -> str:
        """Every broker as `host:port,host:port`, dead ones too."""
        return ",".join(seat.bootstrap for seat in self._seats)

    @property
    def nodes(self) -> list[int]:
        """The numbers of the nodes: 1, or 1, 2, 3."""
        return [seat.node for seat in self._seats]

    def pid(self, node: int = 1) -> int:
        """The process id of a running node."""
        return self._nodes[node].pid

    def log(self, node: int = 1) -> str:
        """What a node has logged since the context began, its restarts included."""
        return self._nodes[node].log

    def kill(self, node: int = 1) -> None:
        """SIGKILL a node and wait until it is gone."""
        self._nodes[node].kill()

    def pause(self, node: int = 1) -> None:
        """SIGSTOP: the node keeps its connections and answers nothing."""
        self._nodes[node].signal(signal.SIGSTOP)

    def resume(self, node: int = 1) -> None:
        """SIGCONT after `pause`."""
        self._nodes[node].signal(signal.SIGCONT)

    async def stop(self, node: int = 1) -> None:
        """SIGTERM: an orderly shutdown, awaited."""
        await self._nodes[node].stop()

    async def restart(self, node: int = 1) -> None:
        """Start a node that was killed or stopped, with its data and ports, and wait until it answers."""
        self._nodes[node].kill()
        self._nodes[node].launch()
        await self._ready([self._nodes[node]])

    async def start(self) -> None:
        """What entering the context does; pair it with `close`."""
        home = await asyncio.to_thread(jars.fetched)
        began = time.monotonic()
        self._home = Path(tempfile.mkdtemp(prefix="tocsin-kafka-"))
        self._nodes = {seat.node: Node(seat, self._home / str(seat.node), home) for seat in self._seats}
        atexit.register(self.close)
        try:
            await self._format()
            for node in self._nodes.values():
                node.launch()
            await self._ready(list(self._nodes.values()))
        except BaseException:
            self.close()
            raise
        self.start_seconds = time.monotonic() - began
        print(f"Kafka {jars.version()}, {len(self._nodes)} broker(s) on {self.bootstrap}: {self.start_seconds:.1f} s")

    def close(self) -> None:
        """End every process this object started and delete the data; harmless when repeated."""
        atexit.unregister(self.close)
        for node in self._nodes.values():
            node.kill()
        if self._nodes:
            shutil.rmtree(self._home, ignore_errors=True)
        self._nodes = {}

    async def __aenter__(self) -> Self:
        """Start; returns when every node answers and knows of the others."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        """Close, whatever happened."""
        self.close()

    async def _format(self) -> None:
        cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode("ascii").rstrip("=")
        work = []
        for seat in self._seats:
            settings = properties(seat, self._seats, self._home / str(seat.node) / "data", self._extra)
            users = self._locks.users() if self._locks else []
            settings = self._locks.properties(settings) if self._locks else settings
            work.append(asyncio.to_thread(self._nodes[seat.node].format, cluster_id, settings, users))
        await asyncio.gather(*work)

    async def _ready(self, started: list[Node]) -> None:
        try:
            async with asyncio.timeout(READY_SECONDS):
                for node in started:
                    while not await _answers(node, {each.seat.node for each in started}):
                        node.check_alive()
                        await asyncio.sleep(0.05)
        except TimeoutError:
            raise KafkaDidNotStart(node.told(f"was not ready after {READY_SECONDS} s")) from None


async def _answers(node: Node, wanted: set[int]) -> bool:
    """Whether the node answers and lists the wanted nodes as live brokers."""
    if not await _listens(node.seat.port):
        return False
    admin = AIOKafkaAdminClient(bootstrap_servers=node.seat.bootstrap, request_timeout_ms=ASK_SECONDS * 1000)
    logging.getLogger("aiokafka").addFilter(_silence)
    try:
        await admin.start()
        live = await admin.describe_cluster()
        return wanted <= {broker["node_id"] for broker in live["brokers"]}
    except (KafkaError, OSError, TimeoutError):
        return False
    finally:
        logging.getLogger("aiokafka").removeFilter(_silence)
        with contextlib.suppress(KafkaError, OSError):
            await admin.close()


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


def _silence(_record: logging.LogRecord) -> bool:
    return False
