"""Who is this item? Identities decide newness; dates and positions never do.

Within a document: the guid, unless it is empty or shared by different entries; then the link, if it is the entry's
own; then a hash of what it says. Aliases are other names by which the same item may have been met before, so that
http→https, a moved host or a changed guid is an update and not news.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b, sha256

from ingest.canon import canon
from schemas.item import Item

_SCHEME_HOST = re.compile(r"(?:https?:)?//[^/?#]+", re.IGNORECASE)
_JOINTS = re.compile(r"[^/\W][-_%]")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Marks:
    """What an entry offers to be known by, before it is decided which of them holds."""

    guid: str
    url: str | None
    title: str
    content: Callable[[], str]
    """A digest of what it says: title, text, enclosures, its date as written."""


def digest(*parts: str) -> str:
    """A short hash of several texts, hexadecimal, the same on every machine."""
    return sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def identify(entries: Sequence[Marks], trust_guids: bool = True) -> tuple[list[str], bool]:
    """The identity of each entry of a document, and whether its guids cannot be told apart.

    A guid that is given to entries with different links and titles says nothing; an entry that is simply listed
    twice keeps it. `trust_guids=False` is the feed's sticky memory that its guids were worthless before.
    """
    meanings: dict[str, set[tuple[str | None, str]]] = {}
    for entry in entries:
        if entry.guid:
            meanings.setdefault(entry.guid, set()).add((entry.url, entry.title))
    shared = {guid for guid, who in meanings.items() if len(who) > 1}
    links = Counter(canon(entry.url) for entry in entries if entry.url)
    return [_identity(entry, shared, links, trust_guids) for entry in entries], bool(shared)


def _identity(entry: Marks, shared: set[str], links: Counter[str], trust_guids: bool) -> str:
    if entry.guid and trust_guids and entry.guid not in shared:
        return entry.guid
    if entry.url and links[canon(entry.url)] == 1:
        return entry.url
    return entry.guid if entry.guid and entry.guid not in shared else f"sha256:{entry.content()}"


def item_id(feed: str, identity: str) -> str:
    """The item's id in the pipeline: unlike that of any other feed's item, the same after every restart."""
    return digest("item", canon(feed), identity)


def fingerprint(text: str) -> str:
    """Eight bytes of hash, for the seen sets that are kept per feed: 16 hexadecimal digits."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def aliases(identity: str, url: str | None, own_link: bool) -> tuple[str, ...]:
    """Fingerprints of everything the item is known by, its identity first.

    `own_link`: no other entry of the document has this link, so that it may stand for the entry.
    """
    names = [f"i:{identity}"]
    stripped = _SCHEME_HOST.sub("", identity, count=1) if _SCHEME_HOST.match(identity) else ""
    if is_telling(stripped):
        names.append(f"g:{stripped}")
    if url and own_link and is_telling(canon(url).partition("/")[2]):
        names.append(f"l:{canon(url)}")
    return tuple(fingerprint(name) for name in names)


def is_telling(path: str) -> bool:
    """Whether a path names one story: a number, a date or a slug. `/`, `/news` and `/alerts` are shared by many."""
    return sum(map(str.isdigit, path)) >= 3 or len(_JOINTS.findall(path)) >= 2 or len(path.rpartition("/")[2]) >= 16


def substance(item: Item) -> str:
    """A fingerprint of what the item says, blind to case, spaces and markup: equal when an edit was trivial."""
    return fingerprint(_SPACE.sub(" ", f"{item.title}\n{item.text}").strip().casefold())


def own_links(items: Iterable[Item]) -> set[str]:
    """The canonical links that one item alone has in this document."""
    counted = Counter(canon(item.url) for item in items if item.url)
    return {link for link, times in counted.items() if times == 1}
