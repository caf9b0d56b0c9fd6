"""Whatever is made faster, decisions stay: the grouping of a recorded stream, and the search for candidates."""

import json

import pytest

from enrich.stories.shelf import Shelf
from tests.enrich.stories.recorded import RECORD, decided, stream


def test_the_recorded_stream_is_grouped_as_it_was() -> None:
    assert decided(stream()) == json.loads(RECORD.read_text("utf-8"))


def test_the_index_leads_to_the_story_that_looking_at_all_would_find(monkeypatch: pytest.MonkeyPatch) -> None:
    reports = stream()[:500]
    by_index = decided(reports)
    monkeypatch.setattr(Shelf, "candidates", lambda self, _sought: list(self.stories))
    assert _homes(decided(reports)) == _homes(by_index)


def _homes(decisions: list[str]) -> list[str]:
    return [decision.split(" ")[1].rpartition("/")[0] for decision in decisions]
