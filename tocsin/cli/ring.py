"""`tocsin send-test`, `silence`, `feedback`: prove a destination, hold back, say that an alert was not relevant.

Whatever changes a running daemon's mind goes through `tocsin.actions`; the daemon applies it within a second.
"""

import asyncio
import getpass
import json
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from schemas.alert import Action, Alert
from schemas.codec import decode_as
from schemas.errors import ConfigError, Fault, TocsinError
from schemas.marked import suggest
from schemas.ports import Task, Unit
from schemas.settings import seconds
from schemas.topics import ACTIONS, ALERTS
from tocsin.cli.run import directory_option
from tocsin.config import Config, load_config

COMMAND_LINE = Task("command-line")
LONGEST = timedelta(days=30)
"""A silence that nobody remembers is a lost alarm."""

log_option = click.option("--log", "log_url", metavar="URL", help="Override the configured log.")


@click.command("send-test")
@click.argument("destination")
@directory_option
@click.option("--json", "as_json", is_flag=True, help="As a JSON line.")
@click.pass_context
def send_test(context: click.Context, destination: str, directory: Path, as_json: bool) -> None:
    """One real message to a destination, so that you know before the news does."""
    config = load_config(directory)
    _known(config, (destination,))
    try:
        who = asyncio.run(_send_test(config, destination))
    except TocsinError as error:
        if not as_json:
            raise
        click.echo(json.dumps({"destination": destination, "sent": False, "why": str(error)}, ensure_ascii=False))
        context.exit(1)
    told = {"destination": destination, "sent": True, "who": who}
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else f"{destination}: sent ({who})")


async def _send_test(config: Config, destination: str) -> str:
    """Send it; returns who we are there. Raises `TocsinError` with what a person can do."""
    from alert.channel import Undelivered
    from alert.channels import Services, build
    from ingest.guard import GuardedHttp
    from tocsin.clock import SystemClock

    clock, network = SystemClock(), config.settings.network
    async with GuardedHttp(
        allow_private=network.allow_private, proxy=network.proxy, ca_file=network.ca_file, agent="tocsin send-test"
    ) as http:
        channel = build(destination, config.settings.destinations[destination], Services(clock, http, network))
        try:
            who = await channel.check()
            for leg in channel.legs():
                await channel.send(_parcel(config, destination, leg, clock.now()))
        except Undelivered as error:
            raise TocsinError(f"{destination}: {error.reason}; {_advice(error)}") from None
        finally:
            await channel.close()
    return who


def _parcel(config: Config, destination: str, leg: str, now: datetime) -> Any:
    from alert.channel import Parcel
    from alert.notices import notice
    from alert.words.compose import Wording, compose
    from alert.words.facts import Reader
    from enrich.understand import Understander

    settings = config.settings.destinations[destination]
    alert = notice(
        destination, f"test/{destination}", f"Test: this is how alerts reach {destination}",
        "You asked for it with tocsin send-test. Nothing happened in the world.", now,
    )  # fmt: skip
    reader = Reader(settings.language or "en", Understander.load(config.lexicon_dirs),
                    settings.timezone or config.settings.timezone)  # fmt: skip
    wording = Wording(reader, public_url=config.settings.desk.public_url)
    return Parcel(f"test-{secrets.token_hex(8)}", "root", compose(alert, wording), leg=leg, started=now)


def _advice(error: Exception) -> str:
    """What a person can do about it."""
    from alert.channel import Broken, NotSent

    if isinstance(error, Broken):
        return "mend its options in tocsin.yaml (token, channel, address, login)"
    return "try again; it may be down" if isinstance(error, NotSent) else "look there whether it arrived"


@click.command()
@directory_option
@log_option
@click.option("--story", metavar="ID", help="Only this story.")
@click.option("--subscription", metavar="ID", help="Only this subscription.")
@click.option("--destination", "destinations", multiple=True, metavar="NAME", help="Only there (may be repeated).")
@click.option(
    "--for", "span", default="4h", show_default=True, metavar="SPAN", help="How long: 30m, 4h, 7d (at most 30d)."
)
@click.option("--why", default="", metavar="TEXT", help="The reason; everybody who asks will see it.")
@click.option("--by", default=None, metavar="NAME", help="Who you are; your login by default.")
@click.option("--end", is_flag=True, help="End the silence of the same story and subscription.")
@click.option("--list", "shows", is_flag=True, help="Show the silences there are.")
@click.option("--json", "as_json", is_flag=True, help="As JSON lines.")
def silence(directory: Path, log_url: str | None, destinations: tuple[str, ...], span: str, shows: bool, as_json: bool,
            **wish: Any) -> None:  # fmt: skip
    """Hold alerts back for a while; at the end the stories' present state is told, once."""
    config = load_config(directory)
    if shows:
        for line in asyncio.run(_silences(config, log_url, as_json)):
            click.echo(line)
        return
    wanted = destinations or tuple(config.settings.destinations)
    _known(config, wanted)
    lasts = _span(span)
    now = _now()
    actions = [_silence(name, now, now + lasts, wish) for name in wanted]
    asyncio.run(_act(config, log_url, actions))
    verb = "the silence ends" if wish["end"] else f"silent until {now + lasts:%Y-%m-%d %H:%M} UTC"
    click.echo(f"{', '.join(wanted)}: {verb}")


def _silence(destination: str, now: datetime, until: datetime, wish: dict[str, Any]) -> Action:
    return Action(
        id=f"cli-{secrets.token_hex(12)}", kind="unsilence" if wish["end"] else "silence", destination=destination,
        story=wish["story"], subscription=wish["subscription"], by=wish["by"] or getpass.getuser(),
        origin="command line", at=now, until=None if wish["end"] else until, note=wish["why"],
    )  # fmt: skip


def _span(text: str) -> timedelta:
    try:
        found = timedelta(seconds=float(seconds(text)))
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if not timedelta(0) < found <= LONGEST:
        raise click.UsageError("a silence lasts at most 30 days")
    return found


async def _silences(config: Config, log_url: str | None, as_json: bool) -> list[str]:
    """The silences of every destination, as the deliver tasks remember them."""
    from alert.delivery.pages import Ledger
    from tocsin.clock import SystemClock
    from tocsin.log.open import open_log
    from tocsin.log.port import StageSpec

    log = await open_log(log_url or config.settings.log, config.settings, SystemClock(), config.directory)
    try:
        lines = []
        for task in log.tasks(StageSpec("deliver", (ALERTS, ACTIONS))):
            for condition in Ledger(await log.peek(task)).conditions():
                for one in condition.silences:
                    if one.until <= _now():
                        continue
                    fields = {"destination": condition.destination, **one.model_dump(mode="json", exclude={"id"})}
                    of = one.story or one.subscription or "everything"
                    words = f"{condition.destination}: {of} until {one.until:%Y-%m-%d %H:%M} UTC by {one.by} {one.note}"
                    lines.append(json.dumps(fields, ensure_ascii=False) if as_json else words.rstrip())
        return lines
    finally:
        await log.close()


@click.command()
@click.argument("alert")
@directory_option
@log_option
@click.option("--note", default="", metavar="TEXT", help="What was wrong with it.")
@click.option("--by", default=None, metavar="NAME", help="Who you are; your login by default.")
@click.option("--edit", default=0, metavar="N", help="Put the N-th proposed query into the patch.")
@click.option("--sub", "only", multiple=True, metavar="ID", help="Of the subscriptions that rang, this (repeatable).")
def feedback(
    alert: str, directory: Path, log_url: str | None, note: str, by: str | None, edit: int, only: tuple[str, ...]
) -> None:
    """Say that an alert was not relevant: noted, and answered with small changes that would have kept it quiet.

    Nothing is silenced by it. The patch on standard output is for a person to merge: tocsin feedback … | git apply
    """
    from tocsin.cli.trial import proposals

    config = load_config(directory)
    found = asyncio.run(_feedback(config, log_url, alert, note, by or getpass.getuser()))
    click.echo(f"{alert}: noted", err=True)
    for words in proposals(config, found, log_url, edit, only):
        click.echo(words, err=not words.startswith("--- "), nl=not words.endswith("\n"))


async def _feedback(config: Config, log_url: str | None, key: str, note: str, by: str) -> Alert:
    from tocsin.clock import SystemClock
    from tocsin.log.append import append
    from tocsin.log.open import open_log

    log = await open_log(log_url or config.settings.log, config.settings, SystemClock(), config.directory)
    try:
        async for record in log.history(ALERTS, newest_first=True):
            alert = decode_as(record, Alert)
            if alert.id == key:
                break
        else:
            raise TocsinError(f'there is no alert "{key[:80]}" in the history')
        matches = alert.matches
        action = Action(
            id=f"cli-{secrets.token_hex(12)}", kind="feedback", destination=alert.destination, story=alert.story.id,
            subscription=matches[0].subscription if len(matches) == 1 else None, alert=alert.id, by=by,
            origin="command line", at=_now(), note=note,
        )  # fmt: skip
        await append(log, COMMAND_LINE, lambda unit: unit.emit(ACTIONS, action.destination, action))
        return alert
    finally:
        await log.close()


async def _act(config: Config, log_url: str | None, actions: list[Action]) -> None:
    from tocsin.clock import SystemClock
    from tocsin.log.append import append
    from tocsin.log.open import open_log

    log = await open_log(log_url or config.settings.log, config.settings, SystemClock(), config.directory)
    try:

        def write(unit: Unit) -> None:
            for action in actions:
                unit.emit(ACTIONS, action.destination, action)

        await append(log, COMMAND_LINE, write)
    finally:
        await log.close()


def _now() -> datetime:
    from tocsin.clock import SystemClock

    return SystemClock().now()


def _known(config: Config, names: tuple[str, ...]) -> None:
    known = config.settings.destinations
    faults = [
        Fault(
            "tocsin.yaml",
            0,
            0,
            f'there is no destination "{name}"',
            suggest(name, known) or f"there are {', '.join(known)}",
        )
        for name in names
        if name not in known
    ]
    if faults:
        raise ConfigError(faults)


commands: list[click.Command] = [send_test, silence, feedback]
