"""A whole article of several speakers, in Arabic, written for this test after the founding story."""

from enrich.events import EventReader
from schemas.report import Event, Status
from tests.enrich.events.conftest import Lay

TITLE = "كوريا الشمالية تؤكد إرسال جنود إلى روسيا"
TEXT = """قالت وكالة الأنباء المركزية الكورية إن بيونغ يانغ أرسلت قوات إلى منطقة كورسك الروسية للقتال.
وقدرت سيول عدد الجنود الكوريين الشماليين في روسيا بنحو 14 ألف جندي، بينهم 3 آلاف أرسلوا هذا العام.
وقال الرئيس الروسي فلاديمير بوتين إن القوات الروسية حررت منطقة كورسك بالكامل.
ونفت كييف ذلك وقالت إن قواتها لا تزال تقاتل في المنطقة.
ويعتقد محللون أن موسكو قد تنقل تكنولوجيا صواريخ إلى بيونغ يانغ في المقابل.
وتنص المعاهدة على تقديم المساعدة في حالة نشوب حرب."""


def events(reader: EventReader, lay: Lay) -> tuple[Event, ...]:
    return reader.read(lay(TITLE, TEXT, "ar"))


def test_the_deployment_is_the_main_event_and_its_own_actor_confirms_it(reader: EventReader, lay: Lay) -> None:
    main = events(reader, lay)[0]
    assert (main.type, main.status, main.actors, main.targets) == (
        "troop_deployment", Status.CONFIRMED, ("KP",), ("RU",),
    )  # fmt: skip
    assert "kursk-oblast" in main.places


def test_a_total_and_its_part_are_never_added_up_and_are_the_figures_of_who_gave_them(
    reader: EventReader, lay: Lay
) -> None:
    soldiers = [q for event in events(reader, lay) for q in event.quantities if q.unit == "soldiers"]
    assert {q.value for q in soldiers} == {14_000, 3_000}
    assert {q.said_by for q in soldiers} == {("KR",)}


def test_a_capture_is_its_captors_claim(reader: EventReader, lay: Lay) -> None:
    [capture] = [event for event in events(reader, lay) if event.type == "territory_capture"]
    assert capture.status is not Status.CONFIRMED
    assert (capture.actors, "kursk-oblast" in capture.places) == (("RU",), True)


def test_what_analysts_believe_and_a_treaty_foresees_is_no_fact(reader: EventReader, lay: Lay) -> None:
    told = [event for event in events(reader, lay) if event.type in ("arms_transfer", "military_aid", "treaty")]
    assert not {event.status for event in told} & {Status.CONFIRMED, Status.REPORTED}
