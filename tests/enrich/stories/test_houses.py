"""Who stands behind a report."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.stories.houses import house, house_of, label
from tests.enrich.stories.world import report


@pytest.mark.parametrize(
    "name",
    ["BBC", "BBC News Arabic", "BBC News - World", "BBC Русская служба", "BBC Mundo", "bbc.com", "بي بي سي عربي"],
)
def test_editions_are_their_house(name: str) -> None:
    assert house(name) == "bbc"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Harbour Post", "Prairie Post"),
        ("العربية", "BBC عربي"),
        ("新华社", "朝日新聞"),
        ("Українська правда", "Правда"),
        ("Radio Liberty Town", "Radio Freetown"),
    ],
)
def test_houses_are_told_apart(one: str, other: str) -> None:
    assert house(one) != house(other)


@pytest.mark.parametrize(
    "names",
    [
        ("Deutsche Welle", "DW", "DW عربية", "DW (Español)"),
        ("Al Jazeera", "Al Jazeera English", "الجزيرة نت", "Al Jazeera Balkans"),
        ("France 24", "FRANCE24 English", "فرانس 24"),
        ("Radio Free Europe/Radio Liberty", "RFE/RL", "Радио Свобода"),
        ("Euronews", "euronews (in English)", "Euronews по-русски"),
        ("Le Monde", "Le Monde.fr", "Le Monde in English"),
        ("Ukrainska Pravda", "Українська правда", "Ukrainska Pravda English"),
        ("The New York Times", "NYT > World News"),
        ("TASS", "ТАСС", "TASS Russian News Agency"),
    ],
)
def test_a_house_is_one_in_whatever_script_it_signs(names: tuple[str, ...]) -> None:
    assert len({house(name) for name in names}) == 1


@pytest.mark.parametrize(
    "text",
    [
        "SEOUL, April 28 (Reuters) - North Korea said",
        "Москва. 28 апреля (Рейтер) — КНДР",
        "路透 - 朝鲜",
        "(رويترز) - قالت",
    ],
)
def test_a_wires_copy_is_the_wires(text: str) -> None:
    assert house_of(report("a", source="Harbour Post", text=text)) == "reuters"


def test_a_wire_named_as_the_author_is_the_house() -> None:
    assert label(report("a", source="Harbour Post", authors=("AFP",))) == "afp"


def test_a_paper_that_mentions_a_wire_speaks_for_itself() -> None:
    text = "North Korea said so, Reuters reported (see below)."
    assert house_of(report("a", source="Harbour Post", text=text)) == "harbour post"


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://feeds.example.co.uk/rss", "example"),
        ("https://www.example.com/a", "example"),
        ("http://localhost:8/", "localhost"),
        ("no address", ""),
    ],
)
def test_without_a_publisher_the_site_is_the_house(url: str, site: str) -> None:
    assert house_of(report("a", source=None, url=url)) == site


@given(st.text(max_size=80), st.text(max_size=200))
def test_any_name_and_any_text_have_a_house(name: str, text: str) -> None:
    found = report("a", source=name, text=text, url=name)
    assert house_of(found) == house_of(found)
    assert house(label(found)) == house_of(found)
