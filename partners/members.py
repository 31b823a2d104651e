"""Organisations, the people who act for them, and their keys: taken in, and put out again.

Each function is one act inside the caller's transaction, with its ledger entry. Who may ask for it is settled
before: by `proposals` for what opens a door, by `standing` for what shuts one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from config.database import Sealed
from config.keys import thumbprint
from config.keystore import KeyStore
from ledger.entries import Act, record
from partners.errors import Conflict, NotAcceptable, NotThere
from partners.jwks import public_key
from partners.models import ACTIVE, SUSPENDED, Credential, Member, Partner
from partners.registry import partner_view
from partners.requests import NewCredential, NewMember, NewPartner
from partners.second_factor import forget_secret, new_secret, seal_secret
from partners.values import PartnerView, Scope


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A member who was just taken in, with the secret that she is handed. It is kept sealed, to check her codes."""

    id: UUID
    kid: str
    totp_secret: str = field(repr=False)


def register_partner(session: Session, asked: NewPartner, *, at: datetime, by: str) -> PartnerView:
    """Take in an organisation. It can do nothing yet: it has no key, no member and no agreement."""
    row = Partner(
        id=uuid4(),
        slug=asked.slug,
        name=asked.name,
        kind=asked.kind,
        countries=list(asked.countries),
        areas=list(asked.areas),
        languages=list(asked.languages),
        law_flags=sorted(set(asked.law_flags)),
        steward=asked.steward,
        added_at=at,
    )
    add_or_conflict(session, row, "slug_taken")
    record(session, Act.PARTNER_ADDED, at=at, actor=by, ref=str(row.id), codes={"kind": row.kind})
    return partner_view(row)


def suspend_partner(session: Session, partner_id: UUID, *, at: datetime, by: str) -> None:
    """Put a partner out at once: its tokens, keys, people, circles and policy all stop. May be repeated."""
    row = _partner(session, partner_id)
    if row.status == SUSPENDED:
        return
    row.status = SUSPENDED
    row.epoch += 1
    record(session, Act.PARTNER_SUSPENDED, at=at, actor=by, ref=str(row.id), codes={"what": "partner"})


def resume_partner(session: Session, partner_id: UUID, *, at: datetime, by: str) -> None:
    """Let a suspended partner in again. Tokens from before stay dead: its epoch has moved on."""
    row = _partner(session, partner_id)
    row.status = ACTIVE
    record(session, Act.PARTNER_ADDED, at=at, actor=by, ref=str(row.id), codes={"what": "resumed"})


def add_member(session: Session, asked: NewMember, *, keystore: KeyStore, at: datetime, by: str) -> Enrolled:
    """Take in a person with her first key, and say the secret of her second factor once."""
    if asked.jwk is None or asked.expires is None:
        raise NotAcceptable("missing", "jwk")
    identity, secret = uuid4(), new_secret()
    sealed = seal_secret(secret, member=identity, keystore=keystore)
    try:
        _add_row(session, asked, identity, sealed, at)
    except (Conflict, NotThere):
        forget_secret(identity, keystore=keystore)
        raise
    key = NewCredential(
        partner=asked.partner,
        member=identity,
        jwk=asked.jwk,
        scopes=tuple(sorted(asked.rights)),
        expires=asked.expires,
    )
    kid = _store_key(session, key, at=at).kid
    codes = {"partner": str(asked.partner)}
    record(session, Act.MEMBER_ADDED, at=at, actor=by, ref=str(identity), codes=codes)
    return Enrolled(id=identity, kid=kid, totp_secret=secret)


def add_person(session: Session, asked: NewMember, *, at: datetime, by: str) -> UUID:
    """Take in a person who comes by browser alone. She can do nothing yet: she has to be invited."""
    identity = uuid4()
    _add_row(session, asked, identity, None, at)
    codes = {"partner": str(asked.partner)}
    record(session, Act.MEMBER_ADDED, at=at, actor=by, ref=str(identity), codes=codes)
    return identity


def suspend_member(session: Session, member_id: UUID, *, at: datetime, by: str) -> None:
    """Put a person out at once, with all her keys and tokens. May be repeated."""
    row = session.get(Member, member_id)
    if row is None:
        raise NotThere
    if row.status == SUSPENDED:
        return
    row.status = SUSPENDED
    row.epoch += 1
    record(session, Act.PARTNER_SUSPENDED, at=at, actor=by, ref=str(row.id), codes={"what": "member"})


def add_credential(session: Session, asked: NewCredential, *, at: datetime, by: str) -> str:
    """Accept a further key and return its id. A member's key may do no more than the member may."""
    owner = _partner(session, asked.partner)
    if asked.member is not None:
        member = session.get(Member, asked.member)
        if member is None or member.partner_id != owner.id:
            raise NotThere
        if not frozenset(asked.scopes) <= {Scope(word) for word in member.scopes}:
            raise NotAcceptable("beyond_member", "scopes")
    row = _store_key(session, asked, at=at)
    codes = {"partner": str(owner.id), "holder": "member" if asked.member else "machine"}
    record(session, Act.CREDENTIAL_ADDED, at=at, actor=by, ref=str(row.id), codes=codes)
    return row.kid


def revoke_credential(session: Session, kid: str, *, at: datetime, by: str) -> None:
    """Void a key at once, with the tokens that it brought. May be repeated; a voided key never comes back."""
    row = session.scalars(select(Credential).where(Credential.kid == kid)).one_or_none()
    if row is None:
        raise NotThere
    if row.revoked_at is not None:
        return
    row.revoked_at = at
    record(session, Act.PARTNER_SUSPENDED, at=at, actor=by, ref=str(row.id), codes={"what": "credential"})


def add_or_conflict(session: Session, row: object, code: str) -> None:
    """Add a row now; a unique constraint that it breaks is a `Conflict`, decided by the database alone."""
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        raise Conflict(code) from None


def _add_row(session: Session, asked: NewMember, identity: UUID, totp: Sealed | None, at: datetime) -> None:
    row = Member(
        id=identity,
        partner_id=_partner(session, asked.partner).id,
        code=asked.code,
        roles=[role.value for role in asked.roles],
        scopes=sorted(asked.rights),
        totp=totp,
        added_at=at,
    )
    add_or_conflict(session, row, "code_taken")


def _store_key(session: Session, asked: NewCredential, *, at: datetime) -> Credential:
    if asked.expires <= at:
        raise NotAcceptable("already_expired", "expires")
    row = Credential(
        id=uuid4(),
        kid=thumbprint(public_key(asked.jwk)),
        jwk=dict(asked.jwk),
        partner_id=asked.partner,
        member_id=asked.member,
        scopes=sorted(set(asked.scopes)),
        not_before=at,
        expires=asked.expires,
    )
    add_or_conflict(session, row, "key_taken")
    return row


def _partner(session: Session, partner_id: UUID) -> Partner:
    row = session.get(Partner, partner_id)
    if row is None:
        raise NotThere
    return row
