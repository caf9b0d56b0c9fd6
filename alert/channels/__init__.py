"""Channels: one file (or folder) a kind, found by being here. A module that gives `Options` and `open_channel` is one.

    class Options(Strict): …                                       what a person writes under the kind's name
    def open_channel(name, options, services) -> Channel: …        nothing is connected yet

A channel may need an optional extra; it then raises `ConfigError` when it is opened, saying what to install.
"""

import importlib
import pkgutil
from dataclasses import dataclass, field
from functools import cache
from types import ModuleType
from typing import Any

from pydantic import BaseModel, ValidationError

from alert.channel import Channel
from alert.links import Linking
from schemas.errors import ConfigError, Fault
from schemas.marked import suggest
from schemas.ports import Clock, Http
from schemas.settings import Destination, Network


@dataclass(frozen=True, slots=True)
class Services:
    """What a channel may use of the outside."""

    clock: Clock
    http: Http | None = None
    """The guarded client, for addresses that are anybody's."""
    network: Network = field(default_factory=Network)
    linking: Linking | None = None
    """Makes links that act, where the desk has a public address; None: mails have none."""


@cache
def kinds() -> tuple[str, ...]:
    """The kinds of channel there are, by name."""
    return tuple(sorted(found.name for found in pkgutil.iter_modules(__path__) if not found.name.startswith("_")))


def _module(kind: str) -> ModuleType:
    if kind not in kinds():
        fix = suggest(kind, kinds()) or f"write one of {', '.join(kinds())}"
        raise ConfigError([Fault("", 0, 0, f'there is no channel "{kind[:60]}"', fix)])
    return importlib.import_module(f"{__name__}.{kind}")


def options_model(kind: str) -> type[BaseModel]:
    """The model of a kind's options, for validating with places. Raises `ConfigError` for an unknown kind."""
    model: type[BaseModel] = _module(kind).Options
    return model


def build(name: str, destination: Destination, services: Services) -> Channel:
    """The channel of a destination, not yet connected. Raises `ConfigError`: faults without a place."""
    module = _module(destination.kind)
    try:
        options = module.Options.model_validate(destination.options)
    except ValidationError as error:
        raise ConfigError([_fault(name, dict(entry)) for entry in error.errors(include_url=False)]) from None
    channel: Channel = module.open_channel(name, options, services)
    return channel


def _fault(name: str, entry: dict[str, Any]) -> Fault:
    """The fault in words; never the input, which may be a secret."""
    where = ".".join(str(part) for part in entry["loc"])
    return Fault("", 0, 0, f"destination {name}: {where}: {str(entry['msg']).removeprefix('Value error, ')}")
