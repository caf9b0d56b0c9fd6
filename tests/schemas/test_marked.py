"""What a person writes is read with its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import marked
from schemas.errors import ConfigError
from schemas.settings import Settings
from schemas.subscription import SubscriptionsFile


def test_no_is_norway() -> None:
    assert marked.parse("place: no\nquiet: 12:30\nversion: 1.10", "x").value == {
        "place": "no",
        "quiet": "12:30",
        "version": 1.1,
    }


def test_an_unknown_key_is_refused_with_its_place_and_a_suggestion() -> None:
    text = "subscriptions:\n  - id: a\n    match: x\n    notfy: [console]\n"
    with pytest.raises(ConfigError) as caught:
        marked.validate(marked.parse(text, "army.yaml"), SubscriptionsFile)
    assert str(caught.value) == 'army.yaml:4:5: unknown key "notfy"; did you mean "notify"?'


def test_a_missing_key_names_its_container() -> None:
    with pytest.raises(ConfigError) as caught:
        marked.validate(marked.parse("subscriptions:\n  - id: a\n", "army.yaml"), SubscriptionsFile)
    assert str(caught.value).startswith('army.yaml:2:5: "match" is missing')


def test_a_key_written_twice_is_refused() -> None:
    with pytest.raises(ConfigError, match=r'x:2:1: key "a" is written twice'):
        marked.parse("a: 1\na: 2\n", "x")


def test_aliases_are_refused() -> None:
    with pytest.raises(ConfigError, match="aliases"):
        marked.parse("a: &x [1]\nb: *x\n", "x")
    with pytest.raises(ConfigError, match="alias"):
        marked.parse("b: *x\n", "x")


def test_settings_say_what_to_write_instead() -> None:
    with pytest.raises(ConfigError) as caught:
        marked.validate(marked.parse("log: mysql:x\ntimezone: Mars/Base\n", "tocsin.yaml"), Settings)
    first, second = caught.value.faults
    assert (first.line, first.column) == (1, 6)
    assert "write sqlite:FILE or kafka://" in first.problem
    assert "write one like Europe/Paris" in second.problem


def test_a_destination_names_one_channel() -> None:
    with pytest.raises(ConfigError, match="exactly one channel"):
        marked.validate(marked.parse("destinations:\n  x: {slack: {}, email: {}}\n", "tocsin.yaml"), Settings)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    try:
        marked.parse(text, "x")
    except ConfigError as error:
        assert error.faults
