"""What is read from whole texts: types, slots, standing, main event."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrich.events import EventReader
from enrich.events.proving import prove
from enrich.reading import lay_open
from schemas.item import Item
from schemas.report import EVENT_TYPES, Context, Event, Status
from tests.enrich.events.conftest import Lay

PAIRS = [
    ("en", "North Korea sent soldiers to Russia.", "troop_deployment"),
    ("ar", "أرسلت كوريا الشمالية جنودا إلى روسيا.", "troop_deployment"),
    ("ru", "КНДР отправила солдат в Россию.", "troop_deployment"),
    ("uk", "КНДР відправила солдатів до Росії.", "troop_deployment"),
    ("fr", "La Corée du Nord a envoyé des soldats en Russie.", "troop_deployment"),
    ("es", "Corea del Norte envió soldados a Rusia.", "troop_deployment"),
    ("pt", "A Coreia do Norte enviou soldados para a Rússia.", "troop_deployment"),
    ("pl", "Korea Północna wysłała żołnierzy do Rosji.", "troop_deployment"),
    ("de", "Nordkorea hat Soldaten nach Russland geschickt.", "troop_deployment"),
    ("fa", "کره شمالی سربازان خود را به روسیه اعزام کرد.", "troop_deployment"),
    ("tr", "Kuzey Kore, Rusya'ya asker gönderdi.", "troop_deployment"),
    ("he", "צפון קוריאה שלחה חיילים לרוסיה.", "troop_deployment"),
    ("ko", "북한이 러시아에 병력을 파견했다.", "troop_deployment"),
    ("ja", "北朝鮮がロシアに部隊を派遣した。", "troop_deployment"),
    ("zh", "朝鲜向俄罗斯派遣部队。", "troop_deployment"),
]


def main(events: tuple[Event, ...]) -> Event:
    return next(event for event in events if event.main)


@pytest.mark.parametrize(("lang", "text", "kind"), PAIRS, ids=[pair[0] for pair in PAIRS])
def test_the_same_story_gives_the_same_event_in_every_language(
    reader: EventReader, lay: Lay, lang: str, text: str, kind: str
) -> None:
    event = main(reader.read(lay("", text, lang)))
    assert (event.type, event.actors, event.targets) == (kind, ("KP",), ("RU",))


def test_every_promise_of_the_lexicon_is_kept(reader: EventReader, lay: Lay) -> None:
    assert list(prove(reader, lay)) == []


def test_the_lexicon_knows_exactly_the_types_of_the_contract(reader: EventReader) -> None:
    assert reader.event_types == frozenset(EVENT_TYPES)


def test_the_headline_tells_the_main_event(reader: EventReader, lay: Lay) -> None:
    document = lay("France withdraws troops from Niger", "Germany signed a treaty with Poland in Berlin.", "en")
    events = reader.read(document)
    assert [(event.type, event.main) for event in events] == [("troop_withdrawal", True), ("treaty", False)]


def test_what_is_told_twice_is_one_event(reader: EventReader, lay: Lay) -> None:
    document = lay("North Korea sends soldiers to Russia", "Pyongyang has dispatched troops to Russia, it said.", "en")
    assert [event.type for event in reader.read(document)] == ["troop_deployment"]


def test_a_denial_is_a_denial(reader: EventReader, lay: Lay) -> None:
    event = main(reader.read(lay("", "North Korea denied that it had sent troops to Russia.", "en")))
    assert (event.status, event.said_by) == (Status.DENIED, ("KP",))


def test_an_actor_that_confirms_is_heard_as_confirming(reader: EventReader, lay: Lay) -> None:
    event = main(reader.read(lay("North Korea confirms it sent troops to Russia", "", "en")))
    assert event.status is Status.CONFIRMED
    assert event.claims[0].by == "KP"


def test_swapping_the_names_swaps_the_slots(reader: EventReader, lay: Lay) -> None:
    one = main(reader.read(lay("", "Iran supplied missiles to Syria.", "en")))
    other = main(reader.read(lay("", "Syria supplied missiles to Iran.", "en")))
    assert (one.actors, one.targets) == (other.targets, other.actors) == (("IR",), ("SY",))


@pytest.mark.parametrize(
    ("title", "targets"),
    [
        ("Russian shelling kills two in Kherson", ("UA",)),
        ("Ukrainian shelling kills two in Kherson", ()),
    ],
)
def test_whose_country_it_happens_in_is_hit_unless_it_is_the_actors_own(
    reader: EventReader, lay: Lay, title: str, targets: tuple[str, ...]
) -> None:
    [event] = [event for event in reader.read(lay(title, "", "en")) if event.type == "shelling"]
    assert event.targets == targets


def test_what_happened_long_ago_is_context(reader: EventReader, lay: Lay) -> None:
    document = lay("", "Decades ago the army launched an offensive on Kyiv.", "en")
    assert {event.context for event in reader.read(document)} == {Context.HISTORICAL}


def test_a_match_report_is_silent_and_says_why(reader: EventReader, lay: Lay) -> None:
    document = lay(
        "Brazil bombard Argentina in cup final", "The striker's late goal and a penalty sent the fans home.", "en"
    )
    assert reader.read(document) == ()


def test_a_language_without_a_lexicon_is_read_as_nothing(reader: EventReader, lay: Lay) -> None:
    document = lay_open(Item(id="x", title="", text="Sotilaita lähetettiin rajalle eilen illalla.", lang="fi"))
    assert reader.read(document) == ()
    assert reader.explain(document) == (f"no lexicon for language {document.lang}",)


def test_explaining_names_rule_words_and_what_a_near_miss_lacks(reader: EventReader, lay: Lay) -> None:
    lines = reader.explain(lay("", "North Korea sent soldiers to Russia. They signed it in Berlin.", "en"))
    assert "troop_deployment/send+troops: sent + soldiers (sentence 1, confidence 0.85)" in lines
    assert "near miss treaty/sign+treaty in sentence 2: lacks treaty" in lines


@settings(max_examples=60, deadline=None)
@given(
    title=st.text(max_size=60),
    text=st.text(max_size=300),
    lang=st.sampled_from(["ar", "en", "ko", "zh", "de", None]),
)
def test_no_text_makes_it_fail(reader: EventReader, lay: Lay, title: str, text: str, lang: str | None) -> None:
    document = lay(title, text, lang or "")
    for event in reader.read(document):
        assert all(0 <= start < end <= len(document.body) for start, end in event.evidence)
    reader.explain(document)
