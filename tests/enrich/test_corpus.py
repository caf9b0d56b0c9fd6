"""Labelled reports of every language are well formed: what is learned from them and measured on them rests on that."""

import json
from collections import Counter
from pathlib import Path
from typing import Any, Final

import pytest
from pydantic import AwareDatetime, TypeAdapter

import enrich
from schemas.report import EVENT_TYPES, UNITS, Status

FOLDER: Final = Path(enrich.__file__).parent / "corpus"
FILES: Final = sorted(FOLDER.glob("*.jsonl"))
RECORD: Final = {"id", "lang", "kind", "published", "source", "title", "text", "events", "must_not"}
EVENT: Final = {"type", "main", "status", "actors", "targets", "places", "quantities", "said_by"}
SOURCES: Final = {"agency", "daily", "broadcaster", "tabloid", "web"}
MOMENT: Final = TypeAdapter[AwareDatetime](AwareDatetime)

each_language = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def records(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def events(file: Path) -> list[tuple[str, dict[str, Any]]]:
    """Each labelled event with its record's id."""
    return [(record["id"], event) for record in records(file) for event in record["events"]]


def test_there_are_reports_to_learn_from() -> None:
    assert FILES


@each_language
def test_every_report_has_its_fields_and_its_files_language(file: Path) -> None:
    for record in records(file):
        assert set(record) == RECORD, record["id"]
        assert record["lang"] == file.stem, record["id"]
        assert record["source"] in SOURCES, record["id"]
        assert record["title"].strip(), record["id"]
        MOMENT.validate_python(record["published"])


@each_language
def test_no_id_and_no_text_stands_twice(file: Path) -> None:
    found = records(file)
    ids = Counter(record["id"] for record in found)
    texts = Counter((record["title"].casefold(), record["text"].casefold()) for record in found)
    assert [id for id, times in ids.items() if times > 1] == []
    assert [text for text, times in texts.items() if times > 1] == []


@each_language
def test_a_positive_tells_one_main_event_and_a_negative_names_what_it_is_not(file: Path) -> None:
    for record in records(file):
        mains = [event for event in record["events"] if event["main"]]
        if record["kind"] == "positive":
            assert len(mains) == 1, record["id"]
        else:
            assert record["kind"] == "negative", record["id"]
            assert record["events"] == [], record["id"]
        assert set(record["must_not"]) <= set(EVENT_TYPES), record["id"]
        assert not set(record["must_not"]) & {event["type"] for event in record["events"]}, record["id"]


@each_language
def test_every_event_uses_the_words_of_the_contract(file: Path) -> None:
    for id, event in events(file):
        assert set(event) == EVENT, id
        assert event["type"] in EVENT_TYPES, id
        assert event["status"] in list(Status), id
        for quantity in event["quantities"]:
            assert quantity["unit"] in UNITS, id
            assert quantity["value"] > 0, id


@each_language
def test_every_name_is_a_country_code_or_a_slug(file: Path) -> None:
    for id, event in events(file):
        for slot in ("actors", "targets", "places", "said_by"):
            for name in event[slot]:
                code = len(name) == 2 and name.isupper()
                slug = name.isascii() and name == name.lower() and name.replace("-", "").isalnum()
                assert code or slug, (id, slot, name)


@each_language
def test_every_type_and_status_is_told_and_a_fifth_of_the_reports_tell_nothing(file: Path) -> None:
    found = records(file)
    assert {event["type"] for _, event in events(file)} == set(EVENT_TYPES)
    assert {event["status"] for _, event in events(file)} >= set(Status) - {Status.RETRACTED}
    assert sum(record["kind"] == "negative" for record in found) * 5 >= len(found)
