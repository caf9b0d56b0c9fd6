"""The feeds' memory in a task's state: which keys hold what.

`feed/<url>` the configuration · `look/<url>` the memory between looks · `seen/<feed>/<name>` every name of every item.
`article/<item id>` an item whose article is still to be fetched. One key a name: a look writes only what is new.
"""

from collections.abc import Iterator

from ingest.identity import fingerprint
from ingest.newness import DAY, KEPT_DAYS, Known, Mark
from ingest.state import Watch
from schemas.item import Feed, Item
from schemas.ports import State, Unit

_FEED, _LOOK, _SEEN, _ARTICLE = "feed/", "look/", "seen/", "article/"


def feed_key(url: str) -> str:
    """Where a feed's configuration lies."""
    return _FEED + url


def feeds(state: State) -> Iterator[Feed]:
    """Every configured feed."""
    for _, value in state.scan(_FEED):
        yield Feed.model_validate(value)


def watch(state: State, url: str) -> Watch:
    """The memory of a feed; an empty one for a feed never looked at."""
    value = state.get(_LOOK + url)
    return Watch.from_json(value) if value is not None else Watch(url)


def watches(state: State) -> Iterator[Watch]:
    """The memory of every feed that was looked at."""
    for _, value in state.scan(_LOOK):
        yield Watch.from_json(value)


def keep(unit: Unit, watch: Watch) -> None:
    """Write the memory of a feed."""
    unit.put(_LOOK + watch.url, watch.to_json())


def _lane(url: str) -> str:
    return f"{_SEEN}{fingerprint(url)}/"


def known(state: State, url: str) -> Known:
    """What is remembered under a name, for one feed."""
    lane = _lane(url)

    def find(name: str) -> Mark | None:
        value = state.get(lane + name)
        return Mark.from_json(value) if value is not None else None

    return find


def remember(unit: Unit, url: str, marks: dict[str, Mark]) -> None:
    """Write the names met in a look."""
    lane = _lane(url)
    for name, mark in marks.items():
        unit.put(lane + name, mark.to_json())


def sweep(unit: Unit, watch: Watch, now: float) -> Watch:
    """Forget, once a day and feed, the names that were not seen for long; returns the memory with the day noted."""
    day = int(now // DAY)
    if watch.swept == day:
        return watch
    old = [key for key, value in unit.scan(_lane(watch.url)) if day - Mark.from_json(value).day > KEPT_DAYS]
    for key in old:
        unit.delete(key)
    return watch.but(swept=day)


def want(unit: Unit, item: Item) -> None:
    """The article of an item is to be fetched, after a restart too."""
    unit.put(_ARTICLE + item.id, item.model_dump(mode="json", exclude_defaults=True))


def wanted(state: State) -> Iterator[Item]:
    """Items whose articles are still to be fetched."""
    for _, value in state.scan(_ARTICLE):
        yield Item.model_validate(value)


def unwant(unit: Unit, item: Item) -> None:
    """The article of an item was fetched, or given up."""
    unit.delete(_ARTICLE + item.id)
