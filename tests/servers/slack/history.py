"""What does Slack show of a channel's past? The window, order and pages of conversations.history and .replies."""

from collections.abc import Mapping, Sequence
from typing import Any

from .server import ts_key

Message = dict[str, Any]
DEFAULT_LIMIT, LARGEST_LIMIT = 100, 999


def history_page(messages: Sequence[Message], asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return one page, newest first.

    With `oldest` and no `latest`, pages run forward from `oldest`; otherwise they run back from `latest` or now.
    `asked` is what the caller sent: oldest, latest, inclusive, limit, cursor, include_all_metadata.
    """
    found = sorted((m for m in messages if _in_window(m, asked)), key=_when)
    forward = _given(asked, "oldest") and not _given(asked, "latest")
    page = _page(found if forward else found[::-1], asked)
    page.get("messages", []).sort(key=_when, reverse=True)
    return page


def replies_page(messages: Sequence[Message], asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return one page of a thread, oldest first; the root is the first message whatever the window."""
    root = str(asked.get("ts", ""))
    found = sorted((m for m in messages if m["ts"] == root or _in_window(m, asked)), key=_when)
    return _page(found, asked)


def _page(found: Sequence[Message], asked: Mapping[str, Any]) -> dict[str, Any]:
    limit = min(int(asked.get("limit") or DEFAULT_LIMIT), LARGEST_LIMIT)
    cursor = str(asked.get("cursor") or "")
    stamps = [f"next_ts:{message['ts']}" for message in found]
    if cursor and cursor not in stamps:
        return {"ok": False, "error": "invalid_cursor"}
    start = stamps.index(cursor) if cursor else 0
    page = [_shown(message, asked) for message in found[start : start + limit]]
    following = stamps[start + limit :][:1]
    metadata = {"next_cursor": following[0] if following else ""}
    return {"ok": True, "messages": page, "has_more": bool(following), "response_metadata": metadata}


def _in_window(message: Message, asked: Mapping[str, Any]) -> bool:
    when, inclusive = _when(message), truthy(asked.get("inclusive"))
    if _given(asked, "oldest"):
        oldest = ts_key(str(asked["oldest"]))
        if when < oldest or (when == oldest and not inclusive):
            return False
    if _given(asked, "latest"):
        latest = ts_key(str(asked["latest"]))
        return when < latest or (when == latest and inclusive)
    return True


def _shown(message: Message, asked: Mapping[str, Any]) -> Message:
    """Leave metadata out unless it was asked for, as Slack does."""
    if truthy(asked.get("include_all_metadata")):
        return message
    return {key: value for key, value in message.items() if key != "metadata"}


def _when(message: Message) -> tuple[int, int]:
    return ts_key(message["ts"])


def _given(asked: Mapping[str, Any], name: str) -> bool:
    return bool(asked.get(name)) and str(asked[name]) != "0"


def truthy(value: object) -> bool:
    """Read a Slack boolean: `true` and `1`, as JSON or as form text."""
    return str(value).lower() in {"true", "1"}
