"""Grouping: reports of eight topics that share people, places and sentences, in eight Slavic languages.

How many groups mix topics, and what share of the pairs that were put together is of one topic; ours beside the common
ways at the cuts that serve the gold best (`grouping`). Once as it is, and once where a fifth of the reports quotes a
whole sentence of another topic. Ours reads all texts first; that is not timed.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping

from enrich.stories import Stories
from enrich.understand import Understander
from schemas.item import Item
from tests.bench.grouping import embeddings, single_pass, tfidf, title_overlap
from tests.enrich.stories.slavic_topics import languages, mixed, news

EACH = 8
CUTS = ((title_overlap, "title words", 0.04), (tfidf, "tf-idf", 0.14), (embeddings, "embeddings", 0.48))


def ours(items: list[Item], reader: Understander) -> Mapping[str, str]:
    """Item → story."""
    stories, homes, alias = Stories(reader), dict[str, str](), dict[str, str]()
    for item in items:
        change = stories.add(reader.understand(item))
        homes[item.id] = change.story.id
        alias |= dict.fromkeys(change.story.merged, change.story.id)
    return {item: alias.get(story, story) for item, story in homes.items()}


def said(name: str, topics: Mapping[str, str], found: Mapping[str, str]) -> None:
    """One line."""
    groups: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for item, group in found.items():
        groups[group][topics[item]] += 1
    pairs = sum(n * (n - 1) // 2 for group in groups.values() for n in (group.total(),))
    right = sum(n * (n - 1) // 2 for group in groups.values() for n in group.values())
    wrong = len(mixed((topics[item], group) for item, group in found.items()))
    share = f"{right / max(1, pairs):.3f} of pairs of one topic"
    print(f"  {name:12} {len(groups):4} groups, {wrong:3} of several topics; {share}", flush=True)


def main() -> None:
    """Both sets, every way."""
    reader = Understander.load(())
    for aside in (0.0, 0.2):
        told = list(news(EACH, 6, aside))
        items, topics = [item for _, item in told], {item.id: topic for topic, item in told}
        print(f"{len(items)} reports, 8 topics, {len(languages())} languages, {aside:.0%} quote another topic")
        said("ours", topics, ours(items, reader))
        for way, name, cut in CUTS:
            said(name, topics, single_pass(items, way(items), cut))


if __name__ == "__main__":
    main()
