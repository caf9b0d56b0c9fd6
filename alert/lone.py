"""One query by itself, as a person types it: where it is wrong, letter by letter, and a set that holds nothing else."""

import json
import re
from dataclasses import dataclass
from typing import Final

from alert.query.ast import Node
from alert.query.check import Vocabulary, check
from alert.query.faults import QueryError, excerpt
from alert.query.parser import parse
from alert.query.show import show
from alert.subscription_set import Origin, SubscriptionSet
from alert.subscriptions import load

LONGEST: Final = 4_000
"""Letters of a query that is typed; longer ones belong in a file."""
_UNPRINTABLE: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What YAML takes in no form (YAML 1.2, 5.1): a query must fit into a file."""
LONE: Final = "query"
"""The id of the only subscription of a lone set."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A place in a query that is wrong: half-open, in code points, with the line and carets beneath it."""

    start: int
    end: int
    problem: str
    fix: str
    shown: str


def slips(query: str, origin: Origin) -> list[Slip]:
    """Everything that is wrong with a query, against the names and saved queries of a set; none: it is good."""
    if len(query) > LONGEST:
        return [Slip(LONGEST, LONGEST + 1, f"longer than {LONGEST} letters", "write it into a subscription file", "")]
    if (odd := _UNPRINTABLE.search(query)) is not None:
        error = QueryError("a letter that cannot be printed", odd.start(), odd.end(), "remove it")
        return [_slip(_UNPRINTABLE.sub("\ufffd", query), error)]
    found = _checked(query, _vocabulary(origin))
    return [_slip(query, error) for error in found] if isinstance(found, list) else []


def written_out(query: str, origin: Origin) -> str:
    """A good query as tocsin reads it, every AND and parenthesis written."""
    found = _checked(query, _vocabulary(origin))
    return "" if isinstance(found, list) else show(found)


def lone(query: str, origin: Origin) -> SubscriptionSet:
    """A set of one subscription, `LONE`. Raises `ConfigError` for a query with slips."""
    saved = {name: text for texts in origin.queries.values() for name, text in texts.items()}
    file = {"queries": saved, "subscriptions": [{"id": LONE, "match": query, "allow_broad": True}]}
    text = json.dumps(file, ensure_ascii=False)  # JSON is YAML
    return load({"query": text}, origin.names, origin.lexicon, origin.folding, admit_broad=True)


def _checked(query: str, vocabulary: Vocabulary) -> Node | list[QueryError]:
    try:
        checked, wrong = check(parse(query), vocabulary)
    except QueryError as error:
        return [error]
    return wrong or checked


def _vocabulary(origin: Origin) -> Vocabulary:
    """With the saved queries as far as they can be read: whether they mean anything is their own files' matter."""
    saved: dict[str, Node] = {}
    for texts in origin.queries.values():
        for name, text in texts.items():
            try:
                saved[name] = parse(text)
            except QueryError:
                continue
    return Vocabulary(origin.names, origin.lexicon, origin.folding, queries=saved)


def _slip(query: str, error: QueryError) -> Slip:
    line = query.replace("\n", " ").replace("\r", " ")
    return Slip(error.start, error.end, error.problem, error.fix, excerpt(line, error.start, error.end))
