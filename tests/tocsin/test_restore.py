"""A daemon whose log came from a backup knows it, says so, and looks for each message first."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from schemas.alert import Outcome, Receipt
from schemas.ports import Task
from schemas.topics import RECEIPTS
from tocsin.app import House, house
from tocsin.clock import SystemClock
from tocsin.config import load_config
from tocsin.daemon import _sample, _sampling, minding_a_restore
from tocsin.health import State
from tocsin.log.open import open_log
from tocsin.operate import remember


async def tell(home: House, name: str) -> None:
    async with home.log.unit(Task("deliver")) as unit:
        unit.emit(RECEIPTS, "console", Receipt(
            id=name, alert=name, destination="console", story="s", revision=1, report="r", outcome=Outcome.SENT,
            reason="", at=unit.now,
        ))  # fmt: skip


@asynccontextmanager
async def reopened(home: House) -> AsyncIterator[House]:
    """The same house on the file as it is now."""
    log = await open_log("sqlite:tocsin.db", home.config.settings, home.clock, home.config.directory)
    try:
        yield replace(home, log=log)
    finally:
        await log.close()


async def test_a_log_put_back_from_a_copy_is_known_by_what_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "tocsin.yaml").write_text("log: sqlite:tocsin.db\n")
    async with house(load_config(tmp_path), SystemClock(), "memory:") as built:
        async with reopened(built) as home:
            remember.check(tmp_path / ".tocsin", "sqlite:tocsin.db", home.log.id)
            await tell(home, "before")
            await _sample(home)
        shutil.copy(tmp_path / "tocsin.db", tmp_path / "backup")
        async with reopened(built) as home:
            await tell(home, "after")
            await _sample(home)
            assert (await minding_a_restore(home)).restored is None
        shutil.copy(tmp_path / "backup", tmp_path / "tocsin.db")
        async with reopened(built) as home:
            restored, now = (await minding_a_restore(home)).restored, home.clock.now()
        assert restored is not None
        assert now - timedelta(minutes=5) < restored.since < now < restored.until
        assert any("messages are looked for first" in line for line in built.health.lines())


async def test_a_full_disk_under_the_state_directory_is_red_and_not_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(directory: Path, written: int) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "tocsin.yaml").write_text("log: sqlite:tocsin.db\n")
    async with house(load_config(tmp_path), SystemClock(), "memory:") as home:
        monkeypatch.setattr(remember, "told", full)
        sampling = asyncio.create_task(_sampling(home))
        while home.health.parts.get("log", (State.OK, ""))[0] is not State.STOPPED:
            assert not sampling.done()
            await asyncio.sleep(0.01)
        assert "No space left" in home.health.parts["log"][1]
        sampling.cancel()
        await asyncio.wait([sampling])
