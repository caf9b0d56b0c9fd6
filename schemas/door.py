"""The door for items that other programs hand us: JSON objects to Item, forgiving about what is merely absent."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final, TypeVar, get_args

from pydantic import ValidationError

from schemas.errors import Unreadable
from schemas.item import Item, Kind
from schemas.report import Report

T = TypeVar("T", bound=Item)

LONGEST = 2_000_000
"""Characters of title and text together; longer is no news item."""

_HALF: Final = re.compile("[\ud800-\udfff]")
"""Half a surrogate pair, which JSON can spell (`\\ud800`) and nothing can encode."""


def item_of(value: Mapping[str, Any]) -> Item:
    """An item from a JSON object: `title` or `text` is enough. Raises `Unreadable` with the key that is wrong."""
    return _read(value, Item)


def item_of_text(text: str) -> Item:
    """One text as an item, its first line the title. Raises `Unreadable` for an empty one."""
    title, _, rest = text.strip().partition("\n")
    return item_of({"title": title.strip(), "text": rest.strip("\n")})


def report_of(value: Mapping[str, Any]) -> Report:
    """A report from a JSON object that has been understood before. Raises `Unreadable`."""
    return _read(value, Report)


def is_report(value: Mapping[str, Any]) -> bool:
    """True for a line that was understood already: it has `events`."""
    return isinstance(value.get("events"), list)


def _read(value: Mapping[str, Any], kind: type[T]) -> T:
    fields = {key: _whole(entry) for key, entry in value.items() if entry is not None}
    title, text = fields.get("title", ""), fields.get("text", "")
    if not (isinstance(title, str) and isinstance(text, str)):
        raise Unreadable("title and text must be text")
    if not title.strip() and not text.strip():
        raise Unreadable("an item needs a title or a text")
    if len(title) + len(text) > LONGEST:
        raise Unreadable(f"longer than {LONGEST:,} characters")
    if fields.get("kind") not in get_args(Kind):
        fields.pop("kind", None)  # other programs use the word for other things
    fields.pop("canary", None)  # only tocsin itself lets one fly
    fields["id"] = str(fields["id"]) if "id" in fields else _id(fields, title, text)
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise Unreadable(f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from error


def _whole(value: Any) -> Any:
    """The value with a replacement character for each half letter, so that spans stay where they are."""
    if isinstance(value, str):
        return _HALF.sub("\ufffd", value)
    if isinstance(value, list):
        return [_whole(one) for one in value]
    return {_whole(key): _whole(one) for key, one in value.items()} if isinstance(value, dict) else value


def _id(fields: Mapping[str, Any], title: str, text: str) -> str:
    """The same words from the same address are the same item."""
    words = "\x1f".join((str(fields.get("url", "")), title, text))
    return hashlib.blake2b(words.encode("utf-8", "replace"), digest_size=12).hexdigest()
