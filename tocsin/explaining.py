"""Why an item rings or does not, line by line: what was understood of it, then each subscription's verdict."""

from collections.abc import Iterable, Iterator

from alert.subscriptions import SubscriptionSet
from enrich.understand import Understander
from schemas.item import Item


def explained(
    item: Item, understander: Understander, subscriptions: SubscriptionSet, names: Iterable[str],
    story: Iterable[str] = (),
) -> Iterator[str]:  # fmt: skip
    """What was understood, lines on its story, and the verdict of the named subscriptions with every clause."""
    report = understander.understand(item)
    yield from understander.explain(item)
    yield from story
    for name in names:
        told = subscriptions.explain(report, name)
        yield f"\n{name}: {told.outcome} — {told.reason}"
        yield from told.tree.lines(1)
