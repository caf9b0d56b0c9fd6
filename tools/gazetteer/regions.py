"""Regions: CLDR's formal names, and what people write for them."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

_KIND = {
    "SD": "state", "SY": "governorate", "LB": "governorate", "IQ": "governorate", "YE": "governorate",
    "EG": "governorate", "JO": "governorate", "PS": "governorate", "IR": "province", "AF": "province",
    "CN": "province", "PK": "province", "TR": "province", "MX": "state", "NG": "state", "MM": "state", "ET": "region",
    "SO": "region", "ML": "region", "NE": "region", "BF": "region", "VE": "state", "CO": "department",
    "BY": "region", "KZ": "region", "CD": "province", "IN": "state", "SS": "state",
}  # fmt: skip
UKRAINE = {
    "05": "Vinnytsia", "07": "Volyn", "09": "Luhansk", "12": "Dnipropetrovsk", "14": "Donetsk", "18": "Zhytomyr",
    "21": "Zakarpattia", "23": "Zaporizhzhia", "26": "Ivano-Frankivsk", "32": "Kyiv", "35": "Kirovohrad", "46": "Lviv",
    "48": "Mykolaiv", "51": "Odesa", "53": "Poltava", "56": "Rivne", "59": "Sumy", "61": "Ternopil", "63": "Kharkiv",
    "65": "Kherson", "68": "Khmelnytskyi", "71": "Cherkasy", "74": "Chernihiv", "77": "Chernivtsi",
}  # fmt: skip
_TYPE_WORDS = {
    "ar": r"^(?:محافظة|ولاية|مقاطعة|إقليم|منطقة|أوبلاست|جمهورية|كراي) | (?:أوبلاست|كراي|الإقليم|جمهورية)$",
    "de": r"^(?:Oblast|Provinz|Gouvernement|Region|Republik|Bundesstaat|Bezirk|Departamento|Distrikt|Kanton) ",
    "en": r" (?:Oblast|Krai|Province|Governorate|Region|State|Department|County|Prefecture|District|Voivodeship)$",
    "es": r"^(?:[Óó]blast|Provincia|Gobernación|Región|Estado|Departamento|Prefectura|Distrito|Voivodato|Krai)"
          r" (?:de la |del |de los |de )?",
    "fa": r"^(?:استان|ایالت|ولایت|منطقه|اوبلاست|جمهوری) ",
    "fr": r"^(?:[Oo]blast|[Pp]rovince|[Gg]ouvernorat|[Rr]égion|État|[Dd]épartement|[Pp]réfecture|[Dd]istrict|[Kk]raï)"
          r" (?:de la |du |des |de l['’]|d['’]|de )?",
    "he": r"^(?:מחוז|אובלסט|נפת|מדינת|רפובליקת|קריי) ",
    "it": r"^(?:[Oo]blast['’]?|[Pp]rovincia|[Gg]overnatorato|[Rr]egione|[Dd]ipartimento|[Pp]refettura|[Dd]istretto)"
          r" (?:di |del |della |dell['’])?",
    "ja": r"(?:州|県|省|道|府|郡|地方)$",
    "ko": r" ?(?:주|현|성|도|구|특별시|광역시|직할시)$",
    "pl": r"^(?:[Oo]bwód|[Pp]rowincja|[Mm]uhafaza|[Rr]egion|[Ss]tan|[Ww]ojewództwo|[Dd]epartament) ",
    "pt": r"^(?:[Oo]blast|[Pp]rovíncia|[Rr]egião|[Ee]stado|[Dd]epartamento|[Pp]refeitura|[Dd]istrito)"
          r" (?:de |da |do )?",
    "ru": r"^(?:провинция|мухафаза|штат|регион|департамент|область|остан|вилайет) |"
          r" (?:провинция|мухафаза|штат|регион|департамент|остан|вилайет)$",
    "tr": r" (?:Oblastı|Eyaleti|[İi]li|[Vv]aliliği|Bölgesi|Krayı|Prefektörlüğü|Belediyesi|Departmanı|Bölümü)$",
    "uk": r"^(?:провінція|мухафаза|мугафаза|штат|регіон|департамент|префектура|остан|вілаят) |"
          r" (?:провінція|мухафаза|штат|регіон|департамент|остан|вілаєт)$",
    "zh": r"(?:州|省|市|自治区|自治州|区|縣|县|府|道|邦|大区|大區|特別市)$",
}  # fmt: skip
_DIRECTIONS = re.compile(
    r"^(?:north|south|east|west|cent|nord|sud|est|oest|ouest|norte|sur|sul|este|leste|oeste|ost|süd|mitte|zentral|"
    r"central|capital|metropol|distri|federal|litoral|islas|island|coast|lake|river|upper|lower|alto|alta|la paz|"
    r"santa|san |saint|st |victoria|trinidad|union|liberty|the )",
    re.IGNORECASE,
)


_PLAIN = str.maketrans(
    {
        "ı": "i",
        "ł": "l",
        "Ł": "L",
        "ø": "o",
        "Ø": "O",
        "đ": "d",
        "Đ": "D",
        "ß": "ss",
        "æ": "ae",
        "Æ": "Ae",
        "ə": "e",
        "Ə": "E",
    }
)


def slug(name: str) -> str:
    """The id of a name: lower-case ASCII words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", name.translate(_PLAIN))
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"['’ʿʼ`]", "", plain.encode("ascii", "ignore").decode().lower())).strip(
        "-"
    )


def identity(country: str, part: str, english: str, russian: str) -> tuple[str, str]:
    """(id, common English name) of a region: with its kind where the bare name is a city's."""
    if country == "UA" and part in UKRAINE:
        english = f"{UKRAINE[part]} Oblast"
    elif country == "RU" and russian.endswith("область") and not english.endswith("Oblast"):
        english = f"{english} Oblast"
    elif country == "RU" and russian.endswith("край") and not english.endswith("Krai"):
        english = f"{english} Krai"
    elif country in _KIND and not re.search(rf"\b{_KIND[country]}\b", english, re.IGNORECASE):
        english = f"{english} {_KIND[country].title()}"
    return slug(english), english


def aliases(lang: str, formal: str) -> list[str]:
    """The formal name, and what is left of it without the word for its kind."""
    formal = re.sub(r"\s*[(（].*?[)）]\s*$", "", formal.split("、")[0]).strip()
    short = re.sub(_TYPE_WORDS.get(lang, r"\Z\b"), "", formal).strip()
    return list(dict.fromkeys(name for name in (formal, short) if name))


def is_telling(name: str) -> bool:
    """Whether a name says which place is meant: not `Central`, not `La Paz`, not two letters."""
    return len(name) > (3 if name.isascii() else 1) and not _DIRECTIONS.match(name)


Part = tuple[str, str]
"""(country, part) of ISO 3166-2, the part in CLDR's lower case: ("UA", "63")."""


def regions(names: Mapping[str, Mapping[Part, str]]) -> Iterable[tuple[Part, str, str, dict[str, list[str]]]]:
    """(part, id, English name, names by language) of every part CLDR names in English."""
    for (country, part), english in names["en"].items():
        id, full = identity(country, part, english, names["ru"].get((country, part), ""))
        if country in ("GB", "FR") and (len(part) != 3 or not is_telling(english)):
            continue
        by_lang = {
            lang: kept
            for lang, table in names.items()
            if (country, part) in table
            and (kept := [name for name in aliases(lang, table[country, part]) if is_telling(name)])
        }
        if full != english and "en" in by_lang:
            by_lang["en"] = list(dict.fromkeys([full, *by_lang["en"]]))
        if id and by_lang:
            yield (country, part), id, full, by_lang
