"""Metrics: every series is there from the start, and none tells what a person watches."""

from datetime import timedelta

from schemas.alert import Outcome, Receipt
from schemas.item import Item
from tests.alert.build import DAWN
from tocsin.health import Health, State
from tocsin.metrics import Metrics


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(name, labels)


def test_counters_stand_at_nought_before_anything_happened() -> None:
    metrics = Metrics()
    metrics.begin(["match"], ["east-asia"])
    assert value(metrics, "tocsin_dead_total", stage="match") == 0
    assert value(metrics, "tocsin_deliveries_total", destination="east-asia", outcome="refused") == 0
    assert value(metrics, "tocsin_items_total", outcome="new") == 0
    assert value(metrics, "tocsin_destination_up", destination="east-asia") == 1


def test_a_destination_that_takes_nothing_is_down_until_it_does() -> None:
    metrics = Metrics()
    for trouble, up in (("no such channel", 0), ("", 1)):
        metrics.standing("east-asia", trouble)
        assert value(metrics, "tocsin_destination_up", destination="east-asia") == up


def test_parts_are_counted_by_how_they_are_now() -> None:
    metrics, health = Metrics(), Health()
    health.set("match/0", State.STOPPED, "five in a row")
    metrics.health(health)
    assert (value(metrics, "tocsin_parts", state="stopped"), value(metrics, "tocsin_parts", state="ok")) == (1, 0)
    health.set("match/0", State.OK)
    metrics.health(health)
    assert (value(metrics, "tocsin_parts", state="stopped"), value(metrics, "tocsin_parts", state="ok")) == (0, 1)


def test_a_ring_is_measured_from_the_fetch() -> None:
    metrics = Metrics()
    metrics.receipt(
        Receipt(
            id="d", alert="a", destination="mail", story="s", revision=1, report="r", outcome=Outcome.SENT, reason="",
            fetched=DAWN, at=DAWN + timedelta(seconds=4),
        )
    )  # fmt: skip
    assert value(metrics, "tocsin_feed_to_ring_seconds_sum") == 4
    assert value(metrics, "tocsin_deliveries_total", destination="mail", outcome="sent") == 1


def test_items_are_counted_by_their_lane() -> None:
    metrics = Metrics()
    metrics.item(Item(id="1", title="a"))
    metrics.item(Item(id="2", title="b", alertable=False))
    assert (
        value(metrics, "tocsin_items_total", outcome="new"),
        value(metrics, "tocsin_items_total", outcome="backfill"),
    ) == (1, 1)


def test_no_label_is_a_feed_or_a_query() -> None:
    labels = {name for family in Metrics().registry.collect() for sample in family.samples for name in sample.labels}
    assert labels <= {"version", "le"}
