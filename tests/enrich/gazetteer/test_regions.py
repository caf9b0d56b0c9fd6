"""Cities lie in their regions, so that who watches a region hears of its towns."""

from dataclasses import replace

import pytest

from enrich.gazetteer import Gazetteer, load
from enrich.gazetteer.entries import Entry, Place

HOMES = {
    "kharkiv": "kharkiv-oblast", "mariupol": "donetsk-oblast", "simferopol": "crimea", "belgorod": "belgorod-oblast",
    "el-obeid": "north-kurdufan-state", "el-fasher": "north-darfur-state", "antakya": "hatay-province",
    "goma": "north-kivu", "lubumbashi": "haut-katanga-province", "mosul": "nineveh-governorate",
    "mumbai": "maharashtra-state", "munich": "bavaria", "london": "england", "milan": "lombardy",
    "guangzhou": "guangdong-province", "peshawar": "khyber-pakhtunkhwa-province", "quetta": "balochistan-province",
    "haifa": "haifa-district", "aleppo": "aleppo-governorate", "kerman": "kerman-province", "nablus": "west-bank",
    "mashhad": "razavi-khorasan-province", "maiduguri": "borno-state",
    "qalqilyah": "qalqilya-governorate", "lashkar-gah": "helmand-province",
}  # fmt: skip


@pytest.mark.parametrize(("city", "region"), HOMES.items())
def test_a_city_lies_in_its_region_and_that_in_its_country(gazetteer: Gazetteer, city: str, region: str) -> None:
    assert region in gazetteer.above(city)
    assert gazetteer.above(city)[-1] == gazetteer.country(region) == gazetteer.country(city)


@pytest.mark.parametrize("city", ["kyiv", "sevastopol", "moscow", "berlin", "hong-kong", "singapore", "tbilisi"])
def test_a_city_that_is_a_region_itself_lies_in_none(gazetteer: Gazetteer, city: str) -> None:
    assert gazetteer.above(city) == (gazetteer.country(city),)


@pytest.mark.parametrize("city", ["sokolniki", "pechersk", "kowloon"])
def test_a_quarter_of_such_a_city_is_not_put_into_the_region_around_it(gazetteer: Gazetteer, city: str) -> None:
    assert gazetteer.above(city) == (gazetteer.country(city),)


def test_no_city_lies_in_a_region_of_another_country_or_in_another_city(gazetteer: Gazetteer) -> None:
    kinds = {
        above.type
        for id in gazetteer.ids()
        if (place := gazetteer.find(id)) and place.type == "city" and place.within
        if (above := gazetteer.find(place.within))
    }
    assert kinds == {"region", "country"}


@pytest.mark.parametrize(
    ("city", "regions"),
    [
        ("butembo", ["north-kivu-province", "north-kivu"]),
        ("nyala", ["south-darfur-state", "darfur"]),
        ("el-fasher", ["north-darfur-state", "darfur"]),
        ("donetsk", ["donetsk-oblast", "donbas"]),
        ("jabalya", ["north-gaza-governorate", "gaza-strip"]),
        ("peshawar", ["khyber-pakhtunkhwa-province", "khyber-pakhtunkhwa"]),
    ],
)
def test_a_packaged_region_lies_in_the_one_of_ours_that_the_news_names(
    gazetteer: Gazetteer, city: str, regions: list[str]
) -> None:
    assert list(gazetteer.above(city)[:-1]) == regions


KIVU = Place("north-kivu-province", "region", "North Kivu Province", "CD")
GOMA = Place("goma", "city", "Goma", KIVU.id)
PLACES = {KIVU.id: KIVU, GOMA.id: GOMA}


def test_a_city_of_ours_keeps_its_packaged_region_where_it_says_only_the_country() -> None:
    assert load.within(Entry(id="goma", type="city", within="CD"), PLACES) == KIVU.id
    assert load.within(Entry(id="goma", type="city", within="north-kivu"), PLACES) == "north-kivu"
    assert load.within(Entry(id="goma", type="city", within="RW"), PLACES) == "RW"


def test_a_city_keeps_its_packaged_region_where_that_lies_in_one_of_ours_too() -> None:
    north = Place("north-kivu", "region", "North Kivu", "CD", own=True)
    places = {**PLACES, north.id: north, KIVU.id: replace(KIVU, within=north.id)}
    assert load.within(Entry(id="goma", type="city", within="CD"), places) == KIVU.id


def test_regions_that_lie_in_each_other_are_borne() -> None:
    north = Place("north-kivu", "region", "North Kivu", KIVU.id, own=True)
    places = {**PLACES, north.id: north, KIVU.id: replace(KIVU, within=north.id)}
    assert load.within(Entry(id="goma", type="city", within="CD"), places) == "CD"


def test_what_only_shares_the_id_of_a_city_keeps_what_it_says() -> None:
    assert load.within(Entry(id="goma", type="organisation", within="CD"), PLACES) == "CD"
    assert load.within(Entry(id="beni", type="city", within="CD"), PLACES) == "CD"


def test_an_entry_without_a_type_may_say_what_a_packaged_place_lies_in() -> None:
    assert load.more_names(KIVU, Entry(id=KIVU.id, within="north-kivu")).within == "north-kivu"
    assert load.more_names(KIVU, Entry(id=KIVU.id)).within == "CD"
