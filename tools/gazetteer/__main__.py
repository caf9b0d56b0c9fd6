"""`python -m tools.gazetteer SOURCES`: write `enrich/lexicon/han.txt` and `enrich/lexicon/places.json.gz`."""

import gzip
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.gazetteer import han
from tools.gazetteer.cities import LARGE, capital_ids, city_slug, is_kept, names
from tools.gazetteer.homes import parts
from tools.gazetteer.regions import Part, regions, slug
from tools.gazetteer.sources import LANGS, Sources

OUT = Path(__file__).parents[2] / "enrich" / "lexicon"
_NOT_COUNTRIES = {"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"}
Row = dict[str, Any]
Tables = Mapping[str, Mapping[Part, str]]
"""Language → part → CLDR's name."""


def countries(sources: Sources) -> dict[str, Row]:
    """Every territory of ISO 3166-1 with CLDR's names, short and variant ones too."""
    rows: dict[str, Row] = {}
    for lang in LANGS:
        for code, name in sources.territories(lang).items():
            plain = code.split("-")[0]
            if len(plain) == 2 and plain not in _NOT_COUNTRIES:
                row = rows.setdefault(plain, {"id": plain, "type": "country", "names": {}})
                row["names"].setdefault(lang, []).append(name)
                if lang == "en" and plain == code:
                    row["name"] = name
    return rows


def regional(sources: Sources, tables: Tables) -> tuple[dict[str, Row], dict[Part, str]]:
    """Every region CLDR names, and which of them a part is."""
    rows: dict[str, Row] = {}
    ids: dict[Part, str] = {}
    towns = {(city["countrycode"], slug(city["name"])) for city in sources.cities() if city["population"] >= LARGE}
    for part, id, name, by_lang in regions(tables):
        country = part[0]
        if (country, id) in towns:  # New York, but also Kyiv, which is a region only in law
            if country != "US":
                continue
            id, name = f"{id}-state", f"{name} State"
        ids[part] = key = id if id not in rows else f"{id}-{country.lower()}"
        rows[key] = {"id": key, "type": "region", "name": name, "within": country, "names": by_lang}
    return rows, ids


def municipal(
    sources: Sources, areas: dict[str, Row], states: dict[str, Row], home: Mapping[int, str]
) -> dict[str, Row]:
    """Cities, each in its region where `homes` knows it."""
    cities = sources.cities()
    seats = capital_ids(sources, cities)
    rows: dict[str, Row] = {}
    for city in cities:
        if not is_kept(city) and city["geonameid"] not in seats:
            continue
        id = city_slug(city, _Taken(rows, areas, states))
        country = city["countrycode"]
        row = {
            "id": id,
            "type": "city",
            "name": city["name"],
            "within": home.get(city["geonameid"], country),
            "size": city["population"],
            "names": names(city, sources),
        }
        if city["geonameid"] in seats:
            row["seat"] = True
        rows[id] = row
    return rows


class _Taken(dict[str, object]):
    """Ids that are taken, in either table."""

    def __init__(self, *tables: dict[str, Row]) -> None:
        self.tables = tables

    def __contains__(self, key: object) -> bool:
        return any(key in table for table in self.tables)


def homes(sources: Sources, tables: Tables, ids: Mapping[Part, str]) -> dict[int, str]:
    """GeoNames id of a city → the largest of our regions it lies in; none where its region is itself a city."""
    known = {code: ids[part] for code, part in parts(sources.divisions(), tables).items() if part in ids}
    residence = sources.residence()
    home: dict[int, str] = {}
    for city in sources.cities():
        first = f"{city['countrycode']}.{city['admin1code']}"
        below = [code for code in residence.get(city["geonameid"], ()) if code.startswith(f"{first}.")]
        found = next((known[code] for code in (first, *below) if code in known), None)
        if found:
            home[city["geonameid"]] = found
    return home


def main(folder: Path) -> None:
    """Read the sources and write the data files; the same sources give the same bytes."""
    sources = Sources(folder)
    han.write(sources.transforms, OUT / "han.txt")
    states = countries(sources)
    tables = {lang: sources.subdivisions(lang) for lang in LANGS}
    known, ids = regional(sources, tables)
    areas = {id: row for id, row in known.items() if row["within"] in states}
    home = homes(sources, tables, ids)
    rows = [*states.values(), *areas.values(), *municipal(sources, areas, states, home).values()]
    text = "\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows) + "\n"
    (OUT / "places.json.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    sys.stdout.write(f"{len(states)} countries, {len(areas)} regions, {len(rows) - len(states) - len(areas)} cities\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
