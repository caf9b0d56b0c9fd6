"""The configuration directory: read, checked, and handed on as one frozen value.

    tocsin.yaml            log, storage, retention, network, desk, destinations
    feeds.yaml | *.opml    feeds
    subscriptions/*.yaml   subscriptions (kept as text: the alert room compiles them)
    lexicon/**/*.yaml      the user's own entities, concepts, keyword lists, event types

`${VAR}` and `{file:/path}` stand for secrets. Every fault of every file is reported at once.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ingest import opml
from schemas import marked
from schemas.errors import ConfigError, Fault, Unreadable
from schemas.marked import Marked
from schemas.settings import FeedSettings, FeedsFile, Settings, TaggersPart
from tocsin.statedir import state_directory

_SECRET = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\{file:([^}]+)\}")
MAX_FILE = 20_000_000


@dataclass(frozen=True, slots=True)
class Config:
    """Everything a configuration directory says."""

    directory: Path
    settings: Settings
    settings_source: Marked
    feeds: tuple[FeedSettings, ...] = ()
    subscriptions: Mapping[str, str] = field(default_factory=dict)
    """File name as shown in errors → text."""
    lexicon_dirs: tuple[Path, ...] = ()
    secret_files: tuple[Path, ...] = ()
    """Files whose change means the configuration changed."""

    @property
    def state(self) -> Path:
        """The state directory."""
        return state_directory(self.settings, self.directory)

    def resolve(self, name: str) -> Path:
        """A path written in the configuration, relative to its directory."""
        return self.directory / name


def load_config(directory: Path) -> Config:
    """Read a configuration directory. Raises `ConfigError` with every fault of every file; starts nothing."""
    if not directory.is_dir():
        raise ConfigError([Fault(str(directory), 0, 0, "no such directory", "tocsin init DIR writes one")])
    faults: list[Fault] = []
    secrets: list[Path] = []
    collect = _collector(faults)
    source = collect(lambda: _read(directory / "tocsin.yaml", directory, secrets))
    settings = collect(lambda: marked.validate(source, Settings)) if source else None
    feeds = collect(lambda: _feeds(directory, secrets)) or ()
    subscriptions = collect(lambda: _texts(directory, "subscriptions")) or {}
    if faults or settings is None or source is None:
        raise ConfigError(sorted(faults))
    lexicon = directory / "lexicon"
    dirs = (lexicon,) if lexicon.is_dir() else ()
    return Config(directory, settings, source, feeds, subscriptions, dirs, tuple(secrets))


def load_taggers(directory: Path) -> tuple[Mapping[str, Mapping[str, Any]], Marked]:
    """Only what a configuration says of taggers, and where: for filters, which need no feeds and no passwords.

    Raises `ConfigError`.
    """
    path = directory / "tocsin.yaml"
    name = shown(path, directory)
    source = marked.parse(read_text(path, name) if path.exists() else "", name)
    written = source.value.get("taggers") if isinstance(source.value, dict) else None
    part = _expand(replace(source, value={"taggers": {} if written is None else written}), directory, [])
    return marked.validate(part, TaggersPart).taggers, part


def _collector(faults: list[Fault]) -> Callable[[Callable[[], Any]], Any]:
    """Run a step; keep its faults and go on with the next one."""

    def collect(step: Callable[[], Any]) -> Any:
        try:
            return step()
        except ConfigError as error:
            faults.extend(error.faults)
            return None

    return collect


def shown(path: Path, directory: Path) -> str:
    """How errors name a file: relative to the configuration directory where it lies inside."""
    return str(path.relative_to(directory)) if path.is_relative_to(directory) else str(path)


def read_text(path: Path, name: str) -> str:
    """The UTF-8 text of a configuration file. Raises `ConfigError` for one that cannot be read."""
    try:
        if path.stat().st_size > MAX_FILE:
            raise ConfigError([Fault(name, 0, 0, f"larger than {MAX_FILE // 1_000_000} MB", "split it")])
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError([Fault(name, 0, 0, "not UTF-8 text", "save it as UTF-8")]) from error
    except OSError as error:
        raise ConfigError([Fault(name, 0, 0, f"cannot be read: {error.strerror}")]) from error


def _read(path: Path, directory: Path, secrets: list[Path]) -> Marked:
    name = shown(path, directory)
    source = marked.parse(read_text(path, name), name)
    if not isinstance(source.value, dict | None):
        raise ConfigError([source.fault((), "a mapping is expected here", 'write "key: value" lines')])
    return _expand(source, directory, secrets)


def _texts(directory: Path, folder: str) -> dict[str, str]:
    paths = sorted((directory / folder).glob("**/*.yaml")) if (directory / folder).is_dir() else []
    return {shown(path, directory): read_text(path, shown(path, directory)) for path in paths}


def _feeds(directory: Path, secrets: list[Path]) -> tuple[FeedSettings, ...]:
    feeds: list[FeedSettings] = []
    path = directory / "feeds.yaml"
    if path.exists():
        source = _read(path, directory, secrets)
        feeds.extend(marked.validate(source, FeedsFile).feeds)
        _refuse_twice(source, feeds)
    known = {feed.url for feed in feeds}
    for path in sorted(directory.glob("*.opml")):
        feeds.extend(feed for feed in _opml(path, directory) if feed.url not in known)
    return tuple(feeds)


def _opml(path: Path, directory: Path) -> Iterator[FeedSettings]:
    name = shown(path, directory)
    try:
        outlines = opml.read(path.read_bytes())
    except (Unreadable, OSError) as error:
        raise ConfigError([Fault(name, 0, 0, f"cannot be read: {error}")]) from error
    for feed in outlines:
        yield FeedSettings(url=feed.url, publisher=feed.title or None, category=feed.category, lang=feed.lang)


def _refuse_twice(source: Marked, feeds: list[FeedSettings]) -> None:
    first: dict[str, int] = {}
    faults = []
    for index, feed in enumerate(feeds):
        if feed.url in first:
            line = source.at(("feeds", first[feed.url]))[0]
            faults.append(source.fault(("feeds", index, "url"), f"this feed stands in line {line} already", "keep one"))
        first.setdefault(feed.url, index)
    if faults:
        raise ConfigError(faults)


def _expand(source: Marked, directory: Path, secrets: list[Path]) -> Marked:
    """Put secrets in place of `${VAR}` and `{file:/path}`; a missing one is a fault at its place."""
    faults: list[Fault] = []

    def walk(value: Any, path: marked.Path) -> Any:
        if isinstance(value, dict):
            return {key: walk(entry, (*path, key)) for key, entry in value.items()}
        if isinstance(value, list):
            return [walk(entry, (*path, index)) for index, entry in enumerate(value)]
        if isinstance(value, str) and _SECRET.search(value):
            return _SECRET.sub(lambda match: secret(match, path), value)
        return value

    def secret(match: re.Match[str], path: marked.Path) -> str:
        try:
            return _secret(match, directory, secrets)
        except LookupError as error:
            faults.append(source.fault(path, str(error.args[0]), str(error.args[1])))
            return ""

    value = walk(source.value, ())
    if faults:
        raise ConfigError(faults)
    return replace(source, value=value)


def _secret(match: re.Match[str], directory: Path, secrets: list[Path]) -> str:
    if match[1]:
        if match[1] not in os.environ:
            raise LookupError(f"the environment has no {match[1]}", f"export {match[1]}=… before starting")
        return os.environ[match[1]]
    path = directory / match[2].strip()
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise LookupError(f"the secret file {match[2].strip()} cannot be read", "check its path and mode") from error
    secrets.append(path)
    return text
