"""The phrase table of a language, read once from its packaged YAML file."""

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal

from pydantic import Field

from schemas import marked
from schemas.base import Strict

_LANGUAGE = re.compile(r"[a-z]{2,3}\Z")


class EventWords(Strict):
    """How one event type is said."""

    noun: str
    verb: tuple[str, str] | None = None
    """[one actor does, several do]; None where the language is phrased by nouns alone."""
    target: str = ""
    place: str = ""


class ListWords(Strict):
    """How names are strung together."""

    comma: str = ", "
    and_: str = Field(default=" · ", alias="and")
    more: str = "{first} +{n}"


class Table(Strict):
    """Everything said in one language."""

    dir: Literal["ltr", "rtl"] = "ltr"
    group: str = ","
    """Between thousands."""
    decimal: str = "."
    list: ListWords = ListWords()
    numbers: Mapping[str, str]
    units: Mapping[str, str]
    counted: str = "{n} {unit}"
    status: Mapping[str, tuple[str, ...]]
    verbs: Mapping[str, tuple[str, str]] = {}
    events: Mapping[str, EventWords]
    words: Mapping[str, str] = {}
    languages: Mapping[str, str] = {}

    def word(self, key: str, **slots: object) -> str:
        """A fixed phrase, its slots filled; in English where this table lacks it. KeyError for an unknown key."""
        text = self.words[key] if key in self.words else table("en").words[key]
        return fill(text, {name: str(value) for name, value in slots.items()})

    def language(self, code: str | None) -> str:
        """What this language calls a language; the code itself when the table does not say."""
        return self.languages.get(code or "", code or "?")


_SLOT = re.compile(r"\{(\w+)\}")


def fill(template: str, slots: Mapping[str, str]) -> str:
    """Put values in place of `{name}`, once and flatly: a value that contains braces stays as it is."""
    return _SLOT.sub(lambda slot: slots[slot[1]], template)


def needs(template: str) -> frozenset[str]:
    """The slots a template has."""
    return frozenset(_SLOT.findall(template))


@cache
def languages() -> tuple[str, ...]:
    """Codes of the languages that have a table."""
    files = (entry.name for entry in resources.files("schemas.phrasing").iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in files if name.endswith(".yaml")))


@cache
def table(lang: str) -> Table:
    """The table of a language (`pt-BR` is Portuguese); English when there is none."""
    code = lang.lower().replace("_", "-").partition("-")[0]
    code = code if _LANGUAGE.match(code) and code in languages() else "en"
    text = (resources.files("schemas.phrasing") / f"{code}.yaml").read_text("utf-8")
    return marked.validate(marked.parse(text, f"{code}.yaml"), Table)
