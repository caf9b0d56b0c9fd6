"""From a URL to an opened log: the one place that knows every concrete log."""

from pathlib import Path

from schemas.errors import LogError
from schemas.ports import Clock
from schemas.settings import Settings
from tocsin.log.kafka import Access, KafkaLog
from tocsin.log.memory import MemoryLog
from tocsin.log.port import Log
from tocsin.log.sqlite import SqliteLog
from tocsin.log.sqlite.backup import back_up
from tocsin.log.sqlite.migrate import format_of, migrate
from tocsin.log.sqlite.owner import Owner
from tocsin.log.sqlite.schema import VERSION
from tocsin.statedir import state_directory


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
        log = KafkaLog(access, clock, state_directory(settings, directory) / "cache", settings.retention)
    elif scheme == "memory":
        log = MemoryLog(clock)
    else:
        raise LogError(f'"{url[:60]}" is no log; write sqlite:FILE or kafka://host:port,host:port')
    await log.open()
    return log


def back_up_log(url: str, directory: Path, target: Path) -> int:
    """Copy the embedded log into a new file while it runs; bytes. Raises `LogError`, also for a log on Kafka."""
    if not url.startswith("sqlite:"):
        raise LogError("a log on Kafka is kept by its copies on the brokers; back up the configuration directory")
    return back_up(directory / url.removeprefix("sqlite:"), target)


def format_words(url: str, directory: Path) -> str:
    """Which format the log is in, for people."""
    if not url.startswith("sqlite:"):
        return "on Kafka every record carries its own version; there is nothing to finish"
    found = format_of(directory / url.removeprefix("sqlite:"))
    if found == VERSION:
        return f"format {found}, the newest this version knows"
    return f"format {found}; this version can make it {VERSION}: tocsin upgrade --finish"


def finish_upgrade(url: str, directory: Path) -> str:
    """Migrate the embedded log; says where the copy is. Raises `LogError` when it is in use."""
    if not url.startswith("sqlite:"):
        return format_words(url, directory)
    path = directory / url.removeprefix("sqlite:")
    owner = Owner(path)
    owner.take()
    try:
        copy = migrate(path)
    finally:
        owner.release()
    return f"format {VERSION}; the old one is kept as {copy}" if copy else format_words(url, directory)
