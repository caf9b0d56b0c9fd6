"""Ordinary news in 15 languages: how often it raises a false alarm (the goal is 1 in 200 items, language by language).

    python -m tests.bench.ordinary [--errors] [--newer]

An alarm is a main event with confidence of at least `SURE` and current context. Columns, all per 200 items:

* `alarms`: of the set's 200 items (with `--newer`, of the 140 that were written after the first score); `headlines`:
  the same items as their headlines alone; `any`: of any confidence
* `prose`: of the pieces of `tests/enrich/prose`, cut in items of two sentences (half were read when names were mended)
* `spacy`: of the example sentences that spaCy ships (MIT), where `TOCSIN_PEERS` names a Python that has it (`tagging`)

The first scores stand in `docs/understanding.md`.
"""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from enrich.understand import Understander
from schemas.item import Item
from schemas.report import SURE, Context, Event
from tests.enrich.labelled import texts

SET: Final = Path(__file__).parent / "ordinary"
LANGUAGES: Final = tuple(sorted(path.stem for path in SET.glob("*.jsonl")))
PER: Final = 200
FIRST: Final = 60
"""Items of a language that the first score was taken on."""
_SENTENCE: Final = re.compile(r"(?<=[.!?؟])\s+|(?<=[。！？])")
_EXAMPLES: Final = """
import importlib, json, sys
print(json.dumps({lang: importlib.import_module(f"spacy.lang.{lang}.examples").sentences for lang in sys.argv[1:]}))
"""


@dataclass(frozen=True, slots=True)
class Alarm:
    """An item on which something fired."""

    column: str
    item: Item
    event: Event

    def __str__(self) -> str:
        words = "; ".join(self.item.body[start:end] for start, end in self.event.evidence)
        return (
            f"{self.item.id} [{self.item.category}] {self.column}: {self.event.type} {self.event.confidence:.2f} "
            f"{self.event.status} by {self.event.rule}: {words}\n    {self.item.title} | {self.item.text}"
        )


def ordinary(lang: str, *, newer: bool = False) -> list[Item]:
    """The items of a language, their topics as categories; or only the newer ones."""
    rows = map(json.loads, (SET / f"{lang}.jsonl").read_text("utf-8").splitlines()[FIRST if newer else 0 :])
    return [Item(id=row["id"], title=row["title"], text=row["text"], category=row["topic"], lang=lang) for row in rows]


def headlines(items: Iterable[Item]) -> list[Item]:
    """The same as feeds give them that have nothing below the headline."""
    return [item.model_copy(update={"text": ""}) for item in items]


def prose(lang: str) -> Iterator[Item]:
    """The pieces of prose, two sentences an item."""
    for number, piece in enumerate(texts("prose", lang)):
        sentences = [part for part in _SENTENCE.split(" ".join(piece.item.body.split())) if part.strip()]
        for at in range(0, len(sentences), 2):
            title, text = sentences[at], " ".join(sentences[at + 1 : at + 2])
            yield Item(id=f"prose-{lang}-{number}-{at}", title=title, text=text, category="prose", lang=lang)


def examples() -> dict[str, list[Item]]:
    """spaCy's example sentences by language, where there is a Python that has them."""
    python = os.environ.get("TOCSIN_PEERS")
    if not python:
        return {}
    told = subprocess.run([python, "-c", _EXAMPLES, *LANGUAGES], capture_output=True, text=True, check=True).stdout
    return {
        lang: [Item(id=f"spacy-{lang}-{at}", title=text, category="spacy", lang=lang) for at, text in enumerate(found)]
        for lang, found in json.loads(told).items()
    }


def main_events(reader: Understander, column: str, items: Iterable[Item]) -> list[Alarm]:
    """The current main events of items, sure or not."""
    return [
        Alarm(column, item, event)
        for item in items
        for event in reader.understand(item).events
        if event.main and event.context is Context.CURRENT
    ]


def sure(alarms: Iterable[Alarm]) -> list[Alarm]:
    """Those that queries hear of."""
    return [alarm for alarm in alarms if alarm.event.confidence >= SURE]


def row(name: str, alarms: dict[str, int], items: dict[str, int]) -> str:
    """A line of the table, in Markdown: how many items, then alarms per 200 of them."""
    rates = [f"{alarms[column] * PER / items[column]:.1f}" if items[column] else "" for column in alarms]
    return f"| {name} | {sum(items.values()) - items['headlines'] - items['any']} | {' | '.join(rates)} |"


def main() -> None:
    """Print the table, what fired and on which topics; with `--errors` each item on which something did."""
    reader, beside = Understander.load(), examples()
    found: list[Alarm] = []
    whole: tuple[Counter[str], Counter[str]] = Counter(), Counter()
    print("| language | items | alarms | headlines | any | prose | spacy |\n" + "|---" * 7 + "|")
    for lang in LANGUAGES:
        own = ordinary(lang, newer="--newer" in sys.argv)
        sets = {"alarms": own, "headlines": headlines(own), "prose": list(prose(lang)), "spacy": beside.get(lang, [])}
        told = {column: main_events(reader, column, items) for column, items in sets.items()}
        alarms = {column: len(sure(some)) for column, some in told.items()}
        counts = {column: len(items) for column, items in sets.items()}
        alarms = {"alarms": alarms["alarms"], "headlines": alarms["headlines"], "any": len(told["alarms"]),
                  "prose": alarms["prose"], "spacy": alarms["spacy"]}  # fmt: skip
        counts["any"] = counts["alarms"]
        whole[0].update(alarms)
        whole[1].update(counts)
        print(row(lang, alarms, counts), flush=True)
        found += [alarm for some in told.values() for alarm in sure(some)]
    print(row("all", {column: whole[0][column] for column in alarms}, whole[1]))
    print(f"\nby topic: {_counted(str(alarm.item.category) for alarm in found if alarm.column == 'alarms')}")
    print(f"by type: {_counted(alarm.event.type for alarm in found)}")
    if "--errors" in sys.argv:
        print(*found, sep="\n")


def _counted(names: Iterable[str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in Counter(names).most_common())


if __name__ == "__main__":
    main()
