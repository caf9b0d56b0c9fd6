"""`tocsin check`: prove a configuration before anything starts, and say what to do next."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from schemas.errors import ConfigError, Fault
from tocsin.cli.run import directory_option
from tocsin.config import Config, load_config

if TYPE_CHECKING:
    from enrich.understand import Understander


@click.command()
@directory_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line: fault, warning, example, rate, good.")
@click.pass_context
def check(context: click.Context, directory: Path, as_json: bool) -> None:
    """Validate everything; run the examples of subscriptions and event types. Exit code 2 with places on a fault."""
    try:
        _check(directory, as_json=as_json)
    except ConfigError as error:
        if not as_json:
            raise
        for fault in error.faults:
            _say(as_json=True, fault=_fields(fault))
        context.exit(2)


def _check(directory: Path, *, as_json: bool) -> None:
    from alert.examples import check_examples
    from tocsin.app import know
    from tocsin.cli.trial import rate_lines

    config = load_config(directory)
    knowledge = know(config)
    faults = list(_lexicon(config, knowledge.understander, as_json=as_json))
    for warning in knowledge.subscriptions.warnings:
        _say(f"warning: {warning}", as_json=as_json, err=True, warning=_fields(warning))
    for tried in check_examples(knowledge.subscriptions, knowledge.understander.understand):
        one = knowledge.subscriptions.compiled[tried.subscription]
        told = {"subscription": tried.subscription, "outcome": tried.outcome, "said": str(tried)}
        _say(str(tried), as_json=as_json, example=told)
        if tried.outcome == "failed":
            faults.append(Fault(one.file, one.line, 0, str(tried), "change the example or the query"))
    if faults:
        raise ConfigError(sorted(faults))
    for line in rate_lines(config, knowledge.subscriptions):
        _say(line, as_json=as_json, rate=line)
    _good(config, directory, len(knowledge.subscriptions.compiled), as_json=as_json)


def _lexicon(config: Config, reader: "Understander", *, as_json: bool) -> Iterator[Fault]:
    """Run the examples of the user's event types, and of ours beside them; say what holds, hand on what does not."""
    from enrich.events.lexicon import SHIPPED
    from tocsin.proving import proofs

    for proof in proofs(config.lexicon_dirs, reader):
        yield from proof.faults
        if not proof.faults and not Path(proof.file).is_relative_to(SHIPPED):
            told = {"file": proof.file, "outcome": "held", "examples": proof.examples}
            _say(f"{proof.file}: {proof.examples} examples hold", as_json=as_json, example=told)


def _good(config: Config, directory: Path, subscriptions: int, *, as_json: bool) -> None:
    settings = config.settings
    names = list(settings.destinations)
    words = (
        f"{directory}: good. {len(config.feeds)} feeds, {subscriptions} subscriptions, "
        f"{len(names)} destinations ({', '.join(names)}), log {settings.log}"
    )
    good = {"feeds": len(config.feeds), "subscriptions": subscriptions, "destinations": names, "log": settings.log}
    _say(words, as_json=as_json, good=good)
    if not as_json:
        for line in advice(config, directory, subscriptions):
            click.echo(line)


def advice(config: Config, directory: Path, subscriptions: int) -> Iterator[str]:
    """What to do next, the first thing first."""
    settings = config.settings
    if not config.feeds:
        yield f"next: tocsin feeds add https://site -c {directory}    finds the feeds of a site"
    if not subscriptions:
        yield f"next: write {directory}/subscriptions/first.yaml; tocsin init in an empty directory shows some"
    real = [
        name for name, destination in settings.destinations.items() if destination.kind not in ("console", "nowhere")
    ]
    if not real:
        yield f"next: add a destination to {directory}/tocsin.yaml; so far alerts are only printed"
    elif settings.operator is None:
        yield f"next: say who hears of ill feeds and broken channels: operator: {real[0]}"
    yield f"next: tocsin run -c {directory}"


def _say(words: str = "", *, as_json: bool, err: bool = False, **fields: Any) -> None:
    if as_json:
        click.echo(json.dumps(fields, ensure_ascii=False))
    else:
        click.echo(words, err=err)


def _fields(fault: Fault) -> dict[str, Any]:
    return {
        "file": fault.file, "line": fault.line, "column": fault.column, "problem": fault.problem, "fix": fault.fix,
    }  # fmt: skip


commands: list[click.Command] = [check]
