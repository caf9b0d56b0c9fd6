"""Events: who did what to whom, where, how many, who says so, and is it so?"""

from enrich.events.lexicon import SHIPPED, EventLexicon, load
from enrich.events.reader import EventReader
from enrich.events.weighing import Candidate

__all__ = ["SHIPPED", "Candidate", "EventLexicon", "EventReader", "load"]
