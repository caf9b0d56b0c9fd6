"""`tocsin explain`: every gate in order, the first that stopped it, the words that matched."""

import asyncio
from pathlib import Path

import click

from schemas.item import Item
from tocsin.cli.run import directory_option
from tocsin.cli.understand import text_item
from tocsin.config import Config, load_config


@click.command()
@click.argument("what", metavar="TEXT|URL|ID|-")
@directory_option
@click.option("--sub", "subscription", metavar="ID", help="Only this subscription.")
def explain(what: str, directory: Path, subscription: str | None) -> None:
    """Why an item rings or does not: what was understood, which story, and each subscription's verdict.

    WHAT is a text (- reads one from standard input), or the address or id of an item in the log.
    """
    from tocsin.app import know
    from tocsin.explaining import explained

    config = load_config(directory)
    knowledge = know(config)
    known = knowledge.subscriptions.compiled
    if subscription is not None and subscription not in known:
        raise click.UsageError(f'there is no subscription "{subscription}"')
    item = asyncio.run(find(config, what)) or text_item(what)
    names = [subscription] if subscription else sorted(known)
    for line in explained(item, knowledge.understander, knowledge.subscriptions, names):
        click.echo(line)


async def find(config: Config, what: str) -> Item | None:
    """The item of an id or address in the log, the newest of several."""
    from schemas.codec import decode_as
    from schemas.errors import TocsinError
    from schemas.topics import ITEMS
    from tocsin.clock import SystemClock
    from tocsin.log.open import open_log

    if " " in what.strip() or what == "-":
        return None
    log = await open_log(config.settings.log, config.settings, SystemClock(), config.directory)
    try:
        async for record in log.history(ITEMS, newest_first=True):
            try:
                item = decode_as(record, Item)
            except TocsinError:
                continue
            if what in (item.id, item.url):
                return item
        return None
    finally:
        await log.close()


commands: list[click.Command] = [explain]
