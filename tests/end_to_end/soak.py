"""A daemon under a steady stream of items, watched from outside: memory, descriptors, lag; its files reread meanwhile.

TOCSIN_SOAK_MINUTES=120 TOCSIN_SOAK_RATE=50 pytest tests/end_to_end/test_soak.py
"""

import asyncio
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import httpx

from tests.end_to_end.daemon import running
from tests.servers.ports import free_port

TOKEN = "soak"
LOOK = 5.0
"""Seconds between two looks at it."""
REREAD = 20.0
"""Seconds between two changes of its subscriptions."""
TELLINGS = (
    "{country} confirms it sent {number} troops to {other}", "Airstrike in {country} kills {number} people",
    "Взрыв в {country}: погибли {number} человек", "مقتل {number} أشخاص في غارة على {country}",
    "Séisme en {country} : {number} morts", "{country} and {other} agree to a ceasefire",
    "{country} gana {number} a cero", "New phone of {number} grams shown in {country}",
)  # fmt: skip
COUNTRIES = ("Sudan", "Mali", "Peru", "Chad", "Niger", "Kenya", "Nepal", "Cuba", "Oman", "Fiji", "Togo", "Laos")


@dataclass
class Watched:
    """What was seen of the process, look by look."""

    memory: list[float] = field(default_factory=list)
    """Bytes resident."""
    files: list[float] = field(default_factory=list)
    lag: list[float] = field(default_factory=list)
    """Seconds behind, the worst stage."""
    pushed: int = 0

    def growth(self, values: Sequence[float]) -> float:
        """The last third against the middle one: above 1 where it grows once it is warm."""
        third = max(1, len(values) // 3)
        return median(values[-third:]) / max(median(values[third : 2 * third] or values), 1.0)

    def told(self) -> str:
        """For a person."""
        return (
            f"{self.pushed} items; memory {self.memory[-1] / 1e6:.0f} MB, growth {self.growth(self.memory):.3f}; "
            f"files {self.files[-1]:.0f}, growth {self.growth(self.files):.3f}; worst lag {max(self.lag):.1f} s"
        )


def items(seed: int) -> Iterator[str]:
    """Items for ever, as JSON lines; the same seed gives the same ones."""
    rng = random.Random(seed)
    number = 0
    while True:
        number += 1
        country, other = rng.sample(COUNTRIES, 2)
        title = rng.choice(TELLINGS).format(country=country, other=other, number=rng.randint(2, 900))
        text = " ".join(rng.choice(("the", "said", "on", "officials", country, "according", "to")) for _ in range(60))
        yield json.dumps({"id": f"soak-{seed}-{number}", "title": title, "text": f"{title}. {text}",
                          "source": f"House {rng.randint(1, 40)}"}, ensure_ascii=False)  # fmt: skip


def configure(directory: Path, port: int) -> Path:
    """A daemon that tells nobody, and much."""
    (directory / "subscriptions").mkdir()
    (directory / "tocsin.yaml").write_text(
        f'desk: {{listen: "127.0.0.1:{port}", token: {TOKEN}}}\ndestinations: {{nowhere: {{nowhere: {{}}}}}}\n'
    )
    return directory / "subscriptions" / "all.yaml"


def subscriptions(turn: int) -> str:
    """Never the same twice."""
    wanted = " OR ".join(f"event:{kind}" for kind in ("troop_deployment", "airstrike", "ceasefire", "natural_disaster"))
    return f"subscriptions:\n  - {{id: all, title: turn {turn}, match: '{wanted}', notify: [nowhere]}}\n"


async def soak(directory: Path, minutes: float, rate: int) -> Watched:
    """Run it; what was seen. Raises AssertionError when it stops answering or ends badly."""
    port, watched = free_port(), Watched()
    file = configure(directory, port)
    file.write_text(subscriptions(0))
    base = f"http://127.0.0.1:{port}"
    headers = {"authorization": f"Bearer {TOKEN}"}
    async with running(directory) as daemon, httpx.AsyncClient(base_url=base, headers=headers, timeout=120) as http:
        await _up(http)
        async with asyncio.timeout(minutes * 60 + 300):
            await _press(http, watched, file, minutes, rate)
            while await _look(http, watched) > 2:  # noqa: ASYNC110 - what is in flight comes to its end
                await asyncio.sleep(1)
    assert await daemon.ended() == 0, daemon.words()[-2000:]
    return watched


async def _up(http: httpx.AsyncClient) -> None:
    async with asyncio.timeout(120):
        while True:
            try:
                if (await http.get("/readyz")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.2)


async def _press(http: httpx.AsyncClient, watched: Watched, file: Path, minutes: float, rate: int) -> None:
    loop, stream = asyncio.get_running_loop(), items(1)
    began = now = loop.time()
    looked = reread = now
    while now < began + minutes * 60:
        answer = await http.post("/api/items", content="\n".join(next(stream) for _ in range(rate)))
        assert answer.status_code == 202, answer.text
        watched.pushed += rate
        if now - looked >= LOOK:
            looked = now
            await _look(http, watched)
        if now - reread >= REREAD:
            reread = now
            await asyncio.to_thread(file.write_text, subscriptions(int(now)))
        await asyncio.sleep(max(0.0, 1.0 - (loop.time() - now)))
        now = loop.time()


async def _look(http: httpx.AsyncClient, watched: Watched) -> float:
    """One look; seconds behind."""
    text = (await http.get("/metrics")).text
    watched.memory.append(_value(text, "process_resident_memory_bytes"))
    watched.files.append(_value(text, "process_open_fds"))
    watched.lag.append(_value(text, "tocsin_lag_seconds"))
    return watched.lag[-1]


def _value(text: str, name: str) -> float:
    """The greatest of a metric's series; 0 where it has none."""
    found = re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", text, re.MULTILINE)
    return max(map(float, found), default=0.0)
