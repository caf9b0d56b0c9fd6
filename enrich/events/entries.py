"""What a lexicon file may say: the models of concepts, languages' words, event types and grammars.

Each file kind is known by its first key: `concept:` (one idea, words of many languages), `language:` (many ideas, words
of one language), `event:` (one event type) and `grammar:` (how one language marks roles, speakers and certainty).
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from schemas.report import Codes, Context, Status

Role = Literal[
    "subject", "agent", "object", "destination", "location", "origin", "against", "partner", "possessor", "adjective",
    "topic", "beneficiary", "border",
]  # fmt: skip
"""The part a name plays beside a word: by position (subject, object) or by its marker (to, in, by, against …)."""

ROLES: tuple[Role, ...] = Role.__args__  # type: ignore[attr-defined]

Cue = Literal[
    "say", "according_to", "confirm", "formally", "deny", "claim", "plan", "demand", "threaten", "refuse", "hearsay",
    "hypothetical", "negation", "question", "retract", "historical", "anniversary", "accuse", "agency", "total",
    "part_of", "stop", "organ", "aftermath", "that", "border", "still",
    "defence_ministry", "foreign_ministry", "interior_ministry",
]  # fmt: skip
"""Words that say how a thing is said."""

CUES: tuple[Cue, ...] = Cue.__args__  # type: ignore[attr-defined]


class Forms(BaseModel):
    """Forms that no rule would find, each taken exactly as written."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    forms: tuple[str, ...]


def _listed(words: "tuple[str | Forms, ...]") -> "tuple[str, ...]":
    """Words and `{forms: …}` as one list, exact forms marked with `=`."""
    flat: list[str] = []
    for word in words:
        flat.extend([word] if isinstance(word, str) else [f"={form}" for form in word.forms])
    return tuple(flat)


Words = Annotated[tuple[str | Forms, ...], AfterValidator(_listed)]
"""`send` (any inflected form), `deploy*` (any ending), `*truppen` (any beginning), `=ban` (exactly this form),
`opened fire` (a phrase), `bringt … heim` (a phrase with up to five words between), `{forms: [sent, sending]}`."""


class Entry(BaseModel):
    """Strict and frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Concept(Entry):
    """One idea in many languages."""

    concept: str
    title: str = ""
    words: dict[str, Words] = {}


class LanguageWords(Entry):
    """Many ideas in one language."""

    language: str
    words: dict[str, Words] = {}


class Pattern(Entry):
    """Ideas and names that together tell an event, in any order, near one another in one sentence."""

    id: str
    all: tuple[str, ...] = Field(min_length=1)
    """A concept id, `a|b` for either, `@country` for an entity of a type (`@party`, `@place` for any such),
    `#soldiers` for a quantity of a unit (`#people|killed` for either)."""
    within: int = Field(default=8, ge=0, le=40)
    """Most words between two neighbours."""
    ordered: bool = False
    """The parts come in the order given."""
    confidence: float = Field(default=0.8, gt=0, le=1)
    status: Status | None = None
    """What the pattern itself says of the event's standing, where no other word does."""
    title_only: bool = False
    fallback: bool = False
    """Counts only where no other pattern of any type tells by the same words (*attacks*, with nothing said of how)."""
    swap: bool = False
    """`receive from`: what stands as subject is the target, what is the origin is the actor."""


class Unless(Entry):
    """What silences a pattern: a concept anywhere in the text (`document`), its sentence, or near the trigger."""

    concept: str
    scope: Literal["document", "sentence", "title"] = "sentence"
    within: int | None = None
    times: int = Field(default=1, ge=1)
    """How many different words of the concept it takes."""


class Slot(Entry):
    """Who or what may fill a slot, and by which roles, likeliest first."""

    of: tuple[str, ...] = ("party",)
    """Entity types; `party` is whoever can act, `place` wherever one can be."""
    roles: tuple[Role, ...] = ("subject", "agent")
    many: bool = False
    """Several names may fill it even where no `and` joins them."""
    fallback: Literal["none", "sentence", "document", "places", "actors", "other"] = "sentence"
    """Where to look when the telling names nobody; `places`: whose country it happens in, other than the actor's;
    `actors`: the actor's own country; `other`: the only other party named in the sentence, else `places`."""
    speaker: bool = False
    """Where nobody else fills it, whoever says so does (who confirms a deployment has deployed)."""
    keep: bool = False
    """Keep persons and forces themselves rather than the country they act for."""


class Slots(Entry):
    """The slots of an event type."""

    actors: Slot = Slot()
    targets: Slot = Slot(roles=("object", "against", "destination"))
    places: Slot = Slot(of=("place",), roles=("location", "destination", "origin"), many=True, fallback="document")
    quantities: tuple[str, ...] = ()
    """Units that may be counted of it."""


class EventType(Entry):
    """One event type: how it is told, what fills its slots, what silences it, and the texts that prove it."""

    event: str
    title: str
    codes: Codes = Codes()
    patterns: tuple[Pattern, ...] = Field(min_length=1)
    unless: tuple[str | Unless, ...] = ()
    genre: Literal["hard", "soft", "any"] = "hard"
    """Whether ordinary genres (sport, film, weather …) silence it: `hard` yes; `soft` only strongly; `any` never."""
    public_act: bool = False
    """Done in public by its own actor (a signing, a decree): what is stated as fact is thereby confirmed."""
    own_word: Literal["confirmed", "claimed"] = "confirmed"
    """What the actor's own word makes of it: a boast ("we took the town") stays a claim."""
    victim_word: Literal["confirmed", "claimed"] = "claimed"
    """What the other side's word makes of it: one's own losses are confirmed by oneself."""
    never: tuple[Status, ...] = ()
    """What such an event cannot be: nobody plans an earthquake, and what protesters demand is not the protest."""
    aftermath: bool = False
    """Courts and inquiries speak of it long after: told beside such words it is background."""
    mutual: bool = False
    """All parties are actors; there is no target."""
    slots: Slots = Slots()
    examples: tuple["Example", ...] = ()
    not_examples: tuple["Counter", ...] = ()


class Example(Entry):
    """A text that tells the event; what is given is tested, the rest is open."""

    lang: str
    text: str
    title: str = ""
    actors: tuple[str, ...] | None = None
    targets: tuple[str, ...] | None = None
    places: tuple[str, ...] | None = None
    said_by: tuple[str, ...] | None = None
    status: Status | None = None
    context: Context | None = None
    quantities: dict[str, float] = {}
    """Unit → value."""


class Counter(Entry):
    """A text that does not."""

    lang: str
    text: str
    title: str = ""


class Markers(Entry):
    """What stands before or after a name and tells its role; `ل+` is joined to the word that follows it."""

    before: Words = ()
    after: Words = ()


class Passive(Entry):
    """How a language turns a verb around: helper words near it, or endings of the verb itself."""

    helpers: Words = ()
    endings: tuple[str, ...] = ()
    within: int = 3


class Grammar(Entry):
    """How one language orders words, marks roles, speakers and certainty."""

    grammar: str
    order: Literal["SVO", "VSO", "SOV"] = "SVO"
    pace: float = 1.0
    """How many tokens make a word (Han and kana give a token a character)."""
    adjective_after: bool = False
    speaker_after_verb: bool = False
    roles: dict[Role, Markers] = {}
    cues: dict[Cue, Words] = {}
    passive: Passive = Passive()
    future: tuple[str, ...] = ()
    """What is written before a verb, as one word with it, when it is yet to happen (ar سـ)."""
    joiners: Words = ()
    """Words for `and` between names."""
    topics: tuple[str, ...] = ()
    """Particles of a sentence's theme (ja は): its verb is the last one, whoever acts between."""


EventType.model_rebuild()
