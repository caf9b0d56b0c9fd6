"""Fresh reports in 15 languages, one of each event type: is its type told, and told as the main event?

    python -m tests.bench.fresh [--errors]

An event counts when its confidence is at least `SURE` and its context is current. Columns: `plain`, `oblique`: reports
told with or without the usual word whose type is among the types told; `all`: both; `offered`: the same with events of
any confidence; `main`: of the main events told, those of the right type. The first score stands in
`docs/understanding.md`.
"""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any, Final

from enrich.understand import Understander
from schemas.item import Item
from schemas.report import SURE, Context, Event

SET: Final = Path(__file__).parent / "fresh"
LANGUAGES: Final = tuple(sorted(path.stem for path in SET.glob("*.jsonl")))
Label = dict[str, Any]


def fresh(lang: str) -> list[Label]:
    """The reports of a language."""
    return [json.loads(line) for line in (SET / f"{lang}.jsonl").read_text("utf-8").splitlines()]


def told(reader: Understander, label: Label, lang: str) -> tuple[Event, ...]:
    """Its events, the main one first."""
    return reader.understand(Item(id=label["id"], title=label["title"], text=label["text"], lang=lang)).events


def counted(label: Label, events: tuple[Event, ...]) -> Counter[str]:
    """What a report adds to the columns."""
    sure = [event for event in events if event.confidence >= SURE and event.context is Context.CURRENT]
    main = next((event for event in sure if event.main), sure[0] if sure else None)
    kind = "oblique" if label["oblique"] else "plain"
    found = any(event.type == label["type"] for event in sure)
    return Counter(
        {
            f"{kind} all": 1, kind: found,
            "offered": any(event.type == label["type"] for event in events),
            "mains": main is not None, "main": main is not None and main.type == label["type"],
        }
    )  # fmt: skip


def row(name: str, count: Counter[str]) -> str:
    """A line of the table, in Markdown."""
    plain, oblique = count["plain all"], count["oblique all"]
    parts = (
        (count["plain"], plain), (count["oblique"], oblique), (count["plain"] + count["oblique"], plain + oblique),
        (count["offered"], plain + oblique), (count["main"], count["mains"]),
    )  # fmt: skip
    return f"| {name} | " + " | ".join(f"{part / (whole or 1):.2f}" for part, whole in parts) + " |"


def _body(label: Label) -> str:
    return f"{label['title']} | {label['text']}"


def main() -> None:
    """Print the table; with `--errors` each report whose type was not told as the main one."""
    reader = Understander.load()
    errors: list[str] = []
    whole: Counter[str] = Counter()
    print("| language | plain | oblique | all | offered | main |\n" + "|---" * 6 + "|")
    for lang in LANGUAGES:
        count: Counter[str] = Counter()
        for label in fresh(lang):
            events = told(reader, label, lang)
            one = counted(label, events)
            count.update(one)
            if not one["main"]:
                found = ", ".join(f"{event.type} {event.confidence:.2f} {event.context}" for event in events)
                how = "o" if label["oblique"] else "p"
                errors.append(f"{label['id']} {how} {label['type']}: told {found or 'nothing'}: {_body(label)}")
        whole.update(count)
        print(row(lang, count), flush=True)
    print(row("all", whole))
    if "--errors" in sys.argv:
        print(*errors, sep="\n")


if __name__ == "__main__":
    main()
