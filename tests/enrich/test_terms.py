"""Terms of a lexicon are found in every form, and each hit says exactly where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.reading import lay_open
from enrich.terms import Term, TermIndex
from schemas.item import Item


def found(terms: list[Term], text: str, lang: str) -> list[tuple[str, str]]:
    document = lay_open(Item(id="1", text=text, lang=lang))
    return [(hit.id, document.text(hit.span)) for hit in TermIndex.build(terms).find(document)]


def test_words_phrases_prefixes_and_their_spans() -> None:
    terms = [
        Term("troops", "en", "soldier"),
        Term("send", "en", "deploy*"),
        Term("ceasefire", "en", "cease-fire"),
        Term("far", "en", "send* abroad"),
    ]
    text = "They were deploying soldiers. The cease fire of soldier's unions holds while sending abroad goes on"
    assert found(terms, text, "en") == [
        ("send", "deploying"), ("troops", "soldiers"), ("ceasefire", "cease fire"), ("troops", "soldier's"),
        ("far", "sending abroad"),
    ]  # fmt: skip


def test_arabic_clitics_and_phrases() -> None:
    terms = [Term("ceasefire", "ar", "وقف إطلاق النار"), Term("troops", "ar", "جنود")]
    text = "أعلن الجانبان التوصل لوقف إطلاق النار بعد مقتل الجنود في المواجهات الأخيرة"
    assert found(terms, text, "ar") == [("ceasefire", "لوقف إطلاق النار"), ("troops", "الجنود")]


def test_german_compounds_only_where_the_term_allows_them() -> None:
    terms = [Term("attack", "de", "Angriff", compound=True), Term("tank", "de", "Panzer")]
    text = "Nach den Drohnenangriffen und Panzerschlachten sprach die Regierung von einem Angriffskrieg gegen Panzer"
    assert found(terms, text, "de") == [
        ("attack", "Drohnenangriffen"), ("attack", "Angriffskrieg"), ("tank", "Panzer"),
    ]  # fmt: skip


def test_japanese_and_chinese_without_edges_but_whole_runs_of_katakana_and_latin() -> None:
    terms = [Term("gaza", "ja", "ガザ"), Term("troops", "ja", "部隊"), Term("nato", None, "NATO")]
    text = "ガザで部隊がガザニアの花を見た。NATOとNATOXの部隊。"
    assert [hit[0] for hit in found(terms, text, "ja")] == ["gaza", "troops", "nato", "troops"]
    assert found([Term("troops", "zh", "部队")], "盟軍部隊抵達了邊境的城鎮", "zh") == [("troops", "部隊")]


def test_a_term_of_no_language_is_found_in_all() -> None:
    terms = [Term("f-16", None, "F-16", "name")]
    assert found(terms, "Истребители F-16 прибыли в страну вчера вечером", "ru") == [("f-16", "F-16")]
    assert found(terms, "وصلت مقاتلات F-16 إلى البلاد مساء أمس", "ar") == [("f-16", "F-16")]


def test_a_language_without_a_grammar_is_read_with_its_scripts() -> None:
    terms = [Term("nato", "en", "NATO"), Term("troops", "ru", "солдат")]
    assert found(terms, "Hjälpkonvoj når den belägrade staden, säger NATO efter flera veckor", "sv") == [
        ("nato", "NATO")
    ]


def test_a_strict_term_does_not_stretch() -> None:
    assert found([Term("gaza", "ar", "غزة", "strict")], "غزت القوات المدينة ثم وصلت إلى غزة أمس", "ar") == [
        ("gaza", "غزة")
    ]


@pytest.mark.parametrize("words", ["", "*", " * ", "…", "a*b", "**", "٪", "a *"])
def test_odd_terms_do_no_harm(words: str) -> None:
    found([Term("odd", lang, words) for lang in ("en", "ja", None)], "Some ordinary English text, and more of it", "en")
    found([Term("odd", lang, words) for lang in ("en", "ja", None)], "普通の文章です", "ja")


@given(st.text(), st.sampled_from(["en", "ar", "zh", "ko", "de"]))
def test_every_span_holds_the_tokens_it_names(text: str, lang: str) -> None:
    terms = [Term("a", lang, "a*"), Term("b", lang, "ال"), Term("c", lang, "一"), Term("d", lang, "a b")]
    document = lay_open(Item(id="1", text=text, lang=lang))
    for hit in TermIndex.build(terms).find(document):
        assert 0 <= hit.start < hit.end <= len(document.body)
        assert hit.first < hit.last <= len(document.tokens)
        assert document.tokens[hit.first].start <= hit.start
