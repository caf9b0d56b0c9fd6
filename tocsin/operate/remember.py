"""Which log is ours: the state directory remembers it, so that a wrong address or a lost file is no fresh start.

A fresh log has seen no feed; the first sight of a feed never rings; so an empty log in place of the known one would
swallow the news of the hours in between without a word.
"""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from schemas.errors import LogError

FILE: Final = "log.json"
MINDED: Final = timedelta(days=1)
"""How long after a restore each message is looked for first: feeds show again what was told since the backup."""
LONGEST: Final = timedelta(days=30)
"""How far back to look where the backup has no receipt at all."""


class WrongLog(LogError):
    """The log at this address is another one than the state directory remembers."""


def check(directory: Path, url: str, log_id: str) -> None:
    """Remember the log of a first run; refuse another one later. Raises `WrongLog` that says what to do.

    `directory`, here and below, is the state directory; one that cannot be written raises `LogError`.
    """
    file = directory / FILE
    if not file.exists():
        remember(directory, url, log_id)
        return
    known = json.loads(file.read_text())
    if known.get("id") != log_id:
        raise WrongLog(
            f"the log at {url} is not the one this directory has worked with ({known.get('url')}). "
            f"To carry everything over: tocsin move --from {known.get('url')} --to {url}. "
            f"To begin anew, knowing that what is in the feeds now will not ring: delete {file}"
        )


def told(directory: Path, written: int) -> None:
    """Note how far receipts have been written, so that a log from a backup is known by having fewer."""
    known = _read(directory)
    if known and written > known.get("told", 0):
        _write(directory, {**known, "told": written})


def restored(
    directory: Path, written: int, last: datetime | None, now: datetime, *, declared: bool = False
) -> tuple[datetime, datetime] | None:
    """(since when the log knows nothing, until when to mind that), where the log is older than what was last known.

    `written` is how far its receipts are written, `last` when the last of them was; `declared` when a person says that
    it came from a backup (this directory may have come with it, and know no better). Remembered over restarts.
    """
    known = _read(directory)
    if declared or written < known.get("told", 0):
        since = last or now - LONGEST
        span = {"since": since.isoformat(), "until": (now + MINDED).isoformat()}
        known = {**known, "told": written, "restored": span}
        _write(directory, known)
    if (found := known.get("restored")) is None:
        return None
    since, until = (datetime.fromisoformat(found[name]) for name in ("since", "until"))
    return (since, until) if now < until else None


def _read(directory: Path) -> dict[str, Any]:
    file = directory / FILE
    found: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
    return found


def _write(directory: Path, known: dict[str, Any]) -> None:
    """Whole or not at all: a half-written file would forget which log is ours."""
    file = directory / FILE
    new = file.with_suffix(f".{os.getpid()}.new")  # several processes may share the directory
    new.write_text(json.dumps(known) + "\n")
    os.replace(new, file)  # noqa: PTH105 - atomic by this very call


def remember(directory: Path, url: str, log_id: str) -> None:
    """This log is ours from now on."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        _write(directory, {"id": log_id, "url": url})
    except OSError as error:
        raise LogError(
            f"{directory} must be a directory that can be written ({error.strerror}): it remembers which log is ours. "
            "Set state: in tocsin.yaml, such as state: /var/lib/tocsin"
        ) from error
