"""What a partner may look up about its own reports: states, reasons and grounds, all of it in codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from ledger.entries import Act
from ledger.models import LedgerEntry
from partners.models import Circle
from partners.pages import Page, cut
from partners.values import Actor
from share.consent import newest_grounds
from share.desk import Desk
from share.errors import NotThere
from share.models import Bulletin, BulletinVersion, GroundVersion, Report, ReportStatus, ReportVersion
from share.reports import open_holds, own_report


@dataclass(frozen=True, slots=True)
class Summary:
    """One report in a list."""

    id: UUID
    state: str
    version: int
    urgent: bool
    redacted_at_source: bool
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """A line of a report's history."""

    at: datetime
    state: str
    code: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason that holds a part of a report."""

    id: UUID
    part: str
    code: str


@dataclass(frozen=True, slots=True)
class Sent:
    """One version as it came in."""

    number: int
    reason: str | None
    received_at: datetime
    examined_at: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """The bulletin that one circle has of a report."""

    id: UUID
    circle: str
    version: int
    state: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one report stands."""

    report: Summary
    versions: tuple[Sent, ...]
    history: tuple[Step, ...]
    holds: tuple[Reason, ...]
    bulletins: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Reports:
    """Some of a partner's reports, newest first, and where to go on."""

    reports: tuple[Summary, ...]
    after: UUID | None


@dataclass(frozen=True, slots=True)
class Written:
    """A line of the ledger about one of a partner's own reports. Who acted is not told."""

    id: str
    at: datetime
    act: str
    report: UUID


@dataclass(frozen=True, slots=True)
class Entries:
    """Some lines of the ledger, oldest first, and where to go on."""

    entries: tuple[Written, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class OnGround:
    """The ground in force for one person of a report."""

    subject: str
    number: int
    basis: str
    purposes: tuple[str, ...]
    withheld_from: tuple[str, ...]
    limits: dict[str, str]
    explained: tuple[str, ...]
    language: str | None
    given_on: date
    given_by: str
    guardian_is_suspect_or_kin: bool
    until: date | None
    withdrawn_on: date | None
    recorded_at: datetime


def reports_of(by: Actor, *, after: UUID | None, limit: int, desk: Desk) -> Reports:
    """The asker's own reports, newest first. A cursor that is not its own report is not there."""
    with desk.readers() as session:
        query = (
            select(Report)
            .where(Report.partner_id == by.partner)
            .order_by(Report.received_at.desc(), Report.id.desc())
            .limit(limit + 1)
        )
        if after is not None:
            last = own_report(session, after, by)
            same = and_(Report.received_at == last.received_at, Report.id < last.id)
            query = query.where(or_(Report.received_at < last.received_at, same))
        rows = session.scalars(query).all()
    page = rows[:limit]
    return Reports(tuple(map(_summary, page)), page[-1].id if len(rows) > limit else None)


def standing_of(report_id: UUID, *, by: Actor, desk: Desk) -> Standing:
    """Where one of the asker's own reports stands, and how it got there."""
    with desk.readers() as session:
        report = own_report(session, report_id, by)
        return Standing(
            report=_summary(report),
            versions=_versions(session, report),
            history=_history(session, report),
            holds=tuple(Reason(row.id, row.part, row.code) for row in open_holds(session, report)),
            bulletins=_bulletins(session, report),
        )


def grounds_of(report_id: UUID, *, by: Actor, after: str | None, limit: int, desk: Desk) -> Page[OnGround]:
    """The ground in force for each person of one of the asker's own reports. A cursor is one of the persons."""
    with desk.readers() as session:
        report = own_report(session, report_id, by)
        grounds = [_ground(row) for row in newest_grounds(session, report.id)]
    names = [ground.subject for ground in grounds]
    if after is not None and after not in names:
        raise NotThere
    begin = names.index(after) + 1 if after is not None else 0
    return cut(grounds[begin:], limit, lambda ground: ground.subject)


def entries_of(by: Actor, *, after: str | None, limit: int, desk: Desk) -> Entries:
    """What the ledger holds about the asker's own reports and their bulletins; what readers did is not in it."""
    own = select(Report.ledger_ref.label("ref"), Report.id.label("report")).where(
        Report.partner_id == by.partner
    )
    told = (
        select(BulletinVersion.ledger_ref, Report.id)
        .join(Bulletin, Bulletin.id == BulletinVersion.bulletin_id)
        .join(Report, Report.id == Bulletin.report_id)
        .where(Report.partner_id == by.partner)
    )
    about = own.union(told).subquery()
    query = (
        select(LedgerEntry, about.c.report)
        .join(about, about.c.ref == LedgerEntry.ref)
        .where(LedgerEntry.act != Act.ACKNOWLEDGED.value)
        .order_by(LedgerEntry.seq)
        .limit(limit + 1)
    )
    with desk.readers() as session:
        if after is not None:
            # A cursor of somebody else's entry is not there, like the entry itself.
            last = session.execute(query.where(LedgerEntry.id == after)).one_or_none()
            if last is None:
                raise NotThere
            query = query.where(LedgerEntry.seq > last[0].seq)
        rows = session.execute(query).all()
    page = tuple(Written(entry.id, entry.at, entry.act, report) for entry, report in rows[:limit])
    return Entries(page, page[-1].id if len(rows) > limit else None)


def _summary(row: Report) -> Summary:
    return Summary(row.id, row.state, row.version, row.urgent, row.redacted_at_source, row.received_at)


def _versions(session: Session, report: Report) -> tuple[Sent, ...]:
    rows = session.scalars(
        select(ReportVersion).where(ReportVersion.report_id == report.id).order_by(ReportVersion.number)
    )
    return tuple(Sent(row.number, row.reason, row.received_at, row.examined_at) for row in rows)


def _history(session: Session, report: Report) -> tuple[Step, ...]:
    rows = session.scalars(
        select(ReportStatus).where(ReportStatus.report_id == report.id).order_by(ReportStatus.id)
    )
    return tuple(Step(row.at, row.state, row.code) for row in rows)


def _bulletins(session: Session, report: Report) -> tuple[Told, ...]:
    rows = session.execute(
        select(Bulletin, Circle.slug)
        .join(Circle, Circle.id == Bulletin.circle_id)
        .where(Bulletin.report_id == report.id)
        .order_by(Circle.slug)
    )
    return tuple(Told(row.id, slug, row.version, row.state) for row, slug in rows)


def _ground(row: GroundVersion) -> OnGround:
    return OnGround(
        subject=row.subject,
        number=row.number,
        basis=row.basis,
        purposes=tuple(row.purposes),
        withheld_from=tuple(row.withheld_from),
        limits=dict(row.limits),
        explained=tuple(row.explained),
        language=row.language,
        given_on=row.given_on,
        given_by=row.given_by,
        guardian_is_suspect_or_kin=row.guardian_is_suspect_or_kin,
        until=row.until,
        withdrawn_on=row.withdrawn_on,
        recorded_at=row.recorded_at,
    )
