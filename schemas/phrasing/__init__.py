"""Facts to words in a reader's language: headlines and the fixed phrases, from one table a language.

A language is one YAML file beside this one. Only facts are phrased; nothing here repeats or translates feed text.
A language without a table is phrased in English.
"""

from schemas.phrasing.headline import headline, sentence
from schemas.phrasing.numbers import counted, quantity
from schemas.phrasing.tables import Table, languages, table

__all__ = ["Table", "counted", "headline", "languages", "quantity", "sentence", "table"]
