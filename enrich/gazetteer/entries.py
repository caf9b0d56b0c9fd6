"""What a person writes about an entity, and what the gazetteer keeps of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, NamedTuple

from pydantic import Field, field_validator

from enrich.document import Form
from enrich.fold.morphology import languages
from schemas.base import Strict
from schemas.report import EntityType

LATIN = frozenset(lang for lang, grammar in languages().items() if "LATIN" in grammar.scripts)
"""Languages in Latin letters: a name under `la` is a name in all of them."""
CASED = frozenset(
    lang for lang, grammar in languages().items() if not {"LATIN", "CYRILLIC"}.isdisjoint(grammar.scripts)
)
"""Languages whose letters have case, which tells a name from a word."""

Words = tuple[str, ...]
Family = Literal["first", "last"]
Certainty = Literal["sure", "context", "short", "ambiguous", "placed"]
"""`context`: where its country is named too, or after "in" if that is where the language is spoken; `short`: where the
full name stands; `placed`: only after "in"; `ambiguous`: where no rival is named."""


def split_words(value: object) -> object:
    """Names as a list, or in one line with `|` between them."""
    return tuple(part.strip() for part in value.split("|") if part.strip()) if isinstance(value, str) else value


class Entry(Strict):
    """An entity of a lexicon file."""

    id: str = Field(pattern=r"^([A-Z]{2}|[a-z0-9]+(-[a-z0-9]+)*)$")
    type: EntityType | None = None
    """Where left out, the group's; where nobody says it, the entry adds names to what has this id already, and may say
    what that lies in."""
    name: str | None = None
    """The common English name; where left out, the first English or Latin one."""
    within: str | None = None
    """What it lies beneath or acts for, one level up; where left out, the group's."""
    names: Mapping[str, Words] = {}
    """Names by language code; `la` is every language in Latin letters, `any` every language there is."""
    short: Mapping[str, Words] = {}
    """Names that count only in a text that has a full one: Kim, the ministry."""
    adjectives: Mapping[str, Words] = {}
    family: Family | None = None
    """Where a person's family name stands in a full one; it counts alone, as `short`, in a text that has a full one."""
    strict: bool = False
    """Names are not inflected: they are too like other words."""
    context: bool = False
    """Names count only in a text that names the country otherwise: they are also something else."""
    seat: bool = False
    """May stand for the government of its country: Pyongyang, the Kremlin."""

    @field_validator("names", "short", "adjectives", mode="before")
    @classmethod
    def _lists(cls, value: object) -> object:
        return {lang: split_words(words) for lang, words in value.items()} if isinstance(value, Mapping) else value


class Group(Strict):
    """Entities that share a type, what they act for or how their names are put together."""

    type: EntityType | None = None
    within: str | None = None
    family: Family | None = None
    entities: tuple[Entry, ...]


class EntityFile(Strict):
    """A file of entities: a list, or groups, or both."""

    entities: tuple[Entry, ...] = ()
    groups: tuple[Group, ...] = ()


class Demonyms(Strict):
    """What a language calls countries and their people, beyond the names CLDR has."""

    lang: str
    adjectives: Mapping[str, Words] = {}
    people: Mapping[str, Words] = {}
    names: Mapping[str, Words] = {}
    strict: Words = ()
    """Countries whose names are too like other words to be inflected."""
    ambiguous: Mapping[str, Words] = {}
    """Words that may mean a country and need a text that speaks of it: Korea, Korean."""


@dataclass(frozen=True, slots=True)
class Place:
    """An entity as it is kept."""

    id: str
    type: EntityType
    name: str
    within: str | None = None
    size: int = 0
    """People who live there, as far as that helps to choose."""
    seat: bool = False
    own: bool = False
    """Written by us or by the user, not taken from GeoNames."""
    names: Mapping[str, Words] = field(default_factory=dict)


class Sense(NamedTuple):
    """What a name may mean, and what must be so for it to mean that."""

    id: str
    form: Form
    certainty: Certainty
    case: str
    """`capital`: only with a capital letter; `acronym`: only in capitals; "" whatever."""

    @property
    def key(self) -> str:
        """As the id of a term."""
        return "|".join(self)


@lru_cache(maxsize=200_000)
def sense(key: str) -> Sense:
    """The sense of a term's id."""
    id, form, certainty, case = key.split("|")
    return Sense(id, form, certainty, case)  # type: ignore[arg-type]  # written by `Sense.key`


def case_of(name: str) -> str:
    """What letters a name asks for: those it is written with."""
    if not next(filter(str.isalpha, name), "").isupper():
        return ""
    if name.isupper():
        letters = list(filter(str.isalpha, name))
        if len(letters) <= 5 and all(map(str.isupper, letters)):
            return "acronym"
    return "capital"
