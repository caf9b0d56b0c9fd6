"""`tocsin check` runs the examples of event types: the user's own, and ours beside them."""

from pathlib import Path

from click.testing import CliRunner

from enrich.understand import Understander
from tocsin.cli import main
from tocsin.proving import proofs

WORDS = "concept: lights_out\ntitle: no electricity\nwords: {en: [blackout]}\n"
TYPE = """event: power_cut
title: Electricity fails
patterns: [{id: lights_out, all: [lights_out]}]
examples:
  - {lang: en, text: "A blackout hits Kharkiv.", places: [UA]}
"""


def written(folder: Path, kind: str, words: str = WORDS) -> Path:
    (folder / "words.yaml").write_text(words)
    (folder / "power_cut.yaml").write_text(kind)
    return folder


def test_promises_that_are_not_kept_are_told_in_their_places_and_so_are_ours_that_their_words_broke(
    tmp_path: Path,
) -> None:
    broken = (
        TYPE + '  - {lang: en, text: "The lights went out."}\nnot_examples: [{lang: en, text: "No blackout here."}]\n'
    )
    folder = written(tmp_path, broken)
    (folder / "idiom.yaml").write_text("concept: idiom\nwords: {en: ['last troops from']}\n")
    found = list(proofs([folder], Understander.load([folder])))
    [mine] = [one for one in found if "power_cut" in one.file]
    first, second = map(str, mine.faults)
    assert first.startswith(f"{folder}/power_cut.yaml:6:5: this text is not read as it says: not read (found nothing)")
    assert "power_cut.yaml:7:16: power_cut is read where it must not be; add an unless" in second
    assert mine.examples == 3
    assert any("troop_withdrawal.yaml" in fault.file for one in found for fault in one.faults)


def test_without_files_of_ones_own_there_is_nothing_to_prove(tmp_path: Path) -> None:
    assert list(proofs([tmp_path], Understander.load())) == []


def test_check_ends_with_two_on_an_example_that_does_not_hold(tmp_path: Path) -> None:
    (tmp_path / "tocsin.yaml").write_text("log: sqlite:x.db\n")
    (tmp_path / "lexicon").mkdir()
    written(tmp_path / "lexicon", TYPE.replace("places: [UA]", "status: denied"))
    ended = CliRunner().invoke(main, ["check", "-c", str(tmp_path)])
    assert ended.exit_code == 2, ended.output
    assert "status is reported, not denied; mend the words or the example" in ended.output
