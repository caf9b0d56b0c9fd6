"""`python -m tests.log.mill.working BOOTSTRAP PREFIX DIR [ITEMS_FILE]`: one worker of the mill on Kafka, or its source.

With ITEMS_FILE it is the source instead: it pushes items up to the number that stands in the file. It ends by being
killed, or non-zero when its log says that a restart would help.
"""

import asyncio
import logging
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from schemas.errors import LogError
from schemas.settings import Kafka, Retention
from tests.log.mill.turning import _push, turn
from tocsin.log.kafka import Access, KafkaLog

PARTITIONS = 3
SESSION = 6.0


class WallClock:
    """The time of day."""

    def now(self) -> datetime:
        """The present instant."""
        return datetime.now(UTC)


def log_at(bootstrap: str, prefix: str, directory: Path | None, copies: int | None = None) -> KafkaLog:
    """The mill's log, with short patience so that faults are felt."""
    settings = Kafka(topic_prefix=prefix, partitions=PARTITIONS, replication=copies)
    return KafkaLog(Access(bootstrap, settings, request=5.0, session=SESSION), WallClock(), directory, Retention())


async def work(log: KafkaLog) -> None:
    """Turn the mill until told to stop."""
    turning = asyncio.create_task(turn(log))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, turning.cancel)
    await turning


async def source(log: KafkaLog, wanted: Path) -> None:
    """Push what is wanted, five at a time."""
    while True:
        goal = int(await asyncio.to_thread(wanted.read_text) or 0)
        await _push(log, goal, 5)
        await asyncio.sleep(0.15)


async def main(bootstrap: str, prefix: str, directory: Path, wanted: Path | None) -> int:
    """Returns 1 when a restart would help."""
    log, end = log_at(bootstrap, prefix, directory), 0
    try:
        await log.open()
        await (source(log, wanted) if wanted else work(log))
    except* LogError as errors:
        print(*errors.exceptions, sep="\n", file=sys.stderr)
        end = 1
    except* asyncio.CancelledError:
        pass
    finally:
        await log.close()
    return end


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    given = sys.argv[1:]
    sys.exit(asyncio.run(main(given[0], given[1], Path(given[2]), Path(given[3]) if len(given) > 3 else None)))
