"""JSON Schemas of what a person writes, so that an editor completes and explains it as it is typed.

`tocsin init` puts them into `.schema/`; a first line in each file tells the editor (yaml-language-server, which most
use). They say a little less than `tocsin check`, which looks names up and compiles queries.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from alert.channels import kinds, options_model
from schemas.export import DIALECT, text
from schemas.settings import FeedsFile, Settings
from schemas.subscription import SubscriptionsFile

FOLDER: Final = ".schema"
FILES: Final[Mapping[str, type[BaseModel]]] = {
    "tocsin": Settings, "feeds": FeedsFile, "subscriptions": SubscriptionsFile,
}  # fmt: skip
"""Name of the schema → what is written in files of that kind."""


def schema_of(name: str) -> dict[str, Any]:
    """The schema of `tocsin` (tocsin.yaml), `feeds` or `subscriptions`. Raises KeyError for another."""
    found: dict[str, Any] = {"$schema": DIALECT, **FILES[name].model_json_schema(mode="validation")}
    if name == "tocsin":
        found["$defs"]["Destination"] = _destination(found["$defs"])
    return found


def _destination(defs: dict[str, Any]) -> dict[str, Any]:
    """As it is written: one channel by its kind, with that channel's options, beside what every destination has."""
    common = {
        name: shape for name, shape in defs["Destination"]["properties"].items() if name not in ("kind", "options")
    }
    for kind in kinds():
        options = options_model(kind).model_json_schema(mode="validation", ref_template=f"#/$defs/{kind}-{{model}}")
        defs |= {f"{kind}-{model}": shape for model, shape in options.pop("$defs", {}).items()}
        common[kind] = options
    one = [{"required": [kind]} for kind in kinds()]
    return {"type": "object", "properties": common, "additionalProperties": False, "oneOf": one}


def write(directory: Path) -> None:
    """Put the schemas beside a configuration; older ones are replaced, for they are generated."""
    folder = directory / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        (folder / f"{name}.json").write_text(text(schema_of(name)), encoding="utf-8")
