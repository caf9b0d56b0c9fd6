"""Operating the log: `dead`, `replay`, `forget`, `move`, `audit`, `upgrade`."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import click
from click import echo

from schemas.settings import Settings, seconds
from schemas.topics import ITEMS
from tocsin.cli.run import directory_option
from tocsin.config import Config, load_config

T = TypeVar("T")

log_option = click.option("--log", "log_url", metavar="URL", help="Override the configured log.")
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


@asynccontextmanager
async def opened(config: Config, url: str | None, partitions: int | None = None) -> AsyncIterator[Any]:
    """The log of a URL; `partitions` are those of a log that is yet to be made."""
    from tocsin.clock import SystemClock
    from tocsin.log.open import open_log

    settings = config.settings
    if partitions:
        kafka = settings.kafka.model_copy(update={"partitions": partitions})
        settings = settings.model_copy(update={"kafka": kafka})
    log = await open_log(url or settings.log, settings, SystemClock(), config.directory)
    try:
        yield log
    finally:
        await log.close()


def _with_log(directory: Path, url: str | None, act: Callable[[Any], Awaitable[T]]) -> T:
    """Open the configured log, act, close it."""

    async def main() -> T:
        async with opened(load_config(directory), url) as log:
            return await act(log)

    return asyncio.run(main())


def table(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Rows for people: columns as wide as they need."""
    found = list(rows)
    names = list(found[0]) if found else []
    widths = {name: max(len(name), *(len(str(row[name])) for row in found)) for name in names}
    for row in [dict(zip(names, names, strict=True)), *found] if found else []:
        yield "  ".join(str(row[name]).ljust(widths[name]) for name in names).rstrip()


def _show(rows: Iterable[dict[str, Any]], *, as_json: bool) -> None:
    """Rows for people, or one JSON object a line."""
    lines = (json.dumps(row, ensure_ascii=False, default=str) for row in rows) if as_json else table(rows)
    for line in lines:
        echo(line)


@click.group()
def dead() -> None:
    """Records that no stage could read or bear."""


@dead.command("list")
@directory_option
@log_option
@json_option
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
def dead_list(directory: Path, log_url: str | None, as_json: bool, limit: int) -> None:
    """The newest first."""
    from tocsin.operate.dead import letters

    found = _with_log(directory, log_url, lambda log: letters(log, limit))
    _show(
        ({"id": laid.letter.id, "stage": laid.letter.stage, "error": laid.letter.error,
          "place": f"{laid.letter.topic}/{laid.letter.partition}/{laid.letter.offset}",
          "at": laid.letter.at.isoformat(timespec="seconds"), "retried": laid.retried or ""} for laid in found),
        as_json=as_json,
    )  # fmt: skip


@dead.command("show")
@click.argument("letter_id", metavar="ID")
@directory_option
@log_option
@json_option
def dead_show(letter_id: str, directory: Path, log_url: str | None, as_json: bool) -> None:
    """One dead letter with its error and what it was: in words, or as JSON with its bytes."""
    from tocsin.operate.dead import letter_of, words

    laid = _with_log(directory, log_url, lambda log: letter_of(log, letter_id))
    echo(laid.letter.model_dump_json() if as_json else "\n".join(words(laid)))


@dead.command("retry")
@click.argument("letter_ids", nargs=-1, metavar="[ID]...")
@click.option("--all", "everything", is_flag=True, help="Every one that was not retried yet.")
@directory_option
@log_option
@json_option
def dead_retry(
    letter_ids: tuple[str, ...], everything: bool, directory: Path, log_url: str | None, as_json: bool
) -> None:
    """Send records on their way again, once the cause is mended."""
    from tocsin.operate.dead import letter_of, letters, retry

    if bool(letter_ids) == everything:
        raise click.UsageError("name dead letters, or --all")

    async def act(log: Any) -> list[str]:
        chosen = [await letter_of(log, name) for name in letter_ids]
        if everything:
            chosen = [laid for laid in await letters(log) if laid.retried is None]
        await retry(log, chosen)
        return [laid.letter.id for laid in chosen]

    sent = _with_log(directory, log_url, act)
    if as_json:
        _show(({"id": name, "retried": True} for name in sent), as_json=True)
    else:
        echo(f"{len(sent)} sent again")


@click.command()
@click.option("--since", required=True, metavar="7d", help="How far back.")
@directory_option
@log_option
def replay(since: str, directory: Path, log_url: str | None) -> None:
    """Items of the past once more through the pipeline; nobody is rung for them."""
    from tocsin.operate.replay import replay as again

    try:
        start = datetime.now(UTC) - timedelta(seconds=float(seconds(since)))
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    echo(f"{_with_log(directory, log_url, lambda log: again(log, start))} items replayed")


@click.command()
@click.argument("what", metavar="ITEM|URL")
@directory_option
@log_option
def forget(what: str, directory: Path, log_url: str | None) -> None:
    """Take an item's words out of everything that carries them."""
    from tocsin.operate.forget import forget as forget_item

    told = _with_log(directory, log_url, lambda log: forget_item(log, what))
    if not told.ids:
        raise click.ClickException(f"no item has the id or address {what}")
    days = round(load_config(directory).settings.retention.reports / 86400)
    when = "overwritten" if told.at_once else f"hidden now; their bytes go with retention, within {days} days"
    echo(f"{len(told.places)} records {when}")


@click.command()
@click.option("--from", "source_url", required=True, metavar="URL")
@click.option("--to", "target_url", required=True, metavar="URL")
@directory_option
def move(source_url: str, target_url: str, directory: Path) -> None:
    """Carry history, state and positions to another, empty log. Stop the daemon first."""
    from tocsin.operate.move import move as carry
    from tocsin.operate.remember import remember

    config = load_config(directory)

    async def main() -> int:
        async with (
            opened(config, source_url) as source,
            opened(config, target_url, source.partitions(ITEMS)) as target,
        ):
            with click.progressbar(length=0, label="records", file=sys.stderr) as bar:
                moved = await carry(source, target, told=lambda count: bar.update(0, count))
            await asyncio.to_thread(remember, config.state, target_url, target.id)
            return moved

    echo(f"{asyncio.run(main())} records moved; now set log: {target_url}")


@click.command()
@directory_option
@log_option
@json_option
def audit(directory: Path, log_url: str | None, as_json: bool) -> None:
    """Prove that nothing was lost and nothing doubled, in a process of its own that shares no code with the log."""
    config = load_config(directory)
    url = log_url or config.settings.log
    if url.startswith("sqlite:"):
        url = f"sqlite:{config.directory / url.removeprefix('sqlite:')}"
    command = [sys.executable, "-m", "tocsin.audit", url, "--prefix", config.settings.kafka.topic_prefix]
    environment = {**os.environ, "TOCSIN_AUDIT_KAFKA": json.dumps(_librdkafka(config.settings))}
    ended = subprocess.run([*command, *(["--json"] if as_json else [])], env=environment, check=False)  # noqa: S603
    sys.exit(ended.returncode)


def _librdkafka(settings: Settings) -> dict[str, str]:
    """The settings of the cluster in the audit client's words."""
    kafka = settings.kafka
    words = {
        "security.protocol": kafka.security.upper(), "sasl.username": kafka.username,
        "sasl.password": kafka.password.get_secret_value() if kafka.password else None,
        "sasl.mechanism": kafka.mechanism if kafka.security.startswith("sasl") else None,
        "ssl.ca.location": kafka.ca_file, "ssl.certificate.location": kafka.cert_file,
        "ssl.key.location": kafka.key_file,
    }  # fmt: skip
    return {name: value for name, value in words.items() if value is not None}


@click.command()
@click.option("--finish", is_flag=True, help="Bring the log to this version's format; a copy is kept beside it.")
@directory_option
@log_option
def upgrade(finish: bool, directory: Path, log_url: str | None) -> None:
    """Say which format the log is in; `--finish` migrates it. Until then the previous version can take it back."""
    from tocsin.log.open import finish_upgrade, format_words

    config = load_config(directory)
    url = log_url or config.settings.log
    echo(finish_upgrade(url, config.directory) if finish else format_words(url, config.directory))


@click.command()
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@directory_option
@log_option
def backup(target: Path, directory: Path, log_url: str | None) -> None:
    """Copy the embedded log into a new FILE while the daemon runs: the log of one instant, checked."""
    from tocsin.log.open import back_up_log

    config = load_config(directory)
    size = back_up_log(log_url or config.settings.log, config.directory, target)
    echo(f"{target}: {size:,} bytes")


commands: list[click.Command] = [dead, replay, forget, move, audit, upgrade, backup]
