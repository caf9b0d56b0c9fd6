"""Taggers from outside: real packages on the path, loaded only when they are named, and never the end of an item."""

import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from threading import Event as Gate

import pytest

from enrich.gazetteer import Gazetteer
from enrich.stage import UnderstandStage
from enrich.understand import NoEvents, Understander
from schemas import marked
from schemas.errors import ConfigError
from schemas.item import Item
from schemas.ports import Record, Tagged, Tagger, Veto
from schemas.report import Event, Report
from tests.enrich.stories.memory import MemoryUnit
from tests.tocsin.packages import package
from tocsin.app import tagged
from tocsin.config import load_taggers
from tocsin.health import Health, State
from tocsin.metrics import Metrics
from tocsin.taggers import HANGS, WELL_AGAIN, Guarded, Taggers, opened

Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))

    def install(name: str, code: str, offers: str, version: str = "1.2") -> None:
        package(site, name, code, offers, version)
        monkeypatch.delitem(sys.modules, name, raising=False)

    return install


def open_(text: str, types: frozenset[str] = frozenset({"protest"})) -> Taggers:
    source = marked.parse(text, "tocsin.yaml")
    wanted = {name: options or {} for name, options in source.value["taggers"].items()}
    return opened(wanted, source, types, lambda *_: None)


def faults(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        open_(text)
    return [str(fault) for fault in caught.value.faults]


LOUD = """
    from schemas.ports import Tagged
    from schemas.report import Event

    class Loud:
        event_types = ()

        def __init__(self, options):
            self.options = options

        def tag(self, report):
            return Tagged(events=(Event(type="protest", evidence=((0, 4),), confidence=self.options.get("sure", 0.9)),))
"""
HELLO = Report(id="1", title="Hello there", text="Nothing happened.", lang="en")


def test_a_named_tagger_adds_an_event_that_names_it(install: Install) -> None:
    install("loudly", LOUD, "loud = loudly:Loud")
    mine = open_("taggers:\n  loud: {sure: 0.8}\n")
    [event] = mine.read(HELLO).events
    assert (event.type, event.rule, event.confidence, event.main) == ("protest", "tagger:loud", 0.8, True)
    assert mine.explain(HELLO) == ["tagger loud: adds protest (0.80): Hell"]
    assert mine.version == "loud of loudly 1.2"


def test_what_nobody_named_is_not_even_imported(install: Install, tmp_path: Path) -> None:
    install("hostile", f"open({str(tmp_path / 'touched')!r}, 'w').close()", "hostile = hostile:Any")
    install("loudly", LOUD, "loud = loudly:Loud")
    open_("taggers:\n  loud:\n")
    assert not (tmp_path / "touched").exists()
    assert "hostile" not in sys.modules


def test_a_misspelt_name_is_told_in_its_place_with_the_nearest(install: Install) -> None:
    install("loudly", LOUD, "loud = loudly:Loud")
    assert faults("timezone: UTC\ntaggers:\n  laud: {}\n")[0].startswith(
        'tocsin.yaml:3:3: no installed package offers a tagger "laud"; did you mean "loud"?'
    )


def test_two_packages_that_offer_one_name_are_both_refused(install: Install) -> None:
    install("loudly", LOUD, "loud = loudly:Loud")
    install("shadow", LOUD, "loud = shadow:Loud", "9.9")
    assert (
        'several packages offer a tagger "loud": loudly 1.2, shadow 9.9; uninstall' in faults("taggers: {loud: {}}")[0]
    )


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "raise RuntimeError('no model here')",
            'tagger "odd" of oddly 1.2 does not start: RuntimeError: no model here',
        ),
        ("import sys; sys.exit(3)", "does not start: SystemExit: 3"),
        ("class Odd:\n    pass", "does not start: TypeError: Odd() takes no arguments"),
        ("def Odd(options):\n    return options['rivers']", "does not start: KeyError: 'rivers'"),
        ("class Odd:\n    event_types = ['Flood!']\n    tag = print\n    def __init__(self, o): ...", "no event type"),
        ("class Odd:\n    event_types = ()\n    tag = 1\n    def __init__(self, o): ...", "has no tag(report)"),
    ],
)
def test_what_is_no_tagger_is_a_fault_before_anything_starts(install: Install, code: str, said: str) -> None:
    install("oddly", code, "odd = oddly:Odd")
    [fault] = faults("taggers: {odd: {}}")
    assert fault.startswith("tocsin.yaml:1:11: ")
    assert said in fault


class Rude:
    """Does what it is told to while it reads."""

    event_types = ()

    def __init__(self, act: Callable[[Report], object]) -> None:
        self.act = act

    def tag(self, report: Report) -> Tagged:
        return self.act(report)  # type: ignore[return-value]  # rubbish is what is tested


class Unspeakable(Exception):
    def __str__(self) -> str:
        raise ValueError("not even this")


def raising(error: BaseException) -> Callable[[Report], object]:
    def act(report: Report) -> object:
        raise error

    return act


def taggers(*rude: Tagger, patience: float = 60.0) -> Taggers:
    noted.clear()
    guarded = [Guarded(f"t{number}", "x 1", one) for number, one in enumerate(rude, 1)]
    return Taggers(guarded, frozenset({"protest"}), lambda *note: noted.append(note), patience)


noted: list[tuple[str, Mapping[str, int], str]] = []
FINE = Tagged(events=(Event(type="protest", evidence=((0, 5),), confidence=0.7),))


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (raising(ValueError("bad\n\x1b[31mday" + "x" * 500)), "ValueError: bad ?[31mdayx"),
        (raising(SystemExit(1)), "SystemExit: 1"),
        (raising(KeyboardInterrupt()), "KeyboardInterrupt: "),
        (raising(Unspeakable()), "Unspeakable: it cannot say"),
        (lambda report: None, "Unusable: it answered with NoneType, not with schemas.ports.Tagged"),
        (lambda report: Tagged(vetoes=(Veto(0, "no"),)), "it vetoes event 0; the report has 0"),
    ],
)
def test_whatever_it_does_the_item_goes_on_and_the_next_tagger_is_heard(
    act: Callable[[Report], object], why: str
) -> None:
    both = taggers(Rude(act), Rude(lambda report: FINE))
    [event] = both.read(HELLO).events
    assert event.rule == "tagger:t2"
    (name, counts, trouble), (_, others, well) = noted
    assert (name, dict(counts), dict(others), well) == ("t1", {"asked": 1, "failed": 1}, {"asked": 1, "added": 1}, "")
    assert trouble.startswith("1 of 1 reports failed, the last: ")
    assert why in trouble
    assert any(line.startswith("tagger t1: failed: ") and why in line for line in both.explain(HELLO))


@pytest.fixture(scope="module")
def plain() -> Understander:
    return Understander(Gazetteer.load(), NoEvents(), version="v")


def test_no_item_of_a_batch_is_lost_to_a_tagger_that_always_fails(plain: Understander) -> None:
    reader = plain.beside(taggers(Rude(raising(RecursionError()))))
    unit = MemoryUnit(datetime(2026, 1, 5, tzinfo=UTC))
    batch = [
        Record("items", 0, number, "h", Item(id=str(number), title="Hello").model_dump_json().encode())
        for number in range(3)
    ]
    UnderstandStage(reader).handle(batch, unit)
    assert [message.id for _, _, message in unit.emitted if isinstance(message, Report)] == ["0", "1", "2"]
    assert not unit.buried


def test_a_tagger_without_a_word_changes_nothing() -> None:
    silent = taggers(Rude(lambda report: Tagged()))
    assert silent.read(HELLO) is HELLO
    assert silent.explain(HELLO) == ["tagger t1: nothing to say"]


def test_one_that_hangs_is_left_behind_and_asked_no_more() -> None:
    gate, asked = Gate(), list[str]()

    def act(report: Report) -> object:
        asked.append(report.id)
        gate.wait()
        return FINE

    hung = taggers(Rude(act), patience=0.05)
    try:
        assert [hung.read(HELLO) for _ in range(3)] == [HELLO] * 3
        assert asked == ["1"]
        assert hung.explain(HELLO) == [f"tagger t1: {hung.guarded[0].trouble}"]
        assert "asked no more until a restart" in hung.guarded[0].trouble
        assert hung.guarded[0].known == {HANGS}
    finally:
        gate.set()


def test_a_failure_is_told_in_health_and_metrics_until_it_has_been_well_for_long() -> None:
    answers = iter([ValueError("once"), *[None] * WELL_AGAIN])

    def act(report: Report) -> Tagged:
        if error := next(answers):
            raise error
        return Tagged()

    health, metrics = Health(), Metrics()
    metrics.begin((), (), ["t1"])
    mine = Taggers([Guarded("t1", "x 1", Rude(act))], frozenset(), lambda *note: tagged(health, metrics, *note))
    mine.read(HELLO)
    assert health.parts["tagger t1"] == (State.DEGRADED, "1 of 1 reports failed, the last: ValueError: once")
    for _ in range(WELL_AGAIN):
        mine.read(HELLO)
    assert health.parts["tagger t1"] == (State.OK, "")
    value = metrics.registry.get_sample_value
    for outcome, number in (("failed", 1), ("asked", WELL_AGAIN + 1), ("vetoed", 0)):
        assert value("tocsin_taggings_total", {"tagger": "t1", "outcome": outcome}) == number


def test_the_understanding_asks_them_knows_their_types_and_has_another_version(plain: Understander) -> None:
    one = Guarded("t1", "x 1", Rude(lambda report: FINE), frozenset({"flood_warning"}))
    beside = plain.beside(Taggers([one], plain.event_types()))
    item = Item(id="1", title="Hello there")
    assert [event.rule for event in beside.understand(item).events] == ["tagger:t1"]
    assert beside.explain(item)[-1] == "tagger t1: adds protest (0.70): Hello"
    assert "flood_warning" in beside.event_types()
    assert beside.understand(item).lexicon == beside.version != plain.version


def test_filters_read_only_the_taggers_of_a_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAUGE", "deep")
    (tmp_path / "tocsin.yaml").write_text(
        'log: nonsense\noperator: "${NOWHERE}"\ntaggers: {a: {key: "${GAUGE}"}, b: }\n'
    )
    assert load_taggers(tmp_path)[0] == {"a": {"key": "deep"}, "b": {}}
    (tmp_path / "tocsin.yaml").write_text("taggers: [a]\n")
    with pytest.raises(ConfigError, match=r"tocsin.yaml:1:10"):
        load_taggers(tmp_path)
    (tmp_path / "tocsin.yaml").unlink()
    assert load_taggers(tmp_path)[0] == {}
