"""What an organisation may know about bulletins of its own reports: their circle, how they stand, who confirmed.

And what a reader may know about her own side: whether her organisation has confirmed already.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select

from partners.models import Circle
from partners.values import Actor
from share.desk import Desk
from share.errors import NotThere
from share.models import Acknowledgement, Bulletin, BulletinVersion, Report


@dataclass(frozen=True, slots=True)
class Own:
    """A bulletin about one of the asker's own reports. `is_stopped`: a person recalled it, for good."""

    id: UUID
    report: UUID
    circle: str
    version: int
    state: str
    is_stopped: bool


def own_bulletins(by: Actor, *, desk: Desk) -> tuple[Own, ...]:
    """Every bulletin that the asker's own reports have led to, the newest reports first."""
    with desk.readers() as session:
        rows = session.execute(_own(by).order_by(Report.received_at.desc(), Report.id, Circle.slug))
        return tuple(_as_own(row, slug) for row, slug in rows)


def own_bulletin(bulletin_id: UUID, *, by: Actor, desk: Desk) -> Own:
    """One of them; anybody else's is not there."""
    with desk.readers() as session:
        found = session.execute(_own(by).where(Bulletin.id == bulletin_id)).one_or_none()
    if found is None:
        raise NotThere
    return _as_own(*found)


def has_confirmed(bulletin_id: UUID, *, version: int, by: Actor, desk: Desk) -> bool:
    """Whether the asker's organisation has confirmed this version of a bulletin."""
    query = (
        select(Acknowledgement.id)
        .join(BulletinVersion, BulletinVersion.id == Acknowledgement.bulletin_version_id)
        .where(
            BulletinVersion.bulletin_id == bulletin_id,
            BulletinVersion.number == version,
            Acknowledgement.partner_id == by.partner,
        )
    )
    with desk.readers() as session:
        return session.scalars(query).first() is not None


def _own(by: Actor) -> Select[Bulletin, str]:
    return (
        select(Bulletin, Circle.slug)
        .join(Circle, Circle.id == Bulletin.circle_id)
        .join(Report, Report.id == Bulletin.report_id)
        .where(Report.partner_id == by.partner)
    )


def _as_own(row: Bulletin, slug: str) -> Own:
    return Own(row.id, row.report_id, slug, row.version, row.state, row.stopped_at is not None)
