"""Names lead to ids, ids lead up to countries, and every reader gets a name in their language."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrich.gazetteer import Gazetteer
from enrich.reading import lay_open
from schemas.errors import ConfigError
from schemas.item import Item


@pytest.mark.parametrize(
    ("name", "id"),
    [("北朝鮮", "KP"), ("КНДР", "KP"), ("Кыргызстан", "KG"), ("kursk oblast", "kursk-oblast"),
     ("Sao Paulo", "sao-paulo"), ("كييف", "kyiv"), ("ukraine", "UA"), ("UA", "UA")],
)  # fmt: skip
def test_a_name_in_any_language_leads_to_an_id(gazetteer: Gazetteer, name: str, id: str) -> None:
    assert gazetteer.lookup(name)[0].id == id


def test_an_unknown_name_leads_nowhere(gazetteer: Gazetteer) -> None:
    assert list(gazetteer.lookup("Zzyzx Qwerty")) == []
    assert gazetteer.find("zzyzx") is None
    assert gazetteer.name("zzyzx-qwerty") == "Zzyzx Qwerty"
    assert gazetteer.above("zzyzx") == ()


def test_ids_know_what_they_lie_beneath(gazetteer: Gazetteer) -> None:
    assert gazetteer.above("kursk-oblast") == ("RU",)
    assert gazetteer.above("kursk") == ("kursk-oblast", "RU")
    assert gazetteer.country("kursk") == "RU"


def test_everything_that_lies_in_something_lies_in_something_known(gazetteer: Gazetteer) -> None:
    for id in gazetteer.ids():
        for above in gazetteer.above(id):
            assert gazetteer.find(above), (id, above)


def test_a_reader_gets_a_name_in_their_language(gazetteer: Gazetteer) -> None:
    assert [gazetteer.name("UA", lang) for lang in ("en", "ar", "ko", "xx")] == [
        "Ukraine", "أوكرانيا", "우크라이나", "Ukraine",
    ]  # fmt: skip


def test_the_place_is_the_one_whose_country_is_named(gazetteer: Gazetteer) -> None:
    def ids(text: str) -> list[str]:
        return [mention.id for mention in gazetteer.mentions(lay_open(Item(id="1", text=text, lang="en")))]

    assert ids("Lebanon: clashes in Tripoli")[-1] == "tripoli-lb"
    assert ids("Libya: clashes in Tripoli")[-1] == "tripoli"


def test_a_users_entity_is_found_and_may_replace_ours(gazetteer: Gazetteer, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(
        "groups:\n"
        "  - type: organisation\n"
        "    within: FR\n"
        "    entities:\n"
        "      - id: acme-corp\n"
        "        names: {en: Acme Corporation | Acme Corp, ar: [شركة أكمي]}\n"
        "        short: {en: [the firm]}\n",
        encoding="utf-8",
    )
    mine = Gazetteer.load([tmp_path])
    [full, short] = mine.mentions(lay_open(Item(id="1", text="Acme Corp said the firm is fine", lang="en")))
    assert (full.id, full.country, short.id) == ("acme-corp", "FR", "acme-corp")
    assert short.confidence < full.confidence
    assert mine.lookup("شركة أكمي")[0].id == "acme-corp"
    assert not mine.mentions(lay_open(Item(id="1", text="They said the firm is fine", lang="en")))


@pytest.mark.parametrize(
    ("text", "lang", "id"),
    [
        ("Three die in Kherson", "en", "kherson"),
        ("Goma leert sich", "de", "goma"),
        ("В Херсоне погибли трое", "ru", "kherson"),
    ],
)
def test_a_place_known_from_the_news_needs_no_country_beside_it(
    gazetteer: Gazetteer, text: str, lang: str, id: str
) -> None:
    assert [mention.id for mention in gazetteer.mentions(lay_open(Item(id="1", text=text, lang=lang)))] == [id]


def test_a_small_place_that_is_not_known_needs_its_country(gazetteer: Gazetteer) -> None:
    assert not gazetteer.mentions(lay_open(Item(id="1", text="Three die in Gao", lang="en")))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("entities:\n  - {id: Bad Id, names: {en: [x]}}\n", r"mine\.yaml:2:\d+: .*id"),
        ("entities:\n  - {id: a, nmes: {en: [x]}}\n", r'mine\.yaml:2:\d+: unknown key "nmes"; did you mean "names"'),
        ("entities:\n  - {id: a, within: atlantis, names: {en: [x]}}\n", 'unknown within "atlantis"'),
        ("entities:\n  - {id: a, type: contry, names: {en: [x]}}\n", r"mine\.yaml:2:\d+: .*type"),
    ],
)
def test_a_faulty_file_is_refused_with_its_place(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=problem):
        Gazetteer.load([tmp_path])


@settings(deadline=None)  # a language is prepared when its first text comes
@given(text=st.text(max_size=200), lang=st.sampled_from([None, "en", "ar", "ru", "zh", "ko"]))
def test_mentions_are_in_order_and_overlap_only_where_one_word_names_two_countries(
    gazetteer: Gazetteer, text: str, lang: str | None
) -> None:
    document = lay_open(Item(id="1", text=text, lang=lang))
    position, last = 0, (-1, -1)
    for mention in gazetteer.mentions(document):
        assert mention.span == last or position <= mention.start < mention.end <= len(document.body)
        last = mention.span
        assert 0 < mention.confidence <= 1
        assert mention.reason
        position = mention.end


@pytest.mark.parametrize(
    ("lang", "text", "ids"),
    [
        ("zh", "俄乌各放390人", ["RU", "UA"]),
        ("ja", "米ロ、リヤドで協議", ["RU", "US", "riyadh"]),
        ("ko", "한미 연합훈련", ["KR", "US"]),
    ],
)
def test_two_letters_may_name_two_countries(gazetteer: Gazetteer, lang: str, text: str, ids: list[str]) -> None:
    mentions = gazetteer.mentions(lay_open(Item(id="1", title=text, lang=lang)))
    assert [mention.id for mention in mentions] == ids
