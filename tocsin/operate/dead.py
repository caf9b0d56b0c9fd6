"""Dead letters: listed, shown, and sent on their way again once the cause is mended."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from schemas.alert import DeadLetter
from schemas.codec import decode_as
from schemas.errors import TocsinError
from schemas.ports import Task, Unit
from schemas.topics import DEAD
from tocsin.log.append import append
from tocsin.log.headers import CAUSE, SEQUENCE, WRITER, writer_of
from tocsin.log.port import Log
from tocsin.log.unit import BufferedUnit, Output

SHOWN: Final = 2_000
"""Characters of a record that a person is shown."""
RETRY: Final = Task("retry")
"""Whose units the retries are; its state remembers what was retried and when."""


class UnknownLetter(TocsinError):
    """There is no dead letter of that id (any more)."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A dead letter and when it was last retried (ISO time), if ever."""

    letter: DeadLetter
    retried: str | None = None


async def letters(log: Log, limit: int | None = None) -> list[Laid]:
    """The dead letters, newest first; one that died again counts once."""
    state = await log.peek(RETRY)
    found: dict[str, Laid] = {}
    async for record in log.history(DEAD, newest_first=True):
        letter = decode_as(record, DeadLetter)
        if letter.id not in found:
            retried = state.get(f"retried/{letter.id}")
            found[letter.id] = Laid(letter, retried if isinstance(retried, str) else None)
        if limit is not None and len(found) == limit:
            break
    return list(found.values())


async def letter_of(log: Log, letter_id: str) -> Laid:
    """The dead letter whose id starts so. Raises `UnknownLetter`."""
    matching = [laid for laid in await letters(log) if laid.letter.id.startswith(letter_id)]
    if len(matching) != 1:
        raise UnknownLetter(f'{len(matching)} dead letters have an id that starts with "{letter_id}"')
    return matching[0]


def words(laid: Laid) -> list[str]:
    """A letter for a person: where it died, why, and the beginning of what it was."""
    letter = laid.letter
    body = base64.b64decode(letter.value).decode("utf-8", "replace")
    return [
        f"{letter.id}: {letter.error} in {letter.stage}, {letter.at:%Y-%m-%d %H:%M:%S} UTC",
        f"record {letter.topic}/{letter.partition}/{letter.offset}, key {letter.key}",
        f"sent again {laid.retried}" if laid.retried else "not sent again yet: tocsin dead retry " + letter.id[:8],
        "", letter.detail, "", body if len(body) <= SHOWN else f"{body[:SHOWN]}… ({len(letter.value)} bytes as Base64)",
    ]  # fmt: skip


async def retry(log: Log, chosen: Sequence[Laid]) -> int:
    """Send records back to the topic they died in, bytes and key as they were; returns how many.

    They come after what is there by now: the order within their key is lost, which is why a person decides.
    """

    def write(unit: Unit) -> int:
        for laid in chosen:
            send_again(unit, laid.letter)
            unit.put(f"retried/{laid.letter.id}", unit.now.isoformat())
        return len(chosen)

    return await append(log, RETRY, write)


def send_again(unit: Unit, letter: DeadLetter) -> None:
    """The record of a letter once more, whether or not this tocsin can read its bytes."""
    if not isinstance(unit, BufferedUnit):
        raise TypeError("only a unit of a log carries raw bytes")
    headers = {**_kept(letter.headers), WRITER: writer_of(unit.task), CAUSE: f"{writer_of(unit.task)}#{letter.id}"}
    value = base64.b64decode(letter.value)
    unit.outputs.append(Output(letter.topic, letter.partition, letter.key, value, headers))


def _kept(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in headers.items() if name not in (SEQUENCE, WRITER, CAUSE)}
