"""docs/queries.md is true: its queries are read, its YAML is loaded."""

import re
from pathlib import Path

import click
import pytest

from alert.query.check import Vocabulary, check
from alert.query.faults import QueryError
from alert.query.parser import parse
from tests.alert.world import FOLDING, LEXICON, NAMES, fires, report, subscriptions
from tocsin.cli import main

PAGE = (Path(__file__).parents[2] / "docs" / "queries.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
QUERIES = [block.strip() for kind, block in BLOCKS if not kind]
TABLE = [query for line in re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE) for query in re.findall(r"`([^`]+)`", line)]
ASKED = [query for query in TABLE if not re.fullmatch(r"\w+:?", query) and not query.startswith("tocsin ")]
LISTS = {"ships": ("Admiral",)}


@pytest.mark.parametrize("query", [*QUERIES, *ASKED])
def test_a_query_of_the_page_is_good(query: str) -> None:
    _, faults = check(parse(query), Vocabulary(NAMES, LEXICON, FOLDING, lists=LISTS))
    assert faults == []


@pytest.mark.parametrize(("query", "form"), re.findall(r"`(\w+)` finds ([^\s,.]+)", PAGE))
def test_a_word_finds_the_form_that_the_page_says(query: str, form: str) -> None:
    langs = ("ar", "ru", "ko", "tr")
    assert any(fires(query, report(f"… {form} …", lang=lang)) for lang in langs)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("troops Kursk", "Kursk: more troops"), ("«северная корея»", "Северная Корея"), ("deploy*", "deployed"),
        ("*نووي", "النووي"), ("*missile*", "antimissiles"), ("=US", "the US"), ("~deploying", "deployed"),
        (r"/14,\d+ soldiers/", "14,000 soldiers"), ('text:"cease fire"', "a cease fire"), ("troops NEAR/5 Kursk",
        "Kursk sees a lot more troops"), ("NOT film", "a book"),
    ],
)  # fmt: skip
def test_what_the_table_of_words_says_is_so(query: str, text: str) -> None:
    assert query in TABLE
    assert fires(query, report(text))
    assert not fires(query, report("a film about us"))


@pytest.mark.parametrize(
    ("written", "meant"), [("-film", "NOT film"), ("'north korea'", '"north'), ("soldiers>=1,000", "soldiers>=1k")]
)
def test_a_slip_that_the_page_names_is_answered(written: str, meant: str) -> None:
    assert f"`{written}`" in PAGE.replace("\n", " ")
    with pytest.raises(QueryError) as caught:
        parse(written)
    assert meant in caught.value.fix


@pytest.mark.parametrize("line", [line for line in TABLE if line.startswith("tocsin ")])
def test_a_command_of_the_page_is_one(line: str) -> None:
    _, name, *words = line.split()
    command = main.get_command(click.Context(main), name)
    assert command is not None
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("-")} <= known


def test_the_yaml_of_the_page_loads() -> None:
    first, second = (block for kind, block in BLOCKS if kind == "yaml")
    loaded = subscriptions(first, read_list={"lists/films.txt": "a film\n"}.__getitem__)
    assert list(loaded.compiled) == ["dprk-troops"]
    assert subscriptions(f"subscriptions:\n  - id: a\n{second}").compiled


def test_the_page_names_every_field_and_number() -> None:
    from alert.query.fields import EVENT_NUMBERS, FIELDS, ITEM_NUMBERS

    for name in (*FIELDS, *EVENT_NUMBERS, *ITEM_NUMBERS):
        assert re.search(rf"`{name}:?`", PAGE), name
