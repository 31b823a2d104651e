"""A sitting: one person at one browser, from her second factor until she leaves, is put out, or stays away.

The browser holds a random token; the database holds a keyed digest of it. Every request asks the database
anew, so whatever ends a sitting there refuses a stolen token at once.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID, uuid4

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from ledger.entries import Act, record
from partners.desk import PartnersDesk
from partners.models import ACTIVE, Member, Partner
from partners.models_people import ASKED, ENROLLING, OPEN, SittingRow
from partners.values import Actor, Scope

IDLE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=12)
ASKED_FOR: Final = timedelta(minutes=10)
"""How long a right password waits for its second factor."""
ENROLLING_FOR: Final = timedelta(hours=1)
CONFIRMED_FOR: Final = timedelta(minutes=5)
KEPT_FOR: Final = timedelta(days=30)
"""How long a row stays after the sitting began; what was done in it stands in the ledger."""
_NOTED_EVERY: Final = timedelta(minutes=1)
_LONGEST_TOKEN: Final = 64


@dataclass(frozen=True, slots=True)
class Sitting:
    """Who sits there, with which rights at this moment, and since when."""

    id: UUID
    actor: Actor
    member_code: str
    partner_slug: str
    form_token: str = field(repr=False)
    began: datetime
    confirmed_at: datetime | None

    def is_confirmed(self, now: datetime) -> bool:
        """Whether the person showed a factor within the last minutes."""
        return self.confirmed_at is not None and now - self.confirmed_at <= CONFIRMED_FOR


@dataclass(frozen=True, slots=True)
class Half:
    """Somebody who has shown one thing only: a password (`asked`), or an invitation (`enrolling`). Opens nothing."""

    id: UUID
    stage: str
    member: UUID
    member_code: str
    partner_slug: str
    invitation: UUID | None
    form_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Found:
    row: SittingRow
    member: Member
    partner: Partner


def sitting_of(token: str, *, desk: PartnersDesk) -> Sitting | None:
    """The open sitting behind a token, as the database knows it at this moment; None for anything else.

    None if it ended, was idle for 30 minutes or is 12 hours old, if the second factor is missing, or if the
    person or her partner is suspended now or was since.
    """
    now = desk.clock()
    found = _found(token, desk)
    if found is None or found.row.stage != OPEN or not _in_time(found.row, now):
        return None
    _note_seen(found.row, desk, now)
    return _sitting(found, desk)


def half_of(token: str, *, desk: PartnersDesk) -> Half | None:
    """Who is on the way in behind this token, or None."""
    found = _found(token, desk)
    if found is None or found.row.stage == OPEN or not _in_time(found.row, desk.clock()):
        return None
    row = found.row
    form_token = _form_token(row, desk)
    slug = found.partner.slug
    return Half(row.id, row.stage, row.member_id, found.member.code, slug, row.invitation_id, form_token)


def begin(
    session: Session, member_id: UUID, stage: str, *, desk: PartnersDesk, invitation: UUID | None = None
) -> str:
    """Begin a sitting with a token that nobody has seen before, and return the token. An open one is confirmed."""
    now = desk.clock()
    session.execute(delete(SittingRow).where(SittingRow.began < now - KEPT_FOR))
    member = session.get_one(Member, member_id)
    token = secrets.token_urlsafe(32)
    row = SittingRow(
        id=uuid4(),
        digest=_digest(token, desk),
        member_id=member_id,
        invitation_id=invitation,
        stage=stage,
        partner_epoch=session.get_one(Partner, member.partner_id).epoch,
        member_epoch=member.epoch,
        began=now,
        seen_at=now,
        confirmed_at=now if stage == OPEN else None,
    )
    session.add(row)
    session.flush()
    return token


def open_up(session: Session, half: Half, *, factor: str, desk: PartnersDesk) -> str:
    """Let in somebody who has shown the second factor: the half sitting ends, and an open one begins.

    Only one request gets through; for any other `LookupError`.
    """
    if not close(session, half.id, desk.clock()):
        raise LookupError
    token = begin(session, half.member, OPEN, desk=desk)
    ref = str(half.member)
    record(session, Act.SIGNED_IN, at=desk.clock(), actor=ref, ref=ref, codes={"factor": factor})
    return token


def confirm(session: Session, sitting: Sitting, *, desk: PartnersDesk) -> str:
    """Note that the person has just shown a factor again, under a new token; the old one is void."""
    session.execute(update(SittingRow).where(SittingRow.id == sitting.id).values(confirmed_at=desk.clock()))
    return renew(session, sitting, desk=desk)


def renew(session: Session, sitting: Sitting, *, desk: PartnersDesk) -> str:
    """A new token for the same sitting; whoever has copied the old one has nothing."""
    token = secrets.token_urlsafe(32)
    session.execute(
        update(SittingRow)
        .where(SittingRow.id == sitting.id, SittingRow.ended_at.is_(None))
        .values(digest=_digest(token, desk))
    )
    return token


def close(session: Session, sitting_id: UUID, now: datetime) -> bool:
    """End a sitting at once. False if it had ended already."""
    ended = session.execute(
        update(SittingRow)
        .where(SittingRow.id == sitting_id, SittingRow.ended_at.is_(None))
        .values(ended_at=now, pending=None, challenge=None)
        .returning(SittingRow.id)
    )
    return ended.one_or_none() is not None


def close_all(session: Session, member_id: UUID, now: datetime, *, but: UUID | None = None) -> int:
    """End every sitting of a person, and say how many there were."""
    running = select(SittingRow.id).where(SittingRow.member_id == member_id, SittingRow.ended_at.is_(None))
    return sum(close(session, each, now) for each in session.scalars(running).all() if each != but)


def leave(token: str, *, desk: PartnersDesk) -> None:
    """End the sitting behind a token, whatever its stage; a token that means nothing ends nothing."""
    with desk.sessions.begin() as session:
        row = session.scalars(
            select(SittingRow).where(SittingRow.digest == _digest(token, desk))
        ).one_or_none()
        if row is None or not close(session, row.id, desk.clock()) or row.stage != OPEN:
            return
        ref = str(row.member_id)
        record(session, Act.SIGNED_OUT, at=desk.clock(), actor=ref, ref=ref, codes={"how": "left"})


def secret_key(desk: PartnersDesk, use: str) -> bytes:
    """A key of this instance for one use of this room, from the one that no rotation touches."""
    return HKDF(hashes.SHA256(), 32, salt=None, info=f"parallax {use} 1".encode()).derive(desk.keys.pseudonym)


def _found(token: str, desk: PartnersDesk) -> _Found | None:
    if not 0 < len(token) <= _LONGEST_TOKEN:
        return None
    with desk.readers() as session:
        row = session.execute(
            select(SittingRow, Member, Partner)
            .join(Member, Member.id == SittingRow.member_id)
            .join(Partner, Partner.id == Member.partner_id)
            .where(SittingRow.digest == _digest(token, desk), SittingRow.ended_at.is_(None))
        ).one_or_none()
    if row is None:
        return None
    found = _Found(row[0], row[1], row[2])
    epochs = (found.partner.epoch, found.member.epoch)
    welcome = found.partner.status == ACTIVE and found.member.status == ACTIVE
    return found if welcome and epochs == (found.row.partner_epoch, found.row.member_epoch) else None


def _in_time(row: SittingRow, now: datetime) -> bool:
    age = now - row.began
    if row.stage == OPEN:
        return age < LONGEST and now - row.seen_at < IDLE
    return age < {ASKED: ASKED_FOR, ENROLLING: ENROLLING_FOR}[row.stage]


def _note_seen(row: SittingRow, desk: PartnersDesk, now: datetime) -> None:
    """Once a minute is enough, so that reading pages does not queue up for writing."""
    if now - row.seen_at < _NOTED_EVERY:
        return
    with desk.sessions.begin() as session:
        session.execute(
            update(SittingRow)
            .where(SittingRow.id == row.id, SittingRow.ended_at.is_(None))
            .values(seen_at=now)
        )


def _sitting(found: _Found, desk: PartnersDesk) -> Sitting:
    row, words = found.row, set(found.member.scopes)
    actor = Actor(
        credential=row.id,
        partner=found.partner.id,
        member=found.member.id,
        scopes=frozenset(scope for scope in Scope if scope in words),
        second_factor=True,
    )
    return Sitting(
        id=row.id,
        actor=actor,
        member_code=found.member.code,
        partner_slug=found.partner.slug,
        form_token=_form_token(row, desk),
        began=row.began,
        confirmed_at=row.confirmed_at,
    )


def _digest(token: str, desk: PartnersDesk) -> bytes:
    return hmac.digest(secret_key(desk, "sittings"), token.encode(errors="replace"), sha256)


def _form_token(row: SittingRow, desk: PartnersDesk) -> str:
    """Of the sitting and not of the token, so that a form that is open elsewhere outlives a confirmation."""
    return hmac.new(secret_key(desk, "form tokens"), row.id.bytes, sha256).hexdigest()
