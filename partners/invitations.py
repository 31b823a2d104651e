"""An invitation: a link that lets one person set her password and her second factor, once, within three days.

Making one opens a door, so it takes two people (`proposals`), or the operator. Until it has been used up by a
second factor it may be opened again, which begins everything anew; from then on it is nothing.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID, uuid4

import pyotp
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from config.envelope import lock, unlock
from config.keystore import KeyStore
from config.settings import Settings
from ledger.entries import Act, record
from partners.desk import PartnersDesk
from partners.errors import NotAcceptable, NotThere
from partners.models import ACTIVE, Member, Partner
from partners.models_people import ENROLLING, Account, Invitation, Passkey, SittingRow
from partners.passkeys import add_passkey, take_challenge
from partners.passwords import demand_strong, hash_password
from partners.second_factor import forget_secret, new_secret, seal_secret, step_of
from partners.sign_in import member_of
from partners.sitting import Half, Sitting, begin, close_all, confirm, open_up, secret_key

LIFE: Final = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom an invitation is for."""

    id: UUID
    member: UUID
    code: str
    partner: str
    names: tuple[str, ...] = field(repr=False)


def invite(session: Session, member_id: UUID, *, at: datetime, by: str) -> str:
    """A new invitation for that person, said here and never again. An earlier one that is open is void."""
    member = session.get(Member, member_id)
    if member is None or member.status != ACTIVE:
        raise NotThere
    session.execute(
        update(Invitation)
        .where(Invitation.member_id == member_id, Invitation.closed_at.is_(None))
        .values(closed_at=at)
    )
    word = secrets.token_urlsafe(32)
    row = Invitation(id=uuid4(), digest=_digest(word), member_id=member_id, made_at=at, until=at + LIFE)
    session.add(row)
    session.flush()
    record(session, Act.INVITED, at=at, actor=by, ref=str(member_id))
    return word


def link(word: str, settings: Settings) -> str:
    """The address at which an invitation is taken up."""
    return f"{settings.issuer}/enrol/{quote(word)}"


def invited(word: str, *, desk: PartnersDesk) -> Invited:
    """Whom the invitation is for, or `NotThere`: unknown, old, used and void are one."""
    with desk.readers() as session:
        return _open(session, word, desk.clock())


def take_up(word: str, password: str, *, desk: PartnersDesk) -> str:
    """Set the password, and begin a sitting in which nothing but a second factor can be set up; its token.

    Whatever the person had set up before is gone, and her other sittings end.
    Raises `NotThere`, or `NotAcceptable` for a password that is too easy.
    """
    for_whom = invited(word, desk=desk)
    demand_strong(password, known=for_whom.names)
    hashed = hash_password(password)
    with desk.sessions.begin() as session:
        now = desk.clock()
        session.get_one(Invitation, for_whom.id, with_for_update=True)
        found = _open(session, word, now)
        before = _start_anew(session, found.member, hashed, now)
        close_all(session, found.member, now)
        token = begin(session, found.member, ENROLLING, invitation=found.id, desk=desk)
    _forget(found.member, before, desk.keystore)
    return token


def pending_secret(seat: Half | Sitting, *, desk: PartnersDesk) -> str:
    """The secret of the one-time code that is being set up in this sitting; the same until it is confirmed."""
    place: dict[str, str | int] = {"table": "sittings", "field": "pending", "sitting": str(seat.id)}
    key = secret_key(desk, "pending factors")
    with desk.sessions.begin() as session:
        row = session.get_one(SittingRow, seat.id, with_for_update=True)
        if row.pending is None:
            row.pending = lock(key, new_secret().encode(), place=place)
        return unlock(key, row.pending, place=place).decode()


def address_of_secret(seat: Half | Sitting, secret: str) -> str:
    """What an authenticator app reads from the picture."""
    name = f"{seat.partner_slug}/{seat.member_code}"
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="Parallax")


def enrol_code(seat: Half | Sitting, code: str, *, desk: PartnersDesk) -> str:
    """Keep the secret once the person has shown a code made with it; the token to go on with.

    Raises `NotAcceptable` for another code. The secret that she had before is destroyed.
    """
    secret, member = pending_secret(seat, desk=desk), member_of(seat)
    step = step_of(secret, code.replace(" ", ""), now=desk.clock())
    if step is None:
        raise NotAcceptable("wrong_code", "code")
    name = uuid4()
    sealed = seal_secret(secret, member=member, keystore=desk.keystore, browser=name)
    with desk.sessions.begin() as session:
        account = session.get_one(Account, member, with_for_update=True)
        before, account.totp, account.totp_key = account.totp_key, sealed, name
        account.last_otp_step = step
        session.get_one(SittingRow, seat.id).pending = None
        token = _enrolled(session, seat, "code", desk)
    _forget(member, before, desk.keystore)
    return token


def enrol_passkey(seat: Half | Sitting, answer: Any, *, desk: PartnersDesk) -> str:
    """Keep the passkey that the browser has just made; the token to go on with. Raises `NotAcceptable`."""
    challenge = take_challenge(seat, desk=desk)
    if challenge is None:
        raise NotAcceptable("too_late", "passkey")
    with desk.sessions.begin() as session:
        add_passkey(session, seat, answer, challenge, desk=desk)
        return _enrolled(session, seat, "passkey", desk)


def names_of(session: Session, member_id: UUID) -> tuple[str, ...]:
    """Words that anybody could guess a person's password from."""
    member = session.get_one(Member, member_id)
    partner = session.get_one(Partner, member.partner_id)
    return (member.code, partner.slug, partner.name)


def _enrolled(session: Session, seat: Half | Sitting, factor: str, desk: PartnersDesk) -> str:
    """Note the new factor. It uses up the invitation, and opens the sitting in which that was taken up."""
    now, ref = desk.clock(), str(member_of(seat))
    record(session, Act.ENROLLED, at=now, actor=ref, ref=ref, codes={"factor": factor})
    if isinstance(seat, Sitting):
        return confirm(session, seat, desk=desk)
    used = session.execute(
        update(Invitation)
        .where(Invitation.id == seat.invitation, Invitation.closed_at.is_(None), Invitation.until > now)
        .values(closed_at=now)
        .returning(Invitation.id)
    )
    if used.one_or_none() is None:
        raise NotThere
    try:
        return open_up(session, seat, factor=factor, desk=desk)
    except LookupError:
        raise NotThere from None


def _start_anew(session: Session, member: UUID, hashed: str, now: datetime) -> UUID | None:
    """The account with this password and nothing else; which key is left to be destroyed."""
    account = session.get(Account, member)
    if account is None:
        session.add(Account(member_id=member, password=hashed, changed_at=now))
        session.flush()
        return None
    before, account.totp, account.totp_key = account.totp_key, None, None
    account.password, account.changed_at = hashed, now
    session.execute(delete(Passkey).where(Passkey.member_id == member))
    return before


def _forget(member: UUID, key: UUID | None, keystore: KeyStore) -> None:
    if key is not None:
        forget_secret(member, keystore=keystore, browser=key)


def _open(session: Session, word: str, now: datetime) -> Invited:
    row = session.execute(
        select(Invitation, Member, Partner)
        .join(Member, Member.id == Invitation.member_id)
        .join(Partner, Partner.id == Member.partner_id)
        .where(Invitation.digest == _digest(word), Invitation.closed_at.is_(None), Invitation.until > now)
        .where(Member.status == ACTIVE, Partner.status == ACTIVE)
    ).one_or_none()
    if row is None:
        raise NotThere
    invitation, member, partner = row[0], row[1], row[2]
    return Invited(invitation.id, member.id, member.code, partner.slug, names_of(session, member.id))


def _digest(word: str) -> bytes:
    return sha256(word.encode(errors="replace")).digest()
