"""Counts in words: `about 14,000 soldiers`. Digits are Western in every language, as in the wires' own tables."""

from collections.abc import Sequence

from schemas.phrasing.tables import Table, fill
from schemas.report import EventQuantity

_WORDY = {"usd", "eur"}
"""Units in which large numbers are said in millions."""


def number(value: float, words: Table) -> str:
    """`14000` → `14,000`, in the language's own grouping."""
    text = f"{value:,.2f}".rstrip("0").rstrip(".") if value % 1 else f"{value:,.0f}"
    return text.replace(",", "\0").replace(".", words.decimal).replace("\0", words.group)


def _amount(value: float, unit: str, words: Table) -> str:
    if unit in _WORDY or value >= 10_000_000:
        for size, name in ((1e9, "billion"), (1e6, "million")):
            if value >= size:
                return fill(words.numbers[name], {"n": number(round(value / size, 2), words)})
    return number(value, words)


def _bare(quantity: EventQuantity, words: Table) -> str:
    low, high, value = quantity.min, quantity.max, quantity.value
    if low is not None and high is not None and low != high:
        return f"{_amount(low, quantity.unit, words)}–{_amount(high, quantity.unit, words)}"
    only = next((end for end in (value, low, high) if end is not None), None)
    return "" if only is None else _amount(only, quantity.unit, words)


def quantity(quantity: EventQuantity, words: Table) -> str:
    """One count with its modifier and unit; empty when it has no number at all."""
    bare = _bare(quantity, words)
    if not bare:
        return ""
    template = words.numbers.get(quantity.modifier or "", "{n}")
    unit = words.units.get(quantity.unit, quantity.unit)
    counted = fill(words.counted, {"n": fill(template, {"n": bare}), "unit": unit})
    return counted.strip()


def leading(quantities: Sequence[EventQuantity]) -> tuple[EventQuantity, ...]:
    """The counts worth a headline: totals, one of a unit, as the event names them; at most two."""
    firsts: dict[str, EventQuantity] = {}
    for entry in quantities:
        if entry.part_of is None and entry.modifier != "additional" and entry.unit != "other":
            firsts.setdefault(entry.unit, entry)
    return tuple(firsts.values())[:2]


def counted(difference_side: str, words: Table) -> str:
    """A count as `schemas.materiality` writes it (`10000-12000 soldiers`) in the reader's words."""
    ends, _, unit = difference_side.partition(" ")
    low, _, high = ends.partition("-")
    try:
        least, most = float(low), float(high or low)
    except ValueError:
        return difference_side
    return quantity(EventQuantity(value=None, min=least, max=most, unit=unit), words)
