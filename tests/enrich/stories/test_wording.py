"""Words as numbers: stems, roots across alphabets, figures, and sketches that know a copy."""

from hypothesis import given
from hypothesis import strategies as st

from enrich.stories.wording import SKETCH, figures, overlap, root, sketch, stem, words

TEXT = (
    "The troops crossed the border by night and were seen at the station early next morning by travellers who "
    "waited for the first train, a railwayman said; nobody knew where they were going or for how long."
)


def alike(one: str, other: str) -> float:
    ours, theirs = sketch(words(one)), sketch(words(other))
    return overlap(ours, frozenset(ours), theirs)


def test_a_copy_is_known_and_so_is_its_beginning() -> None:
    assert alike(TEXT, TEXT) == 1.0
    assert alike(TEXT, TEXT[:120]) > 0.7
    assert alike(TEXT, TEXT + " " + TEXT.replace("troops", "guests")) > 0.5


def test_other_words_are_no_copy() -> None:
    assert (
        alike(TEXT, "Quite another matter: the choir of the town sang in the hall and all were pleased with it.") == 0.0
    )
    assert alike("Two words", "Two words") == 0.0


def test_rewrites_lie_between() -> None:
    assert 0.0 < alike(TEXT, TEXT.replace("railwayman", "porter").replace("travellers", "people")) < 1.0


def test_inflected_words_share_their_stem() -> None:
    assert stem("солдаты") == stem("солдатами")
    assert stem("والوزير") == stem("الوزير") == stem("وزير")
    assert stem("대통령은") == stem("대통령이")
    assert stem("and") == stem("2026") == 0


def test_roots_agree_across_alphabets() -> None:
    assert root("навроцький") == root("nawrocki") != 0
    assert root("санкции") == root("sankcije") == root("sankcji")
    assert root("тернополю") == root("ternopil")
    assert root("صاروخ") == root("dog") == 0


def test_figures_are_read_however_they_are_parted() -> None:
    assert figures("1,968 men, 1 968 Mann, 1.968 hombres, ١٩٦٨") == {"1968"}
    assert figures("50,9 % and 50.9%") == {"50.9"}
    assert figures("in 2026, on May 7, an F16 and a Mi24b") == set()


def test_han_is_cut_into_pairs() -> None:
    assert words("停火生效") == ["停火", "火生", "生效"]


@given(st.text(max_size=400))
def test_any_text_has_words_and_a_bounded_sketch(text: str) -> None:
    spoken = words(text)
    made = sketch(spoken)
    assert len(made) <= SKETCH
    assert list(made) == sorted(set(made))
    assert all(0 <= stem(word) < 2**32 and 0 <= root(word) < 2**32 for word in spoken)
    assert 0.0 <= overlap(made, frozenset(made), made) <= 1.0
    figures(text)
