"""The processes of the mill on Kafka: three workers and a source, started again when they end."""

import asyncio
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[3]


@dataclass
class Crew:
    """Keeps the named processes alive, as systemd would."""

    bootstrap: str
    prefix: str
    room: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    restarts: int = 0

    @property
    def wanted(self) -> Path:
        """The file that says how many items the source is to push."""
        return self.room / "wanted"

    def start(self, name: str) -> None:
        """Start a process; `source` is the source, every other a worker."""
        command = [sys.executable, "-m", "tests.log.mill.working", self.bootstrap, self.prefix, str(self.room / name)]
        if name == "source":
            command.append(str(self.wanted))
        with (self.room / f"{name}.err").open("ab") as errors:
            self.running[name] = subprocess.Popen(command, cwd=ROOT, stderr=errors, stdout=errors)

    def end(self, name: str, how: signal.Signals) -> int:
        """Signal a process and wait for its end; returns its id."""
        process = self.running.pop(name)
        process.send_signal(signal.SIGCONT)
        process.send_signal(how)
        process.wait(60)
        return process.pid

    def signal(self, name: str, what: signal.Signals) -> int:
        """Signal a process; returns its id."""
        pid = self.running[name].pid
        os.kill(pid, what)
        return pid

    async def mind(self) -> None:
        """Start again whatever ended by itself, after a second, until cancelled."""
        while True:
            await asyncio.sleep(1.0)
            for name, process in list(self.running.items()):
                if process.poll() is not None:
                    self.restarts += 1
                    self.start(name)

    def close(self) -> None:
        """End them all."""
        for name in list(self.running):
            self.end(name, signal.SIGKILL)
