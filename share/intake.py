"""Reports come in: sealed, recorded and queued, or refused with nothing kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.entries import Act, commit, record
from partners.registry import agreement_in_force, partner
from partners.values import Actor
from redaction.findings import Refused
from redaction.text import accept
from share.bounds import bounded
from share.consent import add_grounds, newest_grounds
from share.desk import Desk
from share.draft import Draft, Event, Indicator, Lead, Offer, Pattern, RecordedGround, Suspect
from share.errors import Conflict, NotAcceptable
from share.idempotency import Answer, Once, once_only, tag
from share.models import Report, ReportState, ReportVersion, Task
from share.outbox import ask
from share.reports import note, own_report, touch

LONGEST_NARRATIVE = 200_000
LONGEST_VALUE = 500
AMENDMENT_REASONS = frozenset({"correction", "more_known", "status_changed", "translation", "other"})


def submit(draft: Draft, *, by: Actor, once: Once, desk: Desk) -> Answer:
    """Take in a report: seal it, note who brought it, queue its redaction. Asked twice, the same receipt.

    What is answered is stored; nothing is shared before it was redacted and governed.
    """
    check(draft)

    def work(session: Session) -> Answer:
        may_submit(session, by, desk)
        report = _received(draft, by=by, desk=desk)
        if report.reference_tag and _taken(session, by, report.reference_tag):
            raise Conflict("reference_taken")
        session.add(report)
        session.flush()
        return _keep(session, report, draft, once.body, by=by, desk=desk, act=Act.RECEIVED, reason=None)

    return once_only(desk, once, work)


def amend(report_id: UUID, draft: Draft, *, reason: str, by: Actor, once: Once, desk: Desk) -> Answer:
    """Add a version to a report, with a reason; earlier versions stay sealed as they were.

    Grounds of people who already have one are not changed by this: an old copy of a form must not undo a withdrawal.
    """
    check(draft)
    if reason not in AMENDMENT_REASONS:
        raise NotAcceptable("unknown_reason", "reason")

    def work(session: Session) -> Answer:
        may_submit(session, by, desk)
        report = own_report(session, report_id, by)
        if report.state == ReportState.REFUSED:
            raise Conflict("report_refused")
        touch(session, report)
        report.version += 1
        report.state = ReportState.RECEIVED
        report.urgent = draft.urgent
        report.redacted_at_source = draft.redacted_at_source
        return _keep(session, report, draft, once.body, by=by, desk=desk, act=Act.AMENDED, reason=reason)

    return once_only(desk, once, work)


def check(draft: Draft) -> None:
    """Refuse what could not be looked at later: limits, forbidden characters, statements about nobody."""
    try:
        accept(draft.narrative, longest=LONGEST_NARRATIVE)
        for value in _typed_by_hand(draft):
            accept(value, longest=LONGEST_VALUE)
    except Refused as refusal:
        raise NotAcceptable(f"text_{refusal.code}") from None
    codes = [person.code for person in draft.people] + [suspect.code for suspect in draft.suspects]
    if len(set(codes)) != len(codes):
        raise NotAcceptable("code_used_twice", "people")
    named = draft.codes()
    if any(not set(part.concerns) <= named for part in _parts(draft)):
        raise NotAcceptable("concerns_unknown_person", "concerns")
    if any(not set(suspect.kin_of) <= named for suspect in draft.suspects):
        raise NotAcceptable("kin_of_unknown_person", "suspects.kin_of")
    if any(recorded.ground.subject not in named for recorded in draft.grounds):
        raise NotAcceptable("ground_for_unknown_person", "grounds.subject")
    if not (draft.narrative.strip() or any(_parts(draft)) or draft.people):
        raise NotAcceptable("empty_report")
    bounded(draft)


def may_submit(session: Session, by: Actor, desk: Desk) -> None:
    """A partner in good standing whose agreement runs; otherwise the answer does not say which is missing."""
    on = desk.clock().date()
    if partner(session, by.partner) is None or agreement_in_force(session, by.partner, on) is None:
        raise Conflict("no_agreement_in_force")


def _received(draft: Draft, *, by: Actor, desk: Desk) -> Report:
    return Report(
        id=uuid4(),
        partner_id=by.partner,
        reference_tag=tag(desk, "reference", draft.reference.encode()) if draft.reference else None,
        state=ReportState.RECEIVED,
        urgent=draft.urgent,
        redacted_at_source=draft.redacted_at_source,
        received_at=desk.clock(),
        version=1,
        lock=1,
        ledger_ref=desk.random(16).hex(),
    )


def _taken(session: Session, by: Actor, reference_tag: str) -> bool:
    same = select(Report.id).where(Report.partner_id == by.partner, Report.reference_tag == reference_tag)
    return session.scalar(same) is not None


def _keep(
    session: Session,
    report: Report,
    draft: Draft,
    original: bytes,
    *,
    by: Actor,
    desk: Desk,
    act: Act,
    reason: str | None,
) -> Answer:
    now = desk.clock()
    salt = desk.random(32)
    session.add(
        ReportVersion(
            report_id=report.id,
            number=report.version,
            reason=reason,
            received_at=now,
            by_member=by.member,
            by_credential=by.credential,
            original=desk.seal(salt + original, report=report.id, version=report.version),
            working_copy=desk.working.seal_draft(
                replace(draft, grounds=()), report=report.id, version=report.version
            ),
        )
    )
    grounded = {row.subject for row in newest_grounds(session, report.id)}
    new = [said for said in draft.grounds if said.ground.subject not in grounded]
    add_grounds(session, report, new, desk=desk)
    note(session, report, act.value, desk=desk)
    ask(session, Task.EXAMINE, report.id, at=now, due=now)
    session.flush()
    entry = record(
        session, act, at=now, actor=by.ref, ref=report.ledger_ref, commitment=commit(original, salt)
    )
    for said in new:
        record(session, Act.GROUND_RECORDED, at=now, actor=by.ref, ref=report.ledger_ref, codes=_basis(said))
    return {
        "id": str(report.id),
        "version": report.version,
        "state": report.state,
        "received_at": now.isoformat(),
        "redacted_at_source": report.redacted_at_source,
        "ledger": entry.id,
    }


def _basis(said: RecordedGround) -> dict[str, str]:
    return {"subject": said.ground.subject, "basis": said.ground.basis}


def _parts(draft: Draft) -> Iterator[Event | Pattern | Offer | Suspect | Lead | Indicator]:
    yield from draft.events
    yield from draft.patterns
    yield from draft.offers
    yield from draft.suspects
    yield from draft.leads
    yield from draft.indicators


def _typed_by_hand(draft: Draft) -> Iterator[str]:
    yield draft.reference or ""
    for person in draft.people:
        yield from chain.from_iterable(person.fields.values())
        yield from (identifier.value for identifier in person.identifiers)
    for suspect in draft.suspects:
        yield from suspect.names
        yield from (contact.value for contact in suspect.contacts())
    yield from (lead.value for lead in draft.leads)
    for leg in draft.events:
        yield from (part for part in (leg.on, leg.city, leg.state) if part)
