"""A tocsin daemon in a process of its own."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

TOCSIN = Path(sys.executable).parent / "tocsin"


@dataclass
class Daemon:
    """A running `tocsin run`; what it says goes to `said`."""

    process: asyncio.subprocess.Process
    said: Path

    def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        self.process.send_signal(signal.SIGKILL)

    async def ended(self) -> int:
        """Its exit code."""
        return await asyncio.wait_for(self.process.wait(), 90)

    def words(self) -> str:
        """All it has said."""
        return self.said.read_text(encoding="utf-8")


@asynccontextmanager
async def running(directory: Path, *arguments: str) -> AsyncIterator[Daemon]:
    """`tocsin run -c directory`; on leaving, SIGTERM and wait."""
    said = directory / "said.txt"
    with said.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            TOCSIN, "run", "-c", directory, *arguments, stdout=out, stderr=out
        )  # fmt: skip
    daemon = Daemon(process, said)
    try:
        yield daemon
    finally:
        if process.returncode is None:
            process.terminate()
            await daemon.ended()
