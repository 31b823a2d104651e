"""What a partner may read, worked out at every read: its circles today, what they were told, and no more.

A bulletin that is another circle's, expired, from before the partner joined, or that never was, is not there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session

from partners.registry import circles_of
from partners.values import Actor
from share.desk import Desk
from share.errors import NotThere
from share.models import Bulletin, BulletinVersion
from share.seen import PUBLISHED


@dataclass(frozen=True, slots=True)
class Published:
    """A signed bulletin as it was published: envelope, content, signature."""

    envelope: bytes = field(repr=False)
    content: bytes = field(repr=False)
    signature: str = field(repr=False)

    def to_plain(self) -> dict[str, Any]:
        """The bulletin as JSON values, as it stands in a file and on the wire."""
        return {
            "envelope": json.loads(self.envelope),
            "content": json.loads(self.content),
            "signature": self.signature,
        }


@dataclass(frozen=True, slots=True)
class Page:
    """Some bulletins, oldest first, and where to go on. `after` is a random id: it counts nothing."""

    bulletins: tuple[Published, ...]
    after: UUID | None


def bulletins_for(by: Actor, *, after: UUID | None, limit: int, desk: Desk) -> Page:
    """The newest version of each bulletin that the asker may read: one per report, the fullest."""
    with desk.readers() as session:
        readable = _readable(session, by, desk.clock().date())
        query = readable.order_by(BulletinVersion.stored_at, BulletinVersion.id).limit(limit + 1)
        if after is not None:
            query = query.where(_beyond(_position(session, after, by, desk)))
        rows = session.scalars(query).all()
    page = rows[:limit]
    return Page(tuple(map(_published, page)), page[-1].id if len(rows) > limit else None)


def bulletin_for(bulletin_id: UUID, *, by: Actor, desk: Desk) -> Published:
    """One bulletin's newest version, if the asker may read it; else it is not there."""
    with desk.readers() as session:
        row = readable_version(session, bulletin_id, by=by, on=desk.clock().date())
        if row is None:
            raise NotThere
        return _published(row)


def readable_version(session: Session, bulletin_id: UUID, *, by: Actor, on: date) -> BulletinVersion | None:
    """The newest version of a bulletin, if the asker may read it on that day."""
    return session.scalars(
        _readable(session, by, on).where(BulletinVersion.bulletin_id == bulletin_id)
    ).one_or_none()


def _readable(session: Session, by: Actor, on: date) -> Select[BulletinVersion]:
    """Newest versions in the asker's circles, told since it joined, still valid; of one report only the fullest."""
    newest = (
        select(
            BulletinVersion.id,
            func.row_number()
            .over(
                partition_by=(Bulletin.report_id, BulletinVersion.state),
                order_by=(BulletinVersion.fullness.desc(), BulletinVersion.bulletin_id),
            )
            .label("place"),
            BulletinVersion.state,
        )
        .join(
            Bulletin,
            and_(Bulletin.id == BulletinVersion.bulletin_id, Bulletin.version == BulletinVersion.number),
        )
        .where(_in_circles_of(session, by, on), BulletinVersion.valid_until >= on)
        .subquery()
    )
    # A recall is always shown: whoever read the fuller bulletin must hear that it was taken back.
    shown = select(newest.c.id).where(or_(newest.c.place == 1, newest.c.state != PUBLISHED))
    return select(BulletinVersion).where(BulletinVersion.id.in_(shown))


def _in_circles_of(session: Session, by: Actor, on: date) -> ColumnElement[bool]:
    mine = [
        and_(BulletinVersion.circle_id == view.id, BulletinVersion.stored_at >= joined)
        for view in circles_of(session, by.partner, on)
        if (joined := view.joined_at(by.partner)) is not None
    ]
    return or_(false(), *mine)


def _position(session: Session, after: UUID, by: Actor, desk: Desk) -> BulletinVersion:
    """The version behind a cursor; it may have been superseded since, but it must be from the asker's circles."""
    row = session.scalars(
        select(BulletinVersion).where(
            BulletinVersion.id == after, _in_circles_of(session, by, desk.clock().date())
        )
    ).one_or_none()
    if row is None:
        raise NotThere
    return row


def _beyond(last: BulletinVersion) -> ColumnElement[bool]:
    later = BulletinVersion.stored_at > last.stored_at
    same = BulletinVersion.stored_at == last.stored_at
    return or_(later, and_(same, BulletinVersion.id > last.id))


def _published(row: BulletinVersion) -> Published:
    return Published(row.envelope, row.content, row.signature)
