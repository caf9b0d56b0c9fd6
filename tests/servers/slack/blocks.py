"""Are these blocks good? Two judges: Slack's own models (slack_sdk), which we did not write, and our list of limits."""

from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from .limits import block_problems


def assert_valid_blocks(blocks: Sequence[Mapping[str, Any]]) -> None:
    """Raise AssertionError with every complaint of either judge; `blocks` is what would go into `chat.postMessage`."""
    complaints = [*sdk_problems(blocks), *block_problems(blocks)]
    assert not complaints, "Slack would refuse these blocks:\n" + "\n".join(complaints)


def sdk_problems(blocks: Sequence[Mapping[str, Any]]) -> list[str]:
    """List what slack_sdk's models dislike. They miss the length of a field and unknown rich-text elements."""
    found: list[str] = []
    for number, block in enumerate(blocks):
        try:
            parsed = Block.parse(dict(block))
            if parsed is None:
                found.append(f"slack_sdk does not know this block [json-pointer:/blocks/{number}]")
            else:
                parsed.validate_json()
        except SlackObjectFormationError as error:
            found.append(f"slack_sdk: {error} [json-pointer:/blocks/{number}]")
    return found
