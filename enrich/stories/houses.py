"""Who stands behind a report: editions of one house are one, and a wire's copies are the wire's.

Sources are counted by house, because nine editions that say the same are one source that says it.
The knowledge is `houses.yaml`.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import Final

from schemas import marked
from schemas.base import Strict
from schemas.report import Report

LONGEST_NAME: Final = 4
"""Words of a known house's name."""
CREDIT: Final = 160
"""Code points at either end of a text in which a wire is credited."""

_HOST = re.compile(r"[a-z][a-z0-9+.-]*://(?:[^@/?#]*@)?([^:/?#]+)", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_CREDIT = re.compile(r"^[^!?\n]{0,90}?[(（\[]\s*([^()（）\[\]]{2,30}?)\s*[)）\]]|^\W*([^\W\d_]{2,12})\s*[-–—:]\s")
"""`SEOUL, April 28 (Reuters) -` and `AFP - `: how a dateline names the wire."""
_SECOND_LEVEL = frozenset({"co", "com", "org", "net", "gov", "ac", "edu"})


class Houses(Strict):
    """The table of `houses.yaml`."""

    editions: frozenset[str]
    known: Mapping[str, tuple[str, ...]]
    wires: Mapping[str, tuple[str, ...]]


@cache
def houses() -> Houses:
    """The table, read once."""
    text = (resources.files("enrich.stories") / "houses.yaml").read_text("utf-8")
    return marked.validate(marked.parse(text, "houses.yaml"), Houses)


@cache
def _credits() -> Mapping[str, str]:
    return {name.strip(" ()").casefold(): wire for wire, names in houses().wires.items() for name in names}


def house_of(report: Report) -> str:
    """The house that speaks: the wire it is credited to, or else the publisher without its edition. "" is unknown."""
    return _credited(report) or house(report.source or "") or _site(report.url or "")


def _credited(report: Report) -> str:
    for author in report.authors:
        if wire := _credits().get(author.strip().casefold()):
            return wire
    lead = _CREDIT.match(report.text[:CREDIT])
    return _credits().get((lead[1] or lead[2]).strip().casefold(), "") if lead else ""


@lru_cache(maxsize=20_000)
def house(name: str) -> str:
    """The house of a label. `BBC News Arabic`, `BBC Русская служба` are `bbc`; edition words alone are kept whole."""
    said = name.casefold()
    if wire := _credits().get(said.strip()):
        return wire
    spoken = _WORD.findall(said)
    proper = [word for word in spoken if word not in houses().editions]
    return _begun(spoken) or _begun(proper) or " ".join(proper or spoken)


def _begun(spoken: Sequence[str]) -> str:
    """The known house whose name these words begin with; "" when none."""
    beginnings = (" ".join(spoken[:length]) for length in range(min(len(spoken), LONGEST_NAME), 0, -1))
    return next((_known()[begun] for begun in beginnings if begun in _known()), "")


@cache
def _known() -> Mapping[str, str]:
    names = ((house, name) for house, said in houses().known.items() for name in said)
    return {" ".join(_WORD.findall(name.casefold())): house for house, name in names}


@lru_cache(maxsize=20_000)
def _site(url: str) -> str:
    """The registrable name of a site, roughly: `feeds.bbci.co.uk` → `bbci`."""
    host = _HOST.match(url)
    labels = host[1].casefold().split(".")[:-1] or [host[1].casefold()] if host else []
    if len(labels) > 1 and labels[-1] in _SECOND_LEVEL:
        labels = labels[:-1]
    return labels[-1] if labels else ""


def label(report: Report) -> str:
    """What to call the house of a report; "" is unknown."""
    return _credited(report) or report.source or _site(report.url or "")
