"""Packed postings answer like a dictionary of lists."""

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from enrich.postings import Notes


@given(st.lists(st.tuples(st.text(max_size=3), st.integers(0, 1000))), st.text(max_size=3))
def test_every_key_gives_its_numbers_in_the_order_they_were_noted(pairs: list[tuple[str, int]], other: str) -> None:
    notes, expected = Notes(), defaultdict(list)
    for key, number in pairs:
        notes.add(key, number)
        expected[key].append(number)
    postings = notes.packed()
    for key in (*expected, other):
        assert list(postings.of(key)) == expected.get(key, [])
