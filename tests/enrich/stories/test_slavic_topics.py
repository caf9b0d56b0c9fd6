"""Reports of different topics are never one story, however many names, places and sentences they share."""

from collections import defaultdict

import pytest

from enrich.stories import Stories
from enrich.understand import Understander
from tests.enrich.stories.slavic_topics import languages, mixed, news


def grouped(each: int, seed: int) -> list[tuple[str, str]]:
    """(topic, story) of every report, as our own reader understands it."""
    reader = Understander.load(())
    stories, homes, topics, alias = Stories(reader), dict[str, str](), dict[str, str](), dict[str, str]()
    for topic, item in news(each, seed):
        change = stories.add(reader.understand(item))
        homes[item.id], topics[item.id] = change.story.id, topic
        alias |= dict.fromkeys(change.story.merged, change.story.id)
    return [(topics[item], alias.get(story, story)) for item, story in homes.items()]


def test_half_of_the_languages_have_no_lexicon() -> None:
    assert {"bg", "cs", "hr", "sl", "sr"} <= set(languages())


def test_topics_are_not_merged_in_languages_known_and_unknown() -> None:
    assert mixed(grouped(each=1, seed=1)) == {}


@pytest.mark.long
def test_many_reports_of_eight_topics_are_not_merged() -> None:
    found = grouped(each=12, seed=6)
    assert mixed(found) == {}
    sizes: defaultdict[str, int] = defaultdict(int)
    for _, story in found:
        sizes[story] += 1
    assert max(sizes.values()) > 20, "nothing is gained by leaving every report alone"
