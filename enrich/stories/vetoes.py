"""What cannot differ within one happening: the day of a strike, the town, who struck whom, news and history."""

from collections.abc import Iterable
from typing import Final

from enrich.stories.kinds import kinds, window
from enrich.stories.profile import Profile
from enrich.stories.traits import Traits

COPY: Final = 0.55
"""Share of word triples from which a text is a copy or a rewrite."""
TWIN: Final = 0.9
"""… from which it is the same text, whatever else differs."""
MOULD: Final = 0.2
"""… from which two texts may come from one mould."""


def distance(report: Traits, story: Profile) -> float | None:
    """Days between a report and the nearest end of a story's time; 0 within it; None when either is undated."""
    if report.at is None or story.first is None or story.last is None:
        return None
    return max(0.0, story.first - report.at, report.at - story.last)


def is_copy(report: Traits, story: Profile, copied: float, gap: float | None) -> bool:
    """Texts from a mould (`air defence shot down 74 drones last night`) are no copies on another day or elsewhere."""
    if gap is not None and gap > window(None):
        return False
    if copied >= TWIN and (gap is None or gap < 1.0):
        return True
    if apart(report.when, story.when) > 0 or (gap or 0.0) > 2.0 or _other_event(report, story):
        return False
    return not (report.figures and story.figures and report.figures.isdisjoint(story.figures.keys())) or copied >= TWIN


def veto(report: Traits, story: Profile, copied: float, gap: float | None) -> str:
    """Why a report cannot be of a story, in words with ids; empty when it can."""
    return (
        _mould(report, story, copied, gap)
        or _other_time(report, story, gap)
        or ("a round-up of many events" if report.roundup else "")
        or _other_event(report, story)
    )


def _mould(report: Traits, story: Profile, copied: float, gap: float | None) -> str:
    """Daily texts with other numbers: the weather, the exchange rates, the drones of last night."""
    if copied < MOULD or gap is None or gap < 0.4 or not report.figures or not story.figures:
        return ""
    shared = len(report.figures & story.figures.keys()) / min(len(report.figures), len(story.figures))
    return "from the same mould, with other numbers" if shared < 0.3 else ""


def _other_time(report: Traits, story: Profile, gap: float | None) -> str:
    if report.current != story.current:
        return "one is history, the other news"
    if gap is not None and gap > window(story.kind or report.kind):
        return f"{gap:.0f} days apart"
    return ""


def _other_event(report: Traits, story: Profile) -> str:
    if report.kind is None or story.kind is None or {report.kind, story.kind} & kinds().wide:
        return ""
    return _other_place(report, story) or _other_people(report, story) or _other_day(report, story)


def _other_place(report: Traits, story: Profile) -> str:
    if report.kind not in kinds().placed and story.kind not in kinds().placed:
        return ""
    if elsewhere(report, story):
        return f"in {_few(report.spots)}, not in {_few(story.spots)}"
    if report.lands and story.lands and report.lands.isdisjoint(story.lands) and not _lands_meet(report, story):
        return f"in {_few(report.lands)}, not in {_few(story.lands)}"
    return ""


def elsewhere(report: Traits, story: Profile) -> bool:
    """Whether both name places and none is, or lies in, one of the other's."""
    if not report.spots or not story.spots:
        return False
    return (report.spots | report.around).isdisjoint(story.spots) and story.around.isdisjoint(report.spots)


def _lands_meet(report: Traits, story: Profile) -> bool:
    """Whether the country of the one takes part in the other: readers of texts mix up where and who."""
    return not (report.lands.isdisjoint(story.who) and story.lands.keys().isdisjoint(report.who))


def _other_people(report: Traits, story: Profile) -> str:
    everyone, places = story.who, frozenset(story.lands)
    if not report.who or not everyone:
        return ""
    if (report.who | report.lands).isdisjoint(everyone | places):
        return f"of {_few(report.who)}, not of {_few(everyone)}"
    if report.kind in kinds().directed and story.kind in kinds().directed and _is_reversed(report, story):
        return f"by {_few(report.actors)} on {_few(report.targets)}, not the other way round"
    return ""


def _is_reversed(report: Traits, story: Profile) -> bool:
    return bool(
        report.actors & story.targets.keys()
        and report.targets & story.actors.keys()
        and report.actors.isdisjoint(story.actors)
    )


def _other_day(report: Traits, story: Profile) -> str:
    if report.kind in kinds().moments and apart(report.when, story.when) > 1:
        return "on another day"
    return ""


def apart(one: tuple[float, float] | None, other: tuple[float, float] | None) -> float:
    """Days between two spans of days; 0 when they meet or one is unknown."""
    if one is None or other is None:
        return 0.0
    return max(0.0, one[0] - other[1], other[0] - one[1])


def _few(keys: Iterable[str]) -> str:
    return ", ".join(sorted(keys)[:3])
