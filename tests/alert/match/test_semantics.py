"""What a query means, one sentence a test."""

import pytest

from schemas.report import Report, Status
from tests.alert.world import deployment, event, fires, one, quantity, report, story

KURSK = report(
    "About 14,000 soldiers are in Kursk, KCNA said.",
    deployment(),
    title="North Korea confirms its troops in Russia",
    source="Example Arabic",
    feed="https://example.org/rss.xml",
    category="middle-east",
    categories=("War",),
    entities=("KP", "RU", "kursk-oblast"),
    keywords=("troops",),
    trust=2,
)


@pytest.mark.parametrize(
    "query",
    [
        'event:troop_deployment AND actor:KP AND (place:RU OR "Kursk") AND soldiers>=1000 AND NOT status:hypothetical',
        "troops Kursk",
        "TROOPS AND kursk",
        '"north korea confirms"',
        "troops NEAR/3 korea",
        "confirms ONEAR/2 troops",
        "tro*",
        "sold*",
        "*diers",
        "=KCNA",
        '="North Korea"',
        "~soldier",
        r"/14,\d+ soldiers/",
        "title:troops",
        "text:kursk",
        "title:(troops OR kursk)",
        "place:kursk-oblast",
        "place:RU",
        "place:=RU",
        "place:(UA OR RU)",
        "place!=UA",
        "NOT place:UA",
        "said_by:kcna",
        "entity:kursk-oblast",
        "country:RU",
        "keyword:troops",
        "lang:en",
        'source:"Example Arabic"',
        'source:"example arabic"',
        "feed:https://example.org/rss.xml",
        "category:middle-east",
        "category:war",
        "soldiers=14000",
        "soldiers!=5",
        "soldiers:[10k TO 20k]",
        "quantity>10k",
        "trust>=2",
        "sources=1",
        "confidence>0.9",
        "event{type:troop_deployment AND actor:KP}",
        "place:*",
        "NOT event:ceasefire",
    ],
)
def test_the_kursk_report_is_wanted_by(query: str) -> None:
    assert fires(query, KURSK)


@pytest.mark.parametrize(
    "query",
    [
        "event:troop_withdrawal",
        "actor:UA",
        "soldiers>14000",
        "police>=1",
        '"korea north"',
        "korea ONEAR/1 north",
        "=kcna",
        "title:kursk",
        "text:russia",
        "place:UA",
        "place:=sudzha",
        "place!=RU",
        "NOT place:RU",
        "said_by:yonhap",
        "country:UA",
        "entity:UA",
        "lang:ar",
        "trust>2",
        "sources>1",
        "event{type:troop_deployment AND actor:UA}",
        "killed:*",
        r"/15,\d+ soldiers/",
    ],
)
def test_the_kursk_report_is_not_wanted_by(query: str) -> None:
    assert not fires(query, KURSK)


TWO = report("", event("airstrike", actors=("UA",), places=("RU",)), event("sanctions", actors=("KR",), places=("KP",)))


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("event:airstrike AND actor:UA", True),
        ("event:airstrike AND actor:KR", False),
        ("event:airstrike AND (actor:KR OR place:UA)", False),
        ("event{type:airstrike AND actor:UA} AND event{type:sanctions AND actor:KR}", True),
        ("event{type:airstrike} AND event{actor:KR}", True),
        ("event:airstrike AND NOT actor:UA", False),
        ("event:sanctions AND NOT actor:UA", True),
        ("NOT actor:UA AND NOT place:UA", False),
        ("(event:airstrike AND actor:KR) OR (event:sanctions AND actor:KR)", True),
        ("NOT (event:airstrike AND actor:KR)", True),
    ],
)
def test_conditions_of_a_group_bind_to_one_event(query: str, wanted: bool) -> None:
    assert fires(query, TWO) == wanted


def test_a_text_alternative_holds_without_any_event() -> None:
    assert fires('(actor:KP OR "Kim") AND pyongyang', report("Kim in Pyongyang"))


@pytest.mark.parametrize(
    ("query", "gate", "wanted"),
    [
        ("place:RU", "drop", False),
        ("place:RU", "pass", True),
        ("NOT place:RU AND drone", "drop", False),
        ("NOT place:RU AND drone", "pass", True),
        ("event:airstrike AND NOT place:RU", "drop", False),
        ("event:airstrike AND NOT place:RU", "pass", True),
        ("event:airstrike AND NOT place:RU", "hold", False),
    ],
)
@pytest.mark.parametrize("of", [report("a drone", event("airstrike")), report("a drone")], ids=["unplaced", "no event"])
def test_an_unknown_place_is_decided_by_the_gate(of: Report, query: str, gate: str, wanted: bool) -> None:
    if "event:" in query and not of.events:
        wanted = False
    assert fires(query, of, unplaced=gate) == wanted


def test_no_gate_lets_in_an_event_whose_place_is_known_to_be_elsewhere() -> None:
    assert not fires('place:RU AND "drone"', report("a drone", event(places=("UA",))), unplaced="pass")
    assert not fires(
        '(event:airstrike OR "drone") AND place:RU', report("drone", event(places=("UA",))), unplaced="pass"
    )


def test_what_a_gate_holds_says_why() -> None:
    (match,) = one("event:airstrike AND place:RU", unplaced="hold").match(report("", event("airstrike")))
    assert match.held == "its place is not known (unplaced: hold)"


def test_an_unknown_speaker_and_an_unknown_language_fail_closed() -> None:
    said = report("", event(), lang=None)
    assert not fires("event:troop_deployment AND NOT said_by:kcna", said)
    assert fires("event:troop_deployment AND NOT said_by:kcna", said, unattributed="pass")
    assert not fires("event:troop_deployment AND NOT lang:ru", said)
    assert fires("event:troop_deployment AND NOT lang:ru", said, unknown_language="pass")


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [("soldiers>=1000", True), ("soldiers>=1200", True), ("soldiers>1200", False), ("soldiers<=800", True),
     ("soldiers<800", False), ("soldiers=800", True), ("soldiers=1000", False), ("soldiers:[900 TO 1000]", True)],
)  # fmt: skip
def test_of_a_range_the_nearer_end_counts(condition: str, wanted: bool) -> None:
    assert fires(condition, report("", event(quantities=(quantity("soldiers", 800, 1200),)))) == wanted


def test_an_army_acts_for_its_country_and_a_town_lies_in_its_region() -> None:
    acting = report("", event(actors=("kpa",), places=("sudzha",)))
    assert fires("actor:KP AND place:RU AND place:kursk-oblast", acting)
    assert not fires("actor:=KP", acting)


@pytest.mark.parametrize(
    ("query", "text", "lang"),
    [
        ("كورسك", "انتشار القوات بكورسك", "ar"),
        ("قوات", "والقوات الأجنبية", "ar"),
        ("القوات", "وصلت قوات أجنبية", "ar"),
        ("الرئاسة", "بيان للرئاسة", "ar"),
        ("солдаты", "около 14 тысяч солдат", "ru"),
        ("군인", "군인들이 도착했다", "ko"),
        ("北朝鮮", "韓国は北朝鮮の部隊を", "ja"),
        ("Kursk", "Kursk'ta savaş", "tr"),
        ("Élysée", "à l'Élysée", "fr"),
        ("Elysee", "à l'Élysée", "fr"),
    ],
)
def test_a_word_matches_its_languages_forms(query: str, text: str, lang: str) -> None:
    assert fires(query, report(text, lang=lang))


def test_the_storys_present_facts_count_too() -> None:
    told = story(type="troop_deployment", actors=("KP",), status=Status.CONFIRMED, sources=("a", "b", "c"))
    wanted = one(
        "event:troop_deployment AND actor:KP AND sources>=3", severity={"default": "low", "flash": "status:confirmed"}
    )
    (match,) = wanted.match(report("fresh words"), told)
    assert match.severity == "flash"
    assert wanted.match(report("fresh words")) == []


def test_a_match_names_its_reasons_and_the_words() -> None:
    (match,) = one('event:troop_deployment AND soldiers>=1000 AND "kursk" AND NOT status:denied').match(KURSK)
    assert match.reasons == ("event:troop_deployment", "soldiers>=1000 (14000)", "NOT status:denied", "kursk («Kursk»)")
    assert [KURSK.body[start:end] for start, end in match.spans] == ["Kursk"]


def test_a_proposal_is_heard_of_by_those_alone_who_ask() -> None:
    proposed = report("Tanks at the palace", event("coup", confidence=0.4))
    assert not fires("event:coup", proposed)
    assert not fires("event{event:coup}", proposed)
    assert fires('"palace" AND NOT event:coup', proposed)
    assert fires("event:coup AND confidence>=0.3", proposed)
    assert fires("event:coup", report("Tanks at the palace", event("coup", confidence=0.5)))
    (match,) = one("event:coup AND confidence<=0.45").match(proposed)
    assert match.reasons == ("event:coup", "confidence<=0.45 (0.4)")


def test_a_country_speaks_through_whoever_acts_for_it_unless_it_alone_is_meant() -> None:
    through_its_army = report("", deployment(said_by=("kpa",)))
    assert fires("event:troop_deployment AND said_by:KP", through_its_army)
    assert not fires("event:troop_deployment AND said_by:=KP", through_its_army)
    assert fires("event:troop_deployment AND said_by:=KP", report("", deployment(said_by=("KP",))))
