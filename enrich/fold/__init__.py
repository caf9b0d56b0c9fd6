"""Text folding with offsets kept: the one place where words of any language are compared.

A language is a file in `enrich/lexicon/morphology/`; nothing here knows one by name.
"""

from enrich.fold.words import Fold

__all__ = ["Fold"]
