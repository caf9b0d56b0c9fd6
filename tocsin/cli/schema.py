"""`tocsin schema`: the messages for other programs."""

import click


@click.command()
@click.argument("name", required=False)
def schema(name: str | None) -> None:
    """The JSON Schema of a message type, or `asyncapi` for the document of all topics. Without NAME: what there is."""
    from schemas import export

    if name is None:
        click.echo("\n".join(export.names()))
        return
    by_lower = {known.lower(): known for known in export.names()}
    if name.lower() not in by_lower:
        raise click.UsageError(f'there is no schema "{name}"; there are {", ".join(export.names())}')
    click.echo(export.text(export.schema_of(by_lower[name.lower()])), nl=False)


commands: list[click.Command] = [schema]
