"""Whatever goes wrong in the process that reads texts, the text is held and never published.

The child here is a stand-in for the real one, started and talked to in the same way, that goes wrong in one way
at a time. What it answers to an ordinary text is right, so that the same examiner must work again afterwards.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
from builders import World, make_draft, make_world, once
from fakes.odd_examiner import ON_LOAD, ON_TEXT
from sqlalchemy import Engine, select

import share.redactor
from config.keystore import KeyStore
from ledger.models import LedgerEntry
from partners.values import Actor
from redaction.findings import Examined, Refused, Unsafe
from share.approval import approve, preview
from share.models import ReportHold, ReportState
from share.reading import bulletins_for
from share.redactor import Examiner
from share.worker import run_all

ROOT = Path(__file__).resolve().parents[2]
ODD = "Ioana Popescu was taken from Oradea, and this is ODD."
ORDINARY = "Ioana Popescu was taken from Oradea and had to work for nothing."
NAME = b"Popescu"
CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
LATE = ("hangs", "half_an_answer")
LOOKS_RIGHT = "nothing_found"
"""Cannot be told from a sound look: what it leaves in the output is for the second look to see."""

Start = Callable[[str], Examiner]


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Examiners whose child goes wrong in the given way; killed afterwards."""
    monkeypatch.chdir(ROOT)
    started: list[Examiner] = []

    def make(way: str, *, seconds: float | None = None) -> Examiner:
        limit = seconds or (0.5 if way in LATE else 20.0)
        monkeypatch.setattr(share.redactor, "LOADING_SECONDS", 0.5 if way in ON_LOAD else 20.0)
        started.append(Examiner({"way": way}, seconds=limit, module="tests.share.fakes.odd_examiner"))
        return started[-1]

    yield make
    for examiner in started:
        examiner.close()


@pytest.fixture
def world(memory_engine: Engine, keystore: KeyStore, clock: Callable[[], datetime]) -> World:
    return make_world(memory_engine, keystore, clock)


@pytest.fixture
def shelter(world: World) -> Actor:
    return world.partner("shelter")


@pytest.fixture
def reader(world: World, shelter: Actor) -> Actor:
    made = world.partner("reader")
    world.circle("neighbours", made)
    return made


def told(world: World, reader: Actor) -> bytes:
    page = bulletins_for(reader, after=None, limit=50, desk=world.desk)
    return b"\n".join(each.content for each in page.bulletins)


def approved(world: World, report: UUID, by: Actor) -> bytes:
    """Whatever the circle would be told, with a person's yes to it."""
    shown = preview(report, circle="neighbours", by=by, desk=world.desk)
    said = {"circle": "neighbours", "content_sha256": shown.content_sha256}
    approve(report, **said, by=by, once=once(by), desk=world.desk)
    run_all(world.desk)
    return shown.content


def holds(world: World) -> list[str]:
    with world.desk.readers() as session:
        return list(session.scalars(select(ReportHold.code)))


@pytest.mark.parametrize("way", [*ON_LOAD, *ON_TEXT])
def test_whatever_goes_wrong_the_text_is_held_and_nobody_reads_it(
    world: World, shelter: Actor, reader: Actor, start: Start, way: str
) -> None:
    world.desk = replace(world.desk, examine=start(way))
    report = world.post(make_draft(narrative=ODD), shelter)
    if way != LOOKS_RIGHT:
        assert world.report(report).state == ReportState.HELD
        assert holds(world)
    assert all(CODE.fullmatch(code) for code in holds(world))
    assert b"narrative" not in approved(world, report, shelter)
    content = told(world, reader)
    assert b"ForcedLabour" in content, "what is in doubt is the text: the facts are told"
    assert b"narrative" not in content
    assert NAME not in content
    with world.desk.readers() as session:
        codes = [json.loads(codes) for codes in session.scalars(select(LedgerEntry.codes))]
    said = {value for each in codes for value in each.values()} - {"P1"}
    assert all(CODE.fullmatch(value) for value in said), "codes, and the local code whose ground was recorded"


@pytest.mark.parametrize("way", ON_TEXT)
def test_the_next_text_is_read_as_if_nothing_had_been(start: Start, way: str) -> None:
    examiner = start(way)
    with suppress(Refused, Unsafe):
        examiner(ODD, known=(), lang="en")
    examined = examiner(ORDINARY, known=(), lang="en")
    assert (examined.text, len(examined.spans)) == (ORDINARY, 2)


def test_an_examiner_that_finds_everything_publishes(
    world: World, shelter: Actor, reader: Actor, start: Start
) -> None:
    """The control of the tests above: they do not pass because nothing is ever told."""
    world.desk = replace(world.desk, examine=start("dies"))
    report = world.post(make_draft(narrative=ORDINARY), shelter)
    content = approved(world, report, shelter)
    assert b"had to work for nothing" in content and NAME not in content
    assert b"had to work for nothing" in told(world, reader)


def test_an_examiner_that_finds_nothing_leaks_where_nobody_looks_again(
    world: World, shelter: Actor, reader: Actor, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the second look: without it, an answer with nothing in it would pass."""
    monkeypatch.setattr("redaction.pipeline.residue", lambda *_, **__: ())
    monkeypatch.setattr("share.compose.known_variants_in", lambda *_, **__: ())
    world.desk = replace(world.desk, examine=start("nothing_found"))
    report = world.post(make_draft(narrative=ODD), shelter)
    assert NAME in approved(world, report, shelter)
    assert NAME in told(world, reader)


@pytest.mark.parametrize("way", LATE)
def test_a_child_that_is_late_is_gone(start: Start, way: str) -> None:
    examiner = start(way)
    examiner(ORDINARY, known=(), lang="en")
    child = examiner._child
    assert child is not None
    began = time.monotonic()
    with pytest.raises(Unsafe, match="timed_out"):
        examiner(ODD, known=(), lang="en")
    assert time.monotonic() - began < 5
    assert child.poll() is not None


def test_a_child_that_fell_asleep_on_a_long_text_is_not_waited_for(start: Start) -> None:
    """The pipe to it holds less than a long text: writing must not wait for ever either."""
    examiner = start("hangs")
    with pytest.raises(Unsafe, match="timed_out"):
        examiner(ODD, known=(), lang="en")
    examiner(ORDINARY, known=(), lang="en")
    child = examiner._child
    assert child is not None
    os.kill(child.pid, 19)  # SIGSTOP
    with pytest.raises(Unsafe, match="timed_out"):
        examiner(ORDINARY * 20_000, known=(), lang="en")


def test_a_child_that_died_between_two_texts_is_started_again(start: Start) -> None:
    examiner = start("dies")
    examiner(ORDINARY, known=(), lang="en")
    child = examiner._child
    assert child is not None
    child.kill()
    child.wait()
    assert isinstance(examiner(ORDINARY, known=(), lang="en"), Examined)


def test_texts_asked_for_at_once_get_their_own_answers(start: Start) -> None:
    examiner = start("dies")
    texts = [f"{ORDINARY} {number}" for number in range(24)]
    texts[5] = texts[11] = ODD

    def look(text: str) -> str | None:
        with suppress(Unsafe, Refused):
            return examiner(text, known=(), lang="en").text
        return None

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(look, texts))
    assert answers == [None if text == ODD else text for text in texts]
