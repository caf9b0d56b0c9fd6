"""The real daemon as several processes on Kafka: stages shared out, one killed, nothing lost, nothing doubled."""

import asyncio
import json
import subprocess
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from schemas.item import Item
from tests.end_to_end.daemon import TOCSIN, running
from tests.end_to_end.test_feed_to_person import until

ITEMS = 60
SHARES = ("ingest,deliver,desk", "understand,stories,match", "understand,match")
HEADLINE = "North Korea confirms it sent 14,000 troops to Russia"


def configure(directory: Path, bootstrap: str) -> None:
    (directory / "tocsin.yaml").write_text(
        f"log: kafka://{bootstrap}\nkafka: {{partitions: 2, topic_prefix: {directory.name}}}\n"
        "desk: {listen: '127.0.0.1:0'}\n"
    )
    (directory / "feeds.yaml").write_text("feeds: []\n")
    (directory / "subscriptions").mkdir()
    (directory / "subscriptions" / "all.yaml").write_text(
        "subscriptions:\n  - {id: troops, match: 'event:troop_deployment', notify: [console]}\n"
    )
    lines = [
        Item(id=str(n), title=HEADLINE if n == ITEMS // 2 else f"Bread prices rise, part {n}", source=f"paper {n % 7}")
        for n in range(ITEMS)
    ]
    (directory / "items.jsonl").write_text("\n".join(item.model_dump_json(exclude_defaults=True) for item in lines))


async def tocsin(directory: Path, *words: str) -> Sequence[str]:
    """What a command prints; it must end well."""
    command = [str(TOCSIN), *words, "-c", str(directory)]
    ended = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr + ended.stdout
    return ended.stdout.splitlines()


@pytest.mark.long
async def test_stages_are_shared_out_and_a_killed_process_is_made_up_for(tmp_path: Path, kafka: str) -> None:
    configure(tmp_path, kafka)

    async def done() -> bool:
        rows = [json.loads(line) for line in await tocsin(tmp_path, "status", "--json")]
        stages = {row["stage"] for row in rows if "stage" in row}
        return {"understand", "stories", "match", "deliver"} <= stages and not any(row.get("behind") for row in rows)

    async with AsyncExitStack() as stack:
        daemons = [await stack.enter_async_context(running(tmp_path, "--stages", share)) for share in SHARES]
        await tocsin(tmp_path, "push", str(tmp_path / "items.jsonl"))
        daemons[-1].kill()
        await until(done, 90)
        told = json.loads("".join(await tocsin(tmp_path, "audit", "--json")))
    assert told["clean"], told
    assert sum(told["items"].values()) == ITEMS, told
    assert told["alerts"] == {"sent": 1}, told
