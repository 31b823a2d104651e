"""Work is handed out once, comes back when its holder dies, and is not lost by failing."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from builders import World, make_draft, once
from sqlalchemy import func, select

from partners.values import Actor
from redaction.findings import Unsafe
from share.desk import Desk
from share.intake import submit
from share.models import OutboxRow, ReportHold, ReportState, Task
from share.outbox import RETRY_AFTER, Job, ask, claim, finish, put_back, waiting
from share.worker import GIVE_UP_AFTER, run_one, start


@pytest.fixture
def shelter(world_on_both: World) -> Actor:
    made = world_on_both.partner("shelter")
    world_on_both.circle("neighbours", world_on_both.partner("reader"))
    return made


def queue(world: World, by: Actor, many: int = 1) -> list[UUID]:
    """So many pieces of work about one report that nobody has looked at yet."""
    report = UUID(submit(make_draft(), by=by, once=once(by), desk=world.desk)["id"])
    now = world.desk.clock()
    with world.desk.sessions.begin() as session:
        for _ in range(many - 1):
            ask(session, Task.SETTLE, report, at=now, due=now)
    with world.desk.readers() as session:
        return list(session.scalars(select(OutboxRow.id)))


def take(desk: Desk) -> Job:
    job = claim(desk)
    assert job is not None
    return job


def row(world: World, job: Job) -> OutboxRow:
    with world.desk.readers() as session:
        return session.get_one(OutboxRow, job.id)


def test_eight_claimants_share_the_work_and_none_is_given_twice(world_on_both: World, shelter: Actor) -> None:
    asked = queue(world_on_both, shelter, many=80)

    def work(_: int) -> list[UUID]:
        return [job.id for job in iter(lambda: claim(world_on_both.desk), None)]

    with ThreadPoolExecutor(8) as pool:
        taken = Counter(job for jobs in pool.map(work, range(8)) for job in jobs)
    assert taken == Counter(asked)


def test_looking_first_and_taking_later_would_give_work_twice(world_on_both: World, shelter: Actor) -> None:
    """The control of the test above: eight who look in one transaction and take in another take the same."""
    queue(world_on_both, shelter, many=80)
    together = Barrier(8)

    def work(_: int) -> UUID:
        with world_on_both.desk.readers() as session:
            free = select(OutboxRow.id).where(OutboxRow.claim.is_(None)).order_by(OutboxRow.id).limit(1)
            found = session.scalars(free).one()
        together.wait(20)
        with world_on_both.desk.sessions.begin() as session:
            session.get_one(OutboxRow, found).claim = uuid4()
        return found

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(work, range(8)))) < 8


def test_a_claim_that_ran_out_is_taken_again_and_the_first_holder_can_do_nothing_more(
    world_on_both: World, shelter: Actor, clock: Any
) -> None:
    queue(world_on_both, shelter)
    desk = world_on_both.desk
    first = take(desk)
    assert claim(desk) is None
    clock.now += desk.claim_for - timedelta(seconds=1)
    assert claim(desk) is None
    clock.forward(seconds=1)
    second = take(desk)
    assert (second.id, second.attempts) == (first.id, 2)
    with desk.sessions.begin() as session:
        assert not finish(session, first, at=desk.clock())
    put_back(desk, first, code="too_late")
    assert row(world_on_both, second).claim == second.claim
    assert row(world_on_both, second).done_at is None
    with desk.sessions.begin() as session:
        assert finish(session, second, at=desk.clock())
    assert claim(desk) is None


def test_finished_work_is_finished_once(world_on_both: World, shelter: Actor) -> None:
    queue(world_on_both, shelter)
    desk = world_on_both.desk
    job = take(desk)
    for expected in (True, False):
        with desk.sessions.begin() as session:
            assert finish(session, job, at=desk.clock()) is expected


def test_work_that_is_rolled_back_is_not_finished(world_on_both: World, shelter: Actor) -> None:
    queue(world_on_both, shelter)
    desk = world_on_both.desk
    job = take(desk)
    with pytest.raises(OSError), desk.sessions.begin() as session:
        finish(session, job, at=desk.clock())
        raise OSError
    assert row(world_on_both, job).done_at is None


def test_work_is_not_handed_out_before_it_is_due(world_on_both: World, shelter: Actor, clock: Any) -> None:
    queue(world_on_both, shelter)
    desk = world_on_both.desk
    with desk.sessions.begin() as session:
        session.scalars(select(OutboxRow)).one().due_at = desk.clock() + timedelta(minutes=10)
    assert claim(desk) is None
    with desk.readers() as session:
        assert waiting(session, desk.clock()) == 0
    clock.forward(minutes=10)
    with desk.readers() as session:
        assert waiting(session, desk.clock()) == 1
    take(desk)


def test_the_oldest_work_comes_first(world_on_both: World, shelter: Actor, clock: Any) -> None:
    first = queue(world_on_both, shelter)
    clock.forward(seconds=5)
    queue(world_on_both, shelter)
    assert [take(world_on_both.desk).id] == first


def test_work_that_fails_waits_longer_each_time(world_on_both: World, shelter: Actor, clock: Any) -> None:
    queue(world_on_both, shelter)
    desk = world_on_both.desk
    for expected in (*RETRY_AFTER, RETRY_AFTER[-1]):
        job = take(desk)
        put_back(desk, job, code="stale")
        assert row(world_on_both, job).due_at - desk.clock() == expected
        assert row(world_on_both, job).code == "stale"
        clock.now += expected - timedelta(seconds=1)
        assert claim(desk) is None
        clock.forward(seconds=1)


def test_an_examination_that_keeps_failing_holds_the_report(
    world_on_both: World, shelter: Actor, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("Ioana Popescu")

    monkeypatch.setattr("share.worker.examine_report", broken)
    desk = world_on_both.desk
    report = UUID(submit(make_draft(), by=shelter, once=once(shelter), desk=desk)["id"])
    for _ in range(GIVE_UP_AFTER):
        assert world_on_both.report(report).state == ReportState.RECEIVED
        assert run_one(desk)
        clock.forward(minutes=10)
    assert world_on_both.report(report).state == ReportState.HELD
    with desk.readers() as session:
        (hold,) = session.scalars(select(ReportHold))
        assert (hold.code, hold.resolved_at) == ("examination_failed", None)
        assert session.scalar(select(func.count()).where(OutboxRow.code.is_not(None))) == 0


def test_what_went_wrong_is_kept_as_a_code(world_on_both: World, shelter: Actor) -> None:
    desk = replace(world_on_both.desk, readers=_broken)
    queue(world_on_both, shelter)
    assert run_one(desk)
    with desk.sessions.begin() as session:
        (kept,) = session.scalars(select(OutboxRow))
    assert kept.code == "unsafe"
    assert kept.done_at is None


def _broken(*_: object, **__: object) -> Any:
    raise Unsafe("Ioana Popescu")


def test_an_embedded_worker_takes_up_at_once_what_a_dead_one_held(world: World) -> None:
    shelter = world.partner("shelter")
    queue(world, shelter)
    dead = take(world.desk)
    assert claim(world.desk) is None, "anybody else would wait for the claim to run out"
    thread, stop = start(world.desk)
    patience = time.monotonic() + 20
    while row(world, dead).done_at is None and time.monotonic() < patience:
        time.sleep(0.01)
    stop.set()
    thread.join(20)
    assert row(world, dead).done_at is not None
    assert row(world, dead).claim != dead.claim
