"""The log on a real Kafka whose processes are killed and frozen: the audit is clean each time.

The reported runs are longer (`python -m tests.log.mill.hurting`); their fault logs are in docs/faults.
"""

import json
from pathlib import Path

import pytest

from tests.log.mill.hurting import WORKERS, main, milling, one_round

pytestmark = pytest.mark.usefixtures("hurtable_kafka")


def told(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


@pytest.mark.timeout(300)
async def test_a_killed_worker_and_a_killed_broker_lose_and_double_nothing(tmp_path: Path) -> None:
    async with milling(1, 1, tmp_path / "faults.jsonl") as run:
        assert await one_round(run, 40, [run.kill_worker, run.kill_broker]), told(tmp_path / "faults.jsonl")


@pytest.mark.long
@pytest.mark.timeout(600)
async def test_a_worker_frozen_for_a_minute_is_a_zombie_that_doubles_nothing(tmp_path: Path) -> None:
    async with milling(1, 2, tmp_path / "faults.jsonl") as run:
        faults = [lambda: run.freeze(WORKERS[0], 60.0), run.lose_coordinator]
        assert await one_round(run, 300, faults), told(tmp_path / "faults.jsonl")


@pytest.mark.long
@pytest.mark.timeout(3600)
async def test_a_hundred_faults_on_three_brokers_lose_and_double_nothing(tmp_path: Path) -> None:
    assert await main(3, 10, 3, tmp_path / "faults.jsonl") == 0, told(tmp_path / "faults.jsonl")
