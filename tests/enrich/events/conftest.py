"""The shipped lexicon, read once, and a way to lay a text open."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from enrich.document import Document
from enrich.events import EventReader
from enrich.fold import Fold
from enrich.gazetteer import Gazetteer
from enrich.reading import Reader
from schemas.item import Item

Lay = Callable[[str, str, str], Document]
PUBLISHED = datetime(2025, 6, 2, 8, tzinfo=UTC)


@pytest.fixture(scope="session")
def reader(gazetteer: Gazetteer) -> EventReader:
    return EventReader.load(Fold(), names=gazetteer)


@pytest.fixture(scope="session")
def lay(gazetteer: Gazetteer) -> Lay:
    """(title, text, language) → document."""
    laid_open = Reader(gazetteer)
    return lambda title, text, lang: laid_open.read(
        Item(id="x", title=title, text=text, lang=lang, published=PUBLISHED)
    )
