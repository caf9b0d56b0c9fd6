"""Ringing: how long from a decision to the request on the wire, and how long a flood takes to drain.

`python -m tests.bench.ring`. Slack is the proxy alone, which notes when a request arrives and says yes (the emulator
behind it is slower than what is measured); ten destinations stand for ten workspaces; the log is SQLite in a
temporary directory, all of it in one process. The ratio compares with a bare httpx POST to the same proxy, so that it
means something on another machine.
"""

import asyncio
import logging
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from time import perf_counter

import httpx
import structlog

from alert.channels import Services, build
from alert.delivery.clerk import delivery_id
from alert.delivery.state import Pending
from alert.delivery.worker import DeliverWorker, Office
from schemas.alert import Alert, Receipt
from schemas.ports import Task
from schemas.settings import Destination, Settings
from schemas.topics import ACTIONS, ALERTS
from tests.alert.build import Atlas, alert
from tests.alert.delivery.test_flood import drain
from tests.servers.slack import SlackServer
from tests.servers.slack.faults import Fault, Reply
from tests.servers.slack_proxy import SlackProxy
from tocsin.clock import SystemClock
from tocsin.log.port import StageSpec
from tocsin.log.sqlite import SqliteLog

RATE, SECONDS = 20, 20
"""Alerts a second, and for how long."""
WORKSPACES = tuple(f"workspace-{number}" for number in range(10))
"""Each takes 240 a minute at most, as Slack has it: twenty a second need several."""


def quantile(values: Sequence[float], share: float) -> float:
    """The value under which so large a share stays."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


@asynccontextmanager
async def delivering(
    proxy: SlackProxy, directory: Path, observe: Callable[[Receipt], None]
) -> AsyncIterator[SqliteLog]:
    """A deliver worker for ten workspaces on a new log."""
    clock = SystemClock()
    log = SqliteLog(directory / "tocsin.db", clock, 1)
    await log.open()
    options = {"api_url": proxy.api_url, "channel": proxy.channel}
    destinations = {
        name: Destination(kind="slack", options={**options, "token": f"xoxb-{name}", "per_second": 10})
        for name in WORKSPACES
    }
    channels = {name: build(name, one, Services(clock)) for name, one in destinations.items()}
    worker = DeliverWorker(Settings(destinations=destinations), channels, Office(clock, Atlas(), observe=observe))
    stage = asyncio.create_task(log.run_stage(StageSpec("deliver", (ALERTS, ACTIONS)), worker.run))
    yield log
    stage.cancel()
    await asyncio.gather(stage, return_exceptions=True)
    await log.close()
    for channel in channels.values():
        await channel.close()


async def latencies(proxy: SlackProxy, directory: Path) -> list[float]:
    """Seconds from each alert's creation to its request's arrival at the proxy."""
    rung: list[Alert] = []
    clock = SystemClock()
    told, left = asyncio.Event(), count(RATE * SECONDS - 1, -1)

    def observe(_: Receipt) -> None:
        if next(left) == 0:
            told.set()

    async with delivering(proxy, directory, observe) as log:
        for number in range(RATE * SECONDS):
            one = alert(WORKSPACES[number % len(WORKSPACES)], f"s{number}", at=clock.now())
            async with log.unit(Task("match")) as unit:
                unit.emit(ALERTS, one.destination, one)
            rung.append(one)
            await asyncio.sleep(1 / RATE)
        await told.wait()
    calls = proxy.calls_of("chat.postMessage")
    arrived = {call.fields["metadata"]["event_payload"]["delivery_id"]: call.at for call in calls}
    return [arrived[_delivery(one)] - one.created.timestamp() for one in rung]


def _delivery(one: Alert) -> str:
    return delivery_id(one.destination, "root", (Pending(alert=one, kind="root", due=one.created, since=one.created),))


async def bare(proxy: SlackProxy, times: int = 50) -> list[float]:
    """Seconds of a bare request to the proxy and back."""
    found = []
    async with httpx.AsyncClient() as http:
        for _ in range(times):
            began = perf_counter()
            await http.post(f"{proxy.api_url}auth.test", headers={"Authorization": f"Bearer {proxy.token}"})
            found.append(perf_counter() - began)
    return found


async def ring() -> None:
    """Measure and print."""
    with SlackServer() as server, SlackProxy(server) as proxy, tempfile.TemporaryDirectory() as directory:
        proxy.on_call = lambda call: Fault(forward=False, reply=Reply(200, {"ok": True, "ts": "1745827931.000200"}))
        base = quantile(await bare(proxy), 0.5)
        found = await latencies(proxy, Path(directory))
    half, most = quantile(found, 0.5), quantile(found, 0.99)
    print(
        f"decision to wire, {RATE} alerts/s on {len(WORKSPACES)} workspaces: p50 {half * 1000:.0f} ms, "
        f"p99 {most * 1000:.0f} ms; p50 is {half / base:.1f}x a bare request and its answer ({base * 1000:.0f} ms)"
    )


async def flood(alerts_: int = 10_000, stories: int = 900) -> None:
    """Drain what an outage of an hour left, in virtual time under Slack's limits, and print."""
    channel, alerts, ends, seconds = await drain(alerts_, stories, minutes=5)
    assert len(ends) == len(alerts)
    last = max(parcel.started for parcel in channel.taken if parcel.started)
    spent = (last - channel.back).total_seconds() if channel.back else seconds
    one_by_one = alerts_ / 0.95
    print(f"{alerts_} alerts of {len({one.story.id for one in alerts})} stories after an hour's outage: "
          f"{len(channel.taken)} messages in {spent:.0f} s; one by one it would be {one_by_one / 60:.0f} min, "
          f"{one_by_one / spent:.0f}x as long; every alert has its receipt")  # fmt: skip


def main() -> None:
    """Latency, then the flood."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    asyncio.run(ring())
    asyncio.run(flood())


if __name__ == "__main__":
    main()
