"""The document as Slack blocks. Untrusted words stand only in `rich_text` and `plain_text` elements, which Slack does
not parse: there is no escape for `* _ ~` in mrkdwn, so mrkdwn is not used at all.

Limits are Slack's documented ones, and under the undocumented 13,000 characters of all blocks (slackapi/bolt-js#2509).
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from alert.words.clean import cut, isolated
from alert.words.document import Digest, Document, Entry, Original, Run
from schemas.alert import Severity

Block = dict[str, Any]

LARGEST = 9_000
"""Characters of all blocks as ASCII JSON, the worst of the ways Slack may count."""
MOST = 20
TEXT = 2_800
HEADER = 150
PLAINER = 3
"""0 full · 1 a shorter quote, no other events · 2 headline, facts, link · 3 text alone."""
_MARK = {Severity.FLASH: "🚨", Severity.HIGH: "🔴", Severity.NORMAL: "🟠", Severity.LOW: "🔵"}


def blocks(content: Document | Digest, *, reply: bool = False, plainer: int = 0, buttons: bool = False) -> list[Block]:
    """The blocks of a message, in the fullest form from `plainer` on that fits; none means text alone."""
    for form in range(plainer, PLAINER):
        if isinstance(content, Digest):
            found = _digest(content, 25 if form == 0 else 12 // form)
        else:
            found = _reply(content, form) if reply else _root(content, form, buttons=buttons)
        if fits(found):
            return found
    return []


def fits(found: Sequence[Block]) -> bool:
    """Whether Slack takes so much."""
    return len(found) <= MOST and len(json.dumps(found)) <= LARGEST


def summary(content: Document | Digest) -> str:
    """The top-level text, which notifications and screen readers use. It is mrkdwn: `& < >` are escaped, which is all
    that can make a mention or a link; it is sent with `parse: none`.
    """
    text = cut(content.summary, 480)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _root(document: Document, form: int, *, buttons: bool) -> list[Block]:
    head = cut(f"{_MARK[document.severity]} {document.severity_word} · {document.headline}", HEADER)
    found = [
        {"type": "header", "block_id": "head", "text": _plain(head, emoji=True)},
        *_context("chips", [*document.chips, *document.notes]),
        *_lines("new", document.deltas),
        *_original(document.original, form),
        *(_lines("also", document.also) if form == 0 else ()),
        *_slots(document),
        *_context("why", _why(document)),
    ]
    return [*found, *_actions(document)] if buttons else found


def _reply(document: Document, form: int) -> list[Block]:
    lead = document.deltas or (document.headline,)
    voice = document.original.publisher or document.original.host if document.original else ""
    return [
        *_lines("new", lead, bold=True),
        *_original(document.original, form),
        *_context("chips", [voice, *document.chips[:4], *document.notes]),
    ]


def _why(document: Document) -> list[str]:
    caption = document.original
    told = [caption.publisher, caption.host, caption.language, caption.published] if caption else []
    return [isolated(part) for part in dict.fromkeys(told) if part] + [
        f"{document.labels.why}: {reason}" for reason in document.why
    ]


def _plain(text: str, *, emoji: bool = False) -> Block:
    return {"type": "plain_text", "text": text, "emoji": emoji}


def _context(key: str, parts: Iterable[str]) -> list[Block]:
    text = cut(" · ".join(part for part in parts if part), TEXT // 2)
    return [{"type": "context", "block_id": key, "elements": [_plain(text)]}] if text else []


def _text(text: str, **style: bool) -> Block:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def _section(elements: Sequence[Block]) -> Block:
    return {"type": "rich_text_section", "elements": list(elements)}


def _lines(key: str, lines: Sequence[str], *, bold: bool = False) -> list[Block]:
    style = {"bold": True} if bold else {}
    sections = [_section([_text(cut(line, 300), **style)]) for line in lines if line]
    return [{"type": "rich_text", "block_id": key, "elements": sections}] if sections else []


def _original(original: Original | None, form: int) -> list[Block]:
    """Alone in its block, beginning with its own first letter: that letter gives the direction."""
    if original is None or not original.title:
        return []
    elements = [_section(_title(original))]
    quote = _runs(original.snippet, 300 if form else TEXT) if form < 2 else []
    if quote:
        elements.append({"type": "rich_text_quote", "elements": quote})
    return [{"type": "rich_text", "block_id": "original", "elements": elements}]


def _title(original: Original) -> list[Block]:
    """The title as plain text, then the link under its real host's name: a title cannot pose as an address."""
    title = _runs(original.title, 300)
    if original.url:
        title += [_text("  "), {"type": "link", "url": original.url, "text": f"↗ {original.host}"}]
    return title


def _runs(runs: Iterable[Run], limit: int) -> list[Block]:
    found: list[Block] = []
    for run in runs:
        text = cut(run.text, limit)
        if text:
            found.append(_text(text, bold=True) if run.hit else _text(text))
        limit -= len(text)
        if limit <= 0:
            break
    return found


def _slots(document: Document) -> list[Block]:
    sections = [_section([_text(f"{slot.label}  ", bold=True), _text(cut(slot.value, 400))]) for slot in document.slots]
    return [{"type": "rich_text", "block_id": "facts", "elements": sections}] if sections else []


def _actions(document: Document) -> list[Block]:
    labels, value = document.labels, f"{document.story}:{document.revision}"
    mute = _button("tocsin.mute", labels.mute, value)
    mute["confirm"] = {
        "title": _plain(cut(labels.mute, 100)),
        "text": _plain(labels.mute_ask),
        "confirm": _plain(cut(labels.yes_mute, 30)),
        "deny": _plain(cut(labels.cancel, 30)),
    }
    elements = [
        _button("tocsin.acknowledge", labels.ack, value),
        mute,
        _button("tocsin.feedback", labels.not_relevant, value),
        _button("tocsin.silence", labels.silence, value),
    ]
    elements[0]["style"] = "primary"
    if document.story_link:
        elements.append({**_button("tocsin.open", labels.open_story, value), "url": document.story_link})
    return [{"type": "actions", "block_id": "act", "elements": elements}]


def _button(action: str, label: str, value: str) -> Block:
    return {"type": "button", "action_id": action, "text": _plain(cut(label, 75)), "value": value}


def _digest(digest: Digest, most: int) -> list[Block]:
    over = len(digest.entries) - most
    sections = [_section(_entry(entry)) for entry in digest.entries[:most]]
    more = [digest.more] if over <= 0 else [f"… +{over}", digest.more]
    return [
        {"type": "header", "block_id": "head", "text": _plain(cut(f"📋 {digest.title}", HEADER), emoji=True)},
        *_context("why", [digest.reason, *digest.notes]),
        {"type": "rich_text", "block_id": "stories", "elements": sections},
        *_context("more", more),
    ]


def _entry(entry: Entry) -> list[Block]:
    head = f"{_MARK[entry.severity]} {entry.severity_word} · "
    title = {"type": "link", "url": entry.link, "text": entry.headline} if entry.link else _text(entry.headline)
    return [_text(head), title, _text(f"\n{cut(entry.detail, 160)}\n")]
