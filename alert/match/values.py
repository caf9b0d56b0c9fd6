"""Features of fields and numbers, for a report as a whole or for one event of it."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping

from alert.match.facts import Ends
from alert.match.numbering import Emitters, Ids, Numbering

MAX_LIMITS = 2000
"""Limits of one number and comparison that get a feature of their own; further ones share the next looser."""

_COMMON = {"lang": 0.2, "status": 0.3, "event": 0.1, "country": 0.1, "place": 0.1, "actor": 0.1, "target": 0.1}


class Values:
    """`field:value` as features. A value's feature is numbered when the first query asks for it."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._features: dict[object, int] = {}
        self._fields: dict[tuple[str, bool], Emitters] = {}
        self._any: dict[str, int] = {}

    def one(self, field: str, value: str, exact: bool) -> int:
        """The feature of `field:value`, or of `field:=value`."""
        key = (field, value, exact)
        feature = self._features.get(key)
        if feature is None:
            feature = self._features[key] = self._numbering.new(_COMMON.get(field, 0.01))
            self._fields.setdefault((field, exact), Emitters()).link(value, feature)
        return feature

    def some(self, field: str, values: frozenset[str]) -> int:
        """The feature of a list: the field has one of its values."""
        key = (field, values)
        feature = self._features.get(key)
        if feature is None:
            guess = min(1.0, _COMMON.get(field, 0.01) * len(values))
            feature = self._features[key] = self._numbering.new(guess)
            emitters = self._fields.setdefault((field, False), Emitters())
            for value in values:
                emitters.link(value, feature)
        return feature

    def present(self, field: str) -> int:
        """The feature of a field that has any value."""
        if field not in self._any:
            self._any[field] = self._numbering.new(0.5)
        return self._any[field]

    def features(
        self, values: Mapping[str, frozenset[str]], own: Mapping[str, frozenset[str]], found: set[int]
    ) -> None:
        """Add the features of a report's or event's values."""
        for (field, exact), emitters in self._fields.items():
            for value in (own if exact else values).get(field, ()):
                found.update(emitters.of(value))
        for field, feature in self._any.items():
            if values.get(field):
                found.add(feature)


class _Limits:
    """The limits of one comparison of one number, in order, each with its feature."""

    def __init__(self) -> None:
        self.limits: list[float] = []
        self.features: list[int] = []

    def of(self, limit: float) -> int | None:
        at = bisect_left(self.limits, limit)
        return self.features[at] if at < len(self.limits) and self.limits[at] == limit else None

    def add(self, limit: float, feature: int) -> None:
        at = bisect_left(self.limits, limit)
        self.limits.insert(at, limit)
        self.features.insert(at, feature)

    def looser(self, limit: float, upwards: bool) -> int | None:
        """The feature of the nearest limit that is easier to meet."""
        at = bisect_right(self.limits, limit) - 1 if upwards else bisect_left(self.limits, limit)
        return self.features[at] if 0 <= at < len(self.limits) else None


class NumberFeatures:
    """`number>=limit` as features: one for each limit some query names, so that meeting it is exact."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._limits: dict[str, dict[str, _Limits]] = {}
        self._any: dict[str, int] = {}

    def present(self, field: str) -> int:
        """The feature of a number that is given at all."""
        if field not in self._any:
            self._any[field] = self._numbering.new(0.3)
        return self._any[field]

    def one(self, field: str, operator: str, limit: float) -> tuple[int, bool]:
        """The feature of a comparison, and whether it is exact (else it is only implied)."""
        if operator == "!=":
            return self.present(field), False
        limits = self._limits.setdefault(field, {}).setdefault(operator, _Limits())
        feature = limits.of(limit)
        if feature is not None:
            return feature, True
        if len(limits.limits) < MAX_LIMITS:
            feature = self._numbering.new(0.1)
            limits.add(limit, feature)
            return feature, True
        looser = None if operator == "=" else limits.looser(limit, operator in (">", ">="))
        return (self.present(field) if looser is None else looser), False

    def features(self, numbers: Mapping[str, Iterable[Ends]], found: set[int]) -> None:
        """Add the features of a report's or event's numbers."""
        for field, feature in self._any.items():
            if numbers.get(field):
                found.add(feature)
        for field, by_operator in self._limits.items():
            given = numbers.get(field)
            if given:
                ends = [end for one in given for end in one]
                for operator, limits in by_operator.items():
                    found.update(_met(operator, limits, ends))


def _met(operator: str, limits: _Limits, ends: list[float]) -> Iterable[int]:
    if operator == ">=":
        return limits.features[: bisect_right(limits.limits, max(ends))]
    if operator == ">":
        return limits.features[: bisect_left(limits.limits, max(ends))]
    if operator == "<=":
        return limits.features[bisect_left(limits.limits, min(ends)) :]
    if operator == "<":
        return limits.features[bisect_right(limits.limits, min(ends)) :]
    return [feature for end in ends if (feature := limits.of(end)) is not None]


__all__ = ["Ids", "NumberFeatures", "Values"]
