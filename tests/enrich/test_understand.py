"""A report keeps every field of its item and says what was understood, with spans that hold the words."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrich.understand import Understander
from schemas.item import Item
from schemas.ports import span_text


@pytest.fixture(scope="session")
def understander() -> Understander:
    return Understander.load()


def test_every_field_of_the_item_is_kept(understander: Understander) -> None:
    item = Item(
        id="7", url="https://example.org/7", title="Kenyan police reach Haiti", text="They landed in Port-au-Prince.",
        published=datetime(2026, 1, 2, tzinfo=UTC), authors=("A",), source="Wire", feed="https://example.org", trust=2,
        category="world", kind="update", alertable=False, hash="ab",
    )  # fmt: skip
    report = understander.understand(item)
    assert {name: getattr(report, name) for name in Item.model_fields if name != "lang"} == {
        name: getattr(item, name) for name in Item.model_fields if name != "lang"
    }
    assert report.lang == "en"
    assert [(entity.id, entity.type) for entity in report.entities] == [
        ("KE", "country"), ("HT", "country"), ("port-au-prince", "city"),
    ]  # fmt: skip
    assert report.lexicon == understander.version


def test_an_entity_is_listed_once_with_every_span(understander: Understander) -> None:
    report = understander.understand(Item(id="1", title="", text="Chile and Chilean farmers. Chile again."))
    [chile] = report.entities
    body = "\nChile and Chilean farmers. Chile again."
    assert [span_text(body, span) for span in chile.spans] == ["Chile", "Chilean", "Chile"]


def test_the_salient_terms_are_names_and_the_words_of_the_title(understander: Understander) -> None:
    report = understander.understand(
        Item(id="1", title="Floods cut off villages in Chad", text="Floods in Chad have cut roads, officials said.")
    )
    assert report.terms[:3] == ("chad", "cut", "floods")
    assert "the" not in report.terms
    japanese = understander.understand(Item(id="1", title="洪水で道路が寸断", text="チャドの洪水で道路が寸断された。"))
    assert "洪水" in japanese.terms


def test_it_says_why(understander: Understander) -> None:
    lines = understander.explain(Item(id="1", text="Clashes in Tripoli, Lebanon, were reported"))
    assert lines[0] == "language: en"
    assert any(line.startswith('name: "Tripoli" is tripoli-lb (0.90: its country is named too') for line in lines)


def test_it_answers_for_names_and_vocabulary(understander: Understander) -> None:
    assert understander.lookup("Росія")[0].id == "RU"
    assert understander.name("RU", "fr") == "Russie"
    assert "RU" in understander.above("kursk")
    assert "ceasefire" in understander.event_types()
    assert len(set(understander.ids())) > 10_000
    assert understander.find("KP") is not None


def test_another_lexicon_has_another_version(understander: Understander, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("entities:\n  - {id: x, names: {en: [Xyzzy]}}\n", encoding="utf-8")
    assert Understander.load([tmp_path]).version != understander.version


@settings(deadline=None)
@given(title=st.text(max_size=80), text=st.text(max_size=200))
def test_no_text_breaks_it_and_spans_hold_words(understander: Understander, title: str, text: str) -> None:
    report = understander.understand(Item(id="1", title=title, text=text))
    for entity in report.entities:
        for start, end in entity.spans:
            assert 0 <= start < end <= len(title) + 1 + len(text)
