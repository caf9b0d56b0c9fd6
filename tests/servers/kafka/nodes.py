"""One broker process: its configuration, its directory, its life and death."""

import asyncio
import contextlib
import random
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.servers.kafka.errors import KafkaDidNotStart
from tests.servers.kafka.jars import HERE

# Below the kernel's range for outgoing connections, so that nothing takes the port of a broker that is down.
PORTS = range(20_000, 32_000)
JVM = ("-Xms128m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
LINES_OF_LOG = 40
FORMAT_SECONDS = 60
STOP_SECONDS = 60


@dataclass(frozen=True)
class Seat:
    """The place of a node in its cluster: identity and the two loopback ports it keeps for life."""

    node: int
    port: int
    controller_port: int

    @property
    def bootstrap(self) -> str:
        """Where clients find this node, as `host:port`."""
        return f"127.0.0.1:{self.port}"

    @property
    def voter(self) -> str:
        """How the controllers of the cluster name this node."""
        return f"{self.node}@127.0.0.1:{self.controller_port}"


def seats(count: int) -> list[Seat]:
    """Seats 1…count on loopback ports that are free now."""
    ports = free_ports(2 * count)
    return [Seat(node + 1, ports[2 * node], ports[2 * node + 1]) for node in range(count)]


def free_ports(count: int) -> list[int]:
    """Distinct loopback ports that nobody listens on."""
    found: list[int] = []
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            found.append(port)
        if len(found) == count:
            return found
    raise KafkaDidNotStart(f"no {count} free loopback ports in {PORTS}")


def common_properties(nodes: int) -> dict[str, str]:
    """The settings every broker of a cluster of this size shares: `server.properties`, and replication to fit."""
    lines = (HERE / "server.properties").read_text("utf-8").splitlines()
    shared = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    copies, enough = str(min(nodes, 3)), "2" if nodes > 2 else "1"
    return shared | {
        "default.replication.factor": copies,
        "min.insync.replicas": enough,
        "offsets.topic.replication.factor": copies,
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": enough,
        "share.coordinator.state.topic.replication.factor": copies,
        "share.coordinator.state.topic.min.isr": enough,
    }


def properties(seat: Seat, cluster: list[Seat], data: Path, extra: Mapping[str, str]) -> dict[str, str]:
    """Everything in one node's `server.properties`; `extra` wins."""
    return {
        **common_properties(len(cluster)),
        "node.id": str(seat.node),
        "listeners": f"PLAINTEXT://{seat.bootstrap},CONTROLLER://127.0.0.1:{seat.controller_port}",
        "advertised.listeners": f"PLAINTEXT://{seat.bootstrap}",
        "controller.quorum.voters": ",".join(each.voter for each in cluster),
        "log.dirs": str(data),
        **extra,
    }


class Node:
    """A broker in its own directory: formatted once, then started, frozen, killed and started again."""

    def __init__(self, seat: Seat, home: Path, jars: Path) -> None:
        self.seat = seat
        self._home = home
        self._java = ["java", *JVM, f"-Dlog4j2.configurationFile={HERE / 'log4j2.properties'}", "-cp", f"{jars}/*"]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id of the running broker."""
        return self._running().pid

    @property
    def log(self) -> str:
        """Everything the node has logged."""
        return self._log_file.read_text("utf-8", "replace") if self._log_file.exists() else ""

    def format(self, cluster_id: str, settings: Mapping[str, str], users: Sequence[str] = ()) -> None:
        """Write the node's configuration and an empty storage directory that belongs to this cluster.

        `users` are arguments that give the cluster its first SCRAM users.
        """
        self._home.mkdir(parents=True)
        self._config.write_text("".join(f"{key}={value}\n" for key, value in settings.items()), "utf-8")
        tool = [*self._java, "kafka.tools.StorageTool", "format", f"--cluster-id={cluster_id}", "-c", str(self._config)]
        tool += users
        with self._log_file.open("ab") as log:
            done = subprocess.run(tool, stdout=log, stderr=log, timeout=FORMAT_SECONDS, check=False)
        if done.returncode:
            raise KafkaDidNotStart(self.told("could not format its storage"))

    def launch(self) -> None:
        """Start the process; it is ready when the cluster says so."""
        with self._log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._java, "kafka.Kafka", str(self._config)], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def check_alive(self) -> None:
        """Raise KafkaDidNotStart with the end of the log when the process has ended."""
        if (code := self._running().poll()) is not None:
            raise KafkaDidNotStart(self.told(f"ended with code {code}"))

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to this broker's process, and to no other."""
        self._running().send_signal(number)

    def kill(self) -> None:
        """SIGKILL, frozen or not, and wait until the process is gone; nothing happens when it already is."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    async def stop(self) -> None:
        """SIGTERM, and wait for the orderly end; SIGKILL if that never comes."""
        process = self._running()
        process.terminate()
        try:
            await asyncio.to_thread(process.wait, STOP_SECONDS)
        finally:
            self.kill()

    def told(self, what: str) -> str:
        """What happened to this node, with the end of its log."""
        lines = self.log.splitlines()[-LINES_OF_LOG:]
        return "\n".join([f"Kafka node {self.seat.node} {what}; the end of its log:", *lines])

    @property
    def _config(self) -> Path:
        return self._home / "server.properties"

    @property
    def _log_file(self) -> Path:
        return self._home / "broker.log"

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise RuntimeError(f"Kafka node {self.seat.node} is not running")
        return self._process
