"""What time and other rooms change without telling us, looked for regularly and queued.

Consent runs out, agreements lapse, circles gain and lose members, policies are replaced: none of these writes to
the outbox. The sweep finds the reports that they touch; it decides nothing, `settle` does.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Exists, Select, exists, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from ledger.entries import Act, record
from share.desk import Desk
from share.drafts import forget_drafts
from share.importing.keeping import forget_import_files
from share.models import (
    Bulletin,
    BulletinVersion,
    OutboxRow,
    Report,
    ReportState,
    ReportStatus,
    ReportVersion,
    Task,
)
from share.reports import settle_at_once
from share.seen import PUBLISHED, in_force

AT_ONCE = 500
SERVICE = "service"


def sweep(desk: Desk) -> int:
    """Queue every report whose bulletins may no longer say what they say; how many there were."""
    with desk.sessions.begin() as session:
        reports = _out_of_date(session, desk)
        for report in reports:
            settle_at_once(session, report, desk)
    forget_working_copies(desk)
    forget_drafts(desk)
    forget_import_files(desk)
    return len(reports)


def forget_working_copies(desk: Desk) -> int:
    """Destroy the working copies of reports whose last publication, or refusal, lies far enough back; how many."""
    now = desk.clock()
    before = now - timedelta(days=desk.working_copy_days)
    with desk.readers() as session:
        newest = func.max(BulletinVersion.published_at)
        old = session.scalars(
            select(Bulletin.report_id)
            .join(BulletinVersion, BulletinVersion.bulletin_id == Bulletin.id)
            .where(_has_working_copy(), ~_grew_after(Bulletin.report_id, before), ~_waits(Bulletin.report_id))
            .group_by(Bulletin.report_id)
            .having(newest < before)
            .limit(AT_ONCE)
        ).all()
        refused = session.scalars(_refused_before(before)).all()
    for report_id in dict.fromkeys([*old, *refused]):
        # The key goes first: a crash in between leaves rows that nobody can read, never keys without rows.
        with desk.readers() as session:
            numbers = session.scalars(
                select(ReportVersion.number).where(ReportVersion.report_id == report_id)
            ).all()
        for number in numbers:
            desk.working.destroy(report_id, version=number)
        with desk.sessions.begin() as session:
            session.execute(
                update(ReportVersion)
                .where(ReportVersion.report_id == report_id, ReportVersion.number.in_(numbers))
                .values(working_copy=None, findings=None)
                .execution_options(synchronize_session=False)
            )
            report = session.get_one(Report, report_id)
            record(session, Act.KEY_DESTROYED, at=now, actor=SERVICE, ref=report.ledger_ref)
    return len({*old, *refused})


def _out_of_date(session: Session, desk: Desk) -> list[Report]:
    today = desk.clock().date()
    # Work that waits for a tick shields nobody: what stands has to be looked at before that.
    queued = exists().where(
        OutboxRow.report_id == Report.id,
        OutboxRow.done_at.is_(None),
        OutboxRow.task.in_([Task.SETTLE, Task.TAKE_BACK]),
        OutboxRow.due_at <= desk.clock(),
    )
    told = exists().where(Bulletin.report_id == Report.id, Bulletin.state == PUBLISHED)
    run_out = exists().where(
        Bulletin.report_id == Report.id,
        Bulletin.state == PUBLISHED,
        BulletinVersion.bulletin_id == Bulletin.id,
        BulletinVersion.number == Bulletin.version,
        BulletinVersion.valid_until < today,
    )
    found: list[Report] = []
    for partner_id in session.scalars(select(Report.partner_id).distinct()):
        stamp = in_force(session, partner_id, on=today)
        found += session.scalars(
            select(Report)
            .where(
                Report.partner_id == partner_id,
                or_(Report.state.in_([ReportState.READY, ReportState.HELD]), told),
                or_(Report.settled_under.is_(None), Report.settled_under != stamp, run_out),
                ~queued,
            )
            .limit(AT_ONCE)
        )
    return found


def _refused_before(moment: datetime) -> Select[UUID]:
    """Reports that were closed to publication and not touched since: nothing will ask for their copies again."""
    since = exists().where(ReportStatus.report_id == Report.id, ReportStatus.at >= moment)
    kept = exists().where(ReportVersion.report_id == Report.id, ReportVersion.working_copy.is_not(None))
    return select(Report.id).where(Report.state == ReportState.REFUSED, ~since, kept).limit(AT_ONCE)


def _grew_after(report_id: ColumnElement[UUID] | InstrumentedAttribute[UUID], moment: datetime) -> Exists:
    """A version that is younger than that: its copy lives for as long as the first one's did."""
    return exists().where(ReportVersion.report_id == report_id, ReportVersion.received_at >= moment)


def _waits(report_id: ColumnElement[UUID] | InstrumentedAttribute[UUID]) -> Exists:
    """Work that is not done yet and may need the copy."""
    return exists().where(OutboxRow.report_id == report_id, OutboxRow.done_at.is_(None))


def _has_working_copy() -> ColumnElement[bool]:
    return exists().where(
        ReportVersion.report_id == Bulletin.report_id, ReportVersion.working_copy.is_not(None)
    )
