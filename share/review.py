"""What a person does about a report: look at the working copy, mark what was missed, approve, refuse.

Reviewers are members of the source partner. Machine-marked is never called reviewed: an approval names the exact
bytes of one circle's content, and is void as soon as one of them changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy.orm import Session

from ledger.entries import Act, record
from partners.values import Actor
from policies.vocabulary import VOCABULARY
from redaction.cover import cover
from redaction.findings import Document, Examined, Finding, Span
from share.desk import Desk
from share.errors import Conflict, NotAcceptable, NotThere
from share.examination import NARRATIVE
from share.idempotency import Answer, Once, once_only
from share.models import Report, ReportState
from share.reports import (
    current_version,
    note,
    open_holds,
    own_report,
    settle_at_once,
    settle_soon,
    touch,
    working_draft,
)
from share.seen import circles_to_settle, read

RESOLUTIONS = frozenset({"not_identifying", "marked_by_hand", "checked_in_language", "false_alarm"})
REFUSALS = frozenset({"not_about_trafficking", "unsafe_to_share", "duplicate", "asked_by_survivor", "other"})
REVIEWER = "reviewer"


@dataclass(frozen=True, slots=True)
class WorkingCopy:
    """What a reviewer sees of one report: the text as received, everything found in it, what holds it."""

    report: UUID
    version: int
    state: str
    language: str | None
    text: str = field(repr=False)
    spans: tuple[Span, ...]
    holds: tuple[tuple[UUID, str, str], ...]
    circles: tuple[str, ...]


def open_review(report_id: UUID, *, by: Actor, desk: Desk) -> WorkingCopy:
    """The working copy, for a reviewer of the source partner; that it was opened is written down first."""
    with desk.sessions.begin() as session:
        report = own_report(session, report_id, by)
        version = current_version(session, report)
        draft = working_draft(version, desk)
        if draft is None:
            raise Conflict("working_copy_gone")
        examined = _findings(session, report, desk)
        holds = tuple((row.id, row.part, row.code) for row in open_holds(session, report))
        record(session, Act.REVIEW_OPENED, at=desk.clock(), actor=by.ref, ref=report.ledger_ref)
    with desk.readers() as session:
        circles = tuple(
            sorted(
                seen.circle.slug
                for circle in circles_to_settle(report_id, desk=desk)
                if (seen := read(session, report_id, circle, desk=desk)).circle
            )
        )
    return WorkingCopy(
        report=report_id,
        version=version.number,
        state=report.state,
        language=examined.language if examined else draft.language,
        text=draft.narrative,
        spans=examined.spans if examined else (),
        holds=holds,
        circles=circles,
    )


def add_span(
    report_id: UUID, *, version: int, start: int, end: int, kind: str, by: Actor, once: Once, desk: Desk
) -> Answer:
    """Mark something that every detector missed: it is covered here and wherever else it stands in the text."""
    if kind not in VOCABULARY.kinds or VOCABULARY.kinds[kind].group != "identifier":
        raise NotAcceptable("unknown_kind", "kind")

    def work(session: Session) -> Answer:
        report = _reviewable(session, report_id, version, by)
        examined = _findings(session, report, desk)
        if examined is None:
            raise Conflict("nothing_examined")
        if not 0 <= start < end <= len(examined.text):
            raise NotAcceptable("outside_the_text", "start")
        touch(session, report)
        marked = with_missed(examined, Finding(start, end, kind, REVIEWER))
        row = current_version(session, report)
        row.findings = desk.working.seal_findings(marked, report=report.id, version=report.version)
        settle_at_once(session, report, desk)
        entry = record(session, Act.SPAN_ADDED, at=desk.clock(), actor=by.ref, ref=report.ledger_ref)
        return {"report": str(report.id), "spans": len(marked.spans), "ledger": entry.id}

    return once_only(desk, once, work)


def with_missed(examined: Examined, missed: Finding) -> Examined:
    """The findings with one more; nothing that was found before is lost."""
    before = [
        Finding(span.start, span.end, kind, detector, subject)
        for span in examined.spans
        for kind in sorted(span.kinds)
        for detector in sorted(span.detectors)
        for subject in (*sorted(span.subjects),) or (None,)
    ]
    document = Document(examined.text, examined.language, False)
    return replace(examined, spans=cover(document, [*before, missed]))


def resolve(
    report_id: UUID, *, holds: Sequence[UUID], resolution: str, by: Actor, once: Once, desk: Desk
) -> Answer:
    """Settle reasons that held a part. When none is left the report is ready; nothing is published by this."""
    if resolution not in RESOLUTIONS:
        raise NotAcceptable("unknown_resolution", "resolution")

    def work(session: Session) -> Answer:
        report = _reviewable(session, report_id, None, by)
        rows = {row.id: row for row in open_holds(session, report)}
        if not holds or not set(holds) <= rows.keys():
            raise NotThere
        if any(rows[each].part == NARRATIVE for each in holds) and _findings(session, report, desk) is None:
            raise Conflict("nothing_examined")
        touch(session, report)
        for each in holds:
            rows[each].resolved_at = desk.clock()
            rows[each].resolved_by = by.member
            rows[each].resolution = resolution
        left = len(rows) - len(set(holds))
        if not left:
            report.state = ReportState.READY
        note(session, report, Act.RESOLVED.value, desk=desk)
        settle_soon(session, report, desk)
        entry = record(
            session,
            Act.RESOLVED,
            at=desk.clock(),
            actor=by.ref,
            ref=report.ledger_ref,
            codes={"resolution": resolution},
        )
        return {"report": str(report.id), "state": report.state, "left": left, "ledger": entry.id}

    return once_only(desk, once, work)


def refuse(report_id: UUID, *, reason: str, by: Actor, once: Once, desk: Desk) -> Answer:
    """Close a report to publication for good; whatever was published about it is recalled."""
    if reason not in REFUSALS:
        raise NotAcceptable("unknown_reason", "reason")

    def work(session: Session) -> Answer:
        report = own_report(session, report_id, by)
        if report.state == ReportState.REFUSED:
            raise Conflict("already_refused")
        touch(session, report)
        report.state = ReportState.REFUSED
        note(session, report, Act.REFUSED.value, desk=desk)
        settle_at_once(session, report, desk)
        session.flush()
        entry = record(
            session,
            Act.REFUSED,
            at=desk.clock(),
            actor=by.ref,
            ref=report.ledger_ref,
            codes={"reason": reason},
        )
        return {"report": str(report.id), "state": report.state, "ledger": entry.id}

    return once_only(desk, once, work)


def _reviewable(session: Session, report_id: UUID, version: int | None, by: Actor) -> Report:
    report = own_report(session, report_id, by)
    if report.state not in (ReportState.HELD, ReportState.READY):
        raise Conflict("not_under_review")
    if version is not None and version != report.version:
        raise Conflict("changed_meanwhile")
    return report


def _findings(session: Session, report: Report, desk: Desk) -> Examined | None:
    row = current_version(session, report)
    if row.findings is None:
        return None
    return desk.working.findings(row.findings, report=report.id, version=report.version)
