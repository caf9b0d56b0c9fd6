"""Short news is told apart; where letters cannot tell, the feed does, and unknown is an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.language import detect

HEADLINES = {
    "ar": "غارة جوية تستهدف مستودعاً للوقود قرب الحدود",
    "en": "Convoy of aid trucks reaches besieged town",
    "ru": "Колонна с помощью добралась до осаждённого города",
    "uk": "Колона з допомогою дісталася обложеного міста",
    "fr": "Un convoi d’aide atteint la ville assiégée",
    "es": "Un convoy de ayuda llega a la ciudad sitiada",
    "pt": "Comboio de ajuda chega à cidade sitiada",
    "de": "Hilfskonvoi erreicht die belagerte Stadt",
    "fa": "کاروان کمک‌رسانی به شهر محاصره‌شده رسید",
    "pl": "Konwój z pomocą dotarł do oblężonego miasta",
    "tr": "Yardım konvoyu kuşatma altındaki kente ulaştı",
    "he": "שיירת סיוע הגיעה לעיר הנצורה",
    "ko": "구호 물자 수송대가 포위된 도시에 도착했다",
    "ja": "支援物資の車列が包囲された町に到着",
    "zh": "援助车队抵达被围困的城镇",
}


@pytest.mark.parametrize("lang", HEADLINES)
def test_a_headline_tells_its_language(lang: str) -> None:
    assert detect(HEADLINES[lang], "") == lang
    assert detect("", HEADLINES[lang]) == lang


def test_traditional_chinese_is_chinese() -> None:
    assert detect("援助車隊抵達被圍困的城鎮", "") == "zh"


def test_a_language_without_a_grammar_is_still_named() -> None:
    assert detect("Hjälpkonvoj når den belägrade staden efter flera veckor", "") == "sv"
    assert detect("امدادی قافلہ محاصرہ زدہ شہر پہنچ گیا ہے", "") == "ur"


@pytest.mark.parametrize(("title", "prior", "lang"), [
    ("兵士死亡", "ja", "ja"), ("兵士死亡", None, "zh"), ("Ukraine", "de-AT", "de"), ("Киев", "uk", "uk"),
    ("Киев", "zh", None), ("BTC $64,000 +2%", None, None), ("BTC $64,000 +2%", "tr", "tr"), ("12:30", "en", None),
    ("Convoy of aid trucks reaches besieged town", "fr", "en"), ("צבא", "en", "he"), ("", "ar", None),
    ("ירי", "iw", "he"),
])  # fmt: skip
def test_what_the_feed_declares_decides_only_where_letters_cannot(
    title: str, prior: str | None, lang: str | None
) -> None:
    assert detect(title, "", prior) == lang


@given(st.text(), st.text(), st.sampled_from([None, "", "en", "zh-Hant", "??"]))
def test_no_text_is_refused(title: str, text: str, prior: str | None) -> None:
    assert detect(title, text, prior) is None or len(detect(title, text, prior) or "") >= 2
