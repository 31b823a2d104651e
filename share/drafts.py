"""Drafts: what one person has written and not sent, under a key of its own that ends with it.

A draft is its writer's alone. To a colleague, to another partner and to every feed it is not there, and neither
is it once it was thrown away or has lain untouched for thirty days. What its parts mean is not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.keystore import KeyGone, NotErased
from partners.values import Actor
from share.desk import Desk
from share.draft_parts import Opened, Other, Part, Parts, Values, key_name, opened, sealed
from share.errors import Conflict, NotThere
from share.models_drafts import ReportDraft
from share.reports import own_report

KEPT: Final = timedelta(days=30)
MOST: Final = 50
"""How many unsent drafts one person may have."""
AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving came to: the draft's version now, and whether the part was kept beside another copy."""

    version: int
    at: datetime
    clash: bool = False


def begin(parts: Mapping[str, Values], *, by: Actor, desk: Desk, report: UUID | None = None) -> UUID:
    """Begin a draft, of a new report or of an amendment to one of the asker's own."""
    draft_id, now, member = uuid4(), desk.clock(), _person(by)
    with desk.sessions.begin() as session:
        unsent = select(func.count()).where(ReportDraft.member_id == member, ReportDraft.receipt.is_(None))
        if (session.scalar(unsent) or 0) >= MOST:
            raise Conflict("too_many_drafts")
        if report is not None:
            own_report(session, report, by)
        desk.working.keystore.create(key_name(draft_id), "draft")
        row = ReportDraft(
            id=draft_id,
            partner_id=by.partner,
            member_id=member,
            report_id=report,
            version=1,
            once=desk.random(16).hex(),
            began_at=now,
            saved_at=now,
            expires_at=now + KEPT,
        )
        row.content = sealed(
            row, {place: Part(dict(values), 1) for place, values in parts.items()}, desk.working.keystore
        )
        session.add(row)
    return draft_id


def drafts_of(by: Actor, *, desk: Desk) -> tuple[Opened, ...]:
    """The asker's own unsent drafts, the one that was touched last first."""
    forget_drafts(desk)
    with desk.readers() as session:
        rows = session.scalars(
            select(ReportDraft)
            .where(
                ReportDraft.partner_id == by.partner,
                ReportDraft.member_id == _person(by),
                ReportDraft.receipt.is_(None),
                ReportDraft.expires_at > desk.clock(),
            )
            .order_by(ReportDraft.saved_at.desc(), ReportDraft.id)
        ).all()
    return tuple(found for row in rows if (found := opened(row, desk.working.keystore)) is not None)


def open_draft(draft_id: UUID, *, by: Actor, desk: Desk) -> Opened:
    """One of the asker's own drafts; anybody else's is not there."""
    with desk.readers() as session:
        found = opened(_own(session, draft_id, by, desk), desk.working.keystore)
    if found is None:
        raise NotThere
    return found


def save(
    draft_id: UUID,
    place: str,
    values: Values,
    *,
    base: int,
    by: Actor,
    desk: Desk,
    settles: int = 0,
    page: str = "",
) -> Saved:
    """Keep one part as it was typed on a page that showed version `base` of the draft.

    If the part was changed elsewhere since, nothing is overwritten: this copy is kept beside the other one, until
    a save says that it `settles` that copy. Only one copy waits: a third one takes the place of the second.
    What the same `page` saved, and never heard of because its line was cut, was not changed elsewhere.
    """

    def change(parts: Parts, version: int, now: datetime) -> tuple[Parts, bool]:
        before = parts.get(place, Part({}, 0))
        elsewhere = before.version > base and not (page and before.page == page)
        if elsewhere and before.values != values:
            return {**parts, place: replace(before, other=Other(dict(values), version, now))}, True
        other = before.other if before.other and before.other.version != settles else None
        return {**parts, place: Part(dict(values), version, other, page)}, False

    return _changed(draft_id, change, by=by, desk=desk)


def drop(draft_id: UUID, places: Collection[str], *, by: Actor, desk: Desk) -> Saved:
    """Empty parts of a draft. Their places stay, so that a page which is still open elsewhere cannot refill them
    unnoticed.
    """

    def change(parts: Parts, version: int, _now: datetime) -> tuple[Parts, bool]:
        return {**parts, **{place: Part({}, version) for place in places if place in parts}}, False

    return _changed(draft_id, change, by=by, desk=desk)


def discard(draft_id: UUID, *, by: Actor, desk: Desk) -> None:
    """Throw a draft away for good: its key is destroyed, and then its row."""
    with desk.readers() as session:
        _own(session, draft_id, by, desk)
    _forget(draft_id, desk)


def close(draft_id: UUID, receipt: Values, *, by: Actor, desk: Desk) -> None:
    """Note that a draft was sent, with the receipt (ids and codes); what was written in it is destroyed."""
    with desk.sessions.begin() as session:
        row = _own(session, draft_id, by, desk, to_change=True)
        row.receipt, row.content = dict(receipt), None
    desk.working.keystore.destroy(key_name(draft_id))


def key_for_the_browser(draft_id: UUID, *, by: Actor, desk: Desk) -> bytes:
    """A key for what the writer's browser must keep while there is no line; it ends with the draft."""
    with desk.readers() as session:
        if _own(session, draft_id, by, desk).receipt is not None:
            raise NotThere
    try:
        key = desk.working.keystore.get(key_name(draft_id))
    except KeyGone:
        raise NotThere from None
    return HKDF(hashes.SHA256(), 32, salt=None, info=b"parallax draft in a browser 1").derive(key)


def forget_drafts(desk: Desk) -> int:
    """Destroy every draft that has lain untouched for too long, whoever wrote it; how many there were."""
    with desk.readers() as session:
        old = select(ReportDraft.id).where(ReportDraft.expires_at <= desk.clock()).limit(AT_ONCE)
        ids = session.scalars(old).all()
    return sum(_forgotten(draft_id, desk) for draft_id in ids)


def _changed(
    draft_id: UUID,
    change: Callable[[Parts, int, datetime], tuple[Parts, bool]],
    *,
    by: Actor,
    desk: Desk,
) -> Saved:
    now = desk.clock()
    with desk.sessions.begin() as session:
        row = _own(session, draft_id, by, desk, to_change=True)
        before = opened(row, desk.working.keystore)
        if before is None:
            raise NotThere
        if before.receipt is not None:
            raise Conflict("already_sent")
        parts, clash = change(before.parts, row.version + 1, now)
        row.version += 1
        row.content = sealed(row, parts, desk.working.keystore)
        row.saved_at, row.expires_at = now, now + KEPT
        return Saved(row.version, now, clash)


def _own(session: Session, draft_id: UUID, by: Actor, desk: Desk, *, to_change: bool = False) -> ReportDraft:
    """The row, if it is the asker's and has not run out; whatever else it is, it is not there."""
    row = session.get(ReportDraft, draft_id, with_for_update=True if to_change else None)
    owner = (by.partner, _person(by))
    if row is None or (row.partner_id, row.member_id) != owner or row.expires_at <= desk.clock():
        raise NotThere
    return row


def _person(by: Actor) -> UUID:
    if by.member is None:
        raise NotThere  # a machine writes no drafts
    return by.member


def _forgotten(draft_id: UUID, desk: Desk) -> bool:
    """False where somebody still reads the key store; its row stays, and it is tried again."""
    try:
        _forget(draft_id, desk)
    except NotErased:
        return False
    return True


def _forget(draft_id: UUID, desk: Desk) -> None:
    # The key goes first: a crash in between leaves a row that nobody can read, never a key without a row.
    desk.working.keystore.destroy(key_name(draft_id))
    with desk.sessions.begin() as session:
        if (row := session.get(ReportDraft, draft_id)) is not None:
            session.delete(row)
