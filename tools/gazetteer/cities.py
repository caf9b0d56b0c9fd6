"""Cities: GeoNames, its tagged names first, its untagged ones by their script."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from tools.gazetteer.regions import slug
from tools.gazetteer.sources import LANGS, Sources

_WATCHED = (
    "UA RU BY MD GE AM AZ IL PS LB SY IQ IR YE SD SS ET ER SO ML NE BF NG TD CF CD LY EG KP KR TW PK AF MM VE HT RS BA"
)
WATCHED = frozenset(_WATCHED.split())
"""Countries whose smaller cities make news."""
LARGE = 100_000
_SCRIPT_OF = {
    "ARABIC": ("ar", "fa"), "CYRILLIC": ("ru", "uk"), "HEBREW": ("he",), "HANGUL": ("ko",), "KATAKANA": ("ja",),
    "HIRAGANA": ("ja",), "CJK": ("zh",),
}  # fmt: skip
_ONLY_UK = re.compile(r"[іїєґІЇЄҐ]")
_ONLY_RU = re.compile(r"[ыэъёЫЭЪЁ]")
_ONLY_FA = re.compile(r"[پچژگکی]")
CAPITALS = {
    "BR": "Brasília", "CM": "Yaoundé", "CO": "Bogotá", "CR": "San José", "IS": "Reykjavík", "KZ": "Astana",
    "MN": "Ulan Bator", "PY": "Asunción", "TG": "Lomé", "IL": "Jerusalem", "PS": "Ramallah", "BO": "La Paz",
    "TZ": "Dodoma", "MM": "Nay Pyi Taw", "BI": "Gitega", "LK": "Colombo",
}  # fmt: skip


def _script_langs(name: str) -> tuple[str, ...]:
    """The languages an untagged name may be in."""
    langs = _SCRIPT_OF.get(unicodedata.name(name[0], "").split(" ")[0].split("-")[0], ())
    if "uk" in langs and _ONLY_UK.search(name):
        return ("uk",)
    if "uk" in langs and _ONLY_RU.search(name):
        return ("ru",)
    if "fa" in langs and _ONLY_FA.search(name):
        return ("fa",)
    return langs


def names(city: Mapping[str, Any], sources: Sources) -> dict[str, list[str]]:
    """A city's names by language: GeoNames' tagged ones, then untagged ones for languages that have none."""
    tagged: dict[str, list[str]] = {}
    for lang in LANGS:
        for table in (lang, "zh_TW", "pt_BR") if lang in ("zh", "pt") else (lang,):
            name = sources.geonames(table).get(str(city["geonameid"]))
            if name and (table == lang or table[:2] == lang):
                tagged.setdefault(lang, []).append(_plain(lang, name))
    found: dict[str, list[str]] = {lang: list(dict.fromkeys(given)) for lang, given in tagged.items()}
    for name in city["alternatenames"]:
        for lang in _script_langs(name) if name else ():
            if lang not in tagged and len(found.get(lang, ())) < 3:
                found.setdefault(lang, []).append(name)
    english = [city["name"], *found.get("en", [])]
    found["en"] = list(dict.fromkeys(english))
    return found


_KIND = {
    "ko": re.compile(r"(?:\s?(?:특별|광역|직할)|\s)시$"),
    "ja": re.compile(r"(?<=..)(?:広域|特別|直轄)?市$"),
    "zh": re.compile(r"(?<=..)(?:广域|廣域|特别|特別|直辖)?市$"),
}
"""The word for city that official names carry."""


def _plain(lang: str, name: str) -> str:
    """Without the word for city, without brackets, and without the region after a comma."""
    name = re.sub(r"\s*[(（].*?[)）]\s*$", "", re.split(r"[،,]", name)[0]).strip()
    return _KIND[lang].sub("", name) if lang in _KIND else name


def is_kept(city: Mapping[str, Any]) -> bool:
    """Large ones everywhere; smaller ones where news is made."""
    return int(city["population"]) >= (15_000 if city["countrycode"] in WATCHED else LARGE)


def capital_ids(sources: Sources, cities: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    """GeoNames id → country, of the seats of government."""
    wanted = {code: CAPITALS.get(code, facts["capital"]) for code, facts in sources.countries().items()}
    found: dict[str, int] = {}
    for city in cities:
        if city["name"] == wanted.get(city["countrycode"]):
            found.setdefault(city["countrycode"], city["geonameid"])
    return {geonameid: code for code, geonameid in found.items()}


RENAMED = {"gaza": "gaza-city", "washington": "washington-d-c", "washington-d-c": "washington-d-c"}


def city_slug(city: Mapping[str, Any], taken: Mapping[str, object]) -> str:
    """The slug of the English name; with its country where a larger city has it already."""
    plain = RENAMED.get(slug(city["name"]), slug(city["name"]))
    if plain not in taken:
        return plain
    with_country = f"{plain}-{city['countrycode'].lower()}"
    return with_country if with_country not in taken else f"{with_country}-{city['geonameid']}"
