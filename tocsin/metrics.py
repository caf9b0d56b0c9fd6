"""Prometheus metrics. Names are fixed; no label carries a subscription's words or a feed's address."""

from collections import Counter as Tally
from collections.abc import Iterable, Mapping
from importlib.metadata import version

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from alert.canary import PREFIX
from schemas.alert import Outcome, Receipt
from schemas.item import Item
from tocsin.health import Health, State

_QUICK = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
_RING = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 3600.0)


class Metrics:
    """All of tocsin's metrics in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.items = Counter("tocsin_items", "Items let in, by outcome", ["outcome"], registry=self.registry)
        self.stage_seconds = Histogram(
            "tocsin_stage_seconds", "Seconds a unit of a stage took", ["stage"], registry=self.registry, buckets=_QUICK
        )
        self.records = Counter(
            "tocsin_stage_records", "Records a stage is done with", ["stage"], registry=self.registry
        )
        self._done = Tally[str]()
        self.lag_records = Gauge(
            "tocsin_lag_records", "Records a stage has not read", ["stage"], registry=self.registry
        )
        self.lag_seconds = Gauge("tocsin_lag_seconds", "Age of the oldest of them", ["stage"], registry=self.registry)
        self.deliveries = Counter(
            "tocsin_deliveries", "Ends of alerts", ["destination", "outcome"], registry=self.registry
        )
        self.feed_to_ring = Histogram(
            "tocsin_feed_to_ring_seconds", "From the fetch to the ring", registry=self.registry, buckets=_RING
        )
        self.taggings = Counter(
            "tocsin_taggings", "What taggers from outside said", ["tagger", "outcome"], registry=self.registry
        )
        self.dead = Counter("tocsin_dead", "Records laid aside", ["stage"], registry=self.registry)
        self.feeds = Gauge("tocsin_feeds", "Feeds by state", ["state"], registry=self.registry)
        self.destinations = Gauge(
            "tocsin_destination_up", "1 while a destination takes messages", ["destination"], registry=self.registry
        )
        self.parts = Gauge("tocsin_parts", "Parts of the daemon, by health", ["state"], registry=self.registry)
        self.canary_seconds = Gauge(
            "tocsin_canary_seconds", "What the last canary took", ["destination"], registry=self.registry
        )
        self.canary_late = Gauge(
            "tocsin_canary_late", "1 while a canary has not arrived in time", ["destination"], registry=self.registry
        )
        ProcessCollector(registry=self.registry)
        build = Gauge("tocsin_build_info", "Which tocsin this is", ["version"], registry=self.registry)
        build.labels(version("tocsin")).set(1)

    def begin(self, stages: Iterable[str], destinations: Iterable[str], taggers: Iterable[str] = ()) -> None:
        """Show every series at nought from the start: `increase()` does not see a counter that begins with 1."""
        for tagger in taggers:
            self.tagged(tagger, dict.fromkeys(("asked", "added", "agreed", "vetoed", "failed"), 0))
        for stage in stages:
            self.dead.labels(stage)
            self.done(stage, 0)
        for destination in destinations:
            self.destinations.labels(destination).set(1)
            for outcome in Outcome:
                self.deliveries.labels(destination, outcome.value)
        for kind in ("new", "update", "retraction", "backfill"):
            self.items.labels(kind)

    def done(self, stage: str, records: int) -> None:
        """A stage is done with so many records."""
        self._done[stage] += records
        self.records.labels(stage).inc(records)

    @property
    def done_so_far(self) -> Mapping[str, int]:
        """Stage → records since the start of this process."""
        return self._done

    def tagged(self, tagger: str, counts: Mapping[str, int]) -> None:
        """A tagger was asked: how many `asked`, `added`, `agreed`, `vetoed`, `failed`."""
        for outcome, number in counts.items():
            self.taggings.labels(tagger, outcome).inc(number)

    def standing(self, destination: str, trouble: str) -> None:
        """A destination takes messages (no trouble), or does not."""
        self.destinations.labels(destination).set(0 if trouble else 1)

    def health(self, health: Health) -> None:
        """How many parts are in which state, now."""
        found = Tally(state for state, _ in health.parts.values())
        for state in State:
            self.parts.labels(state.value).set(found[state])

    def item(self, item: Item) -> None:
        """Count an item that was let in."""
        self.items.labels(item.kind if item.alertable else "backfill").inc()
        self.done("ingest", 1)

    def feed_conditions(self, counts: Mapping[str, int]) -> None:
        """How many feeds are in which condition."""
        self.feeds.clear()
        for condition, number in counts.items():
            self.feeds.labels(condition).set(number)

    def receipt(self, receipt: Receipt) -> None:
        """Count the end of an alert; a canary's is measured elsewhere."""
        if receipt.destination.startswith(PREFIX):
            return
        self.deliveries.labels(receipt.destination, receipt.outcome.value).inc()
        self.done("deliver", 1)
        if receipt.outcome is Outcome.SENT and receipt.fetched is not None:
            self.feed_to_ring.observe(max(0.0, (receipt.at - receipt.fetched).total_seconds()))

    def text(self) -> bytes:
        """The exposition format."""
        return generate_latest(self.registry)
