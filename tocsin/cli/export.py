"""`tocsin export`: the alerts there were, for spreadsheets and other programs."""

import asyncio
import csv
import json
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import click

from schemas.alert import Alert
from tocsin.cli.run import directory_option
from tocsin.config import Config, load_config

COLUMNS: Final = (
    "created", "destination", "severity", "status", "type", "headline", "actors", "targets", "places", "quantities",
    "said_by", "sources", "materiality", "what", "subscriptions", "story", "revision", "title", "source", "lang", "url",
)  # fmt: skip


@click.command()
@directory_option
@click.option("--sub", "subscription", metavar="ID", help="Only alerts of this subscription.")
@click.option("--days", type=click.FloatRange(0, 3650), default=30.0, show_default=True, help="How far back.")
@click.option("--format", "shape", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True)
@click.option("--log", "log_url", metavar="URL", help="Override the configured log.")
def export(directory: Path, subscription: str | None, days: float, shape: str, log_url: str | None) -> None:
    """The alerts of the past as JSON lines or CSV, oldest first."""
    asyncio.run(_export(load_config(directory), subscription, days, shape, log_url))


async def _export(config: Config, subscription: str | None, days: float, shape: str, log_url: str | None) -> None:
    writer = csv.DictWriter(sys.stdout, COLUMNS)
    if shape == "csv":
        writer.writeheader()
    async for alert in _alerts(config, days, log_url):
        if subscription is not None and all(match.subscription != subscription for match in alert.matches):
            continue
        if shape == "csv":
            writer.writerow({name: _cell(value) for name, value in row(alert).items()})
        else:
            sys.stdout.write(json.dumps(alert.model_dump(mode="json"), ensure_ascii=False) + "\n")


async def _alerts(config: Config, days: float, log_url: str | None) -> AsyncIterator[Alert]:
    from alert.canary import is_of
    from schemas.codec import decode_as
    from schemas.errors import TocsinError
    from schemas.topics import ALERTS
    from tocsin.clock import SystemClock
    from tocsin.log.open import open_log

    clock = SystemClock()
    log = await open_log(log_url or config.settings.log, config.settings, clock, config.directory)
    try:
        async for record in log.history(ALERTS, since=clock.now() - timedelta(days=days)):
            try:
                alert = decode_as(record, Alert)
            except TocsinError:
                continue
            if not is_of(alert):
                yield alert
    finally:
        await log.close()


def row(alert: Alert) -> dict[str, Any]:
    """One alert as a line of a table."""
    story, report = alert.story, alert.report
    return {
        "created": alert.created.isoformat(timespec="seconds"), "destination": alert.destination,
        "severity": alert.severity.value, "status": story.status.value if story.status else "",
        "type": story.type or "",
        "headline": story.headline, "actors": story.actors, "targets": story.targets, "places": story.places,
        "quantities": [f"{_number(q.value, q.min, q.max)} {q.unit}" for q in story.quantities],
        "said_by": story.said_by, "sources": story.sources, "materiality": alert.materiality.value, "what": alert.what,
        "subscriptions": [match.subscription for match in alert.matches], "story": story.id,
        "revision": story.revision, "title": report.title, "source": report.source or "", "lang": report.lang or "",
        "url": report.url or "",
    }  # fmt: skip


def _number(value: float | None, low: float | None, high: float | None) -> str:
    return f"{value:g}" if value is not None else "–".join(f"{end:g}" for end in (low, high) if end is not None)


def _cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "; ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


commands: list[click.Command] = [export]
