"""Ears: where people answer an alert in the channel itself. Each answer becomes an Action on the log, and no more."""

import importlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from alert.channel import Channel
from alert.channels import kinds
from schemas.alert import Action
from schemas.ports import Clock

Act = Callable[[Action], Awaitable[None]]
"""Writes an action to the log; returns once it is committed."""


class Listener(Protocol):
    """One open ear."""

    async def run(self) -> None:
        """Listen until cancelled; whatever breaks is mended by listening again."""


def listeners(channels: Mapping[str, Channel], act: Act, clock: Clock) -> Sequence[Listener]:
    """The ears of these channels, as `ears` in their modules opens them; run each once a process."""
    found: list[Listener] = []
    for kind in kinds():
        module = importlib.import_module(f"alert.channels.{kind}")
        if hasattr(module, "ears"):
            found.extend(module.ears(channels, act, clock))
    return found
