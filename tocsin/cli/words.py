"""`tocsin lookup` and `tocsin expand`: which id has a name, and which forms does a term match?"""

import json

import click

from tocsin.cli.understand import config_option, lexicon_dirs


@click.command()
@click.argument("name")
@config_option
@click.option("--json", "as_json", is_flag=True, help="One JSON line an entity.")
def lookup(name: str, directory: str | None, as_json: bool) -> None:
    """Ids for a NAME in any language, likeliest first, with what each lies in or acts for."""
    from enrich.gazetteer import Gazetteer

    gazetteer = Gazetteer.load(lexicon_dirs(directory))
    found = gazetteer.lookup(name)
    for entity in found:
        above = gazetteer.above(entity.id)
        if as_json:
            line = {"id": entity.id, "type": entity.type, "name": entity.name, "above": above}
            click.echo(json.dumps(line, ensure_ascii=False))
        else:
            click.echo(f"{entity.id}\t{entity.type}\t{entity.name}{''.join(f' < {id}' for id in above)}")
    if not found:
        click.echo(f'nothing is known by the name "{name}"; add it to lexicon/ as an entity', err=True)
        raise SystemExit(1)


@click.command()
@click.argument("term")
@click.option("--lang", metavar="CODE", help="The term's language; without it, every one its letters may be.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a word.")
def expand(term: str, lang: str | None, as_json: bool) -> None:
    """The forms of each word of a TERM that count as the same; `…` stands for any ending the language allows."""
    from enrich.fold import Fold
    from enrich.fold.morphology import languages
    from schemas.marked import suggest

    if lang is not None and lang not in languages():
        hint = suggest(lang, languages()) or f"known are {', '.join(languages())}"
        raise click.UsageError(f'unknown language "{lang}"; {hint}')
    folding = Fold()
    heads = sorted(languages()[lang].proclitics) if lang else []
    words = [term[token.start : token.end] for token in folding.tokens(term, lang)]
    for word, keys in zip(words, folding.term(term, lang), strict=True):
        forms = sorted(f"{key[:-1]}…" if key.endswith("~") else key for key in keys)
        if as_json:
            click.echo(json.dumps({"word": word, "forms": forms, "written_before": heads}, ensure_ascii=False))
        else:
            click.echo(f"{word}: {' '.join(forms)}")
    if heads and not as_json:
        click.echo(f"each also after: {' '.join(heads)}")


commands = [lookup, expand]
