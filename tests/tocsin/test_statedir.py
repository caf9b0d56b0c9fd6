"""Where a process remembers: written down, made by the service manager, or beside the configuration."""

from pathlib import Path

import pytest

from schemas.errors import LogError
from schemas.settings import Settings
from tocsin.operate import remember
from tocsin.statedir import state_directory

HERE = Path("/etc/tocsin")


@pytest.mark.parametrize(
    ("written", "environment", "found"),
    [
        (None, {}, HERE / ".tocsin"),
        (None, {"STATE_DIRECTORY": "/var/lib/tocsin:/var/lib/other"}, Path("/var/lib/tocsin")),
        (None, {"STATE_DIRECTORY": ""}, HERE / ".tocsin"),
        ("state", {"STATE_DIRECTORY": "/var/lib/tocsin"}, HERE / "state"),
        ("/srv/tocsin", {}, Path("/srv/tocsin")),
    ],
)
def test_the_nearest_word_counts(written: str | None, environment: dict[str, str], found: Path) -> None:
    assert state_directory(Settings(state=written), HERE, environment) == found


def test_a_place_that_cannot_be_written_is_said_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LogError, match=r"Set state: in tocsin\.yaml"):
        remember.check(tmp_path / "file" / "state", "sqlite:a.db", "one")
