"""Keyword lists: the user's own words, found in every form, for `keyword:` in subscriptions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import Field, field_validator

from enrich.document import Document, Hit
from enrich.events.lexicon import KINDS
from enrich.fold.morphology import languages
from enrich.terms import Term, TermIndex
from schemas import marked
from schemas.base import Strict
from schemas.errors import ConfigError

KNOWN_FIRST_KEYS = ("entities", "groups", "keywords", *KINDS)
"""What a lexicon file may begin with."""


class KeywordLists(Strict):
    """A file of keyword lists: id → language code (`any` is every one) → words and phrases, `*` for any ending."""

    keywords: Mapping[str, Mapping[str, tuple[str, ...]]] = Field(min_length=1)

    @field_validator("keywords")
    @classmethod
    def _known_languages(cls, value: Mapping[str, Mapping[str, tuple[str, ...]]]) -> Mapping[str, object]:
        for id, lists in value.items():
            for lang in lists:
                if lang != "any" and lang not in languages():
                    hint = marked.suggest(lang, languages())
                    raise ValueError(
                        f'{id}: unknown language "{lang}"; {hint or "known are " + ", ".join(languages())}'
                    )
        return value


class Keywords:
    """The lists of all files, ready to be found. Safe between threads."""

    def __init__(self, lists: Iterable[KeywordLists]) -> None:
        lists = list(lists)
        self.ids = frozenset(id for one in lists for id in one.keywords)
        self._index = TermIndex.build(term for one in lists for term in _terms(one))

    @classmethod
    def load(cls, folders: Sequence[Path]) -> "Keywords":
        """The keyword lists below the folders. Raises `ConfigError` with every fault of every lexicon file's head."""
        documents = [document for folder in folders for document in _documents(folder)]
        return cls(
            marked.validate(document, KeywordLists) for document in documents if first_key(document) == "keywords"
        )

    def find(self, document: Document) -> Sequence[Hit]:
        """Where a document touches the lists."""
        return self._index.find(document) if self.ids else ()


def _terms(lists: KeywordLists) -> Iterator[Term]:
    for id, by_lang in lists.keywords.items():
        for lang, words in by_lang.items():
            yield from (Term(id, None if lang == "any" else lang, word) for word in words)


def first_key(document: marked.Marked) -> str:
    """What kind of lexicon file this is; empty where it is none."""
    return str(next(iter(document.value), "")) if isinstance(document.value, dict) else ""


def _documents(folder: Path) -> list[marked.Marked]:
    paths = sorted(folder.rglob("*.yaml"))
    documents = [marked.parse(path.read_text(encoding="utf-8"), str(path)) for path in paths]
    faults = []
    for document in documents:
        key = first_key(document)
        if document.value is not None and key not in KNOWN_FIRST_KEYS:
            hint = marked.suggest(key, KNOWN_FIRST_KEYS) or f"a lexicon file begins with one of {KNOWN_FIRST_KEYS}"
            faults.append(document.fault((key,), f'not a lexicon file: it begins with "{key}"', hint, key=True))
    if faults:
        raise ConfigError(faults)
    return documents
