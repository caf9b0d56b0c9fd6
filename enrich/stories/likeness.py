"""How alike a report and a story are: the bits of what they share, or why they cannot be one."""

from typing import Final, NamedTuple

from enrich.stories.commonness import Commonness
from enrich.stories.evidence import Sought, signs
from enrich.stories.profile import Profile
from enrich.stories.vetoes import COPY, distance, is_copy, veto
from enrich.stories.weights import weights
from enrich.stories.wording import overlap

OF_COPY: Final = 60.0
"""Bits of a whole copy: one of half a text counts for more than all else that may be shared."""

Part = tuple[str, float]
"""What is shared (an id, or words), and its bits."""


class Likeness(NamedTuple):
    """Bits for, each with its words, and a veto where there is one."""

    bits: float = 0.0
    parts: tuple[Part, ...] = ()
    veto: str = ""
    copy: float = 0.0
    needed: float = 0.0

    @property
    def fits(self) -> bool:
        """Whether the report belongs to the story."""
        return not self.veto and self.bits >= self.needed


def likeness(sought: Sought, story: Profile, common: Commonness) -> Likeness:
    """Weigh a report against a story."""
    report = sought.traits
    same = copied(sought, story)
    gap = distance(report, story)
    told = report.kind is not None and story.kind is not None
    weighing = weights().told if told else weights().untold
    if same >= COPY and is_copy(report, story, same, gap):
        return Likeness(OF_COPY * same, (("the same words", OF_COPY * same),), copy=same, needed=weighing.needed)
    against = veto(report, story, same, gap)
    if against:
        return Likeness(veto=against, copy=same)
    found = signs(sought, story, common, gap)
    weighed = [(label, weighing.signs.get(name, 0.0) * amount) for name, label, amount in found]
    kept = tuple([part for part in weighed if abs(part[1]) >= 0.05])
    return Likeness(sum([bits for _, bits in kept]), kept, copy=same, needed=weighing.needed)


def copied(sought: Sought, story: Profile) -> float:
    """How much of the shorter text the longer repeats, at the most of the story's texts."""
    if sought.sketch.isdisjoint(story.sketched):
        return 0.0
    return max([overlap(sought.traits.sketch, sought.sketch, sketch) for sketch in story.sketches], default=0.0)
