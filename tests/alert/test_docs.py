"""docs/queries.md is true: its queries are read, its YAML is loaded."""

import re
from pathlib import Path

import pytest

from alert.query.check import Vocabulary, check
from alert.query.parser import parse
from tests.alert.world import FOLDING, LEXICON, NAMES, subscriptions

PAGE = (Path(__file__).parents[2] / "docs" / "queries.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
QUERIES = [block.strip() for kind, block in BLOCKS if not kind]
TABLE = [query for line in re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE) for query in re.findall(r"`([^`]+)`", line)]
LISTS = {"ships": ("Admiral",)}


@pytest.mark.parametrize("query", [*QUERIES, *(query for query in TABLE if not re.fullmatch(r"\w+:?", query))])
def test_a_query_of_the_page_is_good(query: str) -> None:
    _, faults = check(parse(query), Vocabulary(NAMES, LEXICON, FOLDING, lists=LISTS))
    assert faults == []


def test_the_yaml_of_the_page_loads() -> None:
    first, second = (block for kind, block in BLOCKS if kind == "yaml")
    loaded = subscriptions(first, read_list={"lists/films.txt": "a film\n"}.__getitem__)
    assert list(loaded.compiled) == ["dprk-troops"]
    assert subscriptions(f"subscriptions:\n  - id: a\n{second}").compiled


def test_the_page_names_every_field_and_number() -> None:
    from alert.query.fields import EVENT_NUMBERS, FIELDS, ITEM_NUMBERS

    for name in (*FIELDS, *EVENT_NUMBERS, *ITEM_NUMBERS):
        assert re.search(rf"`{name}:?`", PAGE), name
