"""`tocsin schema`: the messages for other programs."""

import click


@click.command()
@click.argument("name", required=False)
def schema(name: str | None) -> None:
    """The JSON Schema of a message type or of a configuration file (tocsin, feeds, subscriptions), or `asyncapi` for
    the document of all topics. Without NAME: what there is."""
    from schemas import export
    from tocsin import completion

    known = [*export.names(), *completion.FILES]
    if name is None:
        click.echo("\n".join(known))
        return
    by_lower = {one.lower(): one for one in known}
    if name.lower() not in by_lower:
        raise click.UsageError(f'there is no schema "{name}"; there are {", ".join(known)}')
    chosen = by_lower[name.lower()]
    found = completion.schema_of(chosen) if chosen in completion.FILES else export.schema_of(chosen)
    click.echo(export.text(found), nl=False)


commands: list[click.Command] = [schema]
