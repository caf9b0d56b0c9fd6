"""Dates in every shape that feeds write, the wrong ones too.

RFC 822/2822 (RSS), RFC 3339 and W3CDTF (Atom, RDF), and what is found in the wild: names of months in a dozen
languages, slashes, dots, Korean, Chinese and Japanese counters, 12-hour clocks, zone names, seconds since 1970.
A date never decides whether an item is new (`ingest/identity.py` does); it only says when.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""What lies before is a default of some software (1970, 1904, year 1), not the date of news."""

_MONTH_NAMES = (
    ("jan ene gen янв січ ιαν ιανουαριος oca led styczen stycznia يناير jän", 1),
    ("feb fév fev фев лют φεβ şub úno lut lutego فبراير", 2),
    ("mar mär mrt maa мар бер μαρ mars märz março marca مارس", 3),
    ("apr avr abr апр кві απρ nis dub kwi kwietnia أبريل ابريل", 4),
    ("may mai mag maj mei май мая тра μαϊ μαι μαΐ kvě maja مايو", 5),
    ("jun juin giu июн чер ιουν haz cze czerwca يونيو", 6),
    ("jul juil lug июл лип ιουλ tem lip lipca يوليو", 7),
    ("aug août aoû ago авг сер αυγ ağu srp sie sierpnia أغسطس اغسطس", 8),
    ("sep set сен вер σεπ eyl zář wrz wrzesnia września سبتمبر", 9),
    ("oct okt out ott окт жов οκτ eki říj paz paź pazdziernika أكتوبر اكتوبر", 10),
    ("nov ноя лис νοε kas lis listopada نوفمبر", 11),
    ("dec dez dic déc dés des дек гру δεκ ara pro gru grudnia ديسمبر", 12),
)
_MONTHS = {name: number for names, number in _MONTH_NAMES for name in names.split()}

_ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 60, "west": 60, "cet": 60, "mez": 60, "met": 60, "cest": 120,
    "mesz": 120, "eet": 120, "sast": 120, "eest": 180, "msk": 180, "trt": 180, "irst": 210, "gst": 240, "pkt": 300,
    "ist": 330, "wib": 420, "ict": 420, "hkt": 480, "sgt": 480, "pht": 480, "awst": 480, "kst": 540, "jst": 540,
    "acst": 570, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780, "brt": -180, "art": -180, "ast": -240,
    "adt": -180, "est": -300, "edt": -240, "et": -300, "cst": -360, "cdt": -300, "ct": -360, "mst": -420, "mdt": -360,
    "mt": -420, "pst": -480, "pdt": -420, "pt": -480, "akst": -540, "akdt": -480, "hst": -600,
}  # fmt: skip
"""Minutes east of Greenwich. BST is British Summer Time; where a name is used twice, the one feeds use."""

_CLOCK = r"(?P<h>\d{1,2})[:.h](?P<mi>\d{2})(?:[:.](?P<s>\d{2})(?:[.,]\d+)?)?(?:\s*(?P<ap>[ap])\.?m\.?)?"
_REST = rf"(?:[T\s,]+(?:at\s+|um\s+|в\s+|-\s+)?{_CLOCK})?\s*(?P<zone>[^\n]{{0,40}})"
_WORD = r"[^\W\d_]{2,12}"
_SHAPES = tuple(
    re.compile(shape + r"\Z", re.IGNORECASE)
    for shape in (
        rf"(?P<y>\d{{4}})-(?P<m>\d{{1,2}})-(?P<d>\d{{1,2}}){_REST}",
        rf"(?:{_WORD}\.?,?\s*)?(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.|º)?[\s-]+(?:de\s+)?(?P<name>{_WORD})\.?,?[\s-]+(?:de\s+)?"
        rf"(?P<y>\d{{4}}|\d{{2}}){_REST}",
        rf"(?:{_WORD}\.?,?\s+)?(?P<name>{_WORD})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}}){_REST}",
        rf"(?:{_WORD}\.?,?\s+)(?P<name>{_WORD})\.?\s+(?P<d>\d{{1,2}})\s+{_CLOCK}\s+(?P<zone>[A-Z]{{1,5}}\s+)?(?P<y>\d{{4}})",
        rf"(?P<y>\d{{4}})[/.](?P<m>\d{{1,2}})[/.](?P<d>\d{{1,2}})\.?{_REST}",
        rf"(?P<d>\d{{1,2}})\.(?P<m>\d{{1,2}})\.(?P<y>\d{{4}}){_REST}",
        rf"(?P<a>\d{{1,2}})[/-](?P<b>\d{{1,2}})[/-](?P<y>\d{{4}}){_REST}",
        r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:T?(?P<h>\d{2})(?P<mi>\d{2})(?P<s>\d{2})?)?\s*(?P<zone>[^\n]{0,12})",
        r"(?P<y>\d{4})\s*[年년]\s*(?P<m>\d{1,2})\s*[月월]\s*(?P<d>\d{1,2})\s*[日일]?"
        r"(?:\s*(?:\([^)]*\))?\s*(?P<h>\d{1,2})\s*[:時时시点點]\s*(?P<mi>\d{1,2})"
        r"\s*[分분:]?(?:\s*(?P<s>\d{1,2})\s*[秒초]?)?)?(?P<zone>[^\n]{0,12})",
        r"(?P<y>\d{4})-(?P<m>\d{1,2})(?P<zone>)",
        r"(?P<y>(?:19|20)\d{2})(?P<zone>)",
        r"(?P<y>\d{4})-(?P<yd>\d{3})(?P<zone>)",
    )
)
_OFFSET = re.compile(r"(?:gmt|utc|ut|z)?\s*(?P<sign>[+\-−])\s*(?P<h>\d{1,2}):?(?P<m>\d{2})?(?!\d)", re.IGNORECASE)
_HALF = re.compile(r"\s*(上午|午前|오전|下午|午後|오후)\s*")
_HALVES = {"下午": "p", "午後": "p", "오후": "p"}
_EPOCH = re.compile(r"\d{9,10}(?:\d{3})?(?:\.\d+)?\Z")
_MARKS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


def _month(name: str) -> int | None:
    """The month of a name in any of the languages; the longest known beginning decides."""
    name = name.casefold()
    for length in range(min(len(name), 12), 1, -1):
        if number := _MONTHS.get(name[:length]):
            return number
    return None


def _offset(zone: str) -> timezone:
    """The zone a date is written in; UTC when it names none we know."""
    if not zone.strip():
        return UTC
    if match := _OFFSET.search(zone):
        minutes = int(match["h"]) * 60 + int(match["m"] or 0)
        if minutes <= 15 * 60:
            return timezone(timedelta(minutes=minutes if match["sign"] == "+" else -minutes))
        return UTC
    for word in re.findall(r"[A-Za-z]+", zone):
        if (minutes_east := _ZONES.get(word.lower())) is not None:
            return timezone(timedelta(minutes=minutes_east))
    return UTC


def _year(text: str) -> int:
    year = int(text)
    if len(text) == 2:
        return year + (2000 if year < 70 else 1900)
    return year


def _day(found: dict[str, str | None]) -> tuple[int, int]:
    """Month and day. Of two numbers with slashes the one over 12 is the day; else the American order."""
    if found.get("name"):
        return _month(found["name"] or "") or 0, int(found["d"] or 0)
    if found.get("a"):
        a, b = int(found["a"] or 0), int(found["b"] or 0)
        return (b, a) if a > 12 else (a, b)
    return int(found.get("m") or 1), int(found.get("d") or 1)


def _hour(found: dict[str, str | None]) -> int:
    hour = int(found.get("h") or 0)
    half = (found.get("ap") or "").lower()
    if half == "p" and hour < 12:
        return hour + 12
    return 0 if half == "a" and hour == 12 else hour


def _assemble(found: dict[str, str | None]) -> datetime | None:
    """The instant of a matched shape, or None where there is no such day."""
    month, day = _day(found)
    hour, second = _hour(found), min(int(found.get("s") or 0), 59)
    if hour > 24:
        return None
    later = timedelta(days=1) if hour == 24 else timedelta()
    try:
        when = datetime(
            _year(found["y"] or ""), month, day, hour % 24, int(found.get("mi") or 0), second,
            tzinfo=_offset(found.get("zone") or ""),
        )  # fmt: skip
        if found.get("yd"):
            when += timedelta(days=int(found["yd"] or 1) - 1)
        return (when + later).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _written(match: re.Match[str]) -> dict[str, str | None]:
    return {name: value for name, value in match.groupdict().items() if value is not None}


def _epoch(text: str) -> datetime | None:
    number = float(text)
    try:
        return datetime.fromtimestamp(number / 1000 if number > 1e11 else number, UTC)
    except (ValueError, OverflowError, OSError):
        return None


@lru_cache(maxsize=16_384)  # most entries of a document stood in the last one too
def parse(text: str) -> datetime | None:
    """The instant a publisher wrote, in UTC, or None when it is no date. A date without a zone is taken as UTC."""
    text = " ".join(text.translate(_MARKS).split())[:100]
    if not text:
        return None
    try:
        when = datetime.fromisoformat(text)
        if len(text) > 10:
            return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    if _EPOCH.match(text):
        return _epoch(text)
    half = None
    if marker := _HALF.search(text):
        half, text = _HALVES.get(marker[1], "a"), _HALF.sub(" ", text)
    for shape in _SHAPES:
        if (match := shape.match(text)) and (found := _assemble({"ap": half, **_written(match)})):
            return found
    return None


def plausible(when: datetime | None, now: datetime | None) -> datetime | None:
    """The instant if it can be the date of news: after 1990, and not later than ten minutes from `now`."""
    if when is None or when < EARLIEST:
        return None
    if now is not None and when > now + timedelta(minutes=10):
        return None
    return when
