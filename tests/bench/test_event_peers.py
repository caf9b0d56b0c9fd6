"""The peers' set is whole, and all readers are held to one ruler."""

from collections import Counter

from schemas.item import Item
from schemas.report import EVENT_TYPES
from tests.bench.event_peers import Text, english, keywords, our_words, patterns, scored


def test_every_type_is_told_plainly_once_and_some_are_told_again() -> None:
    fresh = [text for text in english() if text.set == "fresh"]
    assert Counter(text.types[0] for text in fresh if not text.oblique) == Counter(EVENT_TYPES)
    assert sum(text.oblique for text in fresh) == 21
    assert len({text.item.id for text in english()}) == len(english())


def test_the_peers_look_for_every_type_by_words_and_by_rules() -> None:
    assert set(patterns()) == set(EVENT_TYPES)
    assert all(one["keywords"] and one["verbs"] and one["nouns"] and one["phrases"] for one in patterns().values())
    read = keywords({kind: one["keywords"] for kind, one in patterns().items()})
    assert read(Item(id="1", title="Riots in Lima", text="Police arrested nine."))[:2] == ["riot", "arrest"]


def test_our_words_alone_find_what_they_say() -> None:
    assert "earthquake" in Item(id="1", title="An earthquake in Chile").body
    assert "natural_disaster" in keywords(our_words())(Item(id="1", title="An earthquake in Chile"))


def test_the_columns_count_each_set_for_itself() -> None:
    texts = [
        Text(Item(id="1"), ("riot",), False, "fresh"),
        Text(Item(id="2"), ("riot",), True, "fresh"),
        Text(Item(id="3"), ("coup", "riot"), False, "blind"),
        Text(Item(id="4"), (), False, "blind"),
        Text(Item(id="5"), (), False, "ordinary"),
    ]
    told = scored(texts, {"1": ["arrest", "riot"], "2": [], "3": ["riot"], "4": ["coup"], "5": []})
    assert told == {
        "plain": "1.00 (1/1)", "oblique": "0.00 (0/1)", "blind": "0.00 (0/1)", "main": "0.33 (1/3)",
        "alarms, blind": "1.00 (1/1)", "alarms, ordinary": "0.00 (0/1)",
    }  # fmt: skip
