"""`tocsin status`: how everything stands, once or live."""

import asyncio
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tocsin.cli.operate import json_option, log_option, opened, table
from tocsin.cli.run import directory_option
from tocsin.config import Config, load_config

if TYPE_CHECKING:
    from tocsin.operate.standing import Arrival, Outlook, Standing

CLEAR = "\x1b[H\x1b[J"


@click.command()
@directory_option
@log_option
@json_option
@click.option("--watch", "every", type=click.FloatRange(0.2, 3600), metavar="SECONDS", is_flag=False, flag_value=2.0,
              help="Look again every so many seconds (2), until Ctrl-C.")  # fmt: skip
def status(directory: Path, log_url: str | None, as_json: bool, every: float | None) -> None:
    """How far each stage is behind, how the destinations stand, what the canary took, how many records died."""
    try:
        asyncio.run(_looking(load_config(directory), log_url, every, as_json=as_json))
    except KeyboardInterrupt:
        click.echo()


async def _looking(config: Config, url: str | None, every: float | None, *, as_json: bool) -> None:
    from tocsin.clock import SystemClock
    from tocsin.operate.standing import standing

    clock = SystemClock()
    async with opened(config, url) as log:
        while True:
            now = clock.now()
            found = await standing(log, config.settings, now)
            lines = list(json_lines(found) if as_json else told(found, now))
            if every is not None and not as_json:
                click.echo(f"{CLEAR}{now:%Y-%m-%d %H:%M:%S} UTC, every {every:g} s, Ctrl-C ends\n")
            click.echo("\n".join(lines))
            if every is None:
                return
            await asyncio.sleep(every)


def told(found: "Standing", now: datetime) -> Iterator[str]:
    """For people: a table of stages, one of destinations, the canary, the dead."""
    yield from table(_stages(found))
    yield from ("", *table(_destination(each, now) for each in found.outlooks))
    yield from (_canary(each) for each in found.arrivals)
    yield f"dead letters: {found.dead}"


def _stages(found: "Standing") -> list[dict[str, Any]]:
    return [
        {"stage": lag.task.stage, "partition": lag.task.partition, "behind": lag.records,
         "seconds": round(lag.seconds, 1)} for lag in found.lags
    ]  # fmt: skip


def _destination(each: "Outlook", now: datetime) -> dict[str, Any]:
    oldest = round((now - each.since).total_seconds()) if each.since else ""
    silent = f"silent until {max(one.until for one in each.silences):%m-%d %H:%M}" if each.silences else ""
    return {
        "destination": each.name, "waiting": each.waiting, "held": each.held, "moving": each.moving,
        "oldest, s": oldest, "": each.trouble or silent or "well",
    }  # fmt: skip


def _canary(each: "Arrival") -> str:
    if each.at is None:
        return f"canary to {each.name}: none has arrived yet"
    late = "LATE; " if each.late else ""
    return f"canary to {each.name}: {late}the last took {each.seconds:.1f} s, at {each.at:%H:%M:%S} UTC"


def json_lines(found: "Standing") -> Iterator[str]:
    """One object a stage, a destination and a canary; the dead last."""
    rows: list[dict[str, Any]] = [
        *_stages(found),
        *({"destination": each.name, "waiting": each.waiting, "held": each.held, "moving": each.moving,
           "uncertain": each.uncertain, "since": each.since, "trouble": each.trouble,
           "silences": len(each.silences)} for each in found.outlooks),
        *({"canary": each.name, "at": each.at, "seconds": each.seconds, "late": each.late}
          for each in found.arrivals),
        {"dead": found.dead},
    ]  # fmt: skip
    yield from (json.dumps(row, ensure_ascii=False, default=_plain) for row in rows)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


commands: list[click.Command] = [status]
