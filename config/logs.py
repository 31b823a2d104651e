"""Logs as JSON lines in which only listed fields appear, and only values of the form that the field has.

Two walls. A field that is not on the list is dropped and counted; so is a value that does not look like its
field's codes, numbers or ids. And every record of the standard library's logging, whoever writes it, loses
its message, arguments and traceback before any handler sees it: what remains is who spoke and how loudly.
Limit: a single word of the right form in a listed field passes, so names never belong into `kind` or `code`.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, TextIO, cast
from uuid import UUID

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

from config.clock import utc_now

_WORD = re.compile(r"[a-z][a-z0-9_.\-]{0,63}")
_ID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NOBODY = frozenset({"anonymous", "operator", "worker", "system"})


def _like(pattern: str) -> Callable[[object], bool]:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _word(value: object) -> bool:
    return isinstance(value, str) and _WORD.fullmatch(value) is not None


def _id(value: object) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


FIELDS: Mapping[str, Callable[[object], bool]] = {
    "event": _word,
    "at": _like(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00"),
    "level": _like(r"[a-z]{4,8}"),
    "request_id": _id,
    "actor": lambda value: _id(value) or (_word(value) and value in _NOBODY),
    "method": _like(r"[A-Z]{3,7}"),
    "route": _like(r"/[A-Za-z0-9_/<>:.\-]{0,119}"),
    "status": _number,
    "duration_ms": _number,
    "code": _word,
    "count": _number,
    "kind": _like(r"[A-Z][A-Z_]{1,39}"),
    "act": _word,
    "object": _id,
    "attempt": _number,
    "seconds": _number,
    "version": lambda value: _number(value) or _like(r"v?\d[0-9a-z.+\-]{0,31}")(value),
    "room": _word,
    "logger": _like(r"[A-Za-z_][A-Za-z0-9_.\-]{0,79}"),
    "exception": _like(r"[A-Za-z_][A-Za-z0-9_]{0,79}"),
    "dropped": _number,
}
# These say what they found in a text, at every level.
SILENT = ("presidio-analyzer", "presidio-anonymizer", "decision_process", "spacy", "tldextract", "filelock")


def get_logger() -> FilteringBoundLogger:
    """A logger to be called with an event's name and listed fields: `log.info("published", count=1)`."""
    return cast("FilteringBoundLogger", structlog.get_logger())


def configure(level: str, stream: TextIO) -> None:
    """Send everything that is logged in this process to `stream`, through both walls.

    May be called again, and should be once models and servers are loaded: some bring handlers of their own.
    Uncaught exceptions are logged by class name, so that no traceback reaches standard error.
    """
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            _name_exception,
            _stamp,
            allow,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=stream),
        cache_logger_on_first_use=False,
    )
    logging.setLogRecordFactory(_emptied_record)
    logging.raiseExceptions = False
    logging.captureWarnings(True)
    root = logging.getLogger()
    root.handlers[:] = [_Foreign()]
    root.setLevel(number)
    for name in tuple(logging.root.manager.loggerDict):
        other = logging.getLogger(name)
        other.handlers.clear()
        other.propagate = True
    for name in SILENT:
        logging.getLogger(name).disabled = True
    sys.excepthook = _crashed
    threading.excepthook = _thread_crashed
    sys.unraisablehook = _unraisable


def allow(_logger: WrappedLogger | None, _method: str, event: EventDict) -> EventDict:
    """Only listed fields with values of their form; the rest is counted in `dropped` and gone."""
    kept: dict[str, Any] = {}
    for name, value in event.items():
        plain = str(value) if isinstance(value, UUID) else value
        check = FIELDS.get(name)
        if name != "dropped" and check is not None and check(plain):
            kept[name] = plain
    dropped = len(event) - len(kept)
    kept.setdefault("event", "unnamed")
    return kept | {"dropped": dropped} if dropped else kept


def _stamp(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    event["at"] = utc_now().isoformat(timespec="microseconds")
    return event


def _name_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """An exception as its class and, where it has one, our code: never its message, never its frames."""
    given = event.pop("exc_info", None)
    event.pop("stack_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["exception"] = type(error).__name__
        code = getattr(error, "code", None)
        if _word(code):
            event.setdefault("code", code)
    return event


def _emptied_record(*arguments: Any, **named: Any) -> logging.LogRecord:
    record = logging.LogRecord(*arguments, **named)
    record.msg, record.args, record.exc_info, record.exc_text, record.stack_info = (
        "foreign",
        (),
        None,
        None,
        None,
    )
    return record


class _Foreign(logging.Handler):
    """Other people's log lines, of which only the speaker and the level are worth repeating."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.split(".")[0] in SILENT:
            return
        get_logger().log(record.levelno, "foreign", logger=record.name)


def _crashed(kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    get_logger().critical("crashed", exc_info=error)


def _thread_crashed(crash: threading.ExceptHookArgs) -> None:
    get_logger().critical("crashed", exc_info=crash.exc_value)


def _unraisable(crash: Any) -> None:
    get_logger().error("crashed", exc_info=crash.exc_value)
