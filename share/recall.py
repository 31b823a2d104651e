"""Taking back: delivery stops, a content-free version goes out, and who confirmed is written down.

Copies already taken remain; no program can reach them. A recall gives no reason to readers, so that it never
betrays what a survivor decided.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.entries import Act, record
from partners.values import Actor
from share.desk import Desk
from share.errors import Conflict, NotThere
from share.idempotency import Answer, Once, once_only
from share.models import Acknowledgement, Bulletin, BulletinVersion, Report
from share.publish import recall_now
from share.reading import readable_version
from share.seen import PUBLISHED, read


def recall(bulletin_id: UUID, *, by: Actor, once: Once, desk: Desk) -> Answer:
    """Take back one circle's bulletin for good. One person of the source partner is enough; it never waits."""

    def work(session: Session) -> Answer:
        bulletin = session.get(Bulletin, bulletin_id, with_for_update=True)
        report = session.get(Report, bulletin.report_id) if bulletin else None
        if bulletin is None or report is None or report.partner_id != by.partner:
            raise NotThere
        if bulletin.stopped_at is not None:
            raise Conflict("already_recalled")
        if bulletin.state != PUBLISHED:
            # Taken back already because terms changed; from now on it stays so, whatever changes again.
            bulletin.stopped_at = desk.clock()
            session.flush()
            record(session, Act.RECALLED, at=desk.clock(), actor=by.ref, ref=report.ledger_ref)
            return {"bulletin": str(bulletin.id), "version": bulletin.version, "state": bulletin.state}
        seen = read(session, report.id, bulletin.circle_id, desk=desk)
        notice = recall_now(session, seen, actor=by.ref, desk=desk)
        return {"bulletin": str(notice.bulletin), "version": notice.version, "state": notice.state}

    return once_only(desk, once, work)


def acknowledge(bulletin_id: UUID, *, version: int, by: Actor, once: Once, desk: Desk) -> Answer:
    """Write down that a reader has taken note of a version; for a recall, that its copies are gone."""

    def work(session: Session) -> Answer:
        row = readable_version(session, bulletin_id, by=by, on=desk.clock().date())
        if row is None or row.number != version:
            raise NotThere
        session.add(Acknowledgement(bulletin_version_id=row.id, partner_id=by.partner, at=desk.clock()))
        session.flush()
        record(session, Act.ACKNOWLEDGED, at=desk.clock(), actor=by.ref, ref=row.ledger_ref)
        return {"bulletin": str(bulletin_id), "version": version, "state": row.state}

    return once_only(desk, once, work)


def confirmations(bulletin_id: UUID, *, by: Actor, desk: Desk) -> tuple[int, int]:
    """For the source: how many partners confirmed the newest version, of how many who read in the circle now."""
    with desk.readers() as session:
        bulletin = session.get(Bulletin, bulletin_id)
        report = session.get(Report, bulletin.report_id) if bulletin else None
        if bulletin is None or report is None or report.partner_id != by.partner:
            raise NotThere
        seen = read(session, report.id, bulletin.circle_id, desk=desk)
        confirmed = set(
            session.scalars(
                select(Acknowledgement.partner_id)
                .join(BulletinVersion, BulletinVersion.id == Acknowledgement.bulletin_version_id)
                .where(BulletinVersion.bulletin_id == bulletin_id, BulletinVersion.number == bulletin.version)
            )
        )
        readers = seen.circle.members if seen.circle else frozenset()
    return len(confirmed & readers), len(readers)
