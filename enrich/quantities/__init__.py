"""Quantities: numbers with what they count, in every language, and how sure the text is of them."""

from enrich.quantities.counting import Counter

__all__ = ["Counter"]
