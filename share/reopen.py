"""What a caseworker gets back of a report that was sent: to amend it, and to see how a status changed.

A working copy is shown to whoever sent that version and to reviewers of its organisation, and to nobody else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from ledger.entries import Act, record
from partners.registry import circles_for_source, circles_of
from partners.values import Actor, Scope
from policies.grounds import NO_SUBJECT
from share.desk import Desk
from share.draft import Draft
from share.errors import Conflict
from share.models import ReportVersion
from share.reports import current_version, own_report, subjects_of, working_draft

STATUS: Final = "vic_TraffickingStatus"
DECIDED_BY: Final = "vic_TraffickingStatusDecisionMakingOrg"


@dataclass(frozen=True, slots=True)
class Reopened:
    """The newest version of a report as it was sent, without its grounds."""

    version: int
    draft: Draft = field(repr=False)


@dataclass(frozen=True, slots=True)
class StatusSaid:
    """The status that a version of a report gave a person, and the body that it named."""

    subject: str
    status: str
    decided_by: str | None
    version: int
    at: datetime


def may_reopen(version: ReportVersion, by: Actor) -> bool:
    """Whether the asker sent this version herself, or reviews for her organisation."""
    hers = version.by_member is not None and version.by_member == by.member
    return hers or Scope.REPORTS_REVIEW in by.scopes


def can_reopen(report_id: UUID, *, by: Actor, desk: Desk) -> bool:
    """Whether the asker could have the report back to amend it. Nothing is opened by asking."""
    with desk.readers() as session:
        version = current_version(session, own_report(session, report_id, by))
        return version.working_copy is not None and may_reopen(version, by)


def reopen(report_id: UUID, *, by: Actor, desk: Desk) -> Reopened:
    """The working copy of the newest version, to amend it; that it was opened is written down first."""
    with desk.sessions.begin() as session:
        report = own_report(session, report_id, by)
        version = current_version(session, report)
        if not may_reopen(version, by):
            raise Conflict("working_copy_not_yours")
        draft = working_draft(version, desk)
        if draft is None:
            raise Conflict("working_copy_gone")
        record(session, Act.REVIEW_OPENED, at=desk.clock(), actor=by.ref, ref=report.ledger_ref)
        return Reopened(version.number, draft)


def statuses(report_id: UUID, *, by: Actor, desk: Desk) -> tuple[StatusSaid, ...]:
    """How the status of each person changed from version to version, as far as working copies still tell."""
    with desk.readers() as session:
        report = own_report(session, report_id, by)
        versions = session.scalars(
            select(ReportVersion).where(ReportVersion.report_id == report.id).order_by(ReportVersion.number)
        ).all()
    said = [each for version in versions for each in _statuses(version, desk)]
    return tuple(sorted(_changes(said), key=lambda each: (each.subject, each.version)))


def people_in(report_id: UUID, *, by: Actor, desk: Desk) -> tuple[str, ...]:
    """The codes of everybody in one of the asker's own reports who can have a ground, "nobody protected" last."""
    with desk.readers() as session:
        codes = subjects_of(session, own_report(session, report_id, by), desk)
    return tuple(sorted(codes, key=lambda code: (code == NO_SUBJECT, len(code), code)))


def circles_to_refuse(by: Actor, *, desk: Desk) -> tuple[str, ...]:
    """The circles that a person can refuse: those that her organisation may publish to, or reads in."""
    on = desk.clock().date()
    with desk.readers() as session:
        views = (*circles_for_source(session, by.partner, on), *circles_of(session, by.partner, on))
    return tuple(sorted({view.slug for view in views}))


def _statuses(version: ReportVersion, desk: Desk) -> Iterator[StatusSaid]:
    draft = working_draft(version, desk)
    for person in draft.people if draft else ():
        for status in person.fields.get(STATUS, ()):
            body = next(iter(person.fields.get(DECIDED_BY, ())), None)
            yield StatusSaid(person.code, status, body, version.number, version.received_at)


def _changes(said: list[StatusSaid]) -> Iterator[StatusSaid]:
    last: dict[str, tuple[str, str | None]] = {}
    for each in said:
        if last.get(each.subject) != (each.status, each.decided_by):
            last[each.subject] = (each.status, each.decided_by)
            yield each
