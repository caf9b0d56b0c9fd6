"""`tocsin run`, `init`, `check` and `push`: start it, write a configuration, prove one, hand items in."""

import asyncio
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import click

from schemas.errors import ConfigError, Fault
from tocsin.config import load_config

directory_option = click.option(
    "-c", "--config", "directory", default=".", show_default=True, metavar="DIR", help="The configuration directory.",
    type=click.Path(path_type=Path),
)  # fmt: skip


@click.command()
@directory_option
@click.option("--stages", metavar="A,B", help="Only these: ingest,understand,stories,match,deliver,desk.")
@click.option("--log", "log_url", metavar="URL", help="Override the configured log.")
@click.option("--restored", is_flag=True, help="The log came from a backup: look for each message before it is sent.")
@click.option("-v", "--verbose", is_flag=True, help="Say more.")
def run(directory: Path, stages: str | None, log_url: str | None, restored: bool, verbose: bool) -> None:
    """The daemon: watch the feeds, ring, until told to stop (SIGTERM and Ctrl-C drain)."""
    from tocsin import logs
    from tocsin.app import INPUTS, house
    from tocsin.clock import SystemClock
    from tocsin.daemon import minding_a_restore, run_daemon
    from tocsin.operate import remember
    from tocsin.runner import stopping

    known = (*INPUTS, "desk")
    chosen = tuple(stages.split(",")) if stages else known
    for name in chosen:
        if name not in known:
            raise click.UsageError(f'there is no stage "{name}"; the stages are {", ".join(known)}')
    logs.configure(verbose=verbose)
    config = load_config(directory)

    async def main() -> None:
        stop = asyncio.Event()
        async with stopping(stop), house(config, SystemClock(), log_url) as home:
            await asyncio.to_thread(remember.check, config.state, log_url or config.settings.log, home.log.id)
            home_ = await minding_a_restore(home, declared=restored)
            await run_daemon(home_, chosen, stop, started=lambda: None)

    asyncio.run(main())


@click.command()
@click.argument("directory", default=".", type=click.Path(path_type=Path))
def init(directory: Path) -> None:
    """Write a commented starter configuration. Nothing that is there is touched."""
    _copy(resources.files("tocsin.starter"), directory)
    click.echo(f"Now: tocsin check -c {directory}    and then: tocsin run -c {directory}")


def _copy(source: Traversable, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for entry in sorted(source.iterdir(), key=lambda entry: entry.name):
        path = target / entry.name
        if entry.is_dir() and not entry.name.startswith("__"):
            _copy(entry, path)
        elif entry.name.endswith((".yaml", ".md")):
            if path.exists():
                click.echo(f"kept   {path}")
                continue
            path.write_bytes(entry.read_bytes())
            click.echo(f"wrote  {path}")


@click.command()
@directory_option
def check(directory: Path) -> None:
    """Validate everything and run each subscription's own examples. Exit code 2 with file:line:column on a fault."""
    from alert.examples import check_examples
    from tocsin.app import know
    from tocsin.cli.trial import rate_lines

    config = load_config(directory)
    knowledge = know(config)
    faults: list[Fault] = []
    for warning in knowledge.subscriptions.warnings:
        click.echo(f"warning: {warning}", err=True)
    for tried in check_examples(knowledge.subscriptions, knowledge.understander.understand):
        click.echo(str(tried))
        if tried.outcome == "failed":
            one = knowledge.subscriptions.compiled[tried.subscription]
            faults.append(Fault(one.file, one.line, 0, str(tried), "change the example or the query"))
    if faults:
        raise ConfigError(sorted(faults))
    for line in rate_lines(config, knowledge.subscriptions):
        click.echo(line)
    settings = config.settings
    click.echo(
        f"{directory}: good. {len(config.feeds)} feeds, {len(knowledge.subscriptions.compiled)} subscriptions, "
        f"{len(settings.destinations)} destinations ({', '.join(settings.destinations)}), log {settings.log}"
    )


commands: list[click.Command] = [run, init, check]
