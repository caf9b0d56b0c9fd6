"""`python -m tools.gazetteer SOURCES`: write `enrich/lexicon/han.txt` and `enrich/lexicon/places.json.gz`."""

import gzip
import json
import sys
from pathlib import Path
from typing import Any

from tools.gazetteer import han
from tools.gazetteer.cities import LARGE, capital_ids, city_slug, is_kept, names
from tools.gazetteer.regions import regions, slug
from tools.gazetteer.sources import LANGS, Sources

OUT = Path(__file__).parents[2] / "enrich" / "lexicon"
_NOT_COUNTRIES = {"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"}
Row = dict[str, Any]


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


def regional(sources: Sources) -> dict[str, Row]:
    """Every region CLDR names."""
    rows: dict[str, Row] = {}
    tables = {lang: sources.subdivisions(lang) for lang in LANGS}
    towns = {(city["countrycode"], slug(city["name"])) for city in sources.cities() if city["population"] >= LARGE}
    for id, name, country, by_lang in regions(tables):
        if (country, id) in towns:  # New York, but also Kyiv, which is a region only in law
            if country != "US":
                continue
            id, name = f"{id}-state", f"{name} State"
        key = id if id not in rows else f"{id}-{country.lower()}"
        rows[key] = {"id": key, "type": "region", "name": name, "within": country, "names": by_lang}
    return rows


def municipal(sources: Sources, areas: dict[str, Row], states: dict[str, Row]) -> dict[str, Row]:
    """Cities, each in its region where one of the region's cities bears its name."""
    cities = sources.cities()
    seats = capital_ids(sources, cities)
    home = _homes(cities, areas)
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
            "within": home.get((country, city["admin1code"]), country),
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


def _homes(cities: list[dict[str, Any]], areas: dict[str, Row]) -> dict[tuple[str, str], str]:
    """(country, GeoNames' admin code) → region: GeoNames and ISO number them differently, so the names must do."""
    by_name = {(row["within"], slug(name)): id for id, row in areas.items() for name in row["names"].get("en", ())}
    home: dict[tuple[str, str], str] = {}
    for city in cities:
        key = (city["countrycode"], slug(city["name"]))
        if key in by_name:
            home.setdefault((city["countrycode"], city["admin1code"]), by_name[key])
    return home


def main(folder: Path) -> None:
    """Read the sources and write the data files; the same sources give the same bytes."""
    sources = Sources(folder)
    han.write(sources.transforms, OUT / "han.txt")
    states = countries(sources)
    areas = {id: row for id, row in regional(sources).items() if row["within"] in states}
    rows = [*states.values(), *areas.values(), *municipal(sources, areas, states).values()]
    text = "\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows) + "\n"
    (OUT / "places.json.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    sys.stdout.write(f"{len(states)} countries, {len(areas)} regions, {len(rows) - len(states) - len(areas)} cities\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
