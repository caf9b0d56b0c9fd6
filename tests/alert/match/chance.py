"""Queries and reports by chance, from so small a world that they often meet."""

from random import Random
from typing import Any

from schemas.report import Event, Report, Status
from schemas.story import Story
from tests.alert.world import event, quantity, report, story

WORDS = ["troops", "Kursk", "drone", "border", "كورسك", "القوات", "солдат", "Россия", "군인", "北朝鮮", "Élysée", "US"]
TEXT = [*WORDS, "troop", "soldiers", "بكورسك", "والقوات", "солдаты", "России", "군인들", "韓国", "l'Élysée", "us",
        "the", "of", "borders", "Kursk's", "drones"]  # fmt: skip
LANGS = ["en", "ar", "ru", "ko", "ja", "fr", None]
TYPES = ["airstrike", "sanctions"]
WHO = ["KP", "RU", "kpa"]
WHERE = ["RU", "kursk-oblast", "sudzha", "UA"]
STATUS = [Status.DENIED, Status.CONFIRMED]
LISTS = {"who": ("KP", "UA"), "words": ("drone", "north border", "كورسك")}


def _text(rng: Random, most: int) -> str:
    return " ".join(rng.choice(TEXT) for _ in range(rng.randint(0, most)))


def a_report(rng: Random) -> Report:
    fields: dict[str, Any] = {
        "lang": rng.choice(LANGS), "trust": rng.randint(0, 3), "source": rng.choice(["Example Wire", "Other", None]),
        "category": rng.choice(["war", None]), "keywords": rng.sample(["troops", "nuclear"], rng.randint(0, 1)),
        "entities": rng.sample(["KP", "RU", "kursk-oblast"], rng.randint(0, 2)),
    }  # fmt: skip
    return report(_text(rng, 9), *(an_event(rng) for _ in range(rng.randint(0, 3))), title=_text(rng, 4), **fields)


def a_story(rng: Random) -> Story | None:
    if rng.random() < 0.7:
        return None
    one = an_event(rng)
    return story(
        type=one.type if rng.random() < 0.8 else None, status=one.status, actors=one.actors, places=one.places,
        quantities=one.quantities, said_by=one.said_by, sources=("a", "b", "c")[: rng.randint(0, 3)],
    )  # fmt: skip


def an_event(rng: Random) -> Event:
    low = rng.choice([0, 3, 5, 100, 1000])
    return event(
        rng.choice(TYPES),
        actors=tuple(rng.sample(WHO, rng.randint(0, 2))),
        targets=tuple(rng.sample(WHO, rng.randint(0, 1))),
        places=tuple(rng.sample(WHERE, rng.choice([0, 0, 1, 2]))),
        status=rng.choice(STATUS),
        said_by=tuple(rng.sample(["kcna", "yonhap"], rng.randint(0, 1))),
        confidence=rng.choice([0.3, 0.9]),
        quantities=tuple(
            quantity(rng.choice(["soldiers", "killed"]), low, low + rng.choice([0, 0, 7]))
            for _ in range(rng.randint(0, 2))
        ),
    )


def a_query(rng: Random, depth: int = 0, block: bool = False) -> str:
    chance = rng.random()
    if depth >= 3 or chance < 0.42:
        return _condition(rng, block)
    deeper = [a_query(rng, depth + 1, block) for _ in range(rng.randint(2, 4))]
    if chance < 0.66:
        return "(" + rng.choice([" AND ", " "]).join(deeper) + ")"
    if chance < 0.86:
        return "(" + " OR ".join(deeper) + ")"
    return f"NOT ({deeper[0]})"


def _condition(rng: Random, block: bool) -> str:
    chance = rng.random()
    if chance < 0.42:
        return _words(rng)
    if chance < 0.56:
        return _of_report(rng)
    if chance < 0.64 and not block:
        return "event{" + a_query(rng, 2, block=True) + "}"
    return _of_event(rng)


def _words(rng: Random) -> str:
    one, two, three = (rng.choice(WORDS) for _ in range(3))
    near = rng.randint(1, 4)
    return rng.choice(
        [one, one, one, f'"{one} {two}"', f'"{one} {two} {three}"', f"{one} NEAR/{near} ({two} OR {three})",
         f'{one} ONEAR/{near} "{two} {three}"', f"{one} NEAR/2 {two} NEAR/3 {three}", "tro*", "*order",
         "*ron*", "كور*", "солд*", f"={one}", f'="{one} {two}"', "~soldier", "~drones", f"title:{one}", f"text:{one}",
         f"title:({one} OR {two})", f'text:"{one} {two}"', "title:bor*", r"/drones? of/", r"/Kursk\W/", "text:/order/",
         "text:in(@words)", "in(@words)", "title:in(@words)", f"NOT {one}"]
    )  # fmt: skip


def _of_report(rng: Random) -> str:
    return rng.choice(
        ["lang:en", "lang:ar", "lang!=ru", "lang:(ru OR ko)", "trust>=2", "trust=0", "sources>=2", "sources<2",
         'source:"example wire"', "category:war", "category:*", "keyword:troops", "entity:kursk-oblast", "country:RU",
         "entity:in(@who)"]
    )  # fmt: skip


def _of_event(rng: Random) -> str:
    limit, operator = rng.choice([1, 3, 5, 10, 104, 1000]), rng.choice(["=", "!=", ">", ">=", "<", "<="])
    who, where = rng.choice(WHO), rng.choice(WHERE)
    return rng.choice(
        [f"event:{rng.choice(TYPES)}", f"actor:{who}", f"actor:={who}", f"target:{who}", f"place:{where}",
         f"place:={where}", f"place!={where}", "place:(UA OR RU)", f"NOT place:{where}", "place:*", "status:denied",
         "status!=denied", "said_by:kcna", "NOT said_by:kcna", f"soldiers{operator}{limit}", f"killed{operator}{limit}",
         f"quantity{operator}{limit}", "soldiers:[4 TO 9]", "killed:*", "confidence>=0.5", "actor:in(@who)"]
    )  # fmt: skip
