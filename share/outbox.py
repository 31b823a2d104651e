"""Work to do, written with the act that asks for it. The table is the truth; whoever runs it may die at any time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from share.desk import Desk
from share.models import OutboxRow, Task

RETRY_AFTER = (timedelta(seconds=1), timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10))


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed piece of work. It stays ours until `claimed_until`; then anybody may take it again."""

    id: UUID
    claim: UUID
    task: Task
    report: UUID
    attempts: int


def ask(session: Session, task: Task, report: UUID, *, at: datetime, due: datetime) -> None:
    """Write down work, in the caller's transaction."""
    session.add(OutboxRow(task=task.value, report_id=report, asked_at=at, due_at=due))


def claim(desk: Desk) -> Job | None:
    """Take the oldest work that is due and nobody's, for a while. Exactly one claimant gets it.

    Taking back comes first, then settling, then examining, as their names sort from behind: what somebody took back
    must not queue behind new texts.
    """
    now = desk.clock()
    free = or_(OutboxRow.claimed_until.is_(None), OutboxRow.claimed_until <= now)
    with desk.sessions.begin() as session:
        found = session.scalars(
            select(OutboxRow.id)
            .where(OutboxRow.done_at.is_(None), OutboxRow.due_at <= now, free)
            .order_by(OutboxRow.task.desc(), OutboxRow.due_at, OutboxRow.asked_at, OutboxRow.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).one_or_none()
        if found is None:
            return None
        token = uuid4()
        row = session.execute(
            update(OutboxRow)
            .where(OutboxRow.id == found, OutboxRow.done_at.is_(None), free)
            .values(claimed_until=now + desk.claim_for, claim=token, attempts=OutboxRow.attempts + 1)
            .returning(OutboxRow.id, OutboxRow.task, OutboxRow.report_id, OutboxRow.attempts)
            .execution_options(synchronize_session=False)
        ).one_or_none()
    return None if row is None else Job(row.id, token, Task(row.task), row.report_id, row.attempts)


def finish(session: Session, job: Job, *, at: datetime) -> bool:
    """Mark the job done, in the transaction of its effect; false if the claim has passed to somebody else."""
    return _mine(session, job, done_at=at, code=None)


def put_back(desk: Desk, job: Job, *, code: str) -> None:
    """Give a job back after a failure, to be tried again later."""
    wait = RETRY_AFTER[min(job.attempts, len(RETRY_AFTER)) - 1]
    with desk.sessions.begin() as session:
        _mine(session, job, claimed_until=None, claim=None, due_at=desk.clock() + wait, code=code)


def release(desk: Desk) -> None:
    """Give back whatever is claimed: for a worker that knows it is the only one, when it starts.

    Without it a withdrawal that was being settled when the machine went down would wait until the claim runs out.
    """
    with desk.sessions.begin() as session:
        session.execute(
            update(OutboxRow)
            .where(OutboxRow.done_at.is_(None), OutboxRow.claim.is_not(None))
            .values(claimed_until=None, claim=None)
            .execution_options(synchronize_session=False)
        )


def is_asked_for(session: Session, job: Job) -> bool:
    """Whether another row asks for the same work, as the one of an amendment does."""
    same = select(OutboxRow.id).where(
        OutboxRow.report_id == job.report,
        OutboxRow.task == job.task.value,
        OutboxRow.done_at.is_(None),
        OutboxRow.id != job.id,
    )
    return session.scalar(same.limit(1)) is not None


def waiting(session: Session, now: datetime) -> int:
    """How much work is due and undone."""
    due = (
        select(func.count())
        .select_from(OutboxRow)
        .where(OutboxRow.done_at.is_(None), OutboxRow.due_at <= now)
    )
    return session.scalar(due) or 0


def _mine(session: Session, job: Job, **values: object) -> bool:
    result = session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == job.id, OutboxRow.claim == job.claim, OutboxRow.done_at.is_(None))
        .values(**values)
        .returning(OutboxRow.id)
        .execution_options(synchronize_session=False)
    )
    return result.one_or_none() is not None
