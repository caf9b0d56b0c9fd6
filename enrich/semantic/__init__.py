"""The semantic reader: what a report is about by its whole wording, beside the patterns that read it word by word.

It fills no slot itself (the patterns' grammar does, from the headline) and silences nothing. Together with the
patterns it makes one confidence: agreement is strong, a reading of its own is offered below `schemas.report.SURE`, a
doubt lowers the confidence and says so.
"""

from enrich.semantic.both import TwoReaders
from enrich.semantic.model import Guess, SemanticReader

__all__ = ["Guess", "SemanticReader", "TwoReaders"]
