"""Lexicon files: how they are read, joined and faulted."""

from pathlib import Path

import pytest

from enrich.events.checks import term_problem
from enrich.events.lexicon import SHIPPED, load
from schemas.errors import ConfigError

LANGUAGES = ("ar", "de", "en", "es", "fa", "fr", "he", "ja", "ko", "pl", "pt", "ru", "tr", "uk", "zh")


def faults(tmp_path: Path, **files: str) -> list[str]:
    for name, text in files.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        load((SHIPPED, tmp_path))
    return [str(fault).replace(str(tmp_path) + "/", "") for fault in raised.value.faults]


def test_every_language_has_words_and_a_grammar() -> None:
    lexicon = load()
    assert lexicon.languages() == LANGUAGES
    assert sorted(lexicon.grammars) == sorted(LANGUAGES)


def test_every_language_has_words_for_every_idea() -> None:
    lexicon = load()
    lacking = {lang: sorted(set(lexicon.titles) - set(words)) for lang, words in lexicon.words.items()}
    assert lacking == {lang: [] for lang in LANGUAGES}


def test_a_user_adds_words_and_a_pattern_without_touching_ours(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("concept: airlift\ntitle: by air\nwords: {en: [airlift*]}\n", encoding="utf-8")
    (tmp_path / "more.yaml").write_text(
        "event: troop_deployment\ntitle: x\npatterns: [{id: airlift, all: [airlift, troops]}]\n", encoding="utf-8"
    )
    lexicon = load((SHIPPED, tmp_path))
    assert lexicon.words["en"]["airlift"] == ("airlift*",)
    assert lexicon.events["troop_deployment"].patterns[-1].id == "airlift"
    assert lexicon.events["troop_deployment"].slots == load().events["troop_deployment"].slots


def test_an_unknown_concept_is_placed_and_a_likely_one_offered(tmp_path: Path) -> None:
    found = faults(tmp_path, a="event: flood\ntitle: x\npatterns:\n  - {id: p, all: [troop]}\n")
    assert found == ['a.yaml:4:19: unknown concept "troop"; did you mean "troops"?']


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    found = faults(
        tmp_path, a="language: en\nwrods: {}\n", b="event: x\ntitle: x\npatterns: [{id: p, all: [troops]}]\nunles: []\n"
    )
    assert found == [
        'a.yaml:2:1: unknown key "wrods"; did you mean "words"?',
        'b.yaml:4:1: unknown key "unles"; did you mean "unless"?',
    ]


def test_misspelt_ideas_and_sentences_in_disguise_are_faults(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        a="language: en\nwords:\n  sned: [send]\n",
        c='concept: y\nwords: {en: ["one two three four five"]}\n',
    )
    assert found == [
        'a.yaml:3:3: unknown concept "sned"; did you mean "send"?',
        'c.yaml:2:14: "one two three four five" strings together 5 literal words (at most 4); '
        "say it in fewer words, or as a pattern over concepts",
    ]


def test_an_unknown_unit_or_entity_type_is_a_fault(tmp_path: Path) -> None:
    found = faults(tmp_path, a='event: x\ntitle: x\npatterns: [{id: p, all: [troops, "#men", "@land"]}]\n')
    assert [line.split(": ")[1] for line in found] == [
        'unknown unit "#men"; known',
        'unknown entity type "@land"; known',
    ]


def test_files_of_other_kinds_may_lie_beside_ours(tmp_path: Path) -> None:
    (tmp_path / "people.yaml").write_text("entities: []\n", encoding="utf-8")
    assert load((SHIPPED, tmp_path)).version == load().version


@pytest.mark.parametrize("term", ["send", "opened fire", "bringt … heim", "deploy*", "=ban", "停火协议"])
def test_a_term_is_a_word_or_a_short_phrase(term: str) -> None:
    assert term_problem(term) == ""


@pytest.mark.parametrize("term", ["", "*", "the army of the north moved", "朝鲜人民军向俄罗斯派遣部队"])
def test_a_sentence_is_no_term(term: str) -> None:
    assert term_problem(term) != ""
