"""What waits for a reviewer: a partner's own reports, the riskiest first. Machine-marked never counts as reviewed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from partners.values import Actor
from share.bulletin import digest
from share.decide import compose_for
from share.desk import Desk
from share.draft import Draft
from share.models import Bulletin, BulletinVersion, Report, ReportHold, ReportState
from share.seen import PUBLISHED, Seen, circles_to_settle, read
from share.statements import is_certainly_about_adults, minors
from share.texts import sent_by, text_may_go

MANY: Final = 3
"""So many open doubts, or more, make a report stand before others."""


class Ages(IntEnum):
    """Who a report is about, the youngest first; whoever may be a child is one until it is known."""

    CHILD = 0
    UNKNOWN = 1
    ADULTS = 2


@dataclass(frozen=True, slots=True)
class Waiting:
    """One report that waits for a person, in codes. `circles` are those that wait; they may be none while held."""

    report: UUID
    state: str
    received_at: datetime
    urgent: bool
    ages: Ages
    holds: int
    circles: tuple[str, ...]
    redacted_at_source: bool
    sent_by_asker: bool

    @property
    def risk(self) -> tuple[int, bool, bool, datetime]:
        """What the queue is ordered by: children, urgent ones, those with many doubts; then the oldest."""
        return self.ages, not self.urgent, self.holds < MANY, self.received_at


def queue_of(by: Actor, *, desk: Desk) -> tuple[Waiting, ...]:
    """The asker's own reports that are held, or that a circle would be told of if a person said yes.

    A report whose working copy is gone cannot be looked at any more, and is not listed.
    """
    with desk.readers() as session:
        candidates = _candidates(session, by)
        holds = _open_holds(session, by)
        told = _told_in_words(session, by)
    waiting: list[Waiting] = []
    for report in candidates:
        circles = [one for one in circles_to_settle(report.id, desk=desk) if (report.id, one) not in told]
        if circles or report.state == ReportState.HELD:
            doubts = holds.get((report.id, report.version), 0)
            waiting += _waiting(report, circles, doubts, by, desk)
    return tuple(sorted(waiting, key=lambda one: (one.risk, str(one.report))))


def waits(seen: Seen, *, desk: Desk) -> bool:
    """Whether this circle would be told more of the report, or of it at all, if a person looked and said yes."""
    if seen.circle is None or seen.draft is None or (seen.last is not None and seen.last.stopped):
        return False
    last = seen.last.content if seen.last and seen.last.report_version == seen.version else None
    if last is not None and last.narrative is not None:
        return (
            False  # text leaves by a person's yes alone, and what stands is kept equal to what was approved
        )
    if seen.approved and _is_approved(seen, desk):
        return False
    if seen.draft.narrative.strip() and text_may_go(seen, desk=desk):
        return True
    return last is None and _has_facts(seen, desk)


def _is_approved(seen: Seen, desk: Desk) -> bool:
    composed = compose_for(seen, desk=desk)
    if composed is None:
        return False
    offered = {composed.content, composed.content.without_narrative()}
    return any(digest(content.canonical()) in seen.approved for content in offered)


def _has_facts(seen: Seen, desk: Desk) -> bool:
    composed = compose_for(replace(seen, examined=None), desk=desk)
    return composed is not None and not composed.content.is_empty()


def _candidates(session: Session, by: Actor) -> Sequence[Report]:
    query = select(Report).where(
        Report.partner_id == by.partner, Report.state.in_((ReportState.HELD, ReportState.READY))
    )
    return session.scalars(query.order_by(Report.received_at)).all()


def _waiting(
    report: Report, circles: Sequence[UUID], doubts: int, by: Actor, desk: Desk
) -> Iterator[Waiting]:
    with desk.readers() as session:
        seen = [read(session, report.id, circle, desk=desk) for circle in circles]
        own = sent_by(session, report.id, by)
    draft = next((each.draft for each in seen if each.draft is not None), None)
    if seen and draft is None:
        return
    still = tuple(sorted(each.circle.slug for each in seen if each.circle and waits(each, desk=desk)))
    if still or report.state == ReportState.HELD:
        yield Waiting(
            report=report.id,
            state=report.state,
            received_at=report.received_at,
            urgent=report.urgent,
            ages=_ages(draft, report),
            holds=doubts,
            circles=still,
            redacted_at_source=report.redacted_at_source,
            sent_by_asker=own,
        )


def _ages(draft: Draft | None, report: Report) -> Ages:
    if draft is None:
        return Ages.UNKNOWN
    received = report.received_at.date()
    if minors(draft, received=received):
        return Ages.CHILD
    return Ages.ADULTS if is_certainly_about_adults(draft, received=received) else Ages.UNKNOWN


def _open_holds(session: Session, by: Actor) -> dict[tuple[UUID, int], int]:
    rows = session.execute(
        select(ReportHold.report_id, ReportHold.version, func.count())
        .join(Report, Report.id == ReportHold.report_id)
        .where(Report.partner_id == by.partner, ReportHold.resolved_at.is_(None))
        .group_by(ReportHold.report_id, ReportHold.version)
    )
    return {(report, version): count for report, version, count in rows}


def _told_in_words(session: Session, by: Actor) -> set[tuple[UUID, UUID]]:
    """Report and circle where the text of the newest version stands published: a person approved it.

    Most reports are, and this keeps the queue from opening every working copy there is.
    """
    rows = session.execute(
        select(Bulletin.report_id, Bulletin.circle_id, BulletinVersion.content)
        .join(
            BulletinVersion,
            (BulletinVersion.bulletin_id == Bulletin.id) & (BulletinVersion.number == Bulletin.version),
        )
        .join(Report, Report.id == Bulletin.report_id)
        .where(
            Report.partner_id == by.partner,
            BulletinVersion.state == PUBLISHED,
            BulletinVersion.report_version == Report.version,
        )
    )
    return {(report, circle) for report, circle, content in rows if "narrative" in json.loads(content)}
