"""Who may come in: an assertion becomes a token, and a token an actor, asked anew on every request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_hex
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from config.envelope import CannotOpen
from config.keystore import KeyGone
from ledger.entries import Act, record
from partners.claims import LEEWAY
from partners.desk import PartnersDesk
from partners.errors import TokenError
from partners.jwks import public_key
from partners.models import ACTIVE, Credential, Member, Partner, TokenCount, UsedAssertion
from partners.second_factor import open_secret, spend_step, step_of
from partners.tokens import (
    ACCESS_LIFE,
    Access,
    Assertion,
    issue_access_token,
    verify_access_token,
    verify_client_assertion,
)
from partners.values import PERSONS_ONLY, Actor, Scope

TOKENS_A_MINUTE: Final = 20
WRONG_CODES: Final = 10
"""So many wrong one-time codes in a row revoke the key that they came with: it is in the wrong hands."""


@dataclass(frozen=True, slots=True)
class Grant:
    """An access token, for how many seconds, and for what."""

    token: str = field(repr=False)
    expires_in: int
    scopes: frozenset[Scope]


@dataclass(frozen=True, slots=True)
class _Holder:
    """A credential with whoever holds it, as rows of one session."""

    credential: Credential
    partner: Partner
    member: Member | None

    @property
    def epochs(self) -> tuple[int, int]:
        return self.partner.epoch, self.member.epoch if self.member else 0

    def scopes(self, *, second_factor: bool) -> frozenset[Scope]:
        """What the credential and its member both allow; the rights of persons only with a second factor."""
        words = set(self.credential.scopes)
        if self.member is not None:
            words &= set(self.member.scopes)
        scopes = frozenset(scope for scope in Scope if scope in words)
        return scopes if self.member is not None and second_factor else scopes - PERSONS_ONLY


def grant_token(
    assertion: str,
    *,
    wanted: frozenset[Scope] | None,
    desk: PartnersDesk,
    client_id: str | None = None,
) -> Grant:
    """A token for whoever signed `assertion`, narrowed to `wanted` if that is given, or `TokenError`.

    1. the signature, against the key as it is stored (and `client_id`, if given, is that key's); 2. in one
    transaction: the standing of its holder, the number of tokens this minute, the first use of the assertion,
    the one-time code. What that transaction noted stays noted when it refuses; the refusal is raised after it.
    """
    now = desk.clock()
    with desk.readers() as session:
        read = verify_client_assertion(
            assertion, key_of=_stored_key(session), audience=desk.settings.issuer, now=now
        )
    if client_id not in (None, read.kid):
        raise TokenError("client_id")
    with desk.sessions.begin() as session:
        outcome = _admit(session, read, wanted, desk, now)
        if isinstance(outcome, Access):
            record(session, Act.TOKEN_ISSUED, at=now, actor=str(outcome.credential), ref=outcome.jti)
    if isinstance(outcome, TokenError):
        raise outcome
    token = issue_access_token(
        outcome, key=desk.keys.token, issuer=desk.settings.issuer, audience=api_audience(desk)
    )
    return Grant(token, int(ACCESS_LIFE.total_seconds()), outcome.scopes)


def who_is(token: str, *, desk: PartnersDesk) -> Actor:
    """The actor behind an access token, as the database knows it at this moment, or `TokenError`."""
    now = desk.clock()
    access = verify_access_token(
        token,
        key_of=_token_key(desk),
        issuer=desk.settings.issuer,
        audience=api_audience(desk),
        now=now,
    )
    with desk.readers() as session:
        holder = _holder(session, access.kid)
        if holder is None or holder.credential.id != access.credential:
            raise TokenError("standing")
        _demand_standing(holder, now)
        if holder.epochs != access.epochs:
            raise TokenError("epoch")
        return Actor(
            credential=holder.credential.id,
            partner=holder.partner.id,
            member=holder.member.id if holder.member else None,
            scopes=access.scopes & holder.scopes(second_factor=access.second_factor),
            second_factor=access.second_factor,
        )


def api_audience(desk: PartnersDesk) -> str:
    """Whom access tokens are for. Not the issuer itself, for which the assertions are."""
    return desk.settings.issuer + "/api"


def _admit(
    session: Session, read: Assertion, wanted: frozenset[Scope] | None, desk: PartnersDesk, now: datetime
) -> Access | TokenError:
    holder = _holder(session, read.kid)
    if holder is None:
        return TokenError("standing")
    try:
        _demand_standing(holder, now)
    except TokenError as refused:
        return refused
    if not _counted(session, holder.credential, now):
        return TokenError("too_many")
    if not _first_use(session, holder.credential, read, now):
        return TokenError("replayed")
    if read.otp is not None and not _right_code(session, holder, read.otp, desk, now):
        return TokenError("second_factor")
    scopes = holder.scopes(second_factor=read.otp is not None)
    if wanted is not None and not wanted <= scopes:
        return TokenError("scope")
    return Access(
        credential=holder.credential.id,
        kid=holder.credential.kid,
        scopes=scopes if wanted is None else wanted,
        epochs=holder.epochs,
        second_factor=read.otp is not None,
        jti=token_hex(16),
        issued=now,
    )


def _holder(session: Session, kid: str) -> _Holder | None:
    row = session.execute(
        select(Credential, Partner, Member)
        .join(Partner, Partner.id == Credential.partner_id)
        .outerjoin(Member, Member.id == Credential.member_id)
        .where(Credential.kid == kid)
    ).one_or_none()
    return _Holder(row[0], row[1], row[2]) if row is not None else None


def _demand_standing(holder: _Holder, now: datetime) -> None:
    credential, member = holder.credential, holder.member
    in_time = credential.not_before <= now < credential.expires and credential.revoked_at is None
    # A member's key without its member, or of another partner's member, is a broken row and nobody's key.
    whole = (member is None) == (credential.member_id is None) and (
        member is None or member.partner_id == holder.partner.id
    )
    welcome = holder.partner.status == ACTIVE and (member is None or member.status == ACTIVE)
    if not (in_time and whole and welcome):
        raise TokenError("standing")


def _counted(session: Session, credential: Credential, now: datetime) -> bool:
    """Whether this credential may ask once more in this minute. Only right signatures are counted, so that
    nobody can use up another's turn, and the answer tells a stranger nothing.
    """
    minute = int(now.timestamp()) // 60
    session.execute(
        delete(TokenCount).where(TokenCount.credential_id == credential.id, TokenCount.minute < minute)
    )
    add = _insert(session)(TokenCount).values(credential_id=credential.id, minute=minute, count=1)
    asked = session.execute(
        add.on_conflict_do_update(
            index_elements=[TokenCount.credential_id, TokenCount.minute],
            set_={"count": TokenCount.count + 1},
        ).returning(TokenCount.count)
    ).scalar_one()
    return asked <= TOKENS_A_MINUTE


def _first_use(session: Session, credential: Credential, read: Assertion, now: datetime) -> bool:
    session.execute(delete(UsedAssertion).where(UsedAssertion.expires < now - LEEWAY))
    add = _insert(session)(UsedAssertion).values(
        credential_id=credential.id, jti=read.jti, expires=read.expires + LEEWAY
    )
    added = session.execute(add.on_conflict_do_nothing().returning(UsedAssertion.jti)).one_or_none()
    return added is not None


def _right_code(session: Session, holder: _Holder, code: str, desk: PartnersDesk, now: datetime) -> bool:
    member = holder.member
    if member is None or member.totp is None:
        return False
    try:
        secret = open_secret(member.totp, member=member.id, keystore=desk.keystore)
    except (KeyGone, CannotOpen):
        return False
    step = step_of(secret, code, now=now)
    if step is not None and spend_step(session, member.id, step):
        holder.credential.wrong_codes = 0
        return True
    holder.credential.wrong_codes += 1
    if holder.credential.wrong_codes >= WRONG_CODES:
        holder.credential.revoked_at = now
    record(session, Act.DENIED, at=now, actor=_name(holder), ref=str(holder.credential.id))
    return False


def _stored_key(session: Session) -> Callable[[str], Ed25519PublicKey | None]:
    def key_of(kid: str) -> Ed25519PublicKey | None:
        jwk = session.scalar(select(Credential.jwk).where(Credential.kid == kid))
        return public_key(jwk) if jwk is not None else None

    return key_of


def _token_key(desk: PartnersDesk) -> Callable[[str], Ed25519PublicKey | None]:
    own = desk.keys.token
    return lambda kid: own.private.public_key() if kid == own.kid else None


def _name(holder: _Holder) -> str:
    return str(holder.member.id if holder.member else holder.credential.id)


def _insert(session: Session) -> Callable[[type], postgresql.Insert | sqlite.Insert]:
    return postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
