"""What several use cases ask of a stored report: is it ours, does it still stand, what was said of whom."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config.envelope import CannotOpen
from config.keystore import KeyGone
from partners.values import Actor
from share.desk import Desk
from share.draft import Draft
from share.errors import Conflict, NotThere
from share.models import GroundVersion, Report, ReportHold, ReportStatus, ReportVersion, Task
from share.outbox import ask
from share.working import WorkingCopyUnreadable


def own_report(session: Session, report_id: UUID, by: Actor) -> Report:
    """The report, if it is the asker's own organisation's; else it is not there."""
    report = session.get(Report, report_id)
    if report is None or report.partner_id != by.partner:
        raise NotThere
    return report


def touch(session: Session, report: Report) -> None:
    """Make every publication that is being prepared from what stood before notice that it is stale."""
    lock = session.scalar(
        update(Report)
        .where(Report.id == report.id, Report.lock == report.lock)
        .values(lock=Report.lock + 1)
        .returning(Report.lock)
        .execution_options(synchronize_session=False)
    )
    if lock is None:
        raise Conflict("changed_meanwhile")
    session.refresh(report, ["lock"])


def note(session: Session, report: Report, code: str, *, desk: Desk) -> None:
    """Add a line to the report's history, in codes."""
    session.add(ReportStatus(report_id=report.id, at=desk.clock(), state=report.state, code=code))


def current_version(session: Session, report: Report) -> ReportVersion:
    """The newest version of a report."""
    return session.scalars(
        select(ReportVersion).where(
            ReportVersion.report_id == report.id, ReportVersion.number == report.version
        )
    ).one()


def open_holds(session: Session, report: Report) -> Sequence[ReportHold]:
    """The reasons that still hold parts of the newest version."""
    return session.scalars(
        select(ReportHold)
        .where(
            ReportHold.report_id == report.id,
            ReportHold.version == report.version,
            ReportHold.resolved_at.is_(None),
        )
        .order_by(ReportHold.part, ReportHold.code)
    ).all()


def working_draft(version: ReportVersion, desk: Desk) -> Draft | None:
    """The draft of a version, while its working copy lives."""
    if version.working_copy is None:
        return None
    try:
        return desk.working.draft(version.working_copy, report=version.report_id, version=version.number)
    except (KeyGone, CannotOpen, WorkingCopyUnreadable):
        return None


def subjects_of(session: Session, report: Report, desk: Desk) -> frozenset[str]:
    """Everybody in the report who can have a ground, the place of "nobody protected" included."""
    draft = working_draft(current_version(session, report), desk)
    if draft is not None:
        return draft.codes()
    recorded = select(GroundVersion.subject).where(GroundVersion.report_id == report.id)
    return frozenset(session.scalars(recorded))


def settle_at_once(session: Session, report: Report, desk: Desk) -> None:
    """Bring what stands already in line now, and anything new at the next publication.

    What somebody took back must not be readable one tick longer; what becomes free to be told can wait for its tick.
    """
    now, tick = desk.clock(), desk.next_publication(urgent=report.urgent)
    if tick > now:
        ask(session, Task.TAKE_BACK, report.id, at=now, due=now)
    ask(session, Task.SETTLE, report.id, at=now, due=tick)


def settle_soon(session: Session, report: Report, desk: Desk) -> None:
    """Queue the report for its next publication, in the caller's transaction."""
    due = desk.next_publication(urgent=report.urgent)
    ask(session, Task.SETTLE, report.id, at=desk.clock(), due=due)
