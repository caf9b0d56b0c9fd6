"""The trained reader: the weights that ship, and when the sentence is read at all."""

from collections.abc import Sequence

import numpy as np
import pytest

from enrich.events import EventReader
from enrich.events.entries import CUES
from enrich.fold import Fold
from enrich.semantic.encoder import SentenceEncoder
from enrich.semantic.features import WIDTH, Vector, marks
from enrich.semantic.model import NONE, SemanticReader, Weights
from enrich.understand import Understander
from schemas.item import Item
from schemas.report import EVENT_TYPES, Status


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander.load()


class Counting:
    """An encoder that counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._encoder = SentenceEncoder()

    def encode(self, sentences: Sequence[str]) -> Vector:
        self.asked += sentences
        return self._encoder.encode(sentences)


def test_the_weights_that_ship_know_every_type_and_status() -> None:
    weights = Weights.load()
    assert weights.types.classes[0] == NONE
    assert set(weights.types.classes[1:]) <= set(EVENT_TYPES)
    assert len(weights.types.classes) > 40
    assert set(weights.statuses.classes) <= {str(status) for status in Status}
    for head in (weights.types, weights.statuses):
        assert head.matrix.shape[1] == len(weights.columns) + WIDTH + 1
    for head in (weights.quick_types, weights.quick_statuses):
        assert head.matrix.shape[1] == len(weights.columns) + 1
    assert weights.quick_types.classes == weights.types.classes
    assert weights.quick_statuses.classes == weights.statuses.classes
    assert weights.trust.event[1] > 0 < weights.trust.type[1]


def test_the_marks_it_was_trained_on_are_still_those_of_the_lexicon(understander: Understander) -> None:
    concepts = {name.removeprefix("t:").removeprefix("c:") for name in Weights.load().columns if "c:" in name}
    assert len(concepts - understander.events.keyword_ids) < 0.1 * len(concepts), "train it again"


def test_the_cues_it_was_trained_on_are_still_those_of_the_grammars() -> None:
    cues = {name.partition(":")[2] for name in Weights.load().columns if name[:2] in ("0:", "1:", "2:")}
    assert len(cues) > 15
    assert cues <= set(CUES), "train it again"


def test_sentences_become_vectors_of_one_length() -> None:
    vectors = SentenceEncoder().encode(["Troops crossed the border", "عبرت القوات الحدود", ""])
    assert vectors.shape == (3, WIDTH)
    assert np.allclose(np.linalg.norm(vectors[:2], axis=1), 1, atol=1e-3)
    assert float(vectors[0] @ vectors[1]) > 0.4


def read(understander: Understander, title: str, told: str | None = None) -> tuple[object, list[str]]:
    encoder = Counting()
    document = understander.read(Item(id="a", title=title))
    signs = marks(document, understander.events.keywords(document))
    return SemanticReader(Weights.load(), encoder).read(document, signs, told), encoder.asked


def test_a_text_without_any_word_of_the_lexicon_is_nothing_to_go_by(understander: Understander) -> None:
    assert read(understander, "Aubergines, and what to do with them") == (None, [])


def test_a_report_that_tells_an_event_in_other_words_is_read_whole(understander: Understander) -> None:
    guess, asked = read(understander, "Paratroopers seized the airport and the president fled, the army says")
    assert asked == ["Paratroopers seized the airport and the president fled, the army says"]
    assert getattr(guess, "event", 0) > 0.5
    assert str(guess).startswith("an event 0.")


def test_explaining_says_what_the_second_reader_thinks(understander: Understander) -> None:
    lines = understander.explain(Item(id="a", title="Army seizes power in Niamey, president held"))
    assert any(line.startswith("the wording as a whole: an event") for line in lines)
    lines = understander.explain(Item(id="a", title="Aubergines"))
    assert lines[-1] == "the wording as a whole: nothing to go by"


def test_the_users_own_event_types_are_known_beside_ours(understander: Understander) -> None:
    assert set(EVENT_TYPES) <= understander.event_types()


def test_what_a_match_report_silences_is_not_offered_anew(understander: Understander) -> None:
    title = "El delantero coreano lanza dos misiles y lidera el ataque del Sur en Moscú"
    text = "El equipo visitante desplegó a sus mejores hombres y ganó por dos goles a cero en un partido sin tregua."
    assert understander.understand(Item(id="a", title=title, text=text)).events == ()


def test_a_status_restated_by_the_signs_together_names_them() -> None:
    reader = SemanticReader.load()
    signs = {"reported", "reported by default", "0:plan", "1:plan", "mainly troop_deployment"}
    grounds = reader.grounds(signs, Status.PLANNED, Status.REPORTED)
    assert grounds[0] in {"0:plan", "1:plan"}
    assert reader.grounds(set(), Status.PLANNED, Status.REPORTED) == []


def test_how_it_stands_follows_the_signs_and_sums_to_one() -> None:
    reader = SemanticReader.load()
    plain = reader.guess({"c:soldiers", "tells", "mainly troop_deployment"}, None)
    denied = reader.guess({"c:soldiers", "tells", "mainly troop_deployment", "0:deny", "denied"}, None)
    assert sum(plain.statuses.values()) == pytest.approx(1, abs=1e-3)
    assert denied.statuses[Status.DENIED] > plain.statuses[Status.DENIED]
    assert denied.status is Status.DENIED


def test_where_the_signs_settle_the_matter_the_sentence_is_spared(understander: Understander) -> None:
    patterns = EventReader.load(Fold(), (), understander.gazetteer)
    document = understander.read(Item(id="a", title="Russian missiles hit Kyiv, killing five"))
    signs = marks(document, patterns.keywords(document)) | patterns.bearing(document, patterns.candidates(document))
    encoder = Counting()
    reader = SemanticReader(Weights.load(), encoder)
    reader.read(document, signs, "missile_attack")
    assert encoder.asked == []
    reader.read(document, signs, "coup")
    assert len(encoder.asked) == 1
