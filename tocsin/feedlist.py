"""`feeds.yaml` as text: feeds are added at its end, and what a person wrote there stays as it is."""

import re
from collections.abc import Iterable
from pathlib import Path

import yaml

from schemas import marked
from schemas.errors import ConfigError, Fault
from schemas.secrets import apart
from schemas.settings import FeedsFile

_HEAD = "# feeds.yaml — where the news comes from. The first look at a feed never rings: it only makes history.\n"
_EMPTY = re.compile(r"^feeds:\s*(?:\[\s*\])?\s*(?:#.*)?$", re.MULTILINE)
_ENTRY = re.compile(r"^(\s*)- ", re.MULTILINE)


def entry(
    url: str, publisher: str = "", category: str | None = None, lang: str | None = None, basic: str | None = None
) -> str:
    """One feed as a line of the list, without indentation; a name and password in its address are put into `auth`."""
    address, found = apart(url)
    auth = {"basic": basic or found} if basic or found else None
    said = {"url": address, "publisher": publisher, "category": category, "lang": lang, "auth": auth}
    words = {key: value for key, value in said.items() if value}
    line = yaml.safe_dump(words, allow_unicode=True, sort_keys=False, default_flow_style=True, width=10_000)
    return "- " + line.strip()


def added(text: str, entries: Iterable[str]) -> str:
    """The file's text with entries after its last one. Raises `ConfigError` where that would not be valid."""
    lines = list(entries)
    if not text.strip():
        text = f"{_HEAD}feeds:\n"
    text = _EMPTY.sub("feeds:", text, count=1)
    indents = _ENTRY.findall(text)
    indent = indents[-1] if indents else "  "
    grown = text.rstrip("\n") + "\n" + "".join(f"{indent}{line}\n" for line in lines)
    marked.validate(marked.parse(grown, "feeds.yaml"), FeedsFile)
    return grown


def add(path: Path, entries: Iterable[str]) -> None:
    """Add entries to the file at a path, whole or not at all. Raises `ConfigError` with what to do instead."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = list(entries)
    try:
        grown = added(text, lines)
    except ConfigError as error:
        fix = "add these lines by hand:\n" + "\n".join(lines[:20])
        raise ConfigError([*error.faults, Fault(str(path), 0, 0, "feeds cannot be added at its end", fix)]) from error
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(grown, encoding="utf-8")
    draft.replace(path)
