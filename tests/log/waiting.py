"""Waiting for what comes true in a moment: on Kafka a commit is seen a little after it is promised."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def eventually(look: Callable[[], Awaitable[T]], enough: Callable[[T], bool], seconds: float = 30.0) -> T:
    """What `look` finds once it is enough. Raises TimeoutError with the last look when it never is."""
    found = await look()
    try:
        async with asyncio.timeout(seconds):
            while not enough(found):
                await asyncio.sleep(0.01)
                found = await look()
    except TimeoutError as late:
        raise TimeoutError(f"not in {seconds} s; the last look gave {found!r:.500}") from late
    return found
