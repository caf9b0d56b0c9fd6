"""`tocsin try`: what a subscription would have rung for, over the history; nothing is sent."""

import asyncio
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from alert.backtest import Seen, Trial, back_test, chart, compare, rates, with_costs
from alert.feedback import propose
from alert.feedback import told as feedback_told
from alert.needles import Sieve
from alert.patch import merged, patch
from alert.subscriptions import SubscriptionSet, load
from enrich.fold import Fold
from schemas.alert import Alert
from schemas.errors import TocsinError
from schemas.marked import suggest
from schemas.settings import seconds
from schemas.topics import CHANGES
from tocsin.cli import lines
from tocsin.cli.run import directory_option
from tocsin.cli.subscriptions import list_reader
from tocsin.config import Config, load_config
from tocsin.trying import seen, sought

RECENT = 5000
"""Reports that `check` looks at for expected rates."""


@click.command("try")
@directory_option
@click.option("--sub", "only", multiple=True, metavar="ID", help="Only this subscription (may be repeated).")
@click.option("--since", default="7d", show_default=True, metavar="SPAN", help="How far back: 36h, 7d, 30d.")
@click.option(
    "--against", metavar="FILE|REV", help="A file, or a git revision, to compare with: stories gained and lost."
)
@click.option("--log", "log_url", metavar="URL", help="Override the configured log.")
@click.option("--json", "as_json", is_flag=True, help="As JSON lines.")
def try_(directory: Path, only: tuple[str, ...], since: str, against: str | None, log_url: str | None,
         as_json: bool) -> None:  # fmt: skip
    """Back-test over the history: stories a day, newest hits, nearest misses. Sends nothing."""
    from tocsin.app import know

    config = load_config(directory)
    knowledge = know(config)
    wanted = knowledge.subscriptions
    for name in only:
        if name not in wanted.compiled:
            raise click.UsageError(f'no subscription "{name}"; {suggest(name, wanted.compiled)}'.rstrip("; "))
    until = datetime.now(UTC)
    span = (until - _span(since), until)
    other = _other(config, against, knowledge.understander) if against else None
    sets = [wanted, other] if other else [wanted]
    history = asyncio.run(_history(config, log_url, span[0], sought(sets, only, knowledge.understander)))
    trials = back_test(wanted, _watched(history), only)
    with_costs(wanted, trials, history)
    before = back_test(other, history, only) if other else {}
    for name, trial in trials.items():
        shown = _as_json(trial) if as_json else None
        lines.write(shown) if shown else click.echo("\n".join(told(trial, span)))
        if name in before and not as_json:
            click.echo("\n".join(differences(trial, before[name])))


def _span(text: str) -> timedelta:
    try:
        return timedelta(seconds=float(seconds(text)))
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _watched(history: list[Seen | None]) -> Iterable[Seen | None]:
    """The history, with a progress bar where somebody looks on."""
    if len(history) < 2000 or not sys.stderr.isatty():
        yield from history
        return
    with click.progressbar(length=len(history), label="reading the history", file=sys.stderr) as bar:
        for one in history:
            yield one
            bar.update(1)


async def _history(config: Config, log_url: str | None, since: datetime, wanted: Sieve | None) -> list[Seen | None]:
    """The changes since then, in order; None for those that nobody can want."""
    from tocsin.clock import SystemClock
    from tocsin.log.open import open_log

    log = await open_log(log_url or config.settings.log, config.settings, SystemClock(), config.directory)
    try:
        return [one async for one in seen(log.history(CHANGES, since=since), wanted)]
    finally:
        await log.close()


def rate_lines(config: Config, wanted: SubscriptionSet) -> Iterator[str]:
    """Expected alerts a day and cost of each subscription, from the newest of the history; or why there are none."""
    kind, _, name = config.settings.log.partition(":")
    if kind == "sqlite" and not config.resolve(name).exists():
        yield from rates(wanted, [])
        return
    try:
        yield from rates(wanted, asyncio.run(_newest(config)))
    except TocsinError as error:
        yield f"expected alerts a day: the history cannot be read: {error}"


async def _newest(config: Config) -> list[Seen]:
    from tocsin.clock import SystemClock
    from tocsin.log.open import open_log

    log = await open_log(config.settings.log, config.settings, SystemClock(), config.directory)
    try:
        since = datetime.now(UTC) - timedelta(days=7)
        records = log.history(CHANGES, since=since, newest_first=True, limit=RECENT)
        found = [one async for one in seen(records, None)]
        return [one for one in reversed(found) if one is not None]
    finally:
        await log.close()


def _other(config: Config, against: str, names: Any) -> SubscriptionSet:
    """The subscriptions of a file, or of the whole directory as it was in a git revision."""
    path = Path(against)
    texts = {against: path.read_text(encoding="utf-8")} if path.is_file() else at_revision(config, against)
    reader = list_reader(config.directory / "subscriptions")
    return load(texts, names, names, Fold(), read_list=reader, admit_broad=True)


def at_revision(config: Config, revision: str) -> Mapping[str, str]:
    """The subscription files as they stood in a revision. Raises `TocsinError` with what git said."""
    listed = _git(config.directory, "ls-tree", "-r", "--name-only", revision, "--", "subscriptions")
    names = [name for name in listed.splitlines() if name.endswith(".yaml")]
    if not names:
        raise TocsinError(f'"{revision}" is neither a file nor a git revision with subscriptions')
    return {f"{revision}:{name}": _git(config.directory, "show", f"{revision}:./{name}") for name in names}


def _git(directory: Path, *words: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - no shell; the words are ours, the revision is one argument
            ["git", "-C", str(directory), *words],  # noqa: S607
            capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        said = getattr(error, "stderr", "") or str(error)
        raise TocsinError(f"git: {str(said).strip()[:200]}") from error
    return done.stdout


def proposals(
    config: Config, alert: Alert, log_url: str | None, edit: int = 0, only: Sequence[str] = ()
) -> Iterator[str]:
    """What could be written so that such an alert does not ring again: words, then a patch for `git apply`.

    `edit` chooses one of the proposed queries (from 1) to go into the patch; 0 leaves the query alone. `only`: of the
    subscriptions that rang, these.
    """
    from enrich.understand import Understander
    from tocsin.taggers import with_taggers

    settings = config.settings
    understander = with_taggers(Understander.load(config.lexicon_dirs), settings.taggers, config.settings_source)
    reader = list_reader(config.directory / "subscriptions")
    wanted = load(config.subscriptions, understander, understander, Fold(), read_list=reader, admit_broad=True)
    rang = [match.subscription for match in alert.matches]
    if strangers := [name for name in only if name not in rang]:
        raise click.UsageError(f'"{strangers[0]}" did not ring; {suggest(strangers[0], rang) or "it was " + rang[0]}')
    mine = [name for name in only or rang if name in wanted.compiled]
    since = datetime.now(UTC) - timedelta(days=30)
    history = asyncio.run(_history(config, log_url, since, sought([wanted], tuple(mine), understander)))
    past = [seen for seen in history if seen is not None]
    texts: dict[str, str] = {}
    for name in mine:
        proposal = propose(wanted, name, alert.report, past, understander.understand)
        yield from feedback_told(proposal)
        file = wanted.compiled[name].file
        chosen = proposal.edits[edit - 1] if 0 < edit <= len(proposal.edits) else None
        before = texts.get(file, config.subscriptions[file])
        texts[file] = merged(before, proposal, chosen)
        if texts[file] == before:
            yield f"  {file} says so already, or cannot be changed line by line: nothing to apply"
    yield from (patch(config.subscriptions[file], text, file) for file, text in texts.items())


def told(trial: Trial, span: tuple[datetime, datetime]) -> Iterable[str]:
    """A trial in words."""
    days = (span[1] - span[0]).total_seconds() / 86400
    yield (
        f"{trial.subscription}: {len(trial.stories)} stories ({trial.per_day(days):.1f} a day) from {trial.matched}"
        f" of {trial.reports} reports"
    )
    yield f"  a day    {chart(trial, span[0].date(), span[1].date())}  {span[0].date()} … {span[1].date()}"
    yield f"  cost     {trial.cost}"
    if warning := trial.warning(days):
        yield f"  warning  {warning}"
    if trial.gated:
        yield f"  gated    {trial.gated} reports lacked only a known place, speaker or language"
    yield from (f"  hit      {hit.at:%m-%d %H:%M} {hit.title[:90]}" for hit in trial.newest)
    for miss in trial.misses:
        yield f"  near     {miss.at:%m-%d %H:%M} {miss.title[:60]} — stopped by {miss.reason}"


def differences(now: Trial, before: Trial) -> Iterable[str]:
    """What the other version would have told and this does not, and the other way round."""
    difference = compare(now, before)
    yield f"  against  {len(difference.gained)} stories gained, {len(difference.lost)} lost"
    yield from (f"  gained   {hit.at:%m-%d %H:%M} {hit.title[:90]}" for hit in difference.gained[:10])
    yield from (f"  lost     {hit.at:%m-%d %H:%M} {hit.title[:90]}" for hit in difference.lost[:10])


def _as_json(trial: Trial) -> dict[str, Any]:
    stories = [{**asdict(hit), "at": hit.at.isoformat()} for hit in trial.stories.values()]
    misses = [{**asdict(miss), "at": miss.at.isoformat()} for miss in trial.misses]
    days = {day.isoformat(): count for day, count in sorted(trial.days.items())}
    counts = {"reports": trial.reports, "matched": trial.matched, "gated": trial.gated}
    told = {"days": days, "stories": stories, "misses": misses, "cost": trial.cost}
    return {"subscription": trial.subscription, **counts, **told}


commands: list[click.Command] = [try_]
