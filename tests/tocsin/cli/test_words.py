"""`lookup` finds ids by names, `expand` shows the forms of a term."""

import json

import pytest
from click.testing import CliRunner

from tocsin.cli.words import expand, lookup


def test_a_name_in_any_language_gives_its_id_and_what_it_lies_in() -> None:
    result = CliRunner().invoke(lookup, ["курская область"])
    assert result.exit_code == 0
    assert result.output.splitlines()[0] == "kursk-oblast\tregion\tKursk Oblast < RU"
    result = CliRunner().invoke(lookup, ["조선중앙통신", "--json"])
    assert json.loads(result.output.splitlines()[0])["id"] == "kcna"


def test_an_unknown_name_says_what_to_do_and_fails() -> None:
    result = CliRunner().invoke(lookup, ["Zzyzx Qwerty"])
    assert result.exit_code == 1
    assert "add it to lexicon/" in result.output


@pytest.mark.parametrize(("term", "lang", "form"), [
    ("Киев", "ru", "киеве"), ("soldier", "en", "soldiers"), ("général", "fr", "généraux"), ("جندي", "ar", "جند…"),
])  # fmt: skip
def test_the_forms_of_a_term_are_shown(term: str, lang: str, form: str) -> None:
    result = CliRunner().invoke(expand, [term, "--lang", lang])
    assert result.exit_code == 0
    assert form in result.output.split()


def test_each_word_has_its_line_and_clitics_are_named() -> None:
    result = CliRunner().invoke(expand, ["وقف النار", "--lang", "ar", "--json"])
    first, second = [json.loads(line) for line in result.output.splitlines()]
    assert (first["word"], second["word"]) == ("وقف", "النار")
    assert "ال" in first["written_before"]
    assert "each also after:" in CliRunner().invoke(expand, ["وقف", "--lang", "ar"]).output


def test_without_a_language_all_that_share_the_script_are_tried() -> None:
    assert "киевом" in CliRunner().invoke(expand, ["Киев"]).output


def test_an_unknown_language_is_refused() -> None:
    result = CliRunner().invoke(expand, ["x", "--lang", "rus"])
    assert result.exit_code == 2
    assert 'did you mean "ru"' in result.output
