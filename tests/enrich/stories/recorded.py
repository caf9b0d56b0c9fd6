"""A stream of reports whose grouping is on record: the gold, each report retold a few times with words left out.

`python -m tests.enrich.stories.recorded` records the grouping anew: to be done when decisions are meant to change.
"""

import json
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Final

from enrich.stories import Stories
from schemas.report import Report
from tests.enrich.stories.gold import GoldNames, gold

RECORD: Final = Path(__file__).parent / "gold" / "recorded.json"
RETOLD: Final = 4
HOURS: Final = 18


def stream() -> list[Report]:
    """The reports in order of publication; those retold have other houses and no events of their own once in three."""
    chance = Random(11)
    found = [told.report for told in gold()]
    found += [_retold(report, number, chance) for report in tuple(found) for number in range(RETOLD)]
    return sorted(found, key=lambda report: (str(report.published), report.id))


def _retold(report: Report, number: int, chance: Random) -> Report:
    words = [word for word in report.text.split(" ") if chance.random() < 0.8]
    at = (report.published + timedelta(hours=HOURS * chance.random())) if report.published else None
    changed = {
        "id": f"{report.id}~{number}", "source": f"Paper {chance.randrange(60)}", "text": " ".join(words),
        "published": at, "events": report.events if chance.random() < 0.67 else (),
    }  # fmt: skip
    return report.model_copy(update=changed)


def decided(reports: list[Report]) -> list[str]:
    """Of each report: itself, its story by the report that opened it, the revision, and how much it mattered."""
    stories, opener, found = Stories(GoldNames()), dict[str, str](), list[str]()
    for report in reports:
        change = stories.add(report)
        opener.setdefault(change.story.id, report.id)
        merged = "".join(f" +{opener[other]}" for other in change.story.merged)
        story = f"{opener[change.story.id]}/{change.story.revision}"
        found.append(f"{report.id} {story} {change.materiality.value}{merged}")
    return found


if __name__ == "__main__":
    RECORD.write_text(json.dumps(decided(stream()), indent=0) + "\n", "utf-8")
