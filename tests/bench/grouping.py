"""Grouping: BCubed on the gold stories by ours and by three common ways, each of those at its best cut.

All see the same reports in order of publication. Ours is given once perfectly understood reports and once what our own
reader makes of the texts. The others are single-pass clustering (a report joins the open group it is most like on
average, if that is above the cut) over likeness of headline words, of tf-idf n-grams and of sentence embeddings; their
cuts are chosen on this very gold, which flatters them, and ours are not chosen anew.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from enrich.semantic.encoder import SentenceEncoder
from enrich.stories import Stories
from enrich.stories.wording import words
from enrich.understand import Understander
from schemas.door import item_of
from schemas.item import Item
from schemas.ports import Names
from schemas.report import Report
from tests.enrich.stories.bcubed import across, bcubed
from tests.enrich.stories.gold import GoldNames, gold

Likeness = NDArray[np.float32]
"""Item × item."""
Grouping = Mapping[str, str]
WINDOW_DAYS = 10
LEAD = 200
LEAST_PAIR = 6
"""Reports that have a companion in the other language, for a pair of languages to be shown."""
CUTS = tuple(cut / 50 for cut in range(2, 48))


class Labelled:
    """Items with the story of each."""

    def __init__(self, items: Sequence[Item], story: Grouping) -> None:
        self.items = sorted(items, key=lambda item: (str(item.published), item.id))
        self.story = story
        self.langs = {item.id: item.lang or "" for item in items}


def ours(reports: Sequence[Report], names: Names) -> Grouping:
    """Report → story, stories found to be one taken together."""
    stories, homes, alias = Stories(names), dict[str, str](), dict[str, str]()
    for report in reports:
        change = stories.add(report)
        homes[report.id] = change.story.id
        alias |= dict.fromkeys(change.story.merged, change.story.id)
    return {report: alias.get(home, home) for report, home in homes.items()}


def title_overlap(items: Sequence[Item]) -> Likeness:
    """Shared words of two headlines, of all their words."""
    spoken = [frozenset(words(item.title)) for item in items]
    rows = [[len(one & other) / max(1, len(one | other)) for other in spoken] for one in spoken]
    return np.asarray(rows, dtype=np.float32)


def tfidf(items: Sequence[Item]) -> Likeness:
    """Cosine of character n-grams of title and text, weighed over this set."""
    told = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True).fit_transform(
        f"{item.title}\n{item.text}" for item in items
    )
    found: Likeness = (told @ told.T).toarray().astype(np.float32)
    return found


def embeddings(items: Sequence[Item]) -> Likeness:
    """Cosine of the sentence vectors of headline and lead."""
    told = SentenceEncoder().encode([f"{item.title}. {item.text[:LEAD]}" for item in items])
    found: Likeness = told @ told.T
    return found


def single_pass(items: Sequence[Item], alike: Likeness, cut: float) -> Grouping:
    """Each joins the group of the last days it is most like on average, or opens one."""
    groups: list[list[int]] = []
    for number, item in enumerate(items):
        near = [group for group in groups if _is_near(items[group[-1]], item)]
        best = max(near, key=lambda group: float(alike[number, group].mean()), default=None)
        if best is not None and alike[number, best].mean() >= cut:
            best.append(number)
        else:
            groups.append([number])
    return {items[one].id: str(name) for name, group in enumerate(groups) for one in group}


def _is_near(old: Item, new: Item) -> bool:
    return not old.published or not new.published or (new.published - old.published).days < WINDOW_DAYS


def compared(given: Labelled) -> Iterator[tuple[str, Grouping]]:
    """Each of the common ways at the cut that scores best."""
    for name, way in (("title words", title_overlap), ("tf-idf", tfidf), ("embeddings", embeddings)):
        alike = way(given.items)
        tried = ((cut, single_pass(given.items, alike, cut)) for cut in CUTS)
        cut, best = max(tried, key=lambda pair: bcubed(given.story, pair[1]).f1)
        yield f"{name} (cut {cut:.2f})", best


def of_pairs(given: Labelled, found: Grouping) -> Iterator[str]:
    """Of each pair of languages that tell stories together: BCubed between the two, with the number of reports."""
    pairs = {
        tuple(sorted((given.langs[one.id], given.langs[other.id])))
        for one, other in combinations(given.items, 2)
        if given.story[one.id] == given.story[other.id]
    }
    for first, second in sorted(pairs):
        ids = [item.id for item in given.items if given.langs[item.id] in (first, second)]
        story, groups = ({id: labels[id] for id in ids} for labels in (given.story, found))
        score = bcubed(story, groups) if first == second else across(story, groups, given.langs)
        if score.items >= LEAST_PAIR:
            yield f"{first}-{second} P {score.precision:.2f} R {score.recall:.2f} F1 {score.f1:.2f} ({score.items})"


def said(name: str, given: Labelled, found: Grouping) -> None:
    """One line of the table."""
    print(f"{name:32} all {bcubed(given.story, found)}   across {across(given.story, found, given.langs)}", flush=True)


def from_gold() -> Labelled:
    """The gold of the tests."""
    return Labelled([told.item for told in gold()], {told.item.id: told.story for told in gold()})


def from_files(paths: Sequence[str]) -> Labelled:
    """Other labelled reports: JSON lines of items with `id` and `story`; one without `story` is alone in its own."""
    rows: list[dict[str, Any]] = [
        json.loads(row) for path in paths for row in Path(path).read_text("utf-8").splitlines()
    ]
    known = Item.model_fields
    items = [item_of({key: value for key, value in row.items() if key in known}) for row in rows]
    return Labelled(items, {row["id"]: row.get("story") or f"alone {row['id']}" for row in rows})


def main() -> None:
    """Print the table; with files of labelled reports as arguments, of those instead of the gold."""
    given = from_files(sys.argv[1:]) if sys.argv[1:] else from_gold()
    stories, langs = len(set(given.story.values())), len(set(given.langs.values()))
    print(f"{len(given.items)} reports, {stories} stories, {langs} languages")
    if not sys.argv[1:]:
        perfect = {told.item.id: told.report for told in gold()}
        said("ours, perfectly understood", given, ours([perfect[item.id] for item in given.items], GoldNames()))
    reader = Understander.load(())
    found = ours([reader.understand(item) for item in given.items], reader)
    said("ours, read by our reader", given, found)
    for name, grouping in compared(given):
        said(name, given, grouping)
    print("by pairs of languages, ours, read by our reader:", *of_pairs(given, found), sep="\n  ")


if __name__ == "__main__":
    main()
