"""Nothing that was sent reaches a log line, however it is logged and whoever logs it."""

from __future__ import annotations

import io
import json
import logging
import sys
import threading
import uuid
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from config.logs import FIELDS, SILENT, allow, configure, get_logger

CANARY = "Ileana Brandusa +40 721 555 013"


class Problem(Exception):
    code = "bad_policy"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Where the logs go, with everything that `configure` touches put back afterwards."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level, logging.getLogRecordFactory(), logging.raiseExceptions)
    hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning)
    stream = io.StringIO()
    structlog.contextvars.clear_contextvars()  # a request that another test sent in this process left its name behind
    configure("debug", stream)
    yield stream
    logging.captureWarnings(False)
    root.handlers[:], _, _, logging.raiseExceptions = before
    root.setLevel(before[1])
    logging.setLogRecordFactory(before[2])
    sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning = hooks
    for name in SILENT:
        logging.getLogger(name).disabled = False
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def said(stream: io.StringIO) -> list[dict[str, Any]]:
    """Every line as JSON: a line that is none fails the test."""
    assert "Ileana" not in stream.getvalue()
    assert "721 555" not in stream.getvalue()
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_listed_fields_pass(lines: io.StringIO) -> None:
    actor = uuid.uuid4()
    get_logger().info(
        "published", actor=actor, kind="DATE_OF_BIRTH", route="/api/v1/reports/<uuid:id>", count=3
    )
    (line,) = said(lines)
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "event": "published",
        "level": "info",
        "actor": str(actor),
        "kind": "DATE_OF_BIRTH",
        "route": "/api/v1/reports/<uuid:id>",
        "count": 3,
    }


def test_an_unlisted_field_is_dropped_and_counted(lines: io.StringIO) -> None:
    get_logger().info("received", narrative=CANARY, partner="shelter-north", body={"name": CANARY}, count=1)
    (line,) = said(lines)
    assert line["dropped"] == 3
    assert "shelter-north" not in lines.getvalue()
    assert set(line) == {"event", "level", "at", "count", "dropped"}


@pytest.mark.parametrize("name", sorted(set(FIELDS) - {"at", "level", "event"}))
def test_words_do_not_pass_in_any_listed_field(lines: io.StringIO, name: str) -> None:
    for words in (CANARY, "Ileana Brandusa", CANARY.encode(), [CANARY], {"a": CANARY}, Problem(CANARY)):
        get_logger().info("received", **{name: words})
    assert all(name == "dropped" or name not in line for line in said(lines))


def test_words_do_not_pass_as_the_event(lines: io.StringIO) -> None:
    get_logger().info(f"report of {CANARY}")
    get_logger().info("report of %s", CANARY)
    assert [line["event"] for line in said(lines)] == ["unnamed", "unnamed"]


def test_bound_and_context_fields_are_held_to_the_list(lines: io.StringIO) -> None:
    structlog.contextvars.bind_contextvars(request_id=uuid.uuid4().hex, path=CANARY)
    get_logger().bind(subject=CANARY).warning("slow", seconds=1.5)
    (line,) = said(lines)
    assert line["dropped"] == 2
    assert len(line["request_id"]) == 32


def test_an_exception_is_its_class_and_our_code(lines: io.StringIO) -> None:
    narrative = CANARY
    try:
        raise Problem(narrative)
    except Problem:
        get_logger().exception("failed")
    (line,) = said(lines)
    assert (line["exception"], line["code"]) == ("Problem", "bad_policy")


def test_a_foreign_logger_leaves_only_its_name_and_level(lines: io.StringIO) -> None:
    for name in ("werkzeug", "gunicorn.error", "sqlalchemy.engine", "alembic.runtime", "some.other"):
        try:
            raise ValueError(CANARY)
        except ValueError:
            logging.getLogger(name).exception("failed on %s", CANARY, extra={"body": CANARY}, stack_info=True)
    answers = said(lines)
    assert len(answers) == 5
    assert all(
        set(line) == {"event", "level", "at", "logger"} and line["event"] == "foreign" for line in answers
    )
    assert answers[0]["logger"] == "werkzeug"
    assert answers[0]["level"] == "error"


def test_a_foreign_logger_s_name_is_no_way_out(lines: io.StringIO) -> None:
    logging.getLogger(CANARY).warning("hello")
    assert said(lines)[0]["dropped"] == 1


@pytest.mark.parametrize("name", [*SILENT, "spacy.util", "presidio-analyzer.sub"])
def test_those_that_speak_of_what_they_found_are_silent(lines: io.StringIO, name: str) -> None:
    logging.getLogger(name).critical("found %s", CANARY)
    assert said(lines) == []


def test_a_handler_added_later_gets_nothing_to_tell(lines: io.StringIO) -> None:
    late = io.StringIO()
    handler = logging.StreamHandler(late)
    logger = logging.getLogger("gunicorn.error")
    logger.addHandler(handler)
    try:
        logger.error("cannot serve %s", f"/reports?name={CANARY}", exc_info=ValueError(CANARY))
    finally:
        logger.removeHandler(handler)
    assert late.getvalue() == "foreign\n"


def test_the_standard_library_alone_would_have_told(lines: io.StringIO) -> None:
    logging.setLogRecordFactory(logging.LogRecord)
    late = io.StringIO()
    handler = logging.StreamHandler(late)
    logger = logging.getLogger("gunicorn.error")
    logger.addHandler(handler)
    try:
        logger.error("cannot serve %s", CANARY)
    finally:
        logger.removeHandler(handler)
    assert CANARY in late.getvalue()


def test_structlog_alone_would_have_told() -> None:
    stream = io.StringIO()
    structlog.configure(
        processors=[structlog.processors.JSONRenderer()], logger_factory=structlog.WriteLoggerFactory(stream)
    )
    try:
        structlog.get_logger().info("received", narrative=CANARY)
    finally:
        structlog.reset_defaults()
    assert CANARY in stream.getvalue()


def test_what_nobody_caught_is_told_by_its_class(
    lines: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash() -> None:
        raise Problem(CANARY)

    thread = threading.Thread(target=crash)
    thread.start()
    thread.join()
    sys.excepthook(Problem, Problem(CANARY), None)
    assert [(line["event"], line["exception"]) for line in said(lines)] == [("crashed", "Problem")] * 2
    assert capsys.readouterr().err == ""


def test_a_warning_s_words_are_not_repeated(lines: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    warnings.showwarning(UserWarning(CANARY), UserWarning, "file.py", 1)
    assert [line["logger"] for line in said(lines)] == ["py.warnings"]
    assert capsys.readouterr().err == ""


def test_the_level_is_kept(lines: io.StringIO) -> None:
    configure("warning", lines)
    get_logger().info("quiet")
    logging.getLogger("werkzeug").info("quiet")
    get_logger().warning("loud")
    assert [line["event"] for line in said(lines)] == ["loud"]


def test_nobody_can_forge_the_count() -> None:
    assert allow(None, "info", {"event": "received", "dropped": 0, "other": 1})["dropped"] == 2
