"""The generated schemas are checked in, true to the models, and old records stay readable.

After a change of a message: `python -m tests.schemas.regenerate` rewrites `docs/schemas`; look at the difference. A
golden record is never changed: a new version of a message gets a new file.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from schemas.codec import UPCASTERS, decode, encode
from schemas.export import HEADERS, asyncapi, files, names, schema_of
from schemas.ports import Record, Task
from schemas.topics import ITEMS, TOPICS
from tests.log.clocks import SetClock
from tocsin.cli import main
from tocsin.log.headers import SEQUENCE, stamp

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "docs" / "schemas"
GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.json"))


def test_what_is_checked_in_is_what_the_models_say() -> None:
    assert {path.name: path.read_text() for path in KEPT.iterdir()} == files()


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_every_golden_record_of_every_version_is_readable(path: Path) -> None:
    topic, version = path.stem.rsplit(".v", 1)
    headers = {"ce_type": f"tocsin.{topic}.v{version}"}
    message = decode(Record(topic, 0, 0, "k", path.read_bytes(), headers))
    assert isinstance(message, TOPICS[topic].message)
    if int(version) == TOPICS[topic].version:
        assert json.loads(encode(message)) == json.loads(path.read_bytes())


def test_there_is_a_golden_record_and_a_way_up_for_every_version() -> None:
    wanted = {f"{topic.name}.v{version}" for topic in TOPICS.values() for version in range(1, topic.version + 1)}
    assert {path.stem for path in GOLDEN} == wanted
    steps = {(topic.name, version) for topic in TOPICS.values() for version in range(1, topic.version)}
    assert set(UPCASTERS) == steps


@pytest.mark.parametrize("topic", TOPICS.values(), ids=lambda topic: topic.name)
def test_unknown_fields_are_ignored_so_that_a_newer_writer_can_be_read(topic: Any) -> None:
    body = json.loads((Path(__file__).parent / "golden" / f"{topic.name}.v{topic.version}.json").read_bytes())
    record = Record(topic.name, 0, 0, "k", json.dumps({**body, "of_tomorrow": [1]}).encode())
    assert json.loads(encode(decode(record))) == body


def test_the_asyncapi_document_has_no_dangling_reference() -> None:
    document = asyncapi()

    def references(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
            return own + [found for each in value.values() for found in references(each)]
        return [found for each in value for found in references(each)] if isinstance(value, list) else []

    for reference in references({key: document[key] for key in ("channels", "operations")}):
        at: Any = document
        for part in reference.removeprefix("#/").split("/"):
            at = at[part]


def test_every_header_that_is_written_is_described() -> None:
    written = stamp(ITEMS, "1", Task("push"), SetClock().now(), None, 0)
    assert {*written, SEQUENCE} == set(HEADERS)


@pytest.mark.parametrize("name", names())
def test_the_command_prints_each(name: str) -> None:
    result = CliRunner().invoke(main, ["schema", name.lower()])
    assert json.loads(result.output) == schema_of(name)


def test_the_command_says_what_there_is() -> None:
    assert CliRunner().invoke(main, ["schema"]).output.split() == [*names(), "tocsin", "feeds", "subscriptions"]
    result = CliRunner().invoke(main, ["schema", "nonsense"])
    assert (result.exit_code, "there is no schema" in result.output) == (2, True)
