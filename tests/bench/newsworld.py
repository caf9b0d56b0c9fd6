"""A synthetic world of news for the matching benchmarks: Zipfian words, topics that go together, events with slots.

The same seed gives the same subscriptions and reports. Words are folded already: every engine sees equal tokens.
"""

import random
from collections.abc import Iterable, Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from schemas.ports import Folding, Named, Token
from schemas.report import Entity, Event, EventQuantity, Report, Status

TYPES = ("troop_deployment", "airstrike", "protest", "sanctions", "election", "natural_disaster", "cyberattack",
         "treaty", "arrest", "weapons_test")  # fmt: skip
COUNTRIES = [first + second for first in "ABCDEFGHIJKLMNOPRSTUVZ" for second in "AEILMNRSTU"]
STATUSES = (Status.REPORTED, Status.CONFIRMED, Status.CLAIMED, Status.PLANNED, Status.DENIED)
LANGS = ("en", "ru", "ar", "es", "fr", "de", "tr", "uk", "fa", "pt")
CATEGORIES = ("politics", "business", "conflict", "sports", "tech", "health", "science", "crime", "weather", "culture")
WORDS = 200_000
TOPICS = 2000
TOKENS = 300


def _zipf(size: int, slope: float) -> NDArray[np.float64]:
    weight = 1 / np.arange(1, size + 1) ** slope
    total: NDArray[np.float64] = np.cumsum(weight / weight.sum())
    return total


class World:
    """Words, topics, and what happens in them."""

    def __init__(self, seed: int = 7) -> None:
        self.rng = np.random.default_rng(seed)
        self.words = _words(seed)
        self._common, self._in_topic, self._topic = _zipf(WORDS, 1.05), _zipf(400, 0.8), _zipf(TOPICS, 0.9)
        self._country, self._source, self._entity = _zipf(len(COUNTRIES), 0.9), _zipf(3000, 0.9), _zipf(100_000, 0.9)
        self.topics = [self.rng.permutation(np.unique(self._spread(400))) for _ in range(TOPICS)]
        self.entities = [self.rng.integers(0, 100_000, 8) for _ in range(TOPICS)]
        self.countries = [self._draw(self._country, 3) for _ in range(TOPICS)]
        self.types = [self.rng.integers(0, len(TYPES), 2) for _ in range(TOPICS)]

    def _draw(self, table: NDArray[np.float64], number: int) -> NDArray[np.int64]:
        return np.minimum(np.searchsorted(table, self.rng.random(number)), len(table) - 1)

    def _spread(self, number: int) -> NDArray[np.int64]:
        """Words of any commonness, evenly on a logarithmic scale."""
        spread: NDArray[np.int64] = (50 * np.exp(self.rng.random(number) * np.log(WORDS / 50))).astype(np.int64)
        return spread

    def _one(self, table: NDArray[np.float64]) -> int:
        return int(self._draw(table, 1)[0])

    def _topic_words(self, topic: int, number: int) -> NDArray[np.int64]:
        words = self.topics[topic]
        chosen: NDArray[np.int64] = words[np.minimum(self._draw(self._in_topic, number), len(words) - 1)]
        return chosen

    def _neighbours(self, topic: int, at: int) -> tuple[str, str]:
        words = self.topics[topic]
        return self.words[words[at]], self.words[words[(at * 7 + 1) % 40]]

    def report(self, number: int) -> Report:
        """A report of a topic, with a little of another."""
        topic, other = self._one(self._topic), self._one(self._topic)
        drawn = self._draw(self._common, TOKENS)
        share = self.rng.random(TOKENS)
        drawn[share < 0.25] = self._topic_words(topic, int((share < 0.25).sum()))
        aside = (share >= 0.25) & (share < 0.32)
        drawn[aside] = self._topic_words(other, int(aside.sum()))
        words = [self.words[at] for at in drawn]
        for _ in range(12):
            place = int(self.rng.integers(0, TOKENS - 1))
            words[place], words[place + 1] = self._neighbours(topic, int(self.rng.integers(0, 40)))
        entities = {
            *self.entities[topic][: int(self.rng.integers(1, 6))].tolist(),
            *self._draw(self._entity, 4).tolist(),
        }
        return Report(
            id=str(number),
            text=" ".join(words),
            lang=LANGS[min(int(self.rng.exponential(2)), 9)],
            category=CATEGORIES[topic % 10],
            source=f"s{self._one(self._source)}",
            trust=int(self.rng.integers(0, 4)),
            entities=tuple(Entity(id=f"q{one}", type="other", name="", spans=()) for one in sorted(entities)),
            events=tuple(self._event(topic) for _ in range(int(self.rng.integers(0, 4)))),
        )

    def _event(self, topic: int) -> Event:
        rng = self.rng
        kind = self.types[topic][rng.integers(0, 2)] if rng.random() < 0.8 else rng.integers(0, len(TYPES))
        men = float(int(10 ** (rng.random() * 5)))
        return Event(
            type=TYPES[int(kind)],
            actors=(self._country_of(topic),),
            places=(self._country_of(topic),),
            targets=(self._country_of(topic),) if rng.random() < 0.5 else (),
            status=STATUSES[min(int(rng.exponential(1)), 4)],
            quantities=(EventQuantity(value=men, min=men, max=men, unit="soldiers"),) if rng.random() < 0.5 else (),
        )

    def _country_of(self, topic: int) -> str:
        likely = self.countries[topic][self.rng.integers(0, 3)]
        return COUNTRIES[int(likely) if self.rng.random() < 0.7 else self._one(self._country)]

    def query(self) -> str:
        """A subscription of the sort people write, in the shares of the research notes."""
        share, topic = self.rng.random(), self._one(self._topic)
        for edge, shape in _SHAPES:
            if share < edge:
                return shape(self, topic)
        raise AssertionError("the shares end at 1")

    def _word(self, topic: int) -> str:
        return self.words[int(self._topic_words(topic, 1)[0])]

    def _any_word(self) -> str:
        return self.words[int(self._spread(1)[0]) - 1]

    def _several(self, topic: int, low: int, high: int) -> str:
        return " OR ".join(self._word(topic) for _ in range(int(self.rng.integers(low, high))))

    def _maybe(self, chance: float, clause: str) -> str:
        return f" AND {clause}" if self.rng.random() < chance else ""

    def all_words(self, topic: int) -> str:
        """Two or three words, often a NOT, sometimes a language."""
        words = f"{self._word(topic)} AND {self._word(topic)}" + self._maybe(0.5, self._word(topic))
        lang = LANGS[int(self.rng.integers(0, 10))]
        return words + self._maybe(0.4, f"NOT {self._any_word()}") + self._maybe(0.3, f"lang:{lang}")

    def two_ors(self, topic: int) -> str:
        """(a OR b) AND (c OR d)."""
        first, second = self._several(topic, 2, 5), self._several(topic, 2, 4)
        return f"({first}) AND ({second})" + self._maybe(0.3, f"NOT {self._word(topic)}")

    def phrase(self, topic: int) -> str:
        """A phrase and something more."""
        first, second = self._neighbours(topic, int(self.rng.integers(0, 40)))
        more = f"category:{CATEGORIES[topic % 10]}" if self.rng.random() < 0.5 else self._word(topic)
        return f'"{first} {second}" AND {more}'

    def event(self, topic: int) -> str:
        """An event with an actor, often a place or words instead, a number, a status."""
        kind = TYPES[int(self.types[topic][self.rng.integers(0, 2)])]
        place = f"(place:{self._country_of(topic)} OR {self._word(topic)} OR {self._word(topic)})"
        men = int(10 ** self.rng.integers(1, 5))
        clauses = self._maybe(0.6, place) + self._maybe(0.4, f"soldiers>={men}") + self._maybe(0.5, "NOT status:denied")
        return f"event:{kind} AND actor:{self._country_of(topic)}{clauses}"

    def entity(self, topic: int) -> str:
        """An entity, mostly with a word."""
        one = int(self.entities[topic][self.rng.integers(0, 8)])
        return f"entity:q{one}" + self._maybe(0.7, self._word(topic))

    def prefix(self, topic: int) -> str:
        """The beginning of a word and another word."""
        word = self._word(topic)
        return f"{word[: max(3, len(word) - 2)]}* AND {self._word(topic)}"

    def near(self, topic: int) -> str:
        """Two words near one another."""
        apart = int(self.rng.integers(2, 11))
        return f"{self._word(topic)} NEAR/{apart} ({self._word(topic)} OR {self._word(topic)})"

    def long_or(self, topic: int) -> str:
        """Any of twenty to fifty words, in a category."""
        words = " OR ".join(self._any_word() for _ in range(int(self.rng.integers(20, 50))))
        return f"({words}) AND category:{CATEGORIES[topic % 10]}"

    def of_source(self, topic: int) -> str:
        """A word from one publisher."""
        return f"{self._any_word()} AND source:s{self._one(self._source)}"

    def broad(self, topic: int) -> str:
        """Hardly anything asked: a language, a category, a number."""
        lang, category = LANGS[int(self.rng.integers(0, 10))], CATEGORIES[topic % 10]
        if self.rng.random() < 0.5:
            return f"lang:{lang} AND category:{category} AND trust>=3"
        return f"NOT lang:{lang} AND NOT category:{category} AND NOT {self.words[topic % 60]} AND trust>=3"


_SHAPES = (
    (0.30, World.all_words), (0.50, World.two_ors), (0.65, World.phrase), (0.80, World.event), (0.88, World.entity),
    (0.93, World.prefix), (0.95, World.near), (0.975, World.long_or), (0.9985, World.of_source), (1.01, World.broad),
)  # fmt: skip


def _words(seed: int) -> list[str]:
    """Distinct made-up words, the common ones shorter."""
    rng, seen, found = random.Random(seed), set[str](), list[str]()
    while len(found) < WORDS:
        length = 3 + min(9, int(len(found) ** 0.5 / 60) + rng.randint(0, 4))
        word = "".join(rng.choice("etaoinshrdlucmfwypvbgk") for _ in range(length))
        if word not in seen and word not in ("and", "not", "near", "title", "text"):
            seen.add(word)
            found.append(word)
    return found


class Prefolded:
    """Folding for words that are folded already: they stand between spaces."""

    def fold(self, text: str, lang: str | None = None) -> str:
        return text

    def tokens(self, text: str, lang: str | None = None) -> Sequence[Token]:
        words = text.split()
        ends = list(accumulate(len(word) + 1 for word in words))
        return [Token(end - 1 - len(word), end - 1, (word,)) for word, end in zip(words, ends, strict=True)]

    def term(self, words: str, lang: str | None = None) -> Sequence[frozenset[str]]:
        return [frozenset((word,)) for word in words.split()]


PREFOLDED: Folding = Prefolded()


class AnyName:
    """A gazetteer that knows every id and nothing above it."""

    def find(self, id: str) -> Named | None:
        return Named(id, "other", id)

    def lookup(self, name: str) -> Sequence[Named]:
        return ()

    def name(self, id: str, lang: str = "en") -> str:
        return id

    def above(self, id: str) -> tuple[str, ...]:
        return ()

    def ids(self) -> Iterable[str]:
        return ()


class AnyEvent:
    """A lexicon of the world's event types."""

    def event_types(self) -> frozenset[str]:
        return frozenset(TYPES)

    def keyword_ids(self) -> frozenset[str]:
        return frozenset()
