"""Cities lie in their regions, so that who watches a region hears of its towns."""

import pytest

from enrich.gazetteer import Gazetteer

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
