"""Understanding: items a second for the whole of `understand`, language by language, and whether the cost is linear.

    python -m tests.bench.understanding

The texts are the labelled reports of `enrich/corpus`: one report is an RSS-sized item (headline and lead); an article
is reports of one language joined to about a thousand words (6,000 letters; 2,000 in Japanese, Chinese and Korean), so
far denser in events than a newspaper's. CPU seconds of one thread, after a warm-up round; words once read stay in the
caches, as in a running stage.
"""

import json
from importlib.resources import files
from itertools import cycle
from statistics import median
from time import thread_time

from enrich.understand import Understander
from schemas.item import Item

RSS_GOAL, ARTICLE_GOAL = 400, 60
DENSE = ("ja", "zh", "ko")
"""Scripts that say a thousand words in fewer letters."""


def reports(lang: str) -> list[tuple[str, str]]:
    """Headline and lead of each labelled report."""
    lines = files("enrich").joinpath("corpus", f"{lang}.jsonl").read_text("utf-8").splitlines()
    return [(record["title"], record["text"]) for record in map(json.loads, lines)]


def article(told: list[tuple[str, str]], letters: int, number: int) -> Item:
    """Reports joined until they are long enough."""
    text = ""
    rest = cycle(told)
    for _ in range(number * 7 % len(told)):
        next(rest)
    title, lead = next(rest)
    while len(text) < letters:
        text += lead + "\n"
        lead = " ".join(next(rest))
    return Item(id=f"{number}", title=title, text=text[:letters])


def rate(reader: Understander, items: list[Item]) -> float:
    """Items a CPU second."""
    for item in items:
        reader.understand(item)
    start = thread_time()
    for item in items:
        reader.understand(item)
    return len(items) / (thread_time() - start)


def main() -> None:
    """Print the table, the medians and the growth of the cost."""
    reader = Understander.load()
    langs = sorted(path.name[:2] for path in files("enrich").joinpath("corpus").iterdir() if path.name[-5:] == "jsonl")
    short, long, growth = [], [], []
    for lang in langs:
        told = reports(lang)
        items = [Item(id=f"{at}", title=title, text=text) for at, (title, text) in enumerate(told[:100])]
        letters = 2000 if lang in DENSE else 6000
        whole = rate(reader, [article(told, letters, number) for number in range(8)])
        twice = rate(reader, [article(told, 2 * letters, number) for number in range(8)])
        short.append(rate(reader, items))
        long.append(whole)
        growth.append(whole / twice)
        print(f"{lang}  {short[-1]:6.0f} reports/s  {whole:5.0f} articles/s  twice as long costs {growth[-1]:.2f}×")
    print(
        f"median {median(short):.0f} reports/s (goal {RSS_GOAL}), {median(long):.0f} articles/s (goal {ARTICLE_GOAL}),"
    )
    print(f"twice as long costs {median(growth):.2f}×")


if __name__ == "__main__":
    main()
