"""Traces: a span for every record, linked by its cause, over real OTLP; nothing in them that anybody watches."""

from datetime import timedelta
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from schemas.errors import ConfigError
from schemas.item import Feed, Item
from schemas.ports import Task
from schemas.report import Report
from schemas.topics import FEEDS, ITEMS, REPORTS
from tests.log.clocks import SetClock
from tests.servers.http import FeedServer
from tocsin import tracing
from tocsin.app import house
from tocsin.config import load_config
from tocsin.log import StageSpec
from tocsin.log.memory import MemoryLog, Vault
from tocsin.log.unit import BufferedUnit
from tocsin.tracing import Step, Tracer, steps

UNDERSTAND = StageSpec("understand", (ITEMS,))


async def one_item_understood(log: MemoryLog) -> None:
    async with log.unit(Task("push")) as unit:
        unit.emit(FEEDS, "a.example x", Feed(url="https://a.example/secret"))
        unit.emit(ITEMS, "a.example", Item(id="1", title="secret words"))
    task = await log.claim(UNDERSTAND, 0)
    (record,) = await log.read(task, wait=1.0)
    async with log.unit(task) as unit:
        unit.emit(REPORTS, "0", Report(id="1", title="secret words"), record)
        unit.acknowledge([record])


async def told() -> list[Step]:
    """The steps of one item that was understood."""
    clock = SetClock()
    log = MemoryLog(clock, Vault(partitions=1))
    await log.open()
    units: list[BufferedUnit] = []
    log.committed = units.append
    await one_item_understood(log)
    return [step for unit in units for step in steps(unit, clock.now() + timedelta(seconds=2))]


async def test_a_report_is_a_child_of_its_item_in_one_trace() -> None:
    item, report = await told()
    assert (item.name, item.parent) == ("push → items", "")
    assert (report.name, report.trace, report.parent) == ("understand → reports", item.trace, item.span)
    assert (report.ended - report.began).total_seconds() == 2


async def test_a_collector_gets_them_and_no_word_of_what_was_read(feed_server: FeedServer) -> None:
    feed_server.put("/v1/traces", b"")
    clock = SetClock()
    log = MemoryLog(clock, Vault(partitions=1))
    await log.open()
    tracer = Tracer(feed_server.url("/"), clock, "0.1")
    log.committed = tracer.note
    await one_item_understood(log)
    await tracer.close()
    (asked,) = feed_server.requests_of("/v1/traces")
    assert b"secret" not in asked.body
    sent = ExportTraceServiceRequest.FromString(asked.body)
    spans: list[Span] = [span for r in sent.resource_spans for scope in r.scope_spans for span in scope.spans]
    by_name = {span.name: span for span in spans}
    assert set(by_name) == {"push → items", "understand → reports"}
    item, report = by_name["push → items"], by_name["understand → reports"]
    assert (report.trace_id, report.parent_span_id) == (item.trace_id, item.span_id)


async def test_a_house_traces_only_where_it_is_told_to(tmp_path: Path, feed_server: FeedServer) -> None:
    feed_server.put("/v1/traces", b"")
    for settings, asked in (("", 0), (f"tracing: {feed_server.url('/')}\n", 1)):
        (tmp_path / "tocsin.yaml").write_text(f"log: sqlite:a.db\n{settings}")
        async with house(load_config(tmp_path), SetClock()) as home:
            await home.push([Item(id=f"{asked}", title="a")], False)
        assert len(feed_server.requests_of("/v1/traces")) == asked


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(ConfigError, match=r"tocsin\[otel\]"):
        Tracer("http://127.0.0.1:4318", SetClock(), "0.1")
    assert tracing.PATH == "/v1/traces"


def test_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tocsin.yaml").write_text("tracing: collector:4318\n")
    with pytest.raises(ConfigError, match="is no collector"):
        load_config(tmp_path)
