"""A proposal as a change of the subscription's file: the example, and the edited query where one is chosen.

The smallest change is tried first: a line more where the file is written in lines, and words more at the end of the
query. What does not come out as meant (braces, an example list in one line with others) is written anew in lines.
"""

import difflib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from alert.feedback import Edit, Proposal
from schemas import marked
from schemas.errors import ConfigError

Lines = list[str]
_WORD: Final = re.compile(r"[a-z][a-z0-9_-]*\Z")


def patch(before: str, after: str, file: str) -> str:
    """A unified diff for `git apply`, empty where nothing changes."""
    diff = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{file}", f"b/{file}"
    )
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in diff)


def merged(text: str, proposal: Proposal, edit: Edit | None = None) -> str:
    """The file with the proposal in it; as it was where it says so already, or cannot be changed line by line."""
    return "".join(_changed(text, proposal, edit))


def _changed(text: str, proposal: Proposal, edit: Edit | None) -> Lines:
    """The lines of the changed file: the first way whose outcome reads as it should."""
    before = _read(text)
    wanted = None if before is None else _wanted(before, proposal, edit)
    lines = text.splitlines(keepends=True)
    if wanted is not None and wanted != before:
        for way in _WAYS:
            changed = way(lines, proposal, edit)
            if _plain(_read("".join(changed))) == _plain(wanted):
                return changed
    return lines


def _read(text: str) -> Mapping[str, Any] | None:
    try:
        value = marked.parse(text, "").value
    except ConfigError:
        return None
    return value if isinstance(value, dict) else None


def _wanted(before: Mapping[str, Any], proposal: Proposal, edit: Edit | None) -> Mapping[str, Any]:
    """What the file should say."""
    entries = [_with(entry, proposal, edit) for entry in before.get("subscriptions", ())]
    return {**before, "subscriptions": entries}


def _with(entry: dict[str, Any], proposal: Proposal, edit: Edit | None) -> dict[str, Any]:
    if entry.get("id") != proposal.subscription:
        return entry
    examples = entry.get("examples") or {}
    quiet = list(examples.get("stay_quiet") or ())
    if proposal.example not in quiet:
        quiet.append(proposal.example)
    match = {} if edit is None else {"match": edit.query}
    return {**entry, **match, "examples": {**examples, "stay_quiet": quiet}}


def _plain(value: Any) -> Any:
    """The value, white space in its texts not told apart, an order of examples neither: they are the same to read."""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, list):
        return sorted((_plain(one) for one in value), key=repr)
    return {key: _plain(one) for key, one in value.items()} if isinstance(value, dict) else value


def _in_place(lines: Sequence[str], proposal: Proposal, edit: Edit | None) -> Lines:
    """A line more here and there."""
    changed = _with_example(lines, proposal)
    return changed if edit is None else _with_query(changed, proposal.subscription, edit)


def _anew(lines: Sequence[str], proposal: Proposal, edit: Edit | None) -> Lines:
    """The subscription written in lines, a key each; its own comments are lost."""
    read = marked.parse("".join(lines), "")
    entries = read.value["subscriptions"]
    at = next(number for number, entry in enumerate(entries) if entry.get("id") == proposal.subscription)
    starts = [read.at(("subscriptions", number))[0] - 1 for number in range(len(entries))]
    begin = starts[at]
    end = starts[at + 1] if at + 1 < len(starts) else _end(lines, begin)
    while end > begin + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    indent = len(lines[begin]) - len(lines[begin].lstrip())
    return [*lines[:begin], *_written(_with(entries[at], proposal, edit), " " * indent), *lines[end:]]


def _end(lines: Sequence[str], begin: int) -> int:
    """Where the last subscription ends: at the next key of the file."""
    return next((at for at in range(begin + 1, len(lines)) if lines[at][:1].strip(" #-\n}]")), len(lines))


def _written(entry: Mapping[str, Any], pad: str) -> Lines:
    found: Lines = []
    for key, value in entry.items():
        folded = key == "match" and isinstance(value, str) and "\n" not in value
        said = f">-\n{pad}    {value}" if folded else _flow(value)
        found.append(f"{pad}{'  ' if found else '- '}{key}: {said}\n")
    return found


def _flow(value: Any) -> str:
    """A value on one line, unquoted where it is a plain word."""
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flow(key)}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, str) and _WORD.match(value) and value not in ("true", "false", "null"):
        return value
    return json.dumps(value, ensure_ascii=False)


def _block(lines: Sequence[str], subscription: str) -> tuple[int, int, int] | None:
    """First line, end and indent of a subscription's keys; None where it is not in block style."""
    named = next((at for at, line in enumerate(lines) if _names(line, subscription)), None)
    if named is None:
        return None
    dashed = lines[named].lstrip().startswith("-")
    indent = len(lines[named]) - len(lines[named].lstrip()) + (2 if dashed else 0)
    begin = named
    while not lines[begin].lstrip().startswith("-") and begin > 0:
        begin -= 1
    end = next((at for at in range(named + 1, len(lines)) if _ends(lines[at], indent)), len(lines))
    while not lines[end - 1].strip():
        end -= 1
    return begin, end, indent


def _with_example(lines: Sequence[str], proposal: Proposal) -> list[str]:
    quoted = proposal.example.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    example = f'"{quoted}"'
    block = _block(lines, proposal.subscription)
    if block is None or any(example in line for line in lines):
        return list(lines)
    return _inserted(lines, *block, example)


def _with_query(lines: Sequence[str], subscription: str, edit: Edit) -> list[str]:
    """The lines with another `match:`, written so that no quoting is needed; with a line more where that is all."""
    block = _block(lines, subscription)
    if block is None:
        return list(lines)
    begin, end, indent = block
    keys = [at for at in range(begin, end) if _key_at(lines[at], indent)]
    at = next((at for at in keys if lines[at].strip().removeprefix("-").strip().startswith("match:")), None)
    if at is None:
        return list(lines)
    after = next((key for key in keys if key > at), end)
    if edit.more and lines[at].split("match:")[1].strip() in (">-", ">", "|", "|-"):
        pad = lines[at + 1][: len(lines[at + 1]) - len(lines[at + 1].lstrip())]
        while not lines[after - 1].strip() or lines[after - 1].lstrip().startswith("#"):
            after -= 1
        return [*lines[:after], f"{pad}{edit.more}\n", *lines[after:]]
    head = lines[at][: lines[at].index("match:")]
    return [*lines[:at], f"{head}match: >-\n", f"{' ' * (indent + 2)}{edit.query}\n", *lines[after:]]


def _key_at(line: str, indent: int) -> bool:
    """Whether a key of the subscription begins on this line (the first stands behind its dash)."""
    bare = line.replace("-", " ", 1) if line.lstrip().startswith("- ") else line
    return bool(bare.strip()) and len(bare) - len(bare.lstrip()) == indent and ":" in bare


def _names(line: str, subscription: str) -> bool:
    """Whether a line holds `id: subscription` in block style."""
    words = line.strip().removeprefix("-").strip().split("#")[0].strip()
    return words in (f"id: {subscription}", f'id: "{subscription}"', f"id: '{subscription}'")


def _ends(line: str, indent: int) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#") and len(line) - len(line.lstrip()) < indent


def _inserted(lines: Sequence[str], begin: int, end: int, indent: int, example: str) -> list[str]:
    """The lines with the example under `examples: stay_quiet:`, making these where they lack."""
    pad, own = " " * indent, lines[begin:end]
    under = next((at for at, line in enumerate(own) if line.startswith(f"{pad}examples:")), None)
    if under is None:
        more = [f"{pad}examples:\n", f"{pad}  stay_quiet:\n", f"{pad}    - {example}\n"]
        last = [own[-1] if own[-1].endswith("\n") else own[-1] + "\n"]
        return [*lines[: end - 1], *last, *more, *lines[end:]]
    quiet = next((at for at, line in enumerate(own) if at > under and line.strip().startswith("stay_quiet:")), None)
    at = begin + (under if quiet is None else quiet)
    head = [*lines[: at + 1]] if quiet is not None else [*lines[: at + 1], f"{pad}  stay_quiet:\n"]
    if quiet is not None and lines[at].rstrip().endswith("]"):
        line = lines[at].rstrip()
        sign = "" if line.endswith("[]") else ", "
        return [*lines[:at], f"{line[:-1]}{sign}{example}]\n", *lines[at + 1 :]]
    return [*head, f"{pad}    - {example}\n", *lines[at + 1 :]]


_WAYS: tuple[Callable[[Sequence[str], Proposal, Edit | None], Lines], ...] = (_in_place, _anew)
