"""A person's own way in: what she has set up, where she sits, and how she changes either. Nobody else sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ledger.entries import Act, record
from partners.desk import PartnersDesk
from partners.errors import Conflict, NotAcceptable, NotThere
from partners.invitations import names_of
from partners.models_people import OPEN, Account, Passkey, SittingRow
from partners.passwords import demand_strong, hash_password
from partners.sign_in import factors, member_of
from partners.sitting import IDLE, LONGEST, Sitting, close, close_all, renew
from partners.values import Actor


@dataclass(frozen=True, slots=True)
class Seat:
    """One of a person's own running sittings."""

    id: UUID
    began: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Key:
    """One of a person's own passkeys."""

    id: UUID
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Own:
    """A person's own way in."""

    code: bool
    passkeys: tuple[Key, ...]
    seats: tuple[Seat, ...]


def own(*, by: Actor, desk: PartnersDesk) -> Own:
    """What the asker has set up, and where she sits."""
    with desk.readers() as session:
        keys = session.scalars(
            select(Passkey).where(Passkey.member_id == by.member).order_by(Passkey.added_at)
        )
        account = session.get(Account, by.member)
        return Own(
            code=account is not None and account.totp is not None,
            passkeys=tuple(Key(row.id, row.added_at) for row in keys),
            seats=tuple(
                Seat(row.id, row.began, row.seen_at) for row in running(session, by.member, desk.clock())
            ),
        )


def end_own(sitting_id: UUID, *, by: Actor, desk: PartnersDesk) -> None:
    """End one of the asker's own sittings at once. Somebody else's is not there. May be repeated."""
    with desk.sessions.begin() as session:
        row = session.get(SittingRow, sitting_id)
        if row is None or row.member_id != by.member:
            raise NotThere
        if close(session, row.id, desk.clock()):
            note_ended(session, row.member_id, by, "ended", desk)


def change_password(password: str, *, sitting: Sitting, desk: PartnersDesk) -> str:
    """Set another password for whoever sits here, and return the token to go on with. Raises `NotAcceptable`.

    Her other sittings end, and the token of this one is void too: somebody may have a copy of it.
    """
    member = member_of(sitting)
    with desk.readers() as session:
        known = names_of(session, member)
    demand_strong(password, known=known)
    hashed = hash_password(password)
    with desk.sessions.begin() as session:
        account = session.get(Account, member)
        if account is None:
            raise NotAcceptable("no_account", "password")
        account.password, account.changed_at = hashed, desk.clock()
        close_all(session, member, desk.clock(), but=sitting.id)
        record(
            session,
            Act.ENROLLED,
            at=desk.clock(),
            actor=str(member),
            ref=str(member),
            codes={"factor": "password"},
        )
        return renew(session, sitting, desk=desk)


def drop_passkey(passkey_id: UUID, *, by: Actor, desk: PartnersDesk) -> None:
    """Forget one of the asker's own passkeys. The last factor stays: `Conflict`."""
    with desk.sessions.begin() as session:
        row = session.get(Passkey, passkey_id)
        if row is None or row.member_id != by.member:
            raise NotThere
        session.get_one(Account, row.member_id, with_for_update=True)  # one after another: one factor stays
        held = factors(session, row.member_id)
        if not held.code and held.passkeys < 2:
            raise Conflict("last_factor")
        session.execute(delete(Passkey).where(Passkey.id == passkey_id))
        codes = {"factor": "passkey", "what": "dropped"}
        record(session, Act.ENROLLED, at=desk.clock(), actor=by.ref, ref=by.ref, codes=codes)


def running(session: Session, member_id: UUID | None, now: datetime) -> Sequence[SittingRow]:
    """The open sittings of a person that have not run out, oldest first."""
    return session.scalars(
        select(SittingRow)
        .where(SittingRow.member_id == member_id, SittingRow.stage == OPEN, SittingRow.ended_at.is_(None))
        .where(SittingRow.seen_at > now - IDLE, SittingRow.began > now - LONGEST)
        .order_by(SittingRow.began)
    ).all()


def note_ended(session: Session, member_id: UUID, by: Actor, how: str, desk: PartnersDesk) -> None:
    """Write into the ledger that somebody's sittings were ended, and by whom."""
    record(session, Act.SIGNED_OUT, at=desk.clock(), actor=by.ref, ref=str(member_id), codes={"how": how})
