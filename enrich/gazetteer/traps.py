"""Names that are also something else: Turkey the bird, Jordan the player, Vladimir the man."""

from collections.abc import Mapping
from pathlib import Path

from enrich.document import Document, Hit
from enrich.fold.letters import fold, known
from enrich.gazetteer.entries import Sense
from enrich.gazetteer.located import is_headline
from schemas import marked
from schemas.base import Strict

_NO_WORDS: Mapping[str, frozenset[str]] = {}


class Near(Strict):
    """Words within a few of a name that show it means something else."""

    id: str
    lang: str
    words: tuple[str, ...]


class Trapped(Strict):
    """`enrich/lexicon/traps.yaml`."""

    near: tuple[Near, ...] = ()
    given: tuple[str, ...] = ()
    """Given names: a place named so is none before or after another name (Michael Jordan, Paris Hilton)."""
    drop: Mapping[str, tuple[str, ...]] = {}
    """By language: names of packaged places that are ordinary words."""
    words: Mapping[str, tuple[str, ...]] = {}
    """By language: names of ours that are ordinary words too, and need a text that names their country otherwise."""
    known: tuple[str, ...] = ()
    """Ids of places so often in the news that, where letters have case, their country need not be named beside them."""


class Traps:
    """Tells whether a hit is caught in one of the traps."""

    REACH = 2

    def __init__(self, trapped: Trapped) -> None:
        self._near: dict[str, dict[str, frozenset[str]]] = {}
        for near in trapped.near:
            self._near.setdefault(near.lang, {})[near.id] = frozenset(map(fold, near.words))
        self._given = frozenset(map(fold, trapped.given))
        self._drop = {lang: frozenset(map(fold, words)) for lang, words in trapped.drop.items()}
        self._words = {lang: frozenset(map(fold, words)) for lang, words in trapped.words.items()}
        self.known = frozenset(trapped.known)

    @classmethod
    def load(cls, path: Path) -> "Traps":
        """Read the file."""
        return cls(marked.validate(marked.parse(path.read_text(encoding="utf-8"), path.name), Trapped))

    def drops(self, lang: str | None, name: str) -> bool:
        """Whether a packaged place's name is an ordinary word of a language."""
        return lang in self._drop and fold(name) in self._drop[lang]

    def is_word(self, lang: str | None, surface: str) -> bool:
        """Whether what is written is an ordinary word too."""
        return lang in self._words and known(surface) in self._words[lang]

    def catch(self, document: Document, hit: Hit, meaning: Sense) -> str | None:
        """What shows that a hit means something else, or None."""
        words = self._near.get(document.lang or "", _NO_WORDS).get(meaning.id)
        if words:
            tokens = document.tokens[max(0, hit.first - self.REACH) : hit.last + self.REACH]
            for token in tokens:
                if not words.isdisjoint(token.keys):
                    return document.text((token.start, token.end))
        if meaning.form == "name" and hit.last - hit.first == 1:
            return self._person(document, hit)
        return None

    def _person(self, document: Document, hit: Hit) -> str | None:
        """A given name before it, or a surname after it where it is itself a given name."""
        tokens, body = document.tokens, document.body
        if hit.first:
            before = tokens[hit.first - 1]
            if before.keys[0] in self._given and body[before.end : hit.start] == " " and body[before.start].isupper():
                return document.text((before.start, before.end))
        if tokens[hit.first].keys[0] in self._given and hit.last < len(tokens):
            after = tokens[hit.last]
            if (
                body[hit.end : after.start] == " "
                and body[after.start].isupper()
                and not is_headline(document, hit.start)
            ):
                return document.text((after.start, after.end))
        return None
