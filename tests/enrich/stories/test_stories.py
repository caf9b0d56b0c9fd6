"""Which reports become one story, and what each of them changes."""

from datetime import timedelta
from typing import Any

from enrich.stories import Stories
from schemas.report import Status
from schemas.story import Change, Materiality
from tests.enrich.stories.memory import MemoryUnit
from tests.enrich.stories.world import NOON, FewNames, claim, count, deployment, event, report


def stories(most: int = 1000) -> Stories:
    return Stories(FewNames(), most)


def test_two_reports_of_one_happening_are_one_story() -> None:
    known = stories()
    first = known.add(deployment("a", lang="ko"))
    second = known.add(deployment("b", hours=3, lang="ar"))
    assert first.opens
    assert not second.opens
    assert first.story.id == second.story.id
    assert (second.story.revision, second.story.reports) == (2, 2)
    assert second.story.languages == ("ko", "ar")
    assert second.id == f"{first.story.id}/2"


def test_a_change_says_why_the_report_joined_and_what_it_did_not_join() -> None:
    known = stories()
    known.add(report("x", event("sanctions", actors=("US",), targets=("KP",), places=("KP",))))
    known.add(deployment("a"))
    joined = known.add(deployment("b", hours=1)).joined
    assert "joins st_" in joined
    assert "Kursk Oblast" in joined
    assert "bits" in joined
    assert "not st_" in joined


def test_a_denial_that_becomes_a_confirmation_is_most_material() -> None:
    known = stories()
    known.add(deployment("a", Status.DENIED, said=("KP",)))
    change = known.add(deployment("b", Status.CONFIRMED, hours=2, said=("KP",)))
    assert change.materiality is Materiality.M3
    assert change.story.status is Status.CONFIRMED
    assert change.what[0] == "confirmed by North Korea, was denied"


def test_a_count_that_moved_is_told_with_the_old_one() -> None:
    known = stories()
    known.add(deployment("a", soldiers=10000))
    change = known.add(deployment("b", hours=2, soldiers=14000))
    assert change.materiality is Materiality.M2
    assert "10,000–14,000 soldiers, was 10,000 soldiers" in change.what
    assert change.story.quantities[0].value == 14000


def test_a_further_house_is_a_further_source_and_little_else() -> None:
    known = stories()
    known.add(deployment("a", source="Paper One"))
    change = known.add(deployment("b", hours=1, source="Paper Two"))
    assert change.materiality is Materiality.M1
    assert change.what == ("2 independent sources, the newest Paper Two",)


def test_editions_of_one_house_are_one_source() -> None:
    known = stories()
    known.add(deployment("a", source="Example News Arabic", text="Words of our own."))
    change = known.add(deployment("b", hours=1, source="Example Русская служба", text="Quite others, theirs."))
    assert change.story.sources == ("Example News Arabic",)
    assert change.materiality is Materiality.M0


def test_copies_of_one_text_are_one_source() -> None:
    text = "The troops crossed the border by night and were seen at the station early next morning by travellers."
    known = stories()
    known.add(deployment("a", source="Paper One", text=text))
    change = known.add(deployment("b", hours=1, source="Paper Two", text=text))
    assert change.story.sources == ("Paper One",)
    assert "of its words" in change.joined


def test_an_army_of_a_country_already_named_is_nobody_new() -> None:
    known = stories()
    known.add(deployment("a"))
    army = event(actors=("korean-peoples-army",), targets=("RU",), places=("RU", "kursk-oblast"))
    change = known.add(report("b", army, hours=1))
    assert change.story.actors == ("KP",)
    assert change.story.reports == 2


def test_the_same_actors_elsewhere_are_another_story() -> None:
    known = stories()
    north = known.add(deployment("a"))
    kenya = known.add(report("b", event(actors=("KE",), targets=("HT",), places=("HT",))))
    assert north.story.id != kenya.story.id


def test_strikes_on_two_towns_of_one_day_are_two_stories() -> None:
    known = stories()
    for town in ("kharkiv", "odesa"):
        told = event("missile_attack", actors=("RU",), targets=("UA",), places=("UA", town))
        assert known.add(report(town, told)).opens


def test_the_same_toll_in_the_same_words_in_another_town_is_another_strike() -> None:
    known, dead = stories(), (count(5, "killed"),)
    for key, town in (("a", "kharkiv"), ("b", "odesa")):
        told = event("missile_attack", actors=("RU",), targets=("UA",), places=("UA", town), quantities=dead)
        text = f"A missile struck a market in {town} on Friday, killing five people, officials of the region said."
        assert known.add(report(key, told, text=text)).opens


def test_others_who_do_the_same_elsewhere_are_another_story() -> None:
    known, words = (
        stories(),
        "Officials confirmed on Monday that soldiers crossed the border, the first time they said so.",
    )
    known.add(deployment("a", text=words, lang="ru"))
    told = event(actors=("KE",), targets=("HT",), places=("HT",))
    change = known.add(report("b", told, hours=1, text=words.replace("Monday", "Sunday"), lang="ru"))
    assert change.opens
    assert "of Haiti, Kenya, not of North Korea, Russia" in change.joined


def test_who_strikes_whom_tells_two_strikes_apart() -> None:
    known = stories()
    one = event("drone_attack", actors=("RU",), targets=("UA",), quantities=(count(74, "drones"),))
    other = event("drone_attack", actors=("UA",), targets=("RU",), quantities=(count(74, "drones"),))
    known.add(report("a", one))
    change = known.add(report("b", other, hours=1))
    assert change.opens
    assert "other way round" in change.joined


def test_a_strike_on_another_day_is_another_strike() -> None:
    known = stories()
    for number, day in enumerate(("2026-05-04", "2026-05-06")):
        told = event("missile_attack", actors=("RU",), targets=("UA",), places=("UA", "kharkiv"), date=day)
        assert known.add(report(day, told, hours=48 * number)).opens


def test_an_anniversary_does_not_join_the_news() -> None:
    known = stories()
    known.add(deployment("a"))
    assert known.add(deployment("b", context="anniversary", hours=1)).opens


def test_a_report_that_tells_no_event_opens_a_story_under_its_title() -> None:
    change = stories().add(report("a", title="Nothing much"))
    assert change.opens
    assert change.story.type is None
    assert change.story.headline == "Nothing much"


def test_rewrites_without_an_event_are_one_story() -> None:
    known = stories()
    known.add(
        report(
            "a", title="Novelist wins peace prize", text="The jury in the old town hall gave the novelist the prize."
        )
    )
    change = known.add(
        report(
            "b",
            title="Peace prize for novelist",
            text="The novelist won the prize, said the jury in the old town hall.",
            hours=1,
        )
    )
    assert not change.opens


def test_a_back_fill_opens_a_story_that_is_not_live_until_a_live_report_comes() -> None:
    known = stories()
    old = known.add(deployment("a", alertable=False))
    assert (old.alertable, old.live) == (False, False)
    new = known.add(deployment("b", hours=1))
    assert (new.alertable, new.live) == (True, True)
    late = known.add(deployment("c", hours=2, alertable=False))
    assert (late.alertable, late.live) == (False, True)


def test_talks_that_become_a_ceasefire_are_a_new_main_event() -> None:
    known = stories()
    parties: dict[str, Any] = {"actors": ("US", "IR"), "places": ("OM", "muscat")}
    known.add(report("a", event("peace_talks", **parties)))
    change = known.add(report("b", event("ceasefire", Status.CONFIRMED, **parties), hours=5))
    assert change.story.type == "ceasefire"
    assert change.materiality is Materiality.M3
    assert "ceasefire, after peace talks" in change.what


def test_an_edited_report_is_no_second_report() -> None:
    known = stories()
    known.add(deployment("a", soldiers=1000))
    known.add(deployment("b", hours=1, soldiers=1000))
    change = known.add(deployment("b", hours=1, kind="update", soldiers=1200))
    assert change.story.reports == 2
    assert "edition" in change.joined
    assert {quantity.value for quantity in change.story.quantities} == {1000, 1200}


def test_an_only_report_that_is_edited_takes_back_what_it_no_longer_says() -> None:
    known = stories()
    first = known.add(deployment("a", soldiers=10000))
    change = known.add(deployment("a", kind="update", soldiers=1000))
    assert change.story.id == first.story.id
    assert [quantity.value for quantity in change.story.quantities] == [1000]
    assert change.materiality is Materiality.M3


def test_an_edited_report_whose_town_proves_different_leaves_the_story() -> None:
    known = stories()

    def strike(key: str, town: str, hours: float, kind: str = "new") -> Change:
        dead = (count(13, "killed"),)
        told = event("missile_attack", actors=("RU",), targets=("UA",), places=("UA", town), quantities=dead)
        return known.add(report(key, told, hours=hours, kind=kind))

    strike("a", "kharkiv", 0)
    strike("b", "kharkiv", 1)
    change = strike("b", "odesa", 2, "update")
    assert change.opens
    assert change.joined.startswith("moved out of st_")
    assert strike("c", "kharkiv", 3).story.reports == 2
    assert strike("d", "odesa", 3).story.id == change.story.id


def test_a_retraction_by_the_outlet_is_most_material() -> None:
    known = stories()
    known.add(deployment("a"))
    change = known.add(deployment("a", kind="retraction", source="Paper a"))
    assert change.materiality is Materiality.M3
    assert change.story.status is Status.RETRACTED
    assert change.what[0] == "Paper a took back its report"


def test_two_stories_that_a_report_shows_to_be_one_go_on_as_one() -> None:
    known, book = stories(), MemoryUnit(NOON)
    whole: dict[str, Any] = {
        "actors": ("KE",),
        "targets": ("HT",),
        "places": ("HT",),
        "quantities": (count(417, "police"),),
    }
    first = known.add(
        report("a", event(actors=("KE",), targets=("HT",), places=("HT",)), title="Alpha", lang="ar"), book
    )
    other = known.add(
        report(
            "b", event("peacekeeping", places=("HT",), quantities=(count(417, "police"),)), hours=20,
            title="Beta", lang="he",
        ),
        book,
    )  # fmt: skip
    assert other.opens
    change = known.add(report("c", event(**whole), hours=10, title="Gamma", lang="zh"), book)
    assert change.story.id == first.story.id
    assert change.story.merged == (other.story.id,)
    assert change.story.reports == 3
    assert change.what[0] == f"one with {other.story.id}: both tell this"
    assert f"story/{other.story.id}" not in book.values
    again = known.add(report("b", event(**whole), hours=20, title="Beta", lang="he", kind="update"), book)
    assert again.story.id == first.story.id
    assert again.story.reports == 3


def test_a_story_that_returns_after_it_closed_says_so() -> None:
    known = stories()
    known.add(deployment("a", soldiers=1968))
    change = known.add(deployment("b", hours=24 * 4.2, soldiers=1968))
    assert change.what[0] == "back after 4 days"


def test_disputes_are_told_with_who_denies_what() -> None:
    known = stories()
    known.add(deployment("a", Status.CLAIMED, claims=(claim("yonhap", Status.CLAIMED),)))
    change = known.add(deployment("b", Status.DENIED, hours=1, claims=(claim("kcna", Status.DENIED),)))
    assert change.story.disputed
    assert "disputed: North Korea denies what South Korea says" in change.what


def test_outlets_in_a_dispute_are_called_as_they_write_themselves() -> None:
    known = stories()
    known.add(deployment("a", Status.REPORTED, source="Harbour Post"))
    change = known.add(deployment("b", Status.DENIED, hours=1, claims=(claim("kcna", Status.DENIED),)))
    assert "disputed: North Korea denies what Harbour Post says" in change.what


def test_beyond_the_bound_the_story_untouched_longest_is_let_go() -> None:
    known = stories(most=2)
    for number, title in enumerate(("Harvest begins", "Bridge opens", "Choir sings", "Ferry sails")):
        known.add(report(title, title=title, hours=number))
    assert len(known) == 2


def test_an_old_publishing_date_does_not_close_a_story() -> None:
    known, book = stories(), MemoryUnit(NOON)
    known.add(deployment("a", hours=-24 * 900), book, NOON)
    assert known.let_go(NOON - timedelta(days=1), book) == 0
    assert known.let_go(NOON + timedelta(days=1), book) == 1
    assert book.values == {}


def test_undated_reports_are_grouped_by_what_they_say() -> None:
    known = stories()
    known.add(deployment("a", published=None, soldiers=1968))
    assert not known.add(deployment("b", published=None, soldiers=1968)).opens


def test_no_story_is_built_on_what_is_only_proposed() -> None:
    change = stories().add(report("a", event("coup", confidence=0.4), title="He left under escort"))
    assert change.story.type is None
    assert change.story.headline == "He left under escort"
