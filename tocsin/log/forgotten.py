"""What is forgotten, and which records carry words of it. Pure."""

from typing import Final

from pydantic import JsonValue, TypeAdapter

from schemas.ports import Record, State, Task
from schemas.topics import ITEMS, REPORTS

FORGET: Final = Task("forget")
"""Whose state remembers what is forgotten."""
prefix: Final = "item/"
"""Of the state keys: what follows is the id of an item."""

_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)


def forgotten(state: State) -> frozenset[str]:
    """The ids of forgotten items."""
    return frozenset(key.removeprefix(prefix) for key, _ in state.scan(prefix))


def carried(record: Record) -> set[str]:
    """The ids of the items whose words a record carries."""
    body = body_of(record)
    if record.topic in (ITEMS.name, REPORTS.name):
        return {str(body.get("id"))}
    found = {_id_of(body.get("report"), "id")}
    story = body.get("story")
    statements = story.get("statements") if isinstance(story, dict) else None
    if isinstance(statements, list):
        found |= {_id_of(statement, "report") for statement in statements}
    return found


def _id_of(value: JsonValue, name: str) -> str:
    return str(value.get(name)) if isinstance(value, dict) else ""


def body_of(record: Record) -> dict[str, JsonValue]:
    """The JSON object of a record; empty where it is none."""
    try:
        found = _JSON.validate_json(record.value or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
