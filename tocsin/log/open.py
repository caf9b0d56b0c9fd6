"""From a URL to an opened log: the one place that knows every concrete log."""

from pathlib import Path

from schemas.errors import LogError
from schemas.ports import Clock
from schemas.settings import Settings
from tocsin.log.kafka import Access, KafkaLog
from tocsin.log.memory import MemoryLog
from tocsin.log.port import Log
from tocsin.log.sqlite import SqliteLog


async def open_log(url: str, settings: Settings, clock: Clock, directory: Path) -> Log:
    """Open `sqlite:FILE` (relative to `directory`), `kafka://host:port,…` or `memory:`.

    Raises `LogError` when it cannot be reached or is not ours.
    """
    scheme, _, rest = url.partition(":")
    log: Log
    if scheme == "sqlite" and rest:
        log = SqliteLog(directory / rest, clock, settings.kafka.partitions, settings.retention)
    elif scheme == "kafka" and rest.startswith("//"):
        access = Access(rest.removeprefix("//").rstrip("/"), settings.kafka)
        log = KafkaLog(access, clock, directory / ".tocsin" / "cache", settings.retention)
    elif scheme == "memory":
        log = MemoryLog(clock)
    else:
        raise LogError(f'"{url[:60]}" is no log; write sqlite:FILE or kafka://host:port,host:port')
    await log.open()
    return log
