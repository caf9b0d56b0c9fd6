"""Badly behaved feeds and a daemon that is killed: nothing lost, nothing doubled, nobody pestered."""

import pytest

from tests.ingest.serverfarm.farm import Farm, Harvest, Season


def prove(harvest: Harvest) -> None:
    assert harvest.expected
    assert harvest.refused <= harvest.expected / 4
    assert harvest.lost == []
    assert harvest.doubled == []
    assert harvest.most_at_once <= 1


async def test_nothing_is_lost_or_doubled_over_three_kills() -> None:
    prove(await Farm(Season(feeds=20, hours=12, speed=1_200, kill_every=3)).run())


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_nothing_is_lost_or_doubled_over_a_day_and_a_half_of_kills() -> None:
    harvest = await Farm(Season(feeds=200, hours=36, speed=480, kill_every=2)).run()
    prove(harvest)
    assert harvest.kills >= 17
