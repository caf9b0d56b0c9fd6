"""Which of CLDR's parts a division of GeoNames is: by ISO's code where the names bear it out, else by the names."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from tools.gazetteer.regions import Part, aliases, slug

Meant = Counter[Part]
"""The parts a division may be, and how many of its names each bears."""
AGREE = 0.8
"""Share of a country's divisions whose names bear out their ISO code, from which the code is believed."""
_KINDS = re.compile(
    r"\b(?:oblast|oblys[iy]|krai|kray|province|provincia|governorate|muhafazat|state|region|department|district|division|"
    r"county|prefecture|okrug|republic|emirate|pradesh|viloyati|the|of)\b"
)
_ONE_LETTER = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک"})


class Division(NamedTuple):
    """A division of a country as GeoNames knows it: Kharkiv Oblast is UA.07, and UA-63 to ISO."""

    code: str
    iso: str
    names: tuple[str, ...]

    @property
    def level(self) -> tuple[str, int]:
        """The country, and how far below it."""
        return self.code.partition(".")[0], self.code.count(".")

    @property
    def part(self) -> Part:
        """Its ISO code as CLDR writes it; with an empty part where it has none."""
        return self.level[0], self.iso.partition("-")[2].lower()


def parts(divisions: Iterable[Division], tables: Mapping[str, Mapping[Part, str]]) -> dict[str, Part]:
    """GeoNames' code → CLDR's part, for the divisions that surely are one.

    Countries renumber their parts (Iran, Morocco), and CLDR and ISO follow years apart: where the names do not bear the
    codes out, a name must do that no other part and no other division of the country has. Names alone are no proof
    further down: Oregon County is in Missouri.
    """
    by_name = _by_name(tables)
    levels: dict[tuple[str, int], list[Division]] = defaultdict(list)
    for division in divisions:
        if division.code:
            levels[division.level].append(division)
    found: dict[str, Part] = {}
    for (_, depth), several in levels.items():
        named = {one.code: _named(one, by_name) for one in several}
        coded = _coded(several, named, tables["en"])
        if depth > 1:
            found |= {code: part for code, part in coded.items() if part in named[code]}
            continue
        sure = {code: part for code, part in coded.items() if part in named[code] or not named[code]}
        rest = {code: meant for code, meant in named.items() if code not in coded}
        found |= sure | _alone(rest, set(sure.values()))
    return found


def _coded(several: Sequence[Division], named: Mapping[str, Meant], known: Mapping[Part, str]) -> dict[str, Part]:
    """The divisions of one level by their ISO code; none where the names speak against the codes."""
    coded = {one.code: one.part for one in several if one.part in known}
    told = [code for code in coded if named[code]]
    borne_out = sum(coded[code] in named[code] for code in told)
    return coded if told and borne_out >= AGREE * len(told) else {}


def _alone(named: Mapping[str, Meant], taken: set[Part]) -> dict[str, Part]:
    """The divisions whose names mean one part above all, which no other division means."""
    single: dict[str, Part] = {}
    for code, meant in named.items():
        best = [part for part, count in meant.items() if count == max(meant.values())]
        if len(best) == 1 and best[0] not in taken:
            single[code] = best[0]
    claims = Counter(single.values())
    return {code: part for code, part in single.items() if claims[part] == 1}


def _by_name(tables: Mapping[str, Mapping[Part, str]]) -> dict[tuple[str, str], set[Part]]:
    """(country, plain name) → the parts that bear it, in any language."""
    found: dict[tuple[str, str], set[Part]] = defaultdict(set)
    for lang, table in tables.items():
        for part, formal in table.items():
            for name in aliases(lang, formal):
                found[part[0], plain(name)].add(part)
    return found


def _named(division: Division, by_name: Mapping[tuple[str, str], set[Part]]) -> Meant:
    """The parts that a division's names may mean."""
    country = division.level[0]
    return Counter(part for name in set(map(plain, division.names)) for part in by_name.get((country, name), ()))


def plain(name: str) -> str:
    """A name to compare: without its kind, accents, footnotes and hyphens; in any script."""
    bare = name.rstrip("¹²³")
    latin = slug(bare).replace("-", " ")
    if latin:
        return _KINDS.sub("", latin).replace(" ", "") or latin
    letters = unicodedata.normalize("NFKD", bare.translate(_ONE_LETTER)).casefold()
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
