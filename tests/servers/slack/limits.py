"""Would Slack take this message? By https://docs.slack.dev/reference/block-kit/blocks and chat.postMessage."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from .faults import Reply, refused

Block = Mapping[str, Any]
Problems = Iterator[str]

LARGEST_TEXT = 40_000
MOST_BLOCKS = 50
LARGEST_BLOCKS = 13_000
"""Characters of all blocks as JSON. Not documented: seen as `msg_blocks_too_long` in slackapi/bolt-js#2509."""
RICH_TEXT = {"rich_text_section", "rich_text_preformatted", "rich_text_quote"}
RICH_ELEMENTS = {"text", "link", "user", "usergroup", "channel", "emoji", "broadcast", "date", "color", "team"}


def refusal(message: Mapping[str, Any]) -> Reply | None:
    """Return the answer with which Slack would refuse this chat.postMessage, chat.update or webhook, or None."""
    text, blocks = message.get("text") or "", message.get("blocks") or []
    if not text and not blocks and not message.get("attachments"):
        return refused("no_text")
    if len(text) > LARGEST_TEXT:
        return refused("msg_too_long")
    if not _is_block_list(blocks):
        return refused("invalid_blocks_format")
    if problems := block_problems(blocks):
        return refused("invalid_blocks", tuple(f"[ERROR] {problem}" for problem in problems))
    if len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))) > LARGEST_BLOCKS:
        return refused("msg_blocks_too_long")
    return _metadata_refusal(message.get("metadata"))


def block_problems(blocks: Sequence[Block]) -> list[str]:
    """List what Slack would dislike in these blocks, each with a JSON pointer; empty when it would take them."""
    found = list(_count(blocks, MOST_BLOCKS, "/blocks"))
    for number, block in enumerate(blocks):
        at = f"/blocks/{number}"
        check = CHECKS.get(str(block.get("type")))
        found += check(block, at) if check else [f"unsupported type: {block.get('type')} [json-pointer:{at}/type]"]
        found += _at_most(block.get("block_id", ""), 255, f"{at}/block_id")
    found += _unique([block["block_id"] for block in blocks if "block_id" in block], "block_id", "/blocks")
    return found


def _is_block_list(blocks: object) -> bool:
    return isinstance(blocks, list) and all(isinstance(block, dict) for block in blocks)


def _metadata_refusal(metadata: object) -> Reply | None:
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_payload"), dict):
        return refused("invalid_metadata_format")
    return None if isinstance(metadata.get("event_type"), str) else refused("invalid_metadata_format")


def _section(block: Block, at: str) -> Problems:
    fields = block.get("fields", [])
    if "text" not in block and not fields:
        yield f"missing required field: text or fields [json-pointer:{at}]"
    if "text" in block:
        yield from _text(block["text"], 3000, f"{at}/text")
    yield from _count(fields, 10, f"{at}/fields")
    for number, text in enumerate(fields):
        yield from _text(text, 2000, f"{at}/fields/{number}")
    if "accessory" in block:
        yield from _element(block["accessory"], f"{at}/accessory")


def _header(block: Block, at: str) -> Problems:
    yield from _plain(block.get("text"), 150, f"{at}/text")


def _context(block: Block, at: str) -> Problems:
    elements = block.get("elements", [])
    yield from _count(elements, 10, f"{at}/elements", least=1)
    for number, element in enumerate(elements):
        if element.get("type") == "image":
            yield from _image(element, f"{at}/elements/{number}")
        else:
            yield from _text(element, 3000, f"{at}/elements/{number}")


def _actions(block: Block, at: str) -> Problems:
    elements = block.get("elements", [])
    yield from _count(elements, 25, f"{at}/elements", least=1)
    for number, element in enumerate(elements):
        yield from _element(element, f"{at}/elements/{number}")
    yield from _unique([e["action_id"] for e in elements if "action_id" in e], "action_id", f"{at}/elements")


def _image(block: Block, at: str) -> Problems:
    for name, limit in (("image_url", 3000), ("alt_text", 2000)):
        if not block.get(name):
            yield f"missing required field: {name} [json-pointer:{at}]"
        yield from _at_most(block.get(name, ""), limit, f"{at}/{name}")


def _divider(_block: Block, _at: str) -> Problems:
    yield from ()


def _rich_text(block: Block, at: str) -> Problems:
    elements = block.get("elements", [])
    yield from _count(elements, 1000, f"{at}/elements", least=1)
    for number, element in enumerate(elements):
        yield from _rich_container(element, f"{at}/elements/{number}")


def _rich_container(element: Block, at: str) -> Problems:
    kind, inside = element.get("type"), element.get("elements", [])
    if kind == "rich_text_list":
        for number, item in enumerate(inside):
            yield from _rich_container(item, f"{at}/elements/{number}")
        return
    if kind not in RICH_TEXT:
        yield f"unsupported type: {kind} [json-pointer:{at}/type]"
    for number, piece in enumerate(inside):
        yield from _rich_piece(piece, f"{at}/elements/{number}")


def _rich_piece(piece: Block, at: str) -> Problems:
    kind = piece.get("type")
    if kind not in RICH_ELEMENTS:
        yield f"unsupported type: {kind} [json-pointer:{at}/type]"
    if kind == "text" and not piece.get("text"):
        yield f"must be more than 0 characters [json-pointer:{at}/text]"
    if kind == "link" and not _is_url(piece.get("url")):
        yield f"invalid url [json-pointer:{at}/url]"


def _element(element: Block, at: str) -> Problems:
    yield from _at_most(element.get("action_id", ""), 255, f"{at}/action_id")
    if element.get("type") != "button":
        return
    yield from _plain(element.get("text"), 75, f"{at}/text")
    yield from _at_most(element.get("value", ""), 2000, f"{at}/value")
    yield from _at_most(element.get("url", ""), 3000, f"{at}/url")
    if "url" in element and not _is_url(element["url"]):
        yield f"invalid url [json-pointer:{at}/url]"
    if element.get("style", "primary") not in {"primary", "danger"}:
        yield f"must be one of primary, danger [json-pointer:{at}/style]"


def _text(text: object, limit: int, at: str) -> Problems:
    if not isinstance(text, dict) or text.get("type") not in {"plain_text", "mrkdwn"}:
        yield f"must be a text object [json-pointer:{at}]"
        return
    if text["type"] == "mrkdwn" and "emoji" in text:
        yield f"additional property: emoji [json-pointer:{at}]"
    if text["type"] == "plain_text" and "verbatim" in text:
        yield f"additional property: verbatim [json-pointer:{at}]"
    if not text.get("text"):
        yield f"must be more than 0 characters [json-pointer:{at}/text]"
    yield from _at_most(text.get("text", ""), limit, f"{at}/text")


def _plain(text: object, limit: int, at: str) -> Problems:
    if not isinstance(text, dict) or text.get("type") != "plain_text":
        yield f"must be a plain_text object [json-pointer:{at}]"
        return
    yield from _text(text, limit, at)


def _at_most(text: object, limit: int, at: str) -> Problems:
    if not isinstance(text, str):
        yield f"must be a string [json-pointer:{at}]"
    elif len(text) > limit:
        yield f"must be less than {limit + 1} characters [json-pointer:{at}]"


def _count(items: Sequence[object], most: int, at: str, least: int = 0) -> Problems:
    if len(items) > most:
        yield f"no more than {most} items allowed [json-pointer:{at}]"
    if len(items) < least:
        yield f"no fewer than {least} items allowed [json-pointer:{at}]"


def _unique(ids: Sequence[str], name: str, at: str) -> Problems:
    if len(set(ids)) < len(ids):
        yield f"`{name}` already exists [json-pointer:{at}]"


def _is_url(url: object) -> bool:
    return isinstance(url, str) and url.startswith(("https://", "http://", "mailto:"))


CHECKS: Mapping[str, Callable[[Block, str], Problems]] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "image": _image,
    "divider": _divider,
    "rich_text": _rich_text,
}
