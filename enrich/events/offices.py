"""Who speaks for an office: the ministry of a country, and the person no file names who stands beside an office."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from enrich.document import Document, Hit
from enrich.events.entries import Cue
from enrich.events.scene import Scene
from enrich.events.telling import gap
from schemas.ports import Token

MINISTRIES: Final[tuple[Cue, ...]] = ("defence_ministry", "foreign_ministry", "interior_ministry")
"""Cues of ministries, which every country has."""
KINDS: Final[Mapping[Cue, re.Pattern[str]]] = {
    "defence_ministry": re.compile(r"\bministry-.*\bdefen[cs]e\b"),
    "foreign_ministry": re.compile(r"\bministry-.*\b(foreign|external)\b"),
    "interior_ministry": re.compile(r"\bministry-.*\binterior\b"),
}
"""What the ids of such ministries are like."""
BESIDE: Final = 3
"""Most words between an office and the name of who holds it (*the interior minister of Chad, Mahamat Charfadine*)."""
AFTER: Final = 2
"""The same where the office follows (*Mahamat Charfadine, the minister*)."""
REACH: Final = 9
"""Most words between a verb of speech and the name of who speaks."""
NAMES: Final = range(2, 5)
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


def ministry(scene: Scene, place: tuple[int, int], within: int) -> Cue | None:
    """Which ministry stands at a place in a sentence, or within so many words of it."""
    near = ((gap((hit.first, hit.last), place), cue) for cue in MINISTRIES for hit in scene.cue(cue))
    return min((one for one in near if one[0] <= within), default=(0, None))[1]


def stranger(verb: Hit, scene: Scene, document: Document) -> tuple[str, Hit] | None:
    """The person no file names who speaks by a verb, as an id, and the office that stands beside the name.

    Only where a full name in capitals stands beside an office: elsewhere a wrong name costs more than a missing one.
    """
    if document.lang not in CASED:
        return None
    offices = organs(scene)
    found = [
        (gap(run, (verb.first, verb.last)), run, office)
        for run in _names(scene, document) if gap(run, (verb.first, verb.last)) <= REACH
        for office in offices if gap(run, (office.first, office.last)) <= (BESIDE if office.last <= run[0] else AFTER)
    ]  # fmt: skip
    if not found:
        return None
    _, (first, last), office = min(found, key=lambda one: one[0])
    words = document.body[document.tokens[first].start : document.tokens[last - 1].end]
    return slug(words, document.lang or ""), office


def slug(name: str, lang: str) -> str:
    """A name in Latin letters as an id: Вячеслав Гладков is vyacheslav-gladkov."""
    low = name.lower().translate(LETTERS.get(lang, {}))
    plain = unicodedata.normalize("NFKD", low).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _names(scene: Scene, document: Document) -> Iterator[tuple[int, int]]:
    """Runs of words with capitals that nothing of ours lies over: full names, as a rule."""
    taken = {at for mention in scene.mentions for at in range(mention.first, mention.last)}
    taken |= {at for hits in (*scene.hits.values(), *scene.cues.values()) for hit in hits for at in range(*hit[3:5])}
    run: list[int] = []
    for at in (*range(scene.first, scene.last), scene.last):
        token = document.tokens[at] if at < scene.last else None
        if token and at not in taken and _continues(run, token, document):
            run.append(at)
            continue
        while run and document.body[document.tokens[run[-1]].start].islower():
            run.pop()
        if len(run) in NAMES:
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
