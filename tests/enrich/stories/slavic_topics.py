"""News of eight topics in eight Slavic languages, made of the sentences of `slavic/`: same actors, other happenings.

Five of the languages have no lexicon here. Every report mixes sentences of its topic with one or two that stand word
for word in reports of all topics; half have no date, as archives do. With `aside`, a share of them quotes a whole
sentence of another topic too.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

from schemas import marked
from schemas.item import Item

FOLDER = Path(__file__).parent / "slavic"
START = datetime(2026, 3, 2, tzinfo=UTC)

Sentences = Mapping[str, tuple[str, ...]]


@cache
def sentences(lang: str) -> Sentences:
    """Topic → sentences; `shared` are those of all topics."""
    told = marked.parse((FOLDER / f"{lang}.yaml").read_text("utf-8"), f"{lang}.yaml").value
    return {topic: tuple(said) for topic, said in told.items()}


def languages() -> tuple[str, ...]:
    """Codes of the languages there are texts in."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.yaml")))


def news(each: int, seed: int = 3, aside: float = 0.0) -> Iterator[tuple[str, Item]]:
    """So many reports of every topic in every language: (topic, item), in an order that mixes them."""
    chance = Random(seed)
    found = [
        (topic, _told(lang, topic, number, chance, aside))
        for lang in languages()
        for topic in sentences(lang)
        if topic != "shared"
        for number in range(each)
    ]
    chance.shuffle(found)
    return iter(found)


def _told(lang: str, topic: str, number: int, chance: Random, aside: float) -> Item:
    known = sentences(lang)
    title, *own = chance.sample(known[topic], chance.randint(4, 5))
    body = [*own, *chance.sample(known["shared"], chance.randint(1, 2))]
    if chance.random() < aside:
        other = chance.choice([name for name in known if name not in (topic, "shared")])
        body.append(chance.choice(known[other][1:]))
    chance.shuffle(body)
    at = START + timedelta(hours=chance.random() * 24 * 40) if chance.random() < 0.5 else None
    return Item(
        id=f"{lang}/{topic}/{number}", title=title, text=" ".join(body), published=at,
        source=f"Paper {chance.randrange(40)}",
    )  # fmt: skip


def mixed(grouped: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """Stories that hold reports of several topics, of pairs (topic, story)."""
    topics: defaultdict[str, set[str]] = defaultdict(set)
    for topic, story in grouped:
        topics[story].add(topic)
    return {story: found for story, found in topics.items() if len(found) > 1}
