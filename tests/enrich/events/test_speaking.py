"""Whom East Asian headlines quote without a verb of saying."""

import pytest

from enrich.events import EventReader
from tests.enrich.events.conftest import Lay


@pytest.mark.parametrize(
    ("lang", "title", "speaker"),
    [
        ("ko", '중국 "러시아에 무기를 공급한 적 없다"', "CN"),
        ("ko", '이란 혁명수비대 "미사일로 텔아비브를 공격했다"', "islamic-revolutionary-guard-corps"),
        ("ja", "イラン「テルアビブをミサイルで攻撃した」", "IR"),
        ("ja", "「レバノンを空爆していない」イスラエル軍", "israel-defense-forces"),
        ("zh", "白俄罗斯：没有派遣部队进入乌克兰", "BY"),
    ],
)
def test_a_headline_names_its_speaker_beside_what_is_said(
    reader: EventReader, lay: Lay, lang: str, title: str, speaker: str
) -> None:
    assert speaker in reader.read(lay(title, "", lang))[0].said_by


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("ja", "ロシア軍、「要塞」の町を砲撃"),
        ("ko", "러시아, '요새' 도시 포격"),
        ("zh", "俄军10：30空袭基辅"),
    ],
)
def test_a_word_in_quotes_and_a_time_of_day_are_nobodys_speech(
    reader: EventReader, lay: Lay, lang: str, title: str
) -> None:
    assert reader.read(lay(title, "", lang))[0].said_by == ()
