"""Which items' articles are worth fetching: those that a subscription with `full_text` matches as they came."""

from alert.subscriptions import SubscriptionSet
from enrich.understand import Understander
from schemas.item import Item


def wants_article(item: Item, understander: Understander, subscriptions: SubscriptionSet) -> bool:
    """Whether a subscription that asks for full texts matches the item. Where none asks, this costs nothing."""
    names = [name for name, one in subscriptions.compiled.items() if one.written.full_text and one.written.enabled]
    if not names:
        return False
    report = understander.understand(item)
    return any(subscriptions.explain(report, name).outcome == "matches" for name in names)
