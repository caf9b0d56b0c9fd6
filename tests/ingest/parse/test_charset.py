"""Which characters these bytes are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parse.charset import decode

RU, AR, KO = "Войска вошли в город", "القوات في المدينة", "북한군 파병 확인"
JA, ZH = "北朝鮮が派兵を確認", "朝鲜确认派兵俄罗斯"
LONG = {
    "cp1251": "Министерство обороны сообщило в понедельник, что подразделения заняли посёлок и продолжают наступление. "
    "По словам представителя ведомства, потерь среди гражданских нет, однако местные жители говорят об обратном.",
    "cp949": "국방부는 월요일 부대가 마을을 점령했으며 공격을 계속하고 있다고 밝혔다. "
    "당국자는 민간인 피해가 없다고 말했지만 "
    "주민들은 정반대의 이야기를 하고 있다.",
    "cp932": "防衛省は月曜日、部隊が村を占領し、攻撃を続けていると発表した。当局者によると民間人の被害はないというが、"
    "住民たちは正反対のことを語っている。",
    "gb18030": "国防部星期一表示，部队已占领该村庄并继续进攻。发言人说没有平民伤亡，但当地居民的说法恰恰相反。",
}


def document(text: str, label: str | None = None) -> str:
    head = f'<?xml version="1.0" encoding="{label}"?>' if label else ""
    return f"{head}<rss><channel><title>{text}</title></channel></rss>"


@pytest.mark.parametrize(
    ("text", "codec"),
    [(RU, "windows-1251"), (RU, "koi8-r"), (AR, "windows-1256"), (AR, "iso-8859-6"), (KO, "euc-kr"), (JA, "shift_jis"),
     (JA, "euc-jp"), (JA, "iso-2022-jp"), (ZH, "gb2312"), ("北韓派兵", "big5"), ("ğüşİ", "iso-8859-9")],
)  # fmt: skip
def test_a_declared_encoding_is_obeyed_if_the_bytes_do(text: str, codec: str) -> None:
    assert decode(document(text, codec).encode(codec))[0] == document(text, codec)
    assert decode(document(text).encode(codec), f"text/xml; charset={codec}")[0] == document(text)


def test_utf8_wins_over_a_wrong_declaration() -> None:
    body = document(RU, "windows-1251")
    assert decode(body.encode(), "text/xml; charset=iso-8859-1")[0] == body


def test_latin1_means_cp1252() -> None:
    assert decode(b"<?xml version='1.0' encoding='iso-8859-1'?><a>\x93caf\xe9\x94</a>")[0].endswith("<a>“café”</a>")


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_marks_and_zero_bytes_tell(codec: str) -> None:
    assert decode(document(KO).encode(codec))[0] == document(KO)


def test_a_few_stray_bytes_do_not_spoil_utf8() -> None:
    body = document(RU * 10).encode() + b"\x92"
    text, how = decode(body)
    assert text == document(RU * 10) + "’"
    assert how == "utf-8 with stray bytes"


def test_the_operator_has_the_last_word() -> None:
    assert decode(document(RU).encode("koi8-r"), None, "koi8-r")[0] == document(RU)


@pytest.mark.parametrize("codec", LONG)
def test_an_undeclared_encoding_is_guessed(codec: str) -> None:
    assert decode(document(LONG[codec]).encode(codec))[0] == document(LONG[codec])


@given(st.binary(max_size=200), st.sampled_from([None, "text/xml; charset=x", "a; charset=utf-16", "b; charset=hex"]))
def test_any_bytes_become_text(body: bytes, content_type: str | None) -> None:
    text, how = decode(body, content_type)
    assert isinstance(text, str)
    assert how
