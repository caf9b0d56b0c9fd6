"""What a sieve keeps back can match nobody, in any language and any spelling."""

import json
import unicodedata
from pathlib import Path
from random import Random

import pytest

from alert.match.verdicts import holds
from alert.needles import Sieve, sieve
from alert.query.ast import Words
from schemas.codec import encode
from tests.alert.match.chance import LISTS, a_query, a_report, a_story
from tests.alert.world import FOLDING, NAMES, change, deployment, one, report, subscriptions

CORPUS = Path(__file__).parents[2] / "enrich" / "corpus"


def of(query: str) -> Sieve | None:
    return sieve([one(query).compiled["x"].open], NAMES, FOLDING)


def test_what_matches_is_let_through() -> None:
    rng, let, kept_back = Random(5), 0, 0
    lists = {f"{name}.txt": "\n".join(values) for name, values in LISTS.items()}
    for _ in range(500):
        written = {"id": "x", "match": a_query(rng), "lists": {name: f"{name}.txt" for name in LISTS}}
        wanted = subscriptions(json.dumps({"subscriptions": [written]}), read_list=lists.__getitem__, admit_broad=True)
        formula = wanted.compiled["x"].open
        found = sieve([formula], NAMES, FOLDING)
        for _ in range(10):
            report_, story = a_report(rng), a_story(rng)
            body = encode(change(report_) if story is None else change(report_).model_copy(update={"story": story}))
            if found is not None and not found.lets(body):
                kept_back += 1
                assert not holds(formula, wanted.sight(report_, story)), written["match"]
            elif found is not None:
                let += 1
    assert let > 100
    assert kept_back > 100


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.jsonl")), ids=lambda path: path.stem)
def test_a_word_of_a_text_is_found_in_it_by_all_who_look_for_it(path: Path) -> None:
    rng = Random(path.stem)
    for line in path.read_text(encoding="utf-8").splitlines()[::40]:
        written = json.loads(line)
        text, lang = f"{written.get('title', '')} {written.get('text', '')}", written.get("lang") or path.stem[:2]
        tokens = FOLDING.tokens(text, lang)
        for token in rng.sample(list(tokens), min(3, len(tokens))):
            word = text[token.start : token.end]
            if not FOLDING.term(word)[:1] or not FOLDING.term(word)[0] & set(token.keys):
                continue
            found = sieve([Words(word)], NAMES, FOLDING)
            assert found is not None
            assert found.lets(encode(report(text))), word


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("Elysee", "à l'Élysée"), ("Élysée", unicodedata.normalize("NFD", "ÉLYSÉE")), ("strasse", "die Straße"),
        ("الحلف", "قال للحلف"), ("محمد", "مُحَمَّد"), ("군인", unicodedata.normalize("NFD", "군인들")),
        ('"cease fire"', "a cease \"fire\""), ("韩国", "韓国"), ("troop*", "TROOPS"), ("=US", "the US"),
        ("Walesa", "Wałęsa"),
        ("/14,\\d+ soldiers/", "14,000 soldiers"), ("צהל", 'צה"ל'),
    ],
)  # fmt: skip
def test_other_spellings_are_let_through(query: str, text: str) -> None:
    found = of(query)
    assert found is not None
    assert found.lets(encode(report(text)))
    assert not found.lets(encode(report("")))


def test_ids_are_looked_for_with_what_lies_beneath_them() -> None:
    found = of("event:troop_deployment AND actor:KP")
    assert found is not None
    found.settle([encode(report("", deployment(actors=("UA",), said_by=())))])
    assert found.lets(encode(report("", deployment(actors=("kpa",)))))
    assert not found.lets(encode(report("", deployment(actors=("UA",), said_by=()))))


def test_a_speaker_is_looked_for_with_who_acts_for_them() -> None:
    found = of("event:troop_deployment AND said_by:KP")
    assert found is not None
    found.settle([encode(report("", deployment(actors=("UA",), said_by=())))])
    assert found.lets(encode(report("", deployment(actors=("UA",), said_by=("kpa",)))))


@pytest.mark.parametrize(
    "query", ["NOT film", "soldiers>=5", "trust>=2", "film OR trust>=2", "category:war", "status:reported"]
)
def test_what_has_no_needle_is_tried_on_everything(query: str) -> None:
    assert of(query) is None
