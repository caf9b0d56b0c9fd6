"""Words answer to their dictionary form in every language, and not to their neighbours."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.fold import Fold
from enrich.fold.morphology import languages
from enrich.fold.words import Grade

FOLD = Fold()


def matches(term: str, text: str, lang: str | None, grade: Grade = "word") -> bool:
    asked = FOLD.term(term, lang, grade)
    tokens = FOLD.tokens(text, lang)
    return any(
        all(asked[index] & set(tokens[start + index].keys) for index in range(len(asked)))
        for start in range(len(tokens) - len(asked) + 1)
    )


FORMS = {
    "ar": ["سفينة: السفينة وسفينة للسفينة سفينته بالسفينة", "مصر: بمصر ومصر لمصر", "اليمن: باليمن لليمن واليمن"],
    "en": ["convoy: convoys convoy's", "army: armies", "bomb: bombed bombing bombs", "raid: raids raided"],
    "ru": ["Харьков: Харькова Харькове Харьковом", "Иран: Ирана Ирану Ираном", "бригада: бригады бригаду бригад",
           "обстрелять: обстреляли", "Лавров: Лавровым Лаврова", "Польша: Польши Польшу Польшей"],
    "uk": ["Одеса: Одеси Одесу Одесі", "Київ: Києва Києві", "Харків: Харкова Харкові", "бригада: бригади бригаду"],
    "fr": ["Ukraine: l’Ukraine d'Ukraine", "bombarder: bombardé bombardent bombardait", "général: généraux"],
    "es": ["misión: misiones", "atacar: atacó atacaron ataque atacado", "ejército: ejércitos EJERCITO"],
    "pt": ["explosão: explosões", "matar: matou mataram morto_x mata", "prisão: prisões PRISÃO prisao"],
    "de": ["Polen: Polens", "Panzer: Panzern Panzers", "melden: meldet meldete gemeldet_x"],
    "fa": ["موشک: موشک‌ها موشکها موشک‌های موشکی", "تهران: تهران", "پهپاد: پهپادها پهپادهای"],
    "tr": ["Ankara: Ankara'da Ankara’nın ANKARA'DAN", "uçak: uçağı uçaklar uçakların", "asker: askerler askerlerin"],
    "he": ["חמאס: לחמאס בחמאס וחמאס שחמאס", "ספינה: ספינות הספינה לספינה", "צבא: הצבא לצבא"],
    "ko": ["서울: 서울에서 서울은 서울의", "이란: 이란이 이란군 이란의", "전차: 전차를 전차들이"],
}  # fmt: skip


@pytest.mark.parametrize("lang", FORMS)
def test_a_term_is_found_in_its_forms(lang: str) -> None:
    for line in FORMS[lang]:
        term, forms = line.split(": ")
        for form in forms.split():
            assert matches(term, form, lang) == (not form.endswith("_x")), (term, form)


@pytest.mark.parametrize(
    ("lang", "term", "word"),
    [("ar", "غزة", "غزت"), ("ar", "وزير", "زير"), ("he", "עזה", "עזים"), ("ko", "이란", "이란성"),
     ("en", "war", "warm"), ("ru", "мир", "мираж"), ("tr", "oldu", "öldü"),
     ("de", "schon", "schön"), ("es", "Perú", "perro")],
)  # fmt: skip
def test_a_strict_term_is_not_found_in_its_neighbours(lang: str, term: str, word: str) -> None:
    assert not matches(term, word, lang, "strict")


def test_a_strict_term_keeps_its_clitics() -> None:
    assert matches("غزة", "وبغزة", "ar", "strict")
    assert matches("עזה", "ובעזה", "he", "strict")
    assert matches("북한", "북한은", "ko", "strict")


def test_the_exact_form_is_the_first_key() -> None:
    assert [token.keys[0] for token in FOLD.tokens("Les ÉTATS-Unis et l’Ukraine", "fr")] == [
        "les", "états", "unis", "et", "l", "ukraine",
    ]  # fmt: skip


def test_initials_hebrew_acronyms_and_numbers_are_cut_as_people_see_them() -> None:
    words = [token.keys[0] for token in FOLD.tokens('The U.S. F-16s "hit" 14,000 T-72B3', "en")]
    assert words == ["the", "u.s", "f", "16", "s", "hit", "14", "000", "t", "72", "b", "3"]
    assert [token.keys[0] for token in FOLD.tokens('דובר צה"ל: "שלום"', "he")] == ["דובר", "צהל", "שלומ"]


def test_han_and_kana_stand_alone() -> None:
    assert [token.keys for token in FOLD.tokens("習近平は28日", "ja")] == [
        ("习",), ("近",), ("平",), ("は",), ("28",), ("日",),
    ]  # fmt: skip


def test_without_a_language_a_term_takes_the_forms_of_all_it_may_be() -> None:
    assert matches("Украина", "Украиною", None) or matches("Украина", "Украиной", None)
    assert matches("كورسك", "وكورسك", "ar")
    assert matches("Kursk", "Kursk’s", None)


@given(st.text(max_size=300), st.sampled_from([None, "xx", *languages()]))
def test_spans_are_in_order_and_index_the_text(text: str, lang: str | None) -> None:
    position = 0
    for start, end, keys in FOLD.tokens(text, lang):
        assert position <= start < end <= len(text)
        assert keys
        position = end


@given(st.text(max_size=60), st.sampled_from([None, *languages()]))
def test_a_text_is_found_in_itself(text: str, lang: str | None) -> None:
    tokens = FOLD.tokens(text, lang)
    for asked, token in zip(FOLD.term(text, lang, "strict"), tokens, strict=True):
        assert token.keys[0] in asked


@pytest.mark.parametrize("text", ["a'" * 20_000, "a." * 20_000, '"א' * 20_000, "ا\u0651" * 20_000, "l'" * 20_000])
def test_no_text_takes_quadratic_time(text: str) -> None:
    started = time.perf_counter()
    FOLD.tokens(text, "fr")
    assert time.perf_counter() - started < 2
