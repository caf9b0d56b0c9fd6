"""A steady process: what is there to stay is not looked through for garbage again and again."""

import gc
from typing import Final

SELDOM: Final = (5_000, 10, 10)
"""Thresholds of the collector. As it comes (700) a stage that holds many values spends a tenth of its time on looking
for circles that are not there, 200 ms of it at a stretch; so it is a twentieth, 60 ms at the most.
"""


def settle() -> None:
    """Count everything that lives now among what stays: to be called once the process is set up, and set up anew.

    The lexicon, the feeds and the imported modules are some hundred thousand values; each full collection of garbage
    walked through all of them, and held up the event loop for 70 ms and more.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)
