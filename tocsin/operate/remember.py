"""Which log is ours: the state directory remembers it, so that a wrong address or a lost file is no fresh start.

A fresh log has seen no feed; the first sight of a feed never rings; so an empty log in place of the known one would
swallow the news of the hours in between without a word.
"""

import json
from pathlib import Path
from typing import Final

from schemas.errors import LogError

FILE: Final = Path(".tocsin") / "log.json"


class WrongLog(LogError):
    """The log at this address is another one than the state directory remembers."""


def check(directory: Path, url: str, log_id: str) -> None:
    """Remember the log of a first run; refuse another one later. Raises `WrongLog` that says what to do."""
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


def remember(directory: Path, url: str, log_id: str) -> None:
    """This log is ours from now on."""
    file = directory / FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"id": log_id, "url": url}) + "\n")
