"""Hours of news in one process: memory and descriptors stay, nothing is lost, a changed file is taken up in between."""

import asyncio
import os
from pathlib import Path

import pytest

from tests.end_to_end.daemon import TOCSIN
from tests.end_to_end.soak import items, soak

MINUTES = float(os.environ.get("TOCSIN_SOAK_MINUTES", "3"))
RATE = int(os.environ.get("TOCSIN_SOAK_RATE", "10"))


def test_the_stream_is_the_same_for_the_same_seed() -> None:
    first, second = items(7), items(7)
    assert [next(first) for _ in range(20)] == [next(second) for _ in range(20)]


@pytest.mark.long
@pytest.mark.timeout(MINUTES * 60 + 600)
async def test_memory_and_descriptors_stay_and_nothing_is_lost(tmp_path: Path) -> None:
    watched = await soak(tmp_path, MINUTES, RATE)
    print(watched.told())
    assert watched.growth(watched.files) < 1.1, watched.told()
    assert watched.growth(watched.memory) < 1.15, watched.told()
    said = (tmp_path / "said.txt").read_text("utf-8")
    assert said.count("configuration_reloaded") >= MINUTES * 60 // 20 - 2
    process = await asyncio.create_subprocess_exec(
        TOCSIN, "audit", "-c", tmp_path, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    told, _ = await process.communicate()
    assert process.returncode == 0, told.decode()
