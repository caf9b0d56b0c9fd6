"""How alike a report and a story are: the bits of what they share, or why they cannot be one.

Sharing a thing is worth what it is rare (`commonness`). Nothing is learned here; every number has its words.
"""

from typing import Final, NamedTuple

from enrich.stories.commonness import Commonness
from enrich.stories.evidence import Part, Sought, of_events, of_names, of_words
from enrich.stories.profile import Profile
from enrich.stories.vetoes import COPY, distance, is_copy, veto
from enrich.stories.wording import overlap

NEEDED: Final = 11.0
"""Bits for which two reports of events are taken as one happening."""
NEEDED_UNTOLD: Final = 12.0
"""Bits where one of them tells no event."""
QUOTED: Final = 0.15
"""Share of word triples that two texts may have in common because both quote somebody."""
MOST_WORDING: Final = 14.0
"""Bits that words can add at the most: who is farther off is not read closely."""


class Likeness(NamedTuple):
    """Bits for, each with its words, and a veto where there is one."""

    bits: float = 0.0
    parts: tuple[Part, ...] = ()
    veto: str = ""
    copy: float = 0.0
    needed: float = NEEDED

    @property
    def fits(self) -> bool:
        """Whether the report belongs to the story."""
        return not self.veto and self.bits >= self.needed


def likeness(sought: Sought, story: Profile, common: Commonness) -> Likeness:
    """Weigh a report against a story."""
    report = sought.traits
    copied = 0.0 if sought.sketch.isdisjoint(story.sketched) else _copied(sought, story)
    gap = distance(report, story)
    if copied >= COPY and is_copy(report, story, copied, gap):
        return Likeness(30 * copied, (("the same words", 30 * copied),), copy=copied)
    against = veto(report, story, copied, gap)
    if against:
        return Likeness(veto=against, copy=copied)
    told = report.kind is not None and story.kind is not None
    needed = NEEDED if told else NEEDED_UNTOLD
    parts = of_events(sought, story, common, gap)
    if not told:
        parts += of_names(sought, story, common)
    parts.append(("wording", 10 * max(0.0, copied - QUOTED)))
    if sum([bits for _, bits in parts]) + MOST_WORDING >= needed:
        parts += of_words(sought, story)
    kept = tuple([part for part in parts if abs(part[1]) >= 0.05])
    return Likeness(sum([bits for _, bits in kept]), kept, copy=copied, needed=needed)


def _copied(sought: Sought, story: Profile) -> float:
    """How much of the shorter text the longer repeats, at the most of the story's texts."""
    return max([overlap(sought.traits.sketch, sought.sketch, sketch) for sketch in story.sketches], default=0.0)
