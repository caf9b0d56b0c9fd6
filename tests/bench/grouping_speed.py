"""Grouping: reports a second and memory while the window fills, up to 200,000 reports (or the number given).

Made-up news: each happening is told by a few papers, sooner or later, each with most of its words; all fall into the
window of one happening type that lasts. Only `Stories.add` is timed, in processor time of one core, in a process as
settled as the daemon, a thousand reports at a time: what makes them up would else push what grouping holds out of the
processor's caches. The rate of the last rows over that of the first is what the size of the window costs.
"""

import random
import resource
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from os import getloadavg
from time import process_time

from enrich.stories import Stories
from schemas.report import Report
from tests.bench.newsworld import LANGS, World
from tests.enrich.stories.gold import GoldNames
from tocsin.steady import settle

START = datetime(2026, 5, 4, tzinfo=UTC)
WINDOW = timedelta(days=9)
TOLD = 4.0
"""Reports of a happening, on average."""
OWN_WORDS = 30
OWN_SHARE = 0.15
"""Words and figures that tell a happening from others of its topic, and how much of a text they are."""
UNDER_WAY = 400
BATCH = 1_000
STEPS = (2_000, 10_000, 50_000, 100_000, 200_000)
WORLD_OUTPUT = 1_000_000
"""Articles a day: a round figure of the order of what the large public monitors of world news say they take in."""


def reports(most: int, seed: int = 7) -> Iterator[Report]:
    """Reports of happenings, in order of publication."""
    world, chance = World(seed), random.Random(seed)
    under_way: list[Report] = []
    for number in range(most):
        if len(under_way) < UNDER_WAY or chance.random() < 1 / TOLD:
            under_way.append(happening(world, number, chance))
            if len(under_way) > UNDER_WAY:
                del under_way[chance.randrange(UNDER_WAY // 2)]
        told = under_way[-1] if chance.random() < 1 / TOLD else chance.choice(under_way)
        yield retold(told, chance, number, START + WINDOW * (number / most))


def happening(world: World, number: int, chance: random.Random) -> Report:
    """Something new; two of three with an event."""
    base = world.report(number)
    events = base.events[:2]
    main = [event.model_copy(update={"main": place == 0}) for place, event in enumerate(events)]
    own = [chance.choice(world.words) for _ in range(OWN_WORDS)] + [str(chance.randrange(11, 5000)) for _ in range(2)]
    words = [chance.choice(own) if chance.random() < OWN_SHARE else word for word in base.text.split()]
    return base.model_copy(update={"events": tuple(main), "lang": chance.choice(LANGS), "text": " ".join(words)})


def retold(told: Report, chance: random.Random, number: int, at: datetime) -> Report:
    """As another paper tells it: words moved about and a third of them left out."""
    words = [word for word in told.text.split() if chance.random() < 0.67]
    at_word = chance.randrange(len(words))
    words = words[at_word:] + words[:at_word]
    return told.model_copy(
        update={
            "id": f"r{number}", "title": " ".join(words[:9]), "text": " ".join(words[9:]), "published": at,
            "source": f"Paper {chance.randrange(3_000)}",
        }
    )  # fmt: skip


def resident() -> float:
    """Peak of the process, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print a row a step."""
    most = int(sys.argv[1]) if sys.argv[1:] else STEPS[-1]
    stories, spent, since = Stories(GoldNames()), 0.0, 0
    source, first = reports(most), 0.0
    settle()
    empty = resident()
    number = 0
    while batch := list(islice(source, BATCH)):
        number += len(batch)
        began = process_time()
        for report in batch:
            stories.add(report)
        spent += process_time() - began
        if number not in STEPS and number != most:
            continue
        rate = (number - since) / spent
        first = first or rate
        grown = (resident() - empty) * 1024
        print(
            f"{number:7} reports, {len(stories):6} open stories: {rate:6.0f} reports/s, {rate / first:.2f} of the first"
            f"; {grown / len(stories):5.1f} kB a story, {grown / number:5.1f} kB a report; load {getloadavg()[0]:.0f}",
            flush=True,
        )
        spent, since = 0.0, number
    print(f"{rate * 86400 / 1e6:.0f} million reports a day, {rate * 86400 / WORLD_OUTPUT:.0f} times {WORLD_OUTPUT:,}")


if __name__ == "__main__":
    main()
