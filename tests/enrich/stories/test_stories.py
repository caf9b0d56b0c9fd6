"""Which reports become one story, and what each of them changes."""

from enrich.stories import Stories
from schemas.report import Status
from schemas.story import Materiality
from tests.enrich.stories.world import FewNames, deployment, event, report


def test_two_reports_of_one_happening_are_one_story() -> None:
    stories = Stories(FewNames())
    first = stories.add(deployment("a", lang="ko"))
    second = stories.add(deployment("b", hours=3, lang="ar"))
    assert first.opens
    assert not second.opens
    assert first.story.id == second.story.id
    assert (second.story.revision, second.story.reports) == (2, 2)
    assert second.story.languages == ("ko", "ar")


def test_a_denial_that_becomes_a_confirmation_is_most_material() -> None:
    stories = Stories(FewNames())
    stories.add(deployment("a", Status.DENIED))
    change = stories.add(deployment("b", Status.CONFIRMED, hours=2))
    assert change.materiality is Materiality.M3
    assert change.story.status is Status.CONFIRMED


def test_the_same_actors_elsewhere_are_another_story() -> None:
    stories = Stories(FewNames())
    north = stories.add(deployment("a"))
    kenya = stories.add(report("b", event(actors=("KE",), targets=("HT",), places=("HT",))))
    assert north.story.id != kenya.story.id
    assert kenya.joined


def test_a_report_that_tells_no_event_has_a_story_of_its_own() -> None:
    change = Stories(FewNames()).add(report("a", title="Nothing much"))
    assert change.opens
    assert change.story.type is None
    assert change.story.headline == "Nothing much"


def test_a_back_fill_opens_a_story_and_is_not_live() -> None:
    change = Stories(FewNames()).add(deployment("a", alertable=False))
    assert not change.alertable
    assert not change.live


def test_no_story_is_built_on_what_is_only_proposed() -> None:
    change = Stories(FewNames()).add(report("a", event("coup", confidence=0.4), title="He left under escort"))
    assert change.story.type is None
    assert change.story.headline == "He left under escort"
