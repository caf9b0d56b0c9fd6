"""GeoNames' divisions are known by their ISO code or by their names, and by neither where they disagree."""

import pytest

from tools.gazetteer.homes import Division, parts, plain
from tools.gazetteer.regions import Part

Tables = dict[str, dict[Part, str]]
UKRAINE: Tables = {
    "en": {("UA", "63"): "Kharkivshchyna", ("UA", "65"): "Khersonshchyna", ("UA", "43"): "Crimea"},
    "ru": {("UA", "63"): "Харьковская область", ("UA", "65"): "Херсонская область"},
}
IRAN: Tables = {
    "en": {("IR", "07"): "Tehran", ("IR", "15"): "Kerman", ("IR", "08"): "Bakhtiari", ("IR", "03"): "Markazi"},
    "fa": {("IR", "15"): "استان کرمان", ("IR", "03"): "استان مرکزی"},
}
KHARKIV = Division("UA.07", "UA-63", ("Kharkivska oblast", "Харьковская область"))


def test_a_name_in_any_script_bears_the_code_out() -> None:
    assert parts([KHARKIV], UKRAINE) == {"UA.07": ("UA", "63")}


def test_a_code_is_believed_of_a_division_without_a_known_name_where_the_others_bear_theirs_out() -> None:
    nameless = Division("UA.08", "UA-65", ("Khersonska oblast",))
    assert parts([KHARKIV, nameless], UKRAINE)["UA.08"] == ("UA", "65")
    assert parts([nameless], UKRAINE) == {}


def test_names_decide_where_a_country_was_numbered_anew() -> None:
    found = parts(
        [
            Division("IR.26", "IR-23", ("Tehrān", "Tehran Province")),
            Division("IR.29", "IR-08", ("Kermān", "کرمان")),
            Division("IR.34", "IR-00", ("Markazī", "استان مركزي")),
            Division("IR.07", "IR-07", ("Fārs",)),
            Division("IR.03", "IR-15", ("Bakhtiari",)),
        ],
        IRAN,
    )
    assert found == {"IR.26": ("IR", "07"), "IR.29": ("IR", "15"), "IR.34": ("IR", "03"), "IR.03": ("IR", "08")}


def test_a_code_that_one_name_speaks_against_is_left_out() -> None:
    towns = [Division(f"UA.{n}", f"UA-{n}", (f"Town {n}",)) for n in range(70, 80)]
    tables: Tables = {"en": UKRAINE["en"] | {one.part: one.names[0] for one in towns}}
    astray = Division("UA.01", "UA-65", ("Crimea",))
    assert parts([*towns, astray], tables) == {one.code: one.part for one in towns}


def test_a_name_that_two_divisions_or_two_parts_bear_says_nothing() -> None:
    tables: Tables = {"en": {("XX", "1"): "North", ("XX", "2"): "South", ("XX", "3"): "South"}}
    assert parts([Division("XX.A", "", ("North",)), Division("XX.B", "", ("North",))], tables) == {}
    assert parts([Division("XX.A", "", ("South",))], tables) == {}


def test_the_part_that_bears_most_of_the_names_is_meant() -> None:
    tables: Tables = {
        "en": {("IR", "09"): "Khorāsān-e Raẕavī", ("IR", "30"): "Razavi Khorasan"},
        "fa": {("IR", "30"): "استان خراسان رضوی"},
    }
    razavi = Division("IR.42", "", ("Khorāsān-e Raẕavī", "Razavi Khorasan", "خراسان رضوی"))
    assert parts([razavi], tables) == {"IR.42": ("IR", "30")}


def test_further_down_a_name_alone_is_no_proof() -> None:
    tables: Tables = {"en": {("US", "or"): "Oregon", ("PS", "nbs"): "Nablus"}}
    assert parts([Division("US.MO.149", "", ("Oregon County", "Oregon"))], tables) == {}
    assert parts([Division("PS.WE.1", "PS-NBS", ("Nablus",))], tables) == {"PS.WE.1": ("PS", "nbs")}


def test_what_geonames_has_no_code_for_is_passed_over() -> None:
    assert parts([Division("", "ID-JW", ("Java",))], {"en": {("ID", "jw"): "Java"}}) == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hatay Province", "Hatay"),
        ("Gandaki²", "Gandaki"),
        ("Île-de-France", "Ile de France"),
        ("اُستانِ کِرمان", "استان كرمان"),
        ("Қарағанды", "қарағанды"),
    ],
)
def test_kinds_accents_footnotes_and_vowel_signs_do_not_matter(one: str, other: str) -> None:
    assert plain(one) == plain(other)


def test_a_name_that_is_only_a_kind_stays() -> None:
    assert plain("State") == "state"
