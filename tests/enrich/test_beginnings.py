from enrich.beginnings import Second, beginnings
from enrich.fold import Fold

WORDS = Fold().tokens("in the far north of it", "en")


def test_a_phrase_is_told_only_where_its_second_word_follows() -> None:
    begun = beginnings([("in the north", Second({"the"})), ("in", None), ("in a word", Second({"a"}))])
    assert begun.on(WORDS, 1) == ["in the north", "in"]


def test_terms_come_in_the_order_in_which_they_were_told() -> None:
    begun = beginnings([("c", Second({"the"})), ("b", None), ("a", Second({"the"}))])
    assert begun.on(WORDS, 1) == ["c", "b", "a"]


def test_a_term_of_one_word_needs_nothing_after_it() -> None:
    begun = beginnings([("it", None), ("it is", Second({"is"}))])
    assert list(begun.on(WORDS, len(WORDS))) == ["it"]


def test_what_no_key_tells_may_always_go_on() -> None:
    assert beginnings([("in n*", Second())]).on(WORDS, 1) == ["in n*"]


def test_the_word_after_a_gap_may_stand_as_far_off_as_the_gap_is_wide() -> None:
    begun = beginnings([("in … north", Second({"north"}, gap=True))])
    assert begun.on(WORDS, 1, 2) == ["in … north"]
    assert not begun.on(WORDS, 1, 1)
