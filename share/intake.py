"""Reports come in: sealed, recorded and queued, or refused with nothing kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import Sealed
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
        tag_of_it = reference_tag(draft, desk)
        if tag_of_it and _taken(session, by, tag_of_it):
            raise Conflict("reference_taken")
        packed = pack(draft, once.body, report=uuid4(), version=1, desk=desk)
        return take_in(session, [packed], by=by, desk=desk)[0]

    return once_only(desk, once, work)


@dataclass(frozen=True, slots=True)
class Packed:
    """One version of a report, sealed and not yet kept: its keys are made, and nothing names it."""

    report: UUID
    draft: Draft = field(repr=False)
    original: Sealed = field(repr=False)
    working_copy: Sealed = field(repr=False)
    salt: bytes = field(repr=False)
    commitment: bytes = field(repr=False)


def pack(draft: Draft, original: bytes, *, report: UUID, version: int, desk: Desk) -> Packed:
    """Seal one version of a report. Waits for the key store, and so may be done before a transaction begins."""
    salt = desk.random(32)
    return Packed(
        report=report,
        draft=draft,
        original=desk.seal(salt + original, report=report, version=version),
        working_copy=desk.working.seal_draft(replace(draft, grounds=()), report=report, version=version),
        salt=salt,
        commitment=commit(original, salt),
    )


def take_in(session: Session, reports: Sequence[Packed], *, by: Actor, desk: Desk) -> tuple[Answer, ...]:
    """Write checked and sealed reports down as received, in the caller's transaction; the answers are receipts.

    References that are taken already are left to the database: it refuses them all.
    """
    received = [_received(packed, by=by, desk=desk) for packed in reports]
    session.add_all(received)
    session.flush()
    new = [
        _keep(session, report, packed, by=by, desk=desk, act=Act.RECEIVED, reason=None)
        for report, packed in zip(received, reports, strict=True)
    ]
    session.flush()
    return tuple(
        _noted(session, *kept, act=Act.RECEIVED, by=by, desk=desk)
        for kept in zip(received, reports, new, strict=True)
    )


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
        packed = pack(draft, once.body, report=report.id, version=report.version, desk=desk)
        new = _keep(session, report, packed, by=by, desk=desk, act=Act.AMENDED, reason=reason)
        session.flush()
        return _noted(session, report, packed, new, act=Act.AMENDED, by=by, desk=desk)

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


def reference_tag(draft: Draft, desk: Desk) -> str | None:
    """A keyed digest of the partner's own reference, if there is one: two reports never have the same."""
    return tag(desk, "reference", draft.reference.encode()) if draft.reference else None


def _received(packed: Packed, *, by: Actor, desk: Desk) -> Report:
    draft = packed.draft
    return Report(
        id=packed.report,
        partner_id=by.partner,
        reference_tag=reference_tag(draft, desk),
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
    packed: Packed,
    *,
    by: Actor,
    desk: Desk,
    act: Act,
    reason: str | None,
) -> Sequence[RecordedGround]:
    """Write a version down, with the work that it asks for; the grounds that are new with it."""
    now = desk.clock()
    session.add(
        ReportVersion(
            report_id=report.id,
            number=report.version,
            reason=reason,
            received_at=now,
            by_member=by.member,
            by_credential=by.credential,
            original=packed.original,
            working_copy=packed.working_copy,
        )
    )
    grounded = {row.subject for row in newest_grounds(session, report.id)}
    new = [said for said in packed.draft.grounds if said.ground.subject not in grounded]
    add_grounds(session, report, new, desk=desk)
    note(session, report, act.value, desk=desk)
    ask(session, Task.EXAMINE, report.id, at=now, due=now)
    return new


def _noted(
    session: Session,
    report: Report,
    packed: Packed,
    new: Sequence[RecordedGround],
    *,
    act: Act,
    by: Actor,
    desk: Desk,
) -> Answer:
    """Record the act and each new ground in the ledger, and give the receipt."""
    now = desk.clock()
    entry = record(session, act, at=now, actor=by.ref, ref=report.ledger_ref, commitment=packed.commitment)
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
