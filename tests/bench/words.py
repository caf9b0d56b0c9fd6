"""Names, numbers and dates: items a second by language, RSS-sized items and 1,000-word articles; memory; readiness.

The texts are those labelled for the tests (`tests/enrich/prose` and `named`), cut to length: some 100 words are an
item of 660 characters where words have edges, of 250 to 300 in Japanese, Chinese and Korean; the column `660 chars`
gives those languages two and a half times as much text. Processor time of one core, after a first pass that prepares
the language. `understood` has events, with the sentence model.
"""

import re
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from enrich.fold.morphology import languages
from enrich.reading import lay_open
from enrich.understand import Understander
from schemas.item import Item
from tests.enrich.labelled import PUBLISHED, texts

LONG = 660
SHORT = {"ja": 250, "zh": 250, "ko": 300}
WIDTHS = (12, 8, 12, 13, 16, 14)
_SECONDS = 0.5


def items(lang: str, length: int) -> list[Item]:
    """Different items of about `length` characters, the first sixty of them as the title."""
    whole = " ".join(
        text.item.body.strip().replace("\n", ". ") for text in (*texts("prose", lang), *texts("named", lang))
    )
    whole *= 1 + length // len(whole)
    return [
        Item(id="1", title=whole[at : at + 60], text=whole[at + 60 : at + length], lang=lang, published=PUBLISHED)
        for at in range(0, len(whole) - length + 1, length)
    ]


def rate(work: Callable[[Item], object], given: list[Item]) -> float:
    """Items a second, after one pass that is not counted."""
    for item in given:
        work(item)
    started, done = time.process_time(), 0
    while time.process_time() - started < _SECONDS:
        for item in given:
            work(item)
        done += len(given)
    return done / (time.process_time() - started)


def resident() -> int:
    """Megabytes of memory held, its peak where the system does not tell."""
    status = Path("/proc/self/status")
    told = status.read_text("ascii") if status.exists() else ""
    held = re.search(r"^VmRSS:\s+(\d+) kB", told, re.MULTILINE)
    return (int(held[1]) if held else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) // 1024


def main() -> None:
    """Print the table."""
    started = time.perf_counter()
    understander = Understander.load()
    sys.stdout.write(f"ready in {time.perf_counter() - started:.2f} s\n")
    sys.stdout.write("lang  laid open/s   read/s  660 chars/s  understood/s  articles read/s  first item ms\n")
    for lang in sorted(languages()):
        short = items(lang, SHORT.get(lang, LONG))
        begun = time.process_time()
        understander.read(short[0])
        first = (time.process_time() - begun) * 1000
        rates = [rate(work, short) for work in (lay_open, understander.read)]
        rates.append(rate(understander.read, items(lang, LONG)) if lang in SHORT else rates[1])
        rates.append(rate(understander.understand, short))
        article = rate(understander.read, items(lang, 10 * SHORT.get(lang, LONG)))
        row = (f"{number:{width}.0f}" for number, width in zip((*rates, article, first), WIDTHS, strict=True))
        sys.stdout.write(f"{lang:4} {' '.join(row)}\n")
    understander.lookup("Москва")
    sys.stdout.write(f"{resident()} MB resident with every language and the sentence model loaded\n")


if __name__ == "__main__":
    main()
