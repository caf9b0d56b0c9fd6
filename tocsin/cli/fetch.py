"""`tocsin fetch`: look at one feed once, exactly as the daemon would."""

import asyncio
from pathlib import Path

import click
from pydantic import SecretStr

from schemas.errors import Unreadable
from schemas.item import Feed
from schemas.secrets import apart
from tocsin.cli.lines import write
from tocsin.cli.parse import line


@click.command("fetch")
@click.argument("url")
@click.option(
    "-c", "--config", "directory", metavar="DIR", type=click.Path(path_type=Path),
    help="Use the proxy, private authority, allowed hosts, and this feed's settings and credentials from here.",
)  # fmt: skip
def fetch_command(url: str, directory: Path | None) -> None:
    """Look at a feed once, exactly as the daemon would, and print its items, one JSON object a line."""
    asyncio.run(_fetch(url, directory))


async def _fetch(written: str, directory: Path | None) -> None:
    url, basic = apart(written)
    from ingest import fetch
    from ingest.identity import item_id
    from ingest.parse import parse
    from tocsin.cli.feeds import way_out
    from tocsin.clock import SystemClock
    from tocsin.config import load_config

    config = load_config(directory) if directory else None
    known = next((feed for feed in config.feeds if feed.url == url), None) if config else None
    feed = Feed(**known.model_dump(exclude={"auth"})) if known else Feed(url=url)
    auth = (known.auth if known else None) or ({"basic": SecretStr(basic)} if basic else {})
    clock = SystemClock()
    async with way_out(config.settings.network if config else None, config) as http:
        seen = await fetch.look(http, fetch.Ask(url, auth=auth), clock.now())
    if seen.what != "body":
        raise Unreadable(f"{url}: {seen.reason}")
    found = parse(seen.body, url=seen.url, content_type=seen.content_type, feed=feed, now=clock.now())
    for item in found.items:
        write(line("-", item.model_copy(update={"id": item_id(url, item.id), "feed": url})))
    click.echo(
        f"{seen.url}: {len(found.items)} items, {found.format}, read by the {found.reader} reader, {found.charset}",
        err=True,
    )


commands: list[click.Command] = [fetch_command]
