"""Grounds per person: recorded, replaced, withdrawn. The newest record is in force; none is ever overwritten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.entries import Act, record
from partners.values import Actor
from policies.grounds import Ground
from policies.terms import Detail
from share.desk import Desk
from share.draft import RecordedGround
from share.errors import Conflict, NotThere
from share.idempotency import Answer, Once, once_only
from share.models import GroundVersion, Report
from share.reports import note, own_report, settle_at_once, subjects_of, touch


def record_ground(report_id: UUID, said: RecordedGround, *, by: Actor, once: Once, desk: Desk) -> Answer:
    """Put a ground in force for one person of a report; what is published follows."""

    def work(session: Session) -> Answer:
        report = own_report(session, report_id, by)
        if said.ground.subject not in subjects_of(session, report, desk):
            raise NotThere
        return _change(session, report, said, act=Act.GROUND_RECORDED, by=by, desk=desk)

    return once_only(desk, once, work)


def withdraw(report_id: UUID, subject: str, *, by: Actor, once: Once, desk: Desk) -> Answer:
    """End a person's ground at once: her facts leave every bulletin, the others' stay."""

    def work(session: Session) -> Answer:
        report = own_report(session, report_id, by)
        newest = {row.subject: row for row in newest_grounds(session, report.id)}.get(subject)
        if newest is None:
            raise NotThere
        if newest.withdrawn_on is not None:
            raise Conflict("already_withdrawn")
        ended = replace(ground_value(newest), withdrawn_on=desk.clock().date())
        said = RecordedGround(ended, tuple(newest.explained), newest.language)
        return _change(session, report, said, act=Act.GROUND_WITHDRAWN, by=by, desk=desk)

    return once_only(desk, once, work)


def add_grounds(session: Session, report: Report, said: Iterable[RecordedGround], *, desk: Desk) -> None:
    """Write grounds as the newest records of their persons, in the caller's transaction."""
    numbers = {row.subject: row.number for row in newest_grounds(session, report.id)}
    for recorded in said:
        ground = recorded.ground
        numbers[ground.subject] = numbers.get(ground.subject, 0) + 1
        session.add(
            GroundVersion(
                report_id=report.id,
                subject=ground.subject,
                number=numbers[ground.subject],
                basis=ground.basis,
                purposes=sorted(ground.purposes),
                withheld_from=sorted(ground.withheld_from),
                limits={kind: rung.name for kind, rung in ground.limits.items()},
                explained=list(recorded.explained),
                language=recorded.language,
                given_on=ground.given_on,
                given_by=ground.given_by,
                guardian_is_suspect_or_kin=ground.guardian_is_suspect_or_kin,
                until=ground.until,
                withdrawn_on=ground.withdrawn_on,
                recorded_at=desk.clock(),
            )
        )
    session.flush()


def newest_grounds(session: Session, report_id: UUID) -> list[GroundVersion]:
    """The record in force for each person of a report."""
    rows = session.scalars(
        select(GroundVersion)
        .where(GroundVersion.report_id == report_id)
        .order_by(GroundVersion.subject, GroundVersion.number)
    )
    return list({row.subject: row for row in rows}.values())


def ground_value(row: GroundVersion) -> Ground:
    """The row as the value that policies reason about."""
    return Ground(
        subject=row.subject,
        basis=row.basis,
        purposes=frozenset(row.purposes),
        withheld_from=frozenset(row.withheld_from),
        until=row.until,
        given_on=row.given_on,
        given_by=row.given_by,
        guardian_is_suspect_or_kin=row.guardian_is_suspect_or_kin,
        withdrawn_on=row.withdrawn_on,
        limits={kind: Detail[rung] for kind, rung in row.limits.items()},
    )


def _change(
    session: Session, report: Report, said: RecordedGround, *, act: Act, by: Actor, desk: Desk
) -> Answer:
    touch(session, report)
    add_grounds(session, report, [said], desk=desk)
    note(session, report, act.value, desk=desk)
    now = desk.clock()
    settle_at_once(session, report, desk)
    session.flush()
    entry = record(session, act, at=now, actor=by.ref, ref=report.ledger_ref)
    return {"report": str(report.id), "subject": said.ground.subject, "state": act.value, "ledger": entry.id}
