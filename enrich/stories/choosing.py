"""Which open story a report belongs to, which other one it fits as well, and which came nearest without fitting."""

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import Final, NamedTuple

from enrich.stories.evidence import Sought
from enrich.stories.likeness import Likeness, likeness
from enrich.stories.profile import Profile
from enrich.stories.shelf import Shelf

NEARLY: Final = 0.7
"""Of the bits needed, what two stories must share by themselves when one report fits both."""

FORMULA: Final = 3
"""Stories in which a row of words stands before it is taken for a formula: a footer, the usual background."""


class Choice(NamedTuple):
    """The outcome: handles of stories, with how alike they are."""

    best: int | None = None
    likeness: Likeness = Likeness()
    rival: int | None = None
    """Another story that it fits as well: perhaps the two are one."""
    nearest: int | None = None
    """The nearest story that it does not join."""
    apart: Likeness = Likeness()


def choose(sought: Sought, shelf: Shelf, *, apart_from: int | None = None) -> Choice:
    """Weigh a report against the stories it may belong to. Ties go to the elder story."""
    profiles = [(shelf.profile(handle), handle) for handle in shelf.candidates(sought) if handle != apart_from]
    sought = _without_formulas(sought, [profile for profile, _ in profiles])
    weighed = [(likeness(sought, profile, shelf.common), handle) for profile, handle in profiles]
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


def _without_formulas(sought: Sought, stories: Sequence[Profile]) -> Sought:
    """Words in a row that stand in several stories are a formula of the house, and make no text a copy."""
    shared = [rows for story in stories if (rows := sought.sketch & story.sketched)]
    if len(shared) < FORMULA:
        return sought
    told = Counter(chain.from_iterable(shared))
    formulas = {triple for triple, stories_with_it in told.items() if stories_with_it >= FORMULA}
    return sought._replace(sketch=sought.sketch - formulas) if formulas else sought


def is_one(story: int, other: int, shelf: Shelf) -> bool:
    """Whether two stories that one report fits are one: nothing speaks against it, and they are nearly alike anyway."""
    return _all_fit(story, other, shelf) and _all_fit(other, story, shelf)


def _all_fit(story: int, other: int, shelf: Shelf) -> bool:
    profile = shelf.profile(other)
    members = list(shelf.stories[story].members.values())
    sample = {member.report: member for member in (members[0], members[len(members) // 2], members[-1])}
    found = (likeness(Sought.of(member, shelf.common), profile, shelf.common) for member in sample.values())
    return all(not one.veto and one.bits >= NEARLY * one.needed for one in found)
