"""A user's keyword lists are found in every form, and a faulty lexicon file is refused with its place."""

from pathlib import Path

import pytest

from enrich.understand import Understander
from schemas.errors import ConfigError
from schemas.item import Item


def write(folder: Path, text: str) -> Path:
    (folder / "lists.yaml").write_text(text, encoding="utf-8")
    return folder


def test_the_users_own_lists_are_tagged_in_every_form(tmp_path: Path) -> None:
    mine = Understander.load(
        [write(tmp_path, "keywords:\n  rail-freight: {en: [freight train, rail*], ru: [грузовой поезд], any: [RZD]}\n")]
    )
    assert "rail-freight" in mine.keyword_ids()

    def words(text: str) -> list[str]:
        report = mine.understand(Item(id="1", text=text))
        body = f"\n{text}"
        return [body[a:b] for keyword in report.keywords if keyword.id == "rail-freight" for a, b in keyword.spans]

    assert words("Two freight trains collided on the railway, RZD said") == ["freight trains", "railway", "RZD"]
    assert words("Столкнулись два грузовых поезда, сообщили в компании") == ["грузовых поезда"]
    assert words("Nothing of the kind happened in the city today") == []


@pytest.mark.parametrize(("text", "problem"), [
    ("keyword:\n  a: {en: [b]}\n", r'lists\.yaml:1:1: .*it begins with "keyword"; did you mean "keywords"'),
    ("keywords:\n  a: {eng: [b]}\n", r'lists\.yaml:\d+:\d+: .*unknown language "eng"; did you mean "en"'),
    ("keywords: {}\n", r"lists\.yaml:1:\d+: keywords"),
    ("- a\n", "not a lexicon file"),
    ("keywords:\n  a: {en: [b]\n", r"lists\.yaml:\d+:\d+: not YAML"),
])  # fmt: skip
def test_a_faulty_file_is_refused_with_its_place(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        Understander.load([write(tmp_path, text)])


def test_kinds_of_lexicon_files_lie_side_by_side(tmp_path: Path) -> None:
    write(tmp_path, "keywords:\n  a: {en: [xyzzy]}\n")
    (tmp_path / "more.yaml").write_text("entities:\n  - {id: plugh, names: {en: [Plugh]}}\n", encoding="utf-8")
    (tmp_path / "empty.yaml").write_text("", encoding="utf-8")
    mine = Understander.load([tmp_path])
    report = mine.understand(Item(id="1", text="Plugh said xyzzy to all of the people"))
    assert [entity.id for entity in report.entities] == ["plugh"]
    assert "a" in [keyword.id for keyword in report.keywords]
