"""YAML 1.2 with places: text to plain data, every key and value knowing its line and column.

`no` is Norway, not False; `12:30` is text; only `true`/`false`/`null`, decimal numbers and quoted text mean what they
look like (YAML 1.2 core schema). Duplicate keys, anchors used as merges and tags are refused: configuration is hostile.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from schemas.errors import ConfigError, Fault

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
M = TypeVar("M", bound=BaseModel)
Path = tuple[str | int, ...]

_INT = re.compile(r"[-+]?[0-9]{1,18}\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_CONSTANTS: Mapping[str, Any] = {
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
    "null": None, "Null": None, "NULL": None, "~": None, "": None,
}  # fmt: skip
MAX_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Marked:
    """Plain data (dict, list, str, int, float, bool, None) with the place of every value and key in it."""

    value: Any
    file: str
    places: Mapping[Path, tuple[int, int]] = field(default_factory=dict)
    """Path → (line, column) of the value, 1-based."""
    keys: Mapping[Path, tuple[int, int]] = field(default_factory=dict)
    """Path → (line, column) of the key that names the value."""
    styles: Mapping[Path, str] = field(default_factory=dict)
    """Path → scalar style (`>`, `|`, `"`, `'`), for placing errors inside long text."""

    def at(self, path: Path) -> tuple[int, int]:
        """Where the value of a path stands; of an absent one, where its nearest container stands."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))

    def fault(self, path: Path, problem: str, fix: str = "", *, key: bool = False) -> Fault:
        """A fault at the place of a value (or of its key)."""
        line, column = self.keys.get(path, self.at(path)) if key else self.at(path)
        return Fault(self.file, line, column, problem, fix)


class _Reader:
    """One walk over the node tree."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.places: dict[Path, tuple[int, int]] = {}
        self.keys: dict[Path, tuple[int, int]] = {}
        self.styles: dict[Path, str] = {}
        self.faults: list[Fault] = []

    def fault(self, node: yaml.Node, problem: str, fix: str = "") -> None:
        mark = node.start_mark
        self.faults.append(Fault(self.file, mark.line + 1, mark.column + 1, problem, fix))

    def read(self, node: yaml.Node, path: Path) -> Any:
        self.places[path] = (node.start_mark.line + 1, node.start_mark.column + 1)
        if len(path) > MAX_DEPTH:
            self.fault(node, f"nested more than {MAX_DEPTH} levels deep")
            return None
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(child, (*path, index)) for index, child in enumerate(node.value)]
        return self.scalar(node, path)

    def mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.fault(key_node, "a key must be plain text")
                continue
            key = str(key_node.value)
            if key in result:
                self.fault(key_node, f'key "{key}" is written twice', "keep one")
                continue
            self.keys[(*path, key)] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            result[key] = self.read(value_node, (*path, key))
        return result

    def scalar(self, node: yaml.Node, path: Path) -> Any:
        text = str(node.value)
        style = getattr(node, "style", None)
        if style:
            self.styles[path] = str(style)
            return text
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if _INT.match(text):
            return int(text)
        if _FLOAT.match(text):
            return float(text)
        return text


def _compose(text: str) -> yaml.Node | None:
    loader = Loader(text)
    try:  # an alias without an anchor (&name) is a fault that composing finds
        if "&" in text and any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=Loader)):
            raise yaml.MarkedYAMLError(problem="aliases (*name) are not used here", problem_mark=None)
        return loader.get_single_node()
    finally:
        loader.dispose()


def parse(text: str, file: str) -> Marked:
    """Read one YAML document. Raises `ConfigError` with the place of every fault; never anything else."""
    try:
        node = _compose(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise ConfigError([Fault(file, line, column, f"not YAML: {error.problem or error.context}")]) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ConfigError([Fault(file, 1, 1, f"not YAML: {str(error)[:200]}")]) from error
    if node is None:
        return Marked(None, file, {(): (1, 1)})
    reader = _Reader(file)
    value = reader.read(node, ())
    if reader.faults:
        raise ConfigError(sorted(reader.faults))
    return Marked(value, file, reader.places, reader.keys, reader.styles)


def suggest(word: str, known: Iterable[str]) -> str:
    """`did you mean "x"?` for the nearest known word, or nothing."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f'did you mean "{near[0]}"?' if near else ""


def validate(marked: Marked, model: type[M], path: Path = ()) -> M:
    """The value at `path` as a model. Raises `ConfigError`: each fault with its place, unknown keys with a hint."""
    value: Any = marked.value
    for part in path:
        value = value[part]
    try:
        return model.model_validate(value if value is not None else {})
    except ValidationError as error:
        faults = [_fault(marked, model, path, dict(entry)) for entry in error.errors(include_url=False)]
        raise ConfigError(sorted(faults)) from error


def _fault(marked: Marked, model: type[BaseModel], path: Path, entry: dict[str, Any]) -> Fault:
    loc: Path = tuple(entry["loc"])
    here = path + _known(marked, path, loc)
    if entry["type"] == "extra_forbidden":
        return marked.fault(here, f'unknown key "{loc[-1]}"', suggest(str(loc[-1]), _fields(model, loc[:-1])), key=True)
    if entry["type"] == "missing":
        return marked.fault(here, f'"{loc[-1]}" is missing', f'add "{loc[-1]}: …"')
    name = ".".join(str(part) for part in loc)
    return marked.fault(here, f"{name}: {str(entry['msg']).removeprefix('Value error, ')}")


def _known(marked: Marked, base: Path, loc: Path) -> Path:
    """`loc` without the parts pydantic adds for unions and validators, as far as the document has them."""
    found: Path = ()
    for part in loc:
        if (*base, *found, part) in marked.places:
            found = (*found, part)
    return found


def _fields(model: type[BaseModel], loc: Path) -> list[str]:
    """The keys that may stand at a place inside a model."""
    current: Any = model
    for part in loc:
        if isinstance(part, str) and isinstance(current, type) and issubclass(current, BaseModel):
            current = _inner(current, part)
    if isinstance(current, type) and issubclass(current, BaseModel):
        return [info.alias or name for name, info in current.model_fields.items()]
    return []


def _inner(model: type[BaseModel], key: str) -> Any:
    for name, info in model.model_fields.items():
        if key in (name, info.alias):
            return next(
                (arg for arg in _walk(info.annotation) if isinstance(arg, type) and issubclass(arg, BaseModel)), None
            )
    return model


def _walk(annotation: Any) -> Iterable[Any]:
    yield annotation
    for arg in getattr(annotation, "__args__", ()):
        yield from _walk(arg)
