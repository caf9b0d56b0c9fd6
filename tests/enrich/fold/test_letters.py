"""One letter, one form; offsets kept where they must be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.fold.letters import bare, flat, fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("أوكرانيا", "اوكرانيا"),
        ("إيران", "ایران"),
        ("كورسـك", "كورسك"),
        ("غزّة", "غزه"),
        ("هدنةً", "هدنه"),
        ("کی‌یف", "كييف"),
        ("١٤٬٠٠٠", "14,000"),
        ("۱۴۰۴", "1404"),
        ("İstanbul", "istanbul"),
        ("ISPARTA", "ısparta"),
        ("STRASSE", "Straße"),
        ("развёрнут", "РАЗВЕРНУТ"),
        ("Лук’янівка", "лук'янівка"),
        ('צה"ל', "צה״ל"),
        ("שָׁלוֹם", "שלום"),
        ("ﾐｻｲﾙ", "ミサイル"),
        ("Ｆ１６", "f16"),
        ("俄烏戰爭", "俄乌战争"),
        ("臺灣", "台湾"),
        ("e\u0301tat", "État"),
    ],
)
def test_ways_of_writing_one_word_fold_to_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("öldü", "oldu"), ("schon", "schön"), ("год", "гад"), ("قوات", "قات")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_accents_come_off_when_asked() -> None:
    assert [bare(word) for word in ("sánchez", "wałęsa", "été", "мир", "й")] == [
        "sanchez",
        "walesa",
        "ete",
        "мир",
        "й",
    ]


@given(st.text())
def test_folding_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_the_flat_fold_keeps_every_offset(text: str) -> None:
    assert len(flat(text)) == len(text)
    assert flat(flat(text)) == flat(text)
