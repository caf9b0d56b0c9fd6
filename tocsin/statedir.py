"""Where this process keeps what it must remember beside the log: which log is ours, how far was told, Kafka's caches.

`state:` in `tocsin.yaml`; else the directory the service manager made (`STATE_DIRECTORY`, systemd.exec(5); the
container sets it too); else `.tocsin` beside the configuration. The configuration itself may then be read-only.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from schemas.settings import Settings


def state_directory(settings: Settings, directory: Path, environment: Mapping[str, str] | None = None) -> Path:
    """The state directory of a configuration directory; it may not exist yet."""
    if settings.state is not None:
        return directory / settings.state
    given = (os.environ if environment is None else environment).get("STATE_DIRECTORY", "")
    first = given.split(":")[0]
    return Path(first) if first else directory / ".tocsin"
