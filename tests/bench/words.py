"""Items a second and language on one core: RSS-sized items (a title and about 600 characters) and 1,000-word articles.

Prints, for each language, laid open (language, tokens, sentences), read (with names, numbers, dates) and understood
(with events), after a first pass that prepares the language; then the time to load and the memory held. The texts are
made of our own sentences, so that only ratios and orders of magnitude should be read.
"""

import re
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from enrich.reading import lay_open
from enrich.understand import Understander
from schemas.item import Item

SENTENCES = {
    "ar": "أعلنت وزارة الدفاع أن نحو 2500 جندي وصلوا يوم الخميس إلى الحدود مع أوكرانيا، فيما نفت موسكو ذلك.",
    "de": "Das Verteidigungsministerium teilte mit, dass am Donnerstag rund 2.500 Soldaten in Polen eintrafen.",
    "en": "The defence ministry said on Thursday that about 2,500 troops had reached the border with Ukraine.",
    "es": "El Ministerio de Defensa dijo el jueves que unos 2.500 soldados llegaron a la frontera con Ucrania.",
    "fa": "وزارت دفاع روز پنجشنبه اعلام کرد حدود ۲۵۰۰ سرباز به مرز اوکراین رسیده‌اند و مسکو آن را رد کرد.",
    "fr": "Le ministère de la Défense a annoncé jeudi que 2 500 soldats étaient arrivés à la frontière ukrainienne.",
    "he": "משרד הביטחון הודיע ביום חמישי כי כ-2,500 חיילים הגיעו לגבול עם לבנון, ומוסקבה הכחישה זאת.",
    "ja": "国防省は木曜日、兵士約2500人がウクライナ国境に到着したと発表し、ロシアはこれを否定した。",
    "ko": "국방부는 목요일 병력 2500명이 우크라이나 국경에 도착했다고 밝혔으며 모스크바는 이를 부인했다.",
    "pl": "Ministerstwo Obrony poinformowało w czwartek, że około 2500 żołnierzy dotarło do granicy z Ukrainą.",
    "pt": "O Ministério da Defesa disse na quinta-feira que cerca de 2.500 soldados chegaram à fronteira ucraniana.",
    "ru": "Министерство обороны сообщило в четверг, что около 2500 солдат прибыли к границе с Украиной.",
    "tr": "Savunma Bakanlığı perşembe günü yaklaşık 2500 askerin Ukrayna sınırına ulaştığını açıkladı.",
    "uk": "Міністерство оборони повідомило в четвер, що близько 2500 солдатів прибули до кордону з Польщею.",
    "zh": "国防部周四表示，约2500名士兵已抵达乌克兰边境，莫斯科对此予以否认。",
}
_PUBLISHED = datetime(2025, 4, 29, tzinfo=UTC)
_SECONDS = 0.6


def items(lang: str, length: int) -> list[Item]:
    """A few different items of about `length` characters."""
    sentence = SENTENCES[lang]
    text = " ".join(sentence for _ in range(length // len(sentence) + 1))
    return [Item(id=str(n), title=sentence, text=f"{n + 2}. {text}", published=_PUBLISHED) for n in range(8)]


def rate(work: Callable[[Item], object], given: list[Item]) -> float:
    """Items a second, after one pass that is not counted."""
    for item in given:
        work(item)
    started, done = time.perf_counter(), 0
    while time.perf_counter() - started < _SECONDS:
        for item in given:
            work(item)
        done += len(given)
    return done / (time.perf_counter() - started)


def resident() -> int:
    """Megabytes of memory held, its peak where the system does not tell."""
    held = re.search(r"^VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"), re.MULTILINE)
    return (int(held[1]) if held else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) // 1024


def main() -> None:
    """Print the table."""
    started = time.perf_counter()
    understander = Understander.load()
    sys.stdout.write(f"ready in {time.perf_counter() - started:.2f} s\n")
    sys.stdout.write("lang  laid open/s   read/s  understood/s   articles read/s\n")
    for lang in SENTENCES:
        short, long = items(lang, 600), items(lang, 2500 if lang in ("ja", "zh", "ko") else 6000)
        rates = [rate(work, short) for work in (lay_open, understander.read, understander.understand)]
        article = rate(understander.read, long)
        sys.stdout.write(f"{lang:4} {rates[0]:12.0f} {rates[1]:8.0f} {rates[2]:13.0f} {article:17.0f}\n")
    understander.lookup("Москва")
    sys.stdout.write(f"{resident()} MB resident with every language and the sentence model loaded\n")


if __name__ == "__main__":
    main()
