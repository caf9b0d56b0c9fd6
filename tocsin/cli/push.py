"""`tocsin push`: items as JSON lines into the log, from wires, archives and other sources."""

import asyncio
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import click

from schemas.item import Item
from tocsin.cli.run import directory_option
from tocsin.cli.understand import Items
from tocsin.config import Config, load_config

BATCH = 500


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE|-]...")
@directory_option
@click.option("--backfill", is_flag=True, help="They make history and never ring.")
@click.option("--log", "log_url", metavar="URL", help="Override the configured log.")
def push(files: tuple[str, ...], directory: Path, backfill: bool, log_url: str | None) -> None:
    """Items as JSON lines into the log. An id that came in once does not come in again."""
    config = load_config(directory)
    given = Items(files)
    stream = iter(given)
    total = fresh = 0
    while batch := [Item.model_validate(item.model_dump()) for item in islice(stream, BATCH)]:
        total += len(batch)
        fresh += asyncio.run(_push(config, batch, backfill, log_url))
    click.echo(f"{fresh} new of {total}", err=True)
    given.end()


async def _push(config: Config, batch: Sequence[Item], backfill: bool, log_url: str | None) -> int:
    from ingest.door import DOOR, let_in
    from tocsin.clock import SystemClock
    from tocsin.log.append import append
    from tocsin.log.open import open_log

    log = await open_log(log_url or config.settings.log, config.settings, SystemClock(), config.directory)
    try:
        return await append(log, DOOR, lambda unit: let_in(batch, unit, backfill=backfill))
    finally:
        await log.close()


commands: list[click.Command] = [push]
