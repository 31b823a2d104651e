"""Runs what the outbox holds, one job after another, and never lets a job get lost by failing."""

from __future__ import annotations

import time
from threading import Event, Thread

from config.logs import get_logger
from share.desk import Desk
from share.errors import ShareError
from share.examination import examine_report, give_up
from share.models import Report, Task
from share.outbox import Job, claim, finish, put_back, release
from share.publish import settle
from share.seen import in_force
from share.sweep import sweep

GIVE_UP_AFTER = 5
IDLE_SECONDS = 0.2
SWEEP_SECONDS = 20.0

log = get_logger()


def run_one(desk: Desk) -> bool:
    """Do one piece of work if any is due; whether there was any."""
    job = claim(desk)
    if job is None:
        return False
    try:
        do(job, desk=desk)
    except Exception as failure:  # whatever it was, the job goes back and nothing was published
        code = failure.code if isinstance(failure, ShareError) else type(failure).__name__.lower()
        log.warning("job_failed", code=code, attempt=job.attempts)
        if job.task is Task.EXAMINE and job.attempts >= GIVE_UP_AFTER:
            give_up(job, code="examination_failed", desk=desk)
        else:
            put_back(desk, job, code=code)
    return True


def do(job: Job, *, desk: Desk) -> None:
    """Examine a report, settle what its circles are told, or only what they were told already."""
    if job.task is Task.EXAMINE:
        examine_report(job, desk=desk)
        return
    with desk.readers() as session:
        report = session.get_one(Report, job.report)
        under = in_force(session, report.partner_id, on=desk.clock().date())
    settle(job.report, desk=desk, only_standing=job.task is Task.TAKE_BACK)
    with desk.sessions.begin() as session:
        if finish(session, job, at=desk.clock()):
            session.get_one(Report, job.report).settled_under = under


def run_all(desk: Desk) -> int:
    """Do everything that is due, and how much that was."""
    done = 0
    while run_one(desk):
        done += 1
    return done


def run_until(stop: Event, *, desk: Desk) -> None:
    """Work until `stop` is set, sweeping now and then. A failure to reach the database is waited out."""
    next_sweep = time.monotonic()
    while not stop.is_set():
        if time.monotonic() >= next_sweep:
            # Set first: a sweep that fails is tried again later and never stands before the work.
            next_sweep = time.monotonic() + SWEEP_SECONDS
            _sweep(desk)
        try:
            busy = run_one(desk)
        except Exception as failure:
            log.error("worker_failed", code=type(failure).__name__.lower())
            busy = False
        if not busy:
            stop.wait(IDLE_SECONDS)


def _sweep(desk: Desk) -> None:
    try:
        sweep(desk)
    except Exception as failure:
        log.error("sweep_failed", code=type(failure).__name__.lower())


def start(desk: Desk) -> tuple[Thread, Event]:
    """Run the embedded worker in a thread of this process; set the event to end it.

    Embedded, nobody else works here: what is claimed now was claimed by a process that died.
    """
    stop = Event()
    thread = Thread(target=_alone, args=(stop,), kwargs={"desk": desk}, name="parallax-worker", daemon=True)
    thread.start()
    return thread, stop


def _alone(stop: Event, *, desk: Desk) -> None:
    while not stop.is_set():
        try:
            release(desk)
            break
        except Exception as failure:
            log.error("worker_failed", code=type(failure).__name__.lower())
            stop.wait(IDLE_SECONDS)
    run_until(stop, desk=desk)
