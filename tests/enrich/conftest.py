"""What the tests of this room share: the packaged gazetteer, loaded once."""

import pytest

from enrich.gazetteer import Gazetteer


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()
