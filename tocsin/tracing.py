"""Traces for OpenTelemetry, where somebody wants them: one span for every record a stage wrote, linked by its cause.

The ids are those the records carry anyway (`traceparent`, docs/log.md): an item, its report, change and alerts are one
trace, whichever processes they went through. No span carries a word of a text, a subscription or an address.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from schemas.errors import ConfigError, Fault
from schemas.ports import Clock, Record
from schemas.topics import FEEDS
from tocsin.log.headers import CAUSE, TRACE
from tocsin.log.unit import BufferedUnit

PATH: Final = "/v1/traces"
"""Where a collector takes OTLP over HTTP (OTLP 1.x, "Default URL paths")."""


@dataclass(frozen=True, slots=True)
class Step:
    """A record that was written, as a span: identifiers as in `traceparent`, hexadecimal."""

    name: str
    trace: str
    span: str
    parent: str
    """Empty for the first of a trace."""
    topic: str
    stage: str
    began: datetime
    ended: datetime


def steps(unit: BufferedUnit, ended: datetime) -> Iterator[Step]:
    """The spans of a committed unit: one for each record it wrote, but for the configuration's."""
    causes = {record.place: record for record in unit.acknowledged}
    for output in unit.outputs:
        parts = output.headers.get(TRACE, "").split("-")
        if output.topic == FEEDS.name or len(parts) != 4:
            continue
        cause = causes.get(output.headers.get(CAUSE, "").rpartition("#")[0])
        stage = unit.task.stage
        yield Step(f"{stage} → {output.topic}", parts[1], parts[2], _span_of(cause, parts[1]), output.topic, stage,
                   unit.now, max(ended, unit.now))  # fmt: skip


def _span_of(cause: Record | None, trace: str) -> str:
    """The span of the cause, where it belongs to the same trace."""
    parts = cause.headers.get(TRACE, "").split("-") if cause else []
    return parts[2] if len(parts) == 4 and parts[1] == trace else ""


class Tracer:
    """Hands spans to a collector, in a thread of its own: a collector that is slow or away costs spans, never news."""

    def __init__(self, url: str, clock: Clock, version: str) -> None:
        sdk = _sdk()
        self._sdk = sdk
        self._clock = clock
        self._resource = sdk.Resource.create({"service.name": "tocsin", "service.version": version})
        self._processor = sdk.BatchSpanProcessor(sdk.OTLPSpanExporter(endpoint=url.rstrip("/") + PATH, timeout=10))

    def note(self, unit: BufferedUnit) -> None:
        """A unit was committed."""
        for step in steps(unit, self._clock.now()):
            self._processor.on_end(self._span(step))

    async def close(self) -> None:
        """Hand over what is left, for some seconds at most."""
        await asyncio.to_thread(self._processor.shutdown)

    def _span(self, step: Step) -> Any:
        sdk = self._sdk
        return sdk.ReadableSpan(
            step.name, context=self._context(step.trace, step.span),
            parent=self._context(step.trace, step.parent) if step.parent else None, resource=self._resource,
            attributes={"messaging.destination.name": step.topic, "tocsin.stage": step.stage},
            kind=sdk.SpanKind.PRODUCER, start_time=_nanoseconds(step.began), end_time=_nanoseconds(step.ended),
        )  # fmt: skip

    def _context(self, trace: str, span: str) -> Any:
        flags = self._sdk.TraceFlags(self._sdk.TraceFlags.SAMPLED)
        return self._sdk.SpanContext(int(trace, 16), int(span, 16), is_remote=False, trace_flags=flags)


def _nanoseconds(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000) * 1000


def _sdk() -> Any:
    """What is needed of the SDK, loaded only here: it is an extra. Raises `ConfigError` where it is missing."""
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import ReadableSpan
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
        from opentelemetry.trace import SpanContext, SpanKind, TraceFlags
    except ImportError as error:
        fix = 'pip install "tocsin[otel]", or leave it out'
        raise ConfigError([Fault("tocsin.yaml", 0, 0, "tracing: needs OpenTelemetry", fix)]) from error
    return _Sdk(OTLPSpanExporter, Resource, ReadableSpan, BatchSpanProcessor, SpanContext, SpanKind, TraceFlags)


@dataclass(frozen=True, slots=True)
class _Sdk:
    """The few names that are used."""

    OTLPSpanExporter: Any
    Resource: Any
    ReadableSpan: Any
    BatchSpanProcessor: Any
    SpanContext: Any
    SpanKind: Any
    TraceFlags: Any
