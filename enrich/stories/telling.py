"""Words for what a change brings and for why a report belongs where it was put (English, for people and logs)."""

from collections.abc import Sequence

from enrich.stories.houses import house
from enrich.stories.likeness import Likeness
from enrich.stories.standing import last_words
from enrich.stories.traits import Rolling
from schemas.materiality import Difference
from schemas.phrasing import counted, table
from schemas.report import Status
from schemas.story import Story

MOST_PARTS = 6


def what_is_new(found: Sequence[Difference], story: Story, names: Rolling) -> tuple[str, ...]:
    """The differences in words, most material first."""
    return tuple(_said(difference, story, names) for difference in found)


def _said(difference: Difference, story: Story, names: Rolling) -> str:
    new, old = difference.new, difference.old
    match difference.aspect:
        case "type":
            now = new.replace("_", " ")
            return f"{now}, after {old.replace('_', ' ')}" if old else now
        case "status":
            by = speakers(story, names)
            return f"{new}{f' by {by}' if by else ''}{f', was {old}' if old else ''}"
        case "count":
            words = table("en")
            return f"{counted(new, words)}{f', was {counted(old, words)}' if old else ''}"
        case "sources":
            newest = f", the newest {story.sources[-1]}" if story.sources else ""
            return f"{new} independent source{'s' if new != '1' else ''}{newest}"
        case aspect:
            return f"{aspect}: {names.name(new)}"


def speakers(story: Story, names: Rolling) -> str:
    """Whose last word the story's status is, outlets apart: at most three."""
    said = last_words(story.statements, names)
    saying = [voice for voice, status in said.items() if status is story.status and not voice.startswith("~")]
    return ", ".join(names.name(voice) for voice in saying[:3])


def disputes(story: Story, names: Rolling) -> str:
    """Who says so and who denies it; empty when nobody does."""
    if not story.disputed:
        return ""
    said = last_words(story.statements, names)
    denying = [_called(voice, story, names) for voice, status in said.items() if status is Status.DENIED]
    other = [
        _called(voice, story, names)
        for voice, status in said.items()
        if status in (Status.CONFIRMED, Status.CLAIMED, Status.REPORTED)
    ]
    return f"disputed: {', '.join(denying[:3])} denies what {', '.join(other[:3])} says"


def _called(voice: str, story: Story, names: Rolling) -> str:
    """A speaker's name, or an outlet's as it writes itself."""
    if not voice.startswith("~"):
        return names.name(voice)
    outlet = voice.removeprefix("~")
    return next((source for source in story.sources if house(source) == outlet), outlet or "an outlet")


def why_joined(story: Story, found: Likeness, names: Rolling) -> str:
    """`joins st_1 (23 bits of 12): North Korea, Kursk Oblast, …`."""
    if found.copy and len(found.parts) == 1:
        return f"joins {story.id}: {found.copy:.0%} of its words are those of a report there"
    return f"joins {story.id} ({found.bits:.0f} bits, {found.needed:.0f} needed): {_parts(found, names)}"


def why_apart(story: Story, found: Likeness, names: Rolling) -> str:
    """Why the nearest other story is another one."""
    shown = f"{story.id} “{story.headline[:80]}”"
    if found.veto:
        return f"not {shown}: {names.said(found.veto)}"
    return f"not {shown}: {found.bits:.0f} bits of {found.needed:.0f} ({_parts(found, names) or 'nothing shared'})"


def _parts(found: Likeness, names: Rolling) -> str:
    strongest = sorted(found.parts, key=lambda part: -abs(part[1]))[:MOST_PARTS]
    return ", ".join([f"{names.said(label)} {bits:+.1f}" for label, bits in strongest])
