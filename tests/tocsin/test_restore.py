"""A daemon whose log came from a backup knows it, says so, and looks for each message first."""

import shutil
from datetime import timedelta
from pathlib import Path

from schemas.alert import Outcome, Receipt
from schemas.ports import Task
from schemas.topics import RECEIPTS
from tocsin.app import House, house
from tocsin.clock import SystemClock
from tocsin.config import load_config
from tocsin.daemon import _sample, minding_a_restore
from tocsin.operate import remember


async def tell(home: House, name: str) -> None:
    async with home.log.unit(Task("deliver")) as unit:
        unit.emit(RECEIPTS, "console", Receipt(
            id=name, alert=name, destination="console", story="s", revision=1, report="r", outcome=Outcome.SENT,
            reason="", at=unit.now,
        ))  # fmt: skip


async def test_a_log_put_back_from_a_copy_is_known_by_what_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "tocsin.yaml").write_text("log: sqlite:tocsin.db\n")
    config, clock = load_config(tmp_path), SystemClock()
    async with house(config, clock) as home:
        remember.check(tmp_path, "sqlite:tocsin.db", home.log.id)
        await tell(home, "before")
        await _sample(home)
    shutil.copy(tmp_path / "tocsin.db", tmp_path / "backup")
    async with house(config, clock) as home:
        await tell(home, "after")
        await _sample(home)
        assert (await minding_a_restore(home)).restored is None
    shutil.copy(tmp_path / "backup", tmp_path / "tocsin.db")
    for end in ("-wal", "-shm"):
        (tmp_path / f"tocsin.db{end}").unlink(missing_ok=True)
    async with house(config, clock) as home:
        minding = await minding_a_restore(home)
        assert minding.restored is not None
        now = clock.now()
        assert now - timedelta(minutes=5) < minding.restored.since < now < minding.restored.until
        assert any("messages are looked for first" in line for line in home.health.lines())
