"""`tocsin feeds`: add, list, import and export feeds, and see how they are."""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click
from pydantic import SecretStr

from ingest import opml
from ingest.canon import canon
from ingest.fetch import origin
from schemas.errors import Unreadable
from schemas.secrets import apart
from schemas.settings import FeedSettings, Network
from tocsin import feedlist
from tocsin.clock import SystemClock
from tocsin.config import Config, load_config

if TYPE_CHECKING:  # these cost a second to load, and most commands need none of them
    from ingest.discover import Discovered
    from ingest.fetch import Auth
    from ingest.guard import GuardedHttp
    from ingest.health import Health
    from ingest.state import Watch

directory_option = click.option(
    "-c", "--config", "directory", default=".", show_default=True, metavar="DIR", help="The configuration directory.",
    type=click.Path(path_type=Path),
)  # fmt: skip
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


def way_out(network: Network | None, config: Config | None = None) -> "GuardedHttp":
    """The guarded client as the configuration wants it; without one, public addresses only."""
    from importlib.metadata import version

    from ingest.guard import GuardedHttp, user_agent

    found = network or Network()
    ca_file = str(config.resolve(found.ca_file)) if config and found.ca_file else found.ca_file
    return GuardedHttp(
        allow_private=found.allow_private, proxy=found.proxy, ca_file=ca_file,
        agent=user_agent(version("tocsin"), found.contact),
    )  # fmt: skip


@click.group("feeds")
def feeds() -> None:
    """Add, list, import and export feeds, and see how they are."""


@feeds.command("add")
@click.argument("url")
@click.option("--all", "every", is_flag=True, help="All feeds that are found, not only the first.")
@click.option("--publisher", help="Who publishes it; by default the feed's own title.")
@click.option("--category", help="A category for it.")
@directory_option
def add_command(url: str, every: bool, publisher: str | None, category: str | None, directory: Path) -> None:
    """Find the feeds of a site (or take the address of a feed) and add them to feeds.yaml."""
    config = load_config(directory)
    address, basic = apart(url)
    found = asyncio.run(_found(config, address, {"basic": SecretStr(basic)} if basic else {}))
    chosen = found if every else found[:1]
    known = {canon(feed.url) for feed in config.feeds}
    fresh = [each for each in chosen if canon(each.url) not in known]
    feedlist.add(
        directory / "feeds.yaml",
        [_entry(each, publisher, category, basic if origin(each.url) == origin(address) else None) for each in fresh],
    )
    for each in found:
        word = "added" if each in fresh else "have it" if each in chosen else "also found"
        click.echo(f"{word:10}  {each.url}  ({each.title or 'untitled'}, {len(each.parsed.items)} items, {each.why})")


async def _found(config: Config, url: str, auth: "Auth") -> "list[Discovered]":
    """The feeds of an address; one written without a scheme is tried with https first."""
    from ingest.discover import discover
    from ingest.fetch import Ask

    async with way_out(config.settings.network, config) as http:
        if "://" in url:
            return await discover(http, SystemClock(), Ask(url, auth=auth))
        try:
            return await discover(http, SystemClock(), Ask(f"https://{url}", auth=auth))
        except Unreadable as secure:
            try:
                return await discover(http, SystemClock(), Ask(f"http://{url}"))
            except Unreadable:
                raise secure from None


def _entry(found: "Discovered", publisher: str | None, category: str | None, basic: str | None) -> str:
    return feedlist.entry(found.url, publisher or found.title, category, found.parsed.lang, basic)


@feeds.command("list")
@directory_option
@json_option
def list_command(directory: Path, as_json: bool) -> None:
    """The configured feeds."""
    for feed in load_config(directory).feeds:
        if as_json:
            click.echo(feed.model_dump_json(exclude={"auth"}, exclude_defaults=True))
        else:
            about = ", ".join(filter(None, (feed.publisher, feed.category, feed.lang, f"trust {feed.trust}")))
            click.echo(f"{opml.without_password(feed.url)}  ({about})")


@feeds.command("import")
@click.argument("file", type=click.File("rb"))
@directory_option
def import_command(file: IO[bytes], directory: Path) -> None:
    """Add the feeds of an OPML file (- reads standard input) to feeds.yaml. Nested folders become categories."""
    config = load_config(directory)
    outlines = opml.read(file.read())
    known = {canon(feed.url) for feed in config.feeds}
    with click.progressbar(outlines, label="Importing", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        entries = [
            feedlist.entry(outline.url, outline.title, outline.category, outline.lang)
            for outline in bar
            if canon(outline.url) not in known
        ]
    if entries:
        feedlist.add(directory / "feeds.yaml", entries)
    click.echo(f"{len(entries)} feeds added, {len(outlines) - len(entries)} were there already")


@feeds.command("export")
@directory_option
def export_command(directory: Path) -> None:
    """The configured feeds as OPML, without credentials."""
    click.echo(opml.write(_outlines(load_config(directory).feeds)), nl=False)


def _outlines(configured: Sequence[FeedSettings]) -> Iterable[opml.Outline]:
    return [opml.Outline(feed.url, feed.publisher or "", feed.category, feed.lang) for feed in configured]


@feeds.command("health")
@directory_option
@click.option("--log", "log_url", metavar="URL", help="Override the configured log.")
@click.option("--bad", is_flag=True, help="Only those that are not healthy.")
@json_option
def health_command(directory: Path, log_url: str | None, bad: bool, as_json: bool) -> None:
    """How each feed is: healthy, empty, stale, failing, gone, moved, poisoned, blocked, or new."""
    config = load_config(directory)
    found = asyncio.run(_health(config, log_url))
    for each in found:
        if bad and each.condition in ("healthy", "new"):
            continue
        url = opml.without_password(each.url)
        if as_json:
            click.echo(json.dumps({"url": url, "condition": each.condition, "reason": each.reason}, ensure_ascii=False))
        else:
            click.echo(f"{each.condition:9}  {url}  ({each.reason})")
    if not as_json:
        counts = Counter(each.condition for each in found)
        click.echo(", ".join(f"{number} {name}" for name, number in counts.most_common()) or "no feeds", err=True)


async def _health(config: Config, log_url: str | None) -> "list[Health]":
    """How each configured feed is, by what the daemon remembers of it."""
    from ingest.health import Health, examine

    clock = SystemClock()
    watches = {watch.url: watch for watch in await _watches(config, log_url)}
    now = clock.now().timestamp()
    return [
        examine(watches[feed.url], now) if feed.url in watches else Health(feed.url, "new", "not looked at yet")
        for feed in config.feeds
    ]


async def _watches(config: Config, log_url: str | None) -> "list[Watch]":
    """What the daemon remembers of every feed, read from the log's state."""
    from ingest import memory
    from schemas.topics import FEEDS
    from tocsin.log.open import open_log
    from tocsin.log.port import StageSpec

    log = await open_log(log_url or config.settings.log, config.settings, SystemClock(), config.directory)
    try:
        states = [await log.peek(task) for task in log.tasks(StageSpec("ingest", (FEEDS,)))]
        return await asyncio.to_thread(lambda: [watch for state in states for watch in memory.watches(state)])
    finally:
        await log.close()


commands: list[click.Command] = [feeds]
