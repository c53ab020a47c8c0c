"""Structured logs: one JSON object per line on standard output, only with fields from an allow-list.

No bodies, no query strings, no names or phone numbers: a field that is not listed here does not reach the log. JSON escapes CR and LF, so
nobody can forge a line.
"""

import logging
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import orjson
import structlog
from structlog.typing import ExcInfo, FilteringBoundLogger

from shared.errors import AppError

ALLOWED_FIELDS = frozenset(
    {
        "event", "level", "component", "logger", "timestamp", "service", "request_id", "correlation_id", "causation_id",
        "community", "method", "route", "status", "duration_ms", "action", "kind", "slug", "reason",
        "consumer", "stream", "subject", "message_type", "message_id", "aggregate_id", "aggregate_version", "attempt",
        "attempts", "seq", "expected", "found", "count", "seconds", "revision", "check", "host", "port", "pid", "version",
        "channel", "delivery_id", "subscription_id", "person", "exception", "error_type", "task", "signal",
    }
)  # fmt: skip
LONGEST_VALUE = 2_000
LONGEST_TRACE = 8_000

_request_id: ContextVar[str | None] = ContextVar("mulin_request_id", default=None)
_service = "mulin"


@contextmanager
def bound_request(request_id: str) -> Iterator[None]:
    """Put the request id on every line that is logged inside the block."""
    token = _request_id.set(request_id)
    try:
        yield
    finally:
        _request_id.reset(token)


def get_logger(name: str) -> FilteringBoundLogger:
    """A logger; the first argument of its methods is a short dotted name of what happened, the rest are allowed fields."""
    logger: FilteringBoundLogger = structlog.get_logger(component=name)
    return logger


def configure_logging(service: str, level: str = "info") -> None:
    """Set up the process: our loggers and those of the libraries write the same JSON lines. Called once by the command line."""
    global _service  # noqa: PLW0603 - the name of the process, set once at start
    _service = service
    number = logging.getLevelNamesMapping().get(level.upper())
    if number is None:
        raise ValueError(f"no such log level: {level}")
    _configure(number)
    handler = _LibraryHandler()
    handler.setFormatter(_LibraryFormatter())
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[handler], force=True)


def _configure(level: int) -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _with_context,
            structlog.processors.ExceptionRenderer(trace_without_values),
            only_allowed_fields,
            _render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_StandardOutput,
        cache_logger_on_first_use=False,
    )


TELLING = (TypeError, AttributeError, NameError, ImportError, RuntimeError, AppError)
"""Errors whose text speaks of code. That of others may quote what a resident wrote: only their kind is logged."""


def trace_without_values(exc_info: ExcInfo) -> str:
    """The way to an error, through its causes: files, lines and functions, kinds of errors, no data."""
    lines: list[str] = []
    current: BaseException | None = exc_info[1]
    seen: set[int] = set()
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = traceback.extract_tb(current.__traceback__)
        lines += [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        lines.append(_told(current))
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
        if current is not None:
            lines.append("after")
    return "\n".join(lines)


def _told(error: BaseException) -> str:
    parts = [type(error).__name__]
    if isinstance(error, TELLING):
        parts.append(str(error)[:300])
    for name in ("sqlstate", "table_name", "column_name", "constraint_name"):
        value = getattr(error, name, None)
        if isinstance(value, str):
            parts.append(f"{name}={value}")
    return " ".join(parts)


def only_allowed_fields(_logger: Any, _method: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """structlog processor: drop every field that is not listed and cut long values."""
    kept: dict[str, Any] = {}
    for name, value in fields.items():
        if name not in ALLOWED_FIELDS:
            continue
        if isinstance(value, bool | int | float) or value is None:
            kept[name] = value
        else:
            kept[name] = str(value)[: LONGEST_TRACE if name == "exception" else LONGEST_VALUE]
    return kept


def _with_context(_logger: Any, _method: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    fields["service"] = _service
    request_id = _request_id.get()
    if request_id is not None:
        fields.setdefault("request_id", request_id)
    return fields


def _render(_logger: Any, _method: str, fields: MutableMapping[str, Any]) -> str:
    return orjson.dumps(dict(fields), default=str).decode()


class _StandardOutput:
    """Writes lines to whatever standard output is at that moment."""

    def __init__(self, *_: Any) -> None:
        pass

    def msg(self, line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    debug = info = warning = error = critical = exception = log = msg


class _LibraryHandler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        sys.stdout.write(self.format(record) + "\n")
        sys.stdout.flush()


class _LibraryFormatter(logging.Formatter):
    """Warnings of libraries in our form."""

    def format(self, record: logging.LogRecord) -> str:
        text = str(record.msg).splitlines()  # the template: what it is filled with may be personal
        fields: dict[str, Any] = {
            "event": "library",
            "level": record.levelname.lower(),
            "logger": record.name,
            "service": _service,
            "reason": (text[0] if text else "")[:200],
        }
        if record.exc_info and record.exc_info[0] is not None:
            fields["error_type"] = record.exc_info[0].__name__
        return orjson.dumps(fields).decode()


# A program that never called `configure_logging` (a test, a script) must not print local variables either.
_configure(logging.WARNING)
