"""Messages survive the log; what is no message is told apart from what is too new."""

from datetime import UTC, datetime

import pytest

from schemas import codec
from schemas.errors import Unreadable
from schemas.item import Item
from schemas.ports import Record
from schemas.topics import ITEMS

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def record(value: bytes | None, kind: str = "tocsin.items.v1") -> Record:
    return Record("items", 0, 7, "host", value, {"ce_type": kind})


def test_a_message_comes_back_as_it_went() -> None:
    item = Item(id="1", title="كوريا", published=NOW)
    assert codec.decode_as(record(codec.encode(item)), Item) == item


def test_a_field_from_the_future_is_ignored() -> None:
    assert codec.decode(record(b'{"id":"1","colour":"red"}')) == Item(id="1")


@pytest.mark.parametrize("value", [None, b"", b"[]", b"{}", b"\xff\xfe", b'{"id":1}'])
def test_what_is_no_message_is_unreadable(value: bytes | None) -> None:
    with pytest.raises(Unreadable, match="items/0/7"):
        codec.decode(record(value))


def test_a_newer_major_version_is_not_skipped() -> None:
    with pytest.raises(codec.NewerVersion, match="items v2"):
        codec.decode(record(b"{}", "tocsin.items.v2"))


def test_a_type_of_another_topic_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="does not belong"):
        codec.decode(record(b"{}", "tocsin.alerts.v1"))


def test_headers_are_cloudevents() -> None:
    assert codec.headers(ITEMS, "1", "ingest/0", NOW)["ce_type"] == "tocsin.items.v1"
