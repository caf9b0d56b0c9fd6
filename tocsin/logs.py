"""Logging: one event per outcome, facts as keys; a console when a person watches, JSON lines otherwise."""

import logging
import sys

import structlog
from structlog.typing import EventDict, WrappedLogger

from schemas.secrets import redact


def _hide(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """No secret reaches a log line, whoever wrote it there."""
    return {key: redact(value) if isinstance(value, str) else value for key, value in event.items()}


def configure(*, verbose: bool = False, stream: str = "stderr") -> None:
    """Set up structlog and the standard library's logging; httpx writes whole URLs at INFO: it is kept to warnings."""
    out = sys.stderr if stream == "stderr" else sys.stdout
    level = logging.DEBUG if verbose else logging.INFO
    person = out.isatty()
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="%H:%M:%S" if person else "iso", utc=not person),
    ]
    last: list[structlog.typing.Processor] = (
        [_hide, structlog.dev.ConsoleRenderer()]
        if person
        else [structlog.processors.format_exc_info, _hide, structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=out),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, stream=out, format="%(levelname)s %(name)s: %(message)s")
    for name in ("httpx", "httpcore", "aiokafka", "uvicorn", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
