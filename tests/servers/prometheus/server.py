"""Prometheus in a process of its own, asked over its API."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.servers.ports import free_port
from tests.servers.prometheus.tools import PrometheusUnavailable, tool

PATIENCE = 60.0
"""Seconds until it must answer, and until a condition must hold."""


@dataclass
class Prometheus:
    """A running Prometheus."""

    http: httpx.AsyncClient

    async def ask(self, path: str, **parameters: str) -> Any:
        """The `data` of an answer of its API; raises AssertionError with its words for an error."""
        answer = (await self.http.get(f"/api/v1/{path}", params=parameters)).json()
        assert answer["status"] == "success", answer
        return answer["data"]

    async def query(self, expression: str) -> list[dict[str, Any]]:
        """The series an expression has now."""
        found: list[dict[str, Any]] = (await self.ask("query", query=expression))["result"]
        return found

    async def firing(self) -> set[str]:
        """The names of the alerts that fire."""
        alerts = (await self.ask("alerts"))["alerts"]
        return {alert["labels"]["alertname"] for alert in alerts if alert["state"] == "firing"}

    async def until(self, expression: str) -> None:
        """Wait until an expression has a series."""
        async with asyncio.timeout(PATIENCE):
            while not await self.query(expression):  # noqa: ASYNC110 - another process is waited for
                await asyncio.sleep(0.2)


@asynccontextmanager
async def prometheus(directory: Path, configuration: Path) -> AsyncIterator[Prometheus]:
    """Run it with a configuration file, its database in `directory`. Raises `PrometheusUnavailable`."""
    port, said = free_port(), directory / "prometheus.txt"
    command = [str(tool("prometheus")), f"--config.file={configuration}", f"--storage.tsdb.path={directory / 'series'}",
               f"--web.listen-address=127.0.0.1:{port}", "--log.level=warn"]  # fmt: skip
    with said.open("wb") as out:
        process = await asyncio.create_subprocess_exec(*command, cwd=directory, stdout=out, stderr=out)
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as http:
            await _ready(http, process, said)
            yield Prometheus(http)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _ready(http: httpx.AsyncClient, process: asyncio.subprocess.Process, said: Path) -> None:
    async with asyncio.timeout(PATIENCE):
        while process.returncode is None:
            try:
                if (await http.get("/-/ready")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)
    raise PrometheusUnavailable(f"it ended at once: {await asyncio.to_thread(said.read_text)}")
