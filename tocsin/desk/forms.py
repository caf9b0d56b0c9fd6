"""What comes in by POST, bounded."""

from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request

LARGEST: Final = 200_000
"""Bytes of a form or a signed payload; Slack's are a few thousand."""


async def body(request: Request, most: int = LARGEST) -> bytes | None:
    """The raw body, which is what is signed; None when it is larger than `most` bytes."""
    pieces, length = [], 0
    async for piece in request.stream():
        length += len(piece)
        if length > most:
            return None
        pieces.append(piece)
    return b"".join(pieces)


async def field(request: Request, name: str) -> str:
    """One field of a form; empty where it is missing, where the form is too large, and where nothing was posted."""
    raw = await body(request) if request.method == "POST" else None
    return parse_qs((raw or b"").decode("utf-8", "replace")).get(name, [""])[0]
