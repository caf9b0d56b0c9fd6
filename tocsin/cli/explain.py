"""`tocsin explain`: every gate in order, the first that stopped it, the words that matched."""

import asyncio
from pathlib import Path

import click

from schemas.item import Item
from schemas.marked import suggest
from schemas.ports import Names
from schemas.report import Report
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
        hint = suggest(subscription, known) or f"there are {', '.join(sorted(known)[:20])}"
        raise click.UsageError(f'there is no subscription "{subscription}"; {hint}')
    found = asyncio.run(find(config, what))
    item = found or text_item(what)
    names = [subscription] if subscription else sorted(known)
    report = knowledge.understander.understand(item)
    story = asyncio.run(of_story(config, report, knowledge.understander, known=found is not None))
    for line in explained(item, knowledge.understander, knowledge.subscriptions, names, story):
        click.echo(line)


async def of_story(config: Config, report: Report, names: Names, *, known: bool) -> list[str]:
    """Lines on the story of a report; of one that is not in the log, on the open story that it would join."""
    from tocsin.clock import SystemClock
    from tocsin.log.open import open_log
    from tocsin.placing import alone, placed, tried

    url = config.settings.log
    if not known and (not url.startswith("sqlite:") or not (config.directory / url.removeprefix("sqlite:")).exists()):
        return alone(report, names)
    clock = SystemClock()
    log = await open_log(url, config.settings, clock, config.directory)
    try:
        if known:
            return await placed(log, report, names)
        return await tried(log, report.model_copy(update={"published": report.published or clock.now()}), names)
    finally:
        await log.close()


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
