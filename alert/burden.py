"""What a subscription costs: how often it is looked at, and when checking it takes so long that others would wait."""

from typing import Final

from alert.match.matcher import Cost

COSTLY: Final = 0.002
"""Seconds of full checks a report, on average: whoever takes longer goes to the slow lane."""
ENOUGH: Final = 1000
"""Reports before anybody is judged by them."""
_TELLING: Final = 200
"""Reports that tell more than a guess."""
_CHEAP: Final = 0.01
_FAIR: Final = 0.1


def cost_class(share: float) -> str:
    """`cheap`, `fair` or `dear`, by the share of reports in which a subscription has to be looked at."""
    return "cheap" if share <= _CHEAP else "fair" if share <= _FAIR else "dear"


def cost_words(cost: Cost, expected: float) -> str:
    """What a subscription costs, in words: `expected` is the share of reports guessed, for before enough were seen."""
    known = cost.reports >= _TELLING
    share = cost.looked / cost.reports if known else expected
    each = cost.seconds / cost.reports * 1e3 if cost.reports else 0.0
    checks = f", checked in full for {each:.2f} ms a report" if each >= 0.005 else ""
    guess = "" if known else f" (a guess: {cost.reports} were seen)"
    return f"{cost_class(share)}: looked at in {_percent(share)} of reports{guess}{checks}"


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.1 or not share else f"{share:.1%}" if share >= 0.001 else "under 0.1%"


def burden(cost: Cost) -> str:
    """Why a subscription is too costly, in words; empty while it is not."""
    if cost.reports < ENOUGH or cost.seconds / cost.reports < COSTLY:
        return ""
    each = cost.seconds / cost.reports * 1000
    took = f"checking it takes {each:.1f} ms a report, over {cost.reports} reports"
    return f"{took}; ask for a rarer word or field beside it"
