"""Who speaks for an office: an organ of state, the ministry of a country, the person beside an office no file names."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from enrich.document import Document, Hit, Mention
from enrich.events.entries import Cue
from enrich.events.scene import ROLE, Scene
from enrich.events.telling import gap
from schemas.ports import Names, Token

MINISTRIES: Final[tuple[Cue, ...]] = ("defence_ministry", "foreign_ministry", "interior_ministry")
"""Cues of ministries, which every country has."""
KINDS: Final[Mapping[Cue, re.Pattern[str]]] = {
    "defence_ministry": re.compile(r"\bministry-.*\bdefen[cs]e\b"),
    "foreign_ministry": re.compile(r"\bministry-.*\b(foreign|external)\b"),
    "interior_ministry": re.compile(r"\bministry-.*\binterior\b"),
}
"""What the ids of such ministries are like."""
COMMA: Final = re.compile("[,،;]")
OWN: Final = 2
"""Most words between an organ of state and the country it is of."""
NEAR: Final = 4
"""Most words between a verb of speech and an organ that speaks ("said the minister")."""
BESIDE: Final = 3
"""Most words between an office and the name of who holds it (*the interior minister of Chad, Mahamat Charfadine*)."""
AFTER: Final = 2
"""The same where the office follows (*Mahamat Charfadine, the minister*)."""
REACH: Final = 9
"""Most words between a verb of speech and the name of who speaks."""
LENGTHS: Final = range(2, 5)
"""Words of a person's full name."""
PARTICLES: Final = frozenset(
    ("de", "da", "do", "dos", "das", "di", "del", "van", "von", "bin", "ibn", "al", "el", "ben", "y", "e", "la", "ould")
)
"""Small words inside names."""
CASED: Final = frozenset({"en", "de", "es", "fr", "pt", "pl", "tr", "ru", "uk"})
"""Languages in which capitals tell a name from words, and whose letters Latin ones render."""
UKRAINIAN: Final = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh", "з": "z", "и": "y",
    "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s",
    "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "iu", "я": "ia",
    "ь": "", "’": "", "'": "",
}  # fmt: skip
"""As Kyiv writes names in passports (2010)."""
RUSSIAN: Final = UKRAINIAN | {
    "г": "g", "и": "i", "й": "y", "ё": "e", "ы": "y", "э": "e", "ъ": "", "ю": "yu", "я": "ya",
}  # fmt: skip
"""As English newspapers do (BGN/PCGN)."""
LATIN: Final = {"ł": "l", "ø": "o", "ı": "i", "ß": "ss", "đ": "d", "æ": "ae", "œ": "oe"}
LETTERS: Final = {
    lang: str.maketrans(LATIN | {"ru": RUSSIAN, "uk": UKRAINIAN}.get(lang, {})) for lang in sorted(CASED)
}  # fmt: skip


def organs(scene: Scene) -> Sequence[Hit]:
    """Organs of state without a name of their own, ministries among them."""
    return (*scene.cue("organ"), *(hit for cue in MINISTRIES for hit in scene.cue(cue)))


def ministries(names: Names) -> dict[tuple[Cue, str], str]:
    """Which ministry of which country → its id."""
    known = (named for id in names.ids() if "ministry" in id and (named := names.find(id)))
    return {
        (cue, one.within): one.id for one in known if one.within for cue, kind in KINDS.items() if kind.search(one.id)
    }


def organ_of(verb: Hit, scene: Scene, mention: Mention | None, document: Document) -> Hit | None:
    """The unnamed organ of state that speaks: beside the verb, and nearer to it than a name that is not its own."""
    able = organs(scene)
    if mention is None:
        able = (*able, *scene.hits.get("junta", ()))
    near = [
        organ for organ in able
        if (abs(organ.first - verb.last) <= NEAR or abs(verb.first - organ.last) <= NEAR)
        and (mention is None or _is_nearer(organ, mention, verb, document))
    ]  # fmt: skip
    return min(near, key=lambda organ: abs(organ.first - verb.first), default=None)


def _is_nearer(organ: Hit, mention: Mention, verb: Hit, document: Document) -> bool:
    """Does an organ stand nearer to the verb than a name apart from it (*… left Haiti at dawn, the ministry said*)?"""
    name, place, said = (mention.first, mention.last), (organ.first, organ.last), (verb.first, verb.last)
    return not _is_own(organ, mention, document) and gap(place, said) <= gap(name, said)


def _is_own(organ: Hit, mention: Mention, document: Document) -> bool:
    """Is it the organ of a country that is named beside it, no comma between (*the Chadian ministry*)?"""
    between = document.body[min(organ.end, mention.end) : max(organ.start, mention.start)]
    apart = gap((mention.first, mention.last), (organ.first, organ.last)) > OWN
    return not apart and COMMA.search(between) is None


def home_of(organ: Hit, scene: Scene, document: Document) -> str | None:
    """Whose organ: the country named beside it (*the Chadian ministry*), else the one the text names first."""
    beside = [one for one in scene.mentions if one.country and _is_own(organ, one, document)]
    named = min(beside, key=lambda one: abs(one.first - organ.first), default=None)
    return named.country if named else next((one.country for one in document.mentions if one.country), None)


def ministry(scene: Scene, place: tuple[int, int], within: int) -> Cue | None:
    """Which ministry stands at a place in a sentence, or within so many words of it."""
    near = ((gap((hit.first, hit.last), place), cue) for cue in MINISTRIES for hit in scene.cue(cue))
    return min((one for one in near if one[0] <= within), default=(0, None))[1]


def stranger(verb: Hit, scene: Scene, document: Document) -> str | None:
    """The person no file names who speaks by a verb, as an id.

    Only where a full name in capitals stands beside an office: elsewhere a wrong name costs more than a missing one.
    """
    if document.lang not in CASED:
        return None
    offices = organs(scene)
    found = [
        (gap(run, (verb.first, verb.last)), run)
        for run in _names(scene, document) if gap(run, (verb.first, verb.last)) <= REACH
        for office in offices if gap(run, (office.first, office.last)) <= (BESIDE if office.last <= run[0] else AFTER)
    ]  # fmt: skip
    if not found:
        return None
    first, last = min(found)[1]
    words = document.body[document.tokens[first].start : document.tokens[last - 1].end]
    return slug(words, document.lang or "")


def slug(name: str, lang: str) -> str:
    """A name in Latin letters as an id: Вячеслав Гладков is vyacheslav-gladkov."""
    low = name.lower().translate(LETTERS.get(lang, {}))
    plain = unicodedata.normalize("NFKD", low).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _names(scene: Scene, document: Document) -> Iterator[tuple[int, int]]:
    """Runs of words with capitals that nothing of ours lies over: full names, as a rule."""
    taken = {at for mention in scene.mentions for at in range(mention.first, mention.last)}
    said = (hits for id, hits in scene.hits.items() if not id.startswith(ROLE))
    taken |= {at for hits in said for hit in hits for at in range(hit.first, hit.last)}
    run: list[int] = []
    for at in (*range(scene.first, scene.last), scene.last):
        token = document.tokens[at] if at < scene.last else None
        if token and at not in taken and _continues(run, token, document):
            run.append(at)
            continue
        while run and document.body[document.tokens[run[-1]].start].islower():
            run.pop()
        if len(run) in LENGTHS:
            yield (run[0], run[-1] + 1)
        run = [at] if token and at not in taken and _is_name(token, document) else []


def _continues(run: Sequence[int], token: Token, document: Document) -> bool:
    if not run:
        return _is_name(token, document)
    between = document.body[document.tokens[run[-1]].end : token.start]
    word = document.body[token.start : token.end]
    return between in (" ", "-", "’", "'", ". ") and (_is_name(token, document) or word in PARTICLES)


def _is_name(token: Token, document: Document) -> bool:
    word = document.body[token.start : token.end]
    return len(word) > 1 and word[0].isupper() and word[1:].islower() and word.isalpha()
