"""A person's yes: to the exact bytes that one circle would be told, shown to her before as a preview.

Machine-marked is never called reviewed, and an approval is void as soon as one byte differs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from sqlalchemy.orm import Session

from ledger.entries import Act, record
from partners.values import Actor
from share.bulletin import digest
from share.compose import Composed, Left
from share.decide import compose_for
from share.desk import Desk
from share.errors import Conflict, NotThere, Stale
from share.idempotency import Answer, Once, once_only, remembered
from share.models import Approval
from share.reports import note, own_report, settle_soon, touch
from share.seen import Seen, circles_to_settle, read, unchanged

TRIES = 5


@dataclass(frozen=True, slots=True)
class Preview:
    """Exactly what one circle would be told now, why the rest is missing, and the digest an approval must name."""

    circle: str
    content: bytes = field(repr=False)
    content_sha256: str
    left: tuple[Left, ...]
    problems: tuple[str, ...]
    is_approved: bool


def preview(report_id: UUID, *, circle: str, by: Actor, desk: Desk) -> Preview:
    """What the circle would be told if this were approved now: equal to what is published, byte for byte."""
    with desk.sessions.begin() as session:
        report = own_report(session, report_id, by)
        record(session, Act.PREVIEW_OPENED, at=desk.clock(), actor=by.ref, ref=report.ledger_ref)
    seen = _look(report_id, circle, desk)
    composed = compose_for(seen, desk=desk)
    if composed is None:
        raise NotThere
    content = composed.content.canonical()
    return Preview(
        circle=circle,
        content=content,
        content_sha256=digest(content),
        left=composed.left,
        problems=composed.problems,
        is_approved=digest(content) in seen.approved,
    )


def approve(
    report_id: UUID, *, circle: str, content_sha256: str, by: Actor, once: Once, desk: Desk
) -> Answer:
    """A person's yes to exactly this content for this circle. Raises `Conflict` when it is not what would go out."""
    with desk.readers() as session:
        own_report(session, report_id, by)
    if by.member is None or not by.is_person:
        raise Conflict("person_required")
    # Asked again, it is answered as before, although what the circle would be told may have changed since.
    if (earlier := remembered(desk, once)) is not None:
        return earlier
    for _ in range(TRIES):
        seen = _look(report_id, circle, desk)
        _demand_current(content_sha256, seen, desk)
        try:
            return once_only(desk, once, partial(_approve, seen, content_sha256, by=by, desk=desk))
        except Stale:
            continue  # something was settled meanwhile: look again whether the content is still the same
    raise Conflict("preview_stale")


def _demand_current(content_sha256: str, seen: Seen, desk: Desk) -> None:
    composed = compose_for(seen, desk=desk)
    if composed is None or composed.content.is_empty():
        raise Conflict("nothing_to_approve")
    if seen.last is not None and seen.last.stopped:
        raise Conflict("bulletin_recalled")
    if content_sha256 not in _offered(composed):
        raise Conflict("preview_stale")


def _approve(seen: Seen, content_sha256: str, session: Session, *, by: Actor, desk: Desk) -> Answer:
    unchanged(session, seen, desk=desk)
    report = own_report(session, seen.report, by)
    touch(session, report)
    session.add(
        Approval(
            report_id=report.id,
            report_version=report.version,
            circle_id=seen.circle_id,
            content_sha256=content_sha256,
            rests_on=seen.rests_on,
            member_id=by.member,
            approved_at=desk.clock(),
        )
    )
    note(session, report, Act.APPROVED.value, desk=desk)
    settle_soon(session, report, desk)
    session.flush()
    entry = record(session, Act.APPROVED, at=desk.clock(), actor=by.ref, ref=report.ledger_ref)
    return {"report": str(report.id), "circle": seen.circle.slug if seen.circle else "", "ledger": entry.id}


def _offered(composed: Composed) -> frozenset[str]:
    """The digests that may be approved: everything that may be told, or its facts alone."""
    content = composed.content
    return frozenset({digest(content.canonical()), digest(content.without_narrative().canonical())})


def _look(report_id: UUID, circle: str, desk: Desk) -> Seen:
    with desk.readers() as session:
        for circle_id in circles_to_settle(report_id, desk=desk):
            seen = read(session, report_id, circle_id, desk=desk)
            if seen.circle is not None and seen.circle.slug == circle:
                return seen
    raise NotThere
