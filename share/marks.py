"""What a reviewer does to the marks in a working copy, one use case each.

A mark of hers can be taken back. A mark that a machine made, or the form, can be called something else but is
never lost: what was once doubted stays covered in whatever leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from ledger.entries import Act, record
from partners.values import Actor
from policies.grounds import NO_SUBJECT
from policies.vocabulary import VOCABULARY
from redaction.findings import Examined
from share.desk import Desk
from share.draft import Draft
from share.errors import Conflict, NotAcceptable
from share.idempotency import Answer, Once, once_only
from share.marked import Place, joined, marked, place_of, places_of, renamed, taken_back
from share.models import Report, ReportState, ReportVersion
from share.reports import current_version, own_report, settle_at_once, touch, working_draft
from share.review import REVIEWER

Change = Callable[[Examined, Draft], Examined]

LONGEST: Final = 400
"""Code points that somebody marks at once, at most."""


def own_name(by: Actor) -> str:
    """What stands as the detector of a mark that this person made."""
    return f"{REVIEWER}.{by.member}"


def people_of(report_id: UUID, *, by: Actor, desk: Desk) -> tuple[tuple[str, str], ...]:
    """Local code and role of everybody in the report whom a mark may be about."""
    with desk.readers() as session:
        draft = working_draft(current_version(session, own_report(session, report_id, by)), desk)
    if draft is None:
        raise Conflict("working_copy_gone")
    roles = {person.code: person.role for person in draft.people}
    return tuple((code, roles.get(code, "suspect")) for code in sorted(draft.codes() - {NO_SUBJECT}))


def mark(
    report_id: UUID,
    *,
    version: int,
    words: str,
    at: Place | None,
    kind: str,
    by: Actor,
    once: Once,
    desk: Desk,
) -> Answer:
    """Mark `words`, which every detector missed, as `kind`. Nothing that was marked before is lost.

    With a place they are marked there, and only if just these words stand there. Without, wherever they stand.
    """
    _demand_kind(kind)
    if not words.strip() or len(words) > LONGEST:
        raise NotAcceptable("words_missing", "words")

    def change(examined: Examined, _draft: Draft) -> Examined:
        text = examined.text
        places = (place_of(text, words, *at),) if at else places_of(text, words)
        return marked(examined, places, kind, own_name(by))

    return _changed(report_id, version, change, "marked", by=by, once=once, desk=desk)


def rename(
    report_id: UUID, *, version: int, marks: Collection[Place], kind: str, by: Actor, once: Once, desk: Desk
) -> Answer:
    """Call these marks, and all others of the same words, `kind`. What the form names stays what it is there."""
    _demand_kind(kind)

    def change(examined: Examined, _draft: Draft) -> Examined:
        return renamed(examined, marks, kind, own_name(by))

    return _changed(report_id, version, change, "renamed", by=by, once=once, desk=desk)


def join(
    report_id: UUID, *, version: int, marks: Collection[Place], person: str, by: Actor, once: Once, desk: Desk
) -> Answer:
    """Say that these names, wherever they stand, are one person's; with an empty code, that nobody knows whose."""

    def change(examined: Examined, draft: Draft) -> Examined:
        if person and person not in draft.codes() - {NO_SUBJECT}:
            raise NotAcceptable("unknown_person", "person")
        return joined(examined, marks, person, own_name(by))

    return _changed(report_id, version, change, "joined", by=by, once=once, desk=desk)


def take_back(
    report_id: UUID, *, version: int, marks: Collection[Place], by: Actor, once: Once, desk: Desk
) -> Answer:
    """Take back marks that the asker made, and nobody else. Raises `Conflict` for any other mark."""

    def change(examined: Examined, _draft: Draft) -> Examined:
        return taken_back(examined, marks, own_name(by))

    return _changed(report_id, version, change, "taken_back", by=by, once=once, desk=desk)


def _changed(
    report_id: UUID, version: int, change: Change, what: str, *, by: Actor, once: Once, desk: Desk
) -> Answer:
    """Seal the findings as `change` leaves them, and have whatever is told brought in line at once."""

    def work(session: Session) -> Answer:
        report = own_report(session, report_id, by)
        row = _reviewable(session, report, version)
        draft, before = _opened(row, desk)
        after = change(before, draft)
        if after.spans == before.spans:
            raise Conflict("nothing_changed")
        touch(session, report)
        row.findings = desk.working.seal_findings(after, report=report.id, version=report.version)
        now = desk.clock()
        settle_at_once(session, report, desk)
        entry = record(
            session, Act.SPAN_ADDED, at=now, actor=by.ref, ref=report.ledger_ref, codes={"change": what}
        )
        return {"report": str(report.id), "spans": len(after.spans), "ledger": entry.id}

    return once_only(desk, once, work)


def _reviewable(session: Session, report: Report, version: int) -> ReportVersion:
    if report.state not in (ReportState.HELD, ReportState.READY):
        raise Conflict("not_under_review")
    if report.version != version:
        raise Conflict("changed_meanwhile")
    return current_version(session, report)


def _opened(row: ReportVersion, desk: Desk) -> tuple[Draft, Examined]:
    draft = working_draft(row, desk)
    if draft is None:
        raise Conflict("working_copy_gone")
    if row.findings is None:
        raise Conflict("nothing_examined")
    return draft, desk.working.findings(row.findings, report=row.report_id, version=row.number)


def _demand_kind(kind: str) -> None:
    if kind not in VOCABULARY.kinds or VOCABULARY.kinds[kind].group != "identifier":
        raise NotAcceptable("unknown_kind", "kind")
