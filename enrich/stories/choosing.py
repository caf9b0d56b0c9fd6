"""Which open story a report belongs to, which other one it fits as well, and which came nearest without fitting."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from enrich.stories.commonness import Commonness
from enrich.stories.evidence import Sought
from enrich.stories.likeness import Likeness, likeness
from enrich.stories.openstory import OpenStory
from enrich.stories.traits import Traits

Candidate = tuple[int, OpenStory]


@dataclass(frozen=True, slots=True)
class Choice:
    """The outcome: handles of stories, with how alike they are."""

    best: int | None = None
    likeness: Likeness = field(default_factory=Likeness)
    rival: int | None = None
    """Another story that it fits as well: perhaps the two are one."""
    nearest: int | None = None
    """The nearest story that it does not join."""
    apart: Likeness = field(default_factory=Likeness)


def choose(report: Traits, candidates: Sequence[Candidate], common: Commonness) -> Choice:
    """Weigh a report against candidates, likeliest first. Ties go to the elder story."""
    sought = Sought.of(report, common)
    weighed = [(likeness(sought, one.profile(), common), handle) for handle, one in candidates]
    fitting = sorted((entry for entry in weighed if entry[0].fits), key=lambda entry: (-entry[0].bits, entry[1]))
    best = fitting[0] if fitting else None
    others = [entry for entry in weighed if entry is not best]
    nearest = max(others, key=lambda entry: entry[0].bits, default=None)
    return Choice(
        best=best[1] if best else None,
        likeness=best[0] if best else Likeness(),
        rival=fitting[1][1] if len(fitting) > 1 else None,
        nearest=nearest[1] if nearest else None,
        apart=nearest[0] if nearest else Likeness(),
    )


def is_one(story: OpenStory, other: OpenStory, common: Commonness) -> bool:
    """Whether two stories are one: every sampled member of the one fits the other, and the other way round."""
    return _all_fit(story, other, common) and _all_fit(other, story, common)


def _all_fit(story: OpenStory, other: OpenStory, common: Commonness) -> bool:
    profile = other.profile()
    members = list(story.members.values())
    sample = {member.report: member for member in (members[0], members[len(members) // 2], members[-1])}
    return all(likeness(Sought.of(member, common), profile, common).fits for member in sample.values())
