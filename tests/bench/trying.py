"""Back-tests: how long `tocsin try` looks back over a month of reports, by what the subscription asks for.

    python -m tests.bench.trying [60000 …]

Reports of the corpora in all languages, understood, written into an embedded log as a month's changes, and read back as
`try` does it; beside it the same with every record read, which must find the same. Processor time of one thread.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from time import thread_time

from alert.backtest import Seen, back_test
from alert.subscriptions import SubscriptionSet, load
from enrich.fold import Fold
from enrich.understand import Understander
from schemas.item import Item
from schemas.ports import Record, Task
from schemas.report import Report
from schemas.settings import Settings
from schemas.story import Change, Materiality, Story
from schemas.topics import CHANGES
from tocsin.log.open import open_log
from tocsin.log.port import Log
from tocsin.trying import seen, sought

CORPUS = Path(__file__).parents[2] / "enrich" / "corpus"
QUERIES = {
    "an event": "event:airstrike AND actor:IL",
    "words": "ceasefire AND Sudan",
    "words of two languages": '("troop withdrawal" OR "вывод войск") AND NOT film',
    "nearness": "troops NEAR/5 border",
    "a word, a language": "(drone OR missile) AND lang:en",
}


@dataclass
class Month:
    """A clock that goes through a month in so many steps."""

    time: datetime

    def now(self) -> datetime:
        return self.time


def reports(understander: Understander) -> list[Report]:
    """Some of each language, as long as news is."""
    found = []
    for path in sorted(CORPUS.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines()[:20]:
            one = json.loads(line)
            text = " ".join([one.get("text", "")] * 4)
            found.append(understander.understand(Item(id="x", title=one.get("title", ""), text=text)))
    return found


def change(number: int, of: Report, now: datetime) -> Change:
    """A report as the only one of its story."""
    main = of.events[0] if of.events else None
    story = Story(
        id=f"s{number}", revision=1, first_seen=now, last_seen=now, type=main.type if main else None,
        actors=main.actors if main else (), places=main.places if main else (),
    )  # fmt: skip
    report = of.model_copy(update={"id": f"r{number}"})
    return Change(id=f"s{number}.1", story=story, report=report, materiality=Materiality.M2, live=True)


async def fill(log: Log, clock: Month, number: int, understander: Understander) -> None:
    """Write a month."""
    rng, known = Random(1), reports(understander)
    for day in range(30):
        clock.time += timedelta(days=1)
        async with log.unit(Task("stories")) as unit:
            for one in range(day * number // 30, (day + 1) * number // 30):
                unit.emit(CHANGES, f"s{one}", change(one, rng.choice(known), clock.time))


async def look(log: Log, wanted: SubscriptionSet, *, sieved: bool) -> tuple[float, int]:
    """Seconds a look takes, and how many reports matched."""
    start = thread_time()
    sieve = sought([wanted], (), wanted.origin.names) if sieved else None
    records: AsyncIterator[Record] = log.history(CHANGES)
    history: list[Seen | None] = [one async for one in seen(records, sieve)]
    matched = back_test(wanted, history)["x"].matched
    return thread_time() - start, matched


async def measure(number: int, understander: Understander) -> None:
    """One size."""
    clock, folding = Month(datetime(2026, 1, 1, tzinfo=UTC)), Fold()
    with tempfile.TemporaryDirectory() as place:
        log = await open_log("sqlite:tocsin.db", Settings(), clock, Path(place))
        try:
            await fill(log, clock, number, understander)
            for name, query in QUERIES.items():
                written = json.dumps({"subscriptions": [{"id": "x", "match": query, "notify": ["console"]}]})
                wanted = load({"s.yaml": written}, understander, understander, folding)
                await look(log, wanted, sieved=True)  # makes the table of letters
                (fast, found), (slow, all_) = (
                    await look(log, wanted, sieved=True),
                    await look(log, wanted, sieved=False),
                )
                assert found == all_, (name, found, all_)
                print(
                    f"{name:24} {number:>7,} reports | {fast:6.2f} s, every record read {slow:6.2f} s:"
                    f" {slow / fast:5.1f} × | {found} matched | 30 days of 10,000: {fast / number * 300_000:5.1f} s",
                    flush=True,
                )
        finally:
            await log.close()


def main(sizes: tuple[int, ...] = (20_000,)) -> None:
    """Print a line for each kind of query."""
    given = tuple(int(word) for word in sys.argv[1:] if word.isdigit())
    understander = Understander.load(())
    for size in given or sizes:
        asyncio.run(measure(size, understander))


if __name__ == "__main__":
    main()
