"""Coming in by browser: a password, then a one-time code; whoever has only one of them gets nowhere.

No answer tells whether an account exists: unknown, suspended, not yet set up and wrong are one and the same,
and take as long. How often somebody may try is settled in `attempts`.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.envelope import CannotOpen
from config.keystore import KeyGone
from ledger.entries import Act, record
from partners.attempts import count, name_of, went_right
from partners.desk import PartnersDesk
from partners.errors import PartnersError
from partners.models import ACTIVE, Member, Partner
from partners.models_people import ASKED, Account, Passkey
from partners.passwords import hash_password, is_outdated, is_right
from partners.second_factor import open_secret, spend_browser_step, step_of
from partners.sitting import Half, Sitting, begin, confirm, open_up, secret_key

_NONCE: Final = 16
_MARK: Final = 16


class NotLetIn(PartnersError):
    """`wrong`, which says nothing more; or `wait`, with how long."""

    def __init__(self, code: str, wait: timedelta = timedelta(0)) -> None:
        super().__init__(code)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody typed who wants to come in."""

    partner: str
    code: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person has set up beside her password."""

    code: bool
    passkeys: int

    def __bool__(self) -> bool:
        return self.code or self.passkeys > 0


def show_password(shown: Shown, *, browser: str, desk: PartnersDesk) -> str:
    """The token of a half sitting for whoever has the right password, or `NotLetIn`.

    1. the attempt is counted; 2. the password is compared, outside of any transaction, with the account's
    hash or with nobody's; 3. a half sitting begins. `browser` is the mark of a browser that is known already.
    """
    who = _counted_as(shown, browser, desk)
    if (wait := count(who, desk=desk)) > timedelta(0):
        raise NotLetIn("wait", wait)
    with desk.readers() as session:
        member, stored = _account(session, shown)
    if not is_right(shown.password, stored) or member is None or stored is None:
        raise NotLetIn("wrong")
    better = hash_password(shown.password) if is_outdated(stored) else stored
    with desk.sessions.begin() as session:
        went_right(session, who)
        session.get_one(Account, member).password = better
        return begin(session, member, ASKED, desk=desk)


def show_code(half: Half, code: str, *, desk: PartnersDesk) -> str:
    """The token of an open sitting for the right one-time code, or `NotLetIn`."""
    _demand_code(half.member, code, desk)
    with desk.sessions.begin() as session:
        went_right(session, _factor(half.member, desk))
        try:
            return open_up(session, half, factor="code", desk=desk)
        except LookupError:
            raise NotLetIn("wrong") from None


def confirm_code(sitting: Sitting, code: str, *, desk: PartnersDesk) -> str:
    """The new token of a sitting whose person has shown a right code again, or `NotLetIn`."""
    member = member_of(sitting)
    _demand_code(member, code, desk)
    with desk.sessions.begin() as session:
        went_right(session, _factor(member, desk))
        return confirm(session, sitting, desk=desk)


def factors_of(member: UUID, *, desk: PartnersDesk) -> Factors:
    """What that person may show beside her password."""
    with desk.readers() as session:
        return factors(session, member)


def factors(session: Session, member: UUID) -> Factors:
    """The same within a transaction."""
    account = session.get(Account, member)
    keys = session.scalar(select(func.count()).select_from(Passkey).where(Passkey.member_id == member))
    return Factors(account is not None and account.totp is not None, keys or 0)


def member_of(seat: Half | Sitting) -> UUID:
    """Whose sitting it is."""
    if isinstance(seat, Half):
        return seat.member
    if seat.actor.member is None:
        raise LookupError
    return seat.actor.member


def mark_browser(shown: Shown, *, desk: PartnersDesk) -> str:
    """A mark for a browser in which somebody has signed in to this account. It proves nothing but that."""
    nonce = secrets.token_bytes(_NONCE)
    return base64.urlsafe_b64encode(nonce + _mark(shown, nonce, desk)).decode()


def _counted_as(shown: Shown, browser: str, desk: PartnersDesk) -> bytes:
    """The account's name; in a browser that it knows, a name of this browser's own."""
    try:
        raw = base64.urlsafe_b64decode(browser.encode(errors="replace"))
    except (binascii.Error, ValueError):
        raw = b""
    nonce, mark = raw[:_NONCE], raw[_NONCE:]
    known = hmac.compare_digest(mark, _mark(shown, nonce, desk))
    return name_of("password", shown.partner, shown.code, nonce.hex() if known else "", desk=desk)


def _mark(shown: Shown, nonce: bytes, desk: PartnersDesk) -> bytes:
    said = name_of("browser", shown.partner, shown.code, desk=desk)
    return hmac.digest(secret_key(desk, "browsers"), said + nonce, sha256)[:_MARK]


def _account(session: Session, shown: Shown) -> tuple[UUID | None, str | None]:
    """Whose password is asked for: nobody's, unless person and partner are welcome and the account is whole."""
    row = session.execute(
        select(Member.id, Account.password)
        .join(Partner, Partner.id == Member.partner_id)
        .join(Account, Account.member_id == Member.id)
        .where(Partner.slug == shown.partner, Member.code == shown.code)
        .where(Partner.status == ACTIVE, Member.status == ACTIVE)
    ).one_or_none()
    if row is None or not factors(session, row[0]):
        return None, None
    return row[0], row[1]


def _demand_code(member: UUID, code: str, desk: PartnersDesk) -> None:
    """Spend the code, or `NotLetIn`. Every attempt is counted, and each code is right once."""
    if (wait := count(_factor(member, desk), desk=desk)) > timedelta(0):
        raise NotLetIn("wait", wait)
    with desk.sessions.begin() as session:
        right = _is_right_code(session, member, code.replace(" ", ""), desk)
        if not right:
            record(
                session,
                Act.DENIED,
                at=desk.clock(),
                actor=str(member),
                ref=str(member),
                codes={"what": "code"},
            )
    if not right:
        raise NotLetIn("wrong")


def _is_right_code(session: Session, member: UUID, code: str, desk: PartnersDesk) -> bool:
    account = session.get(Account, member)
    if account is None or account.totp is None:
        return False
    try:
        secret = open_secret(account.totp, member=member, keystore=desk.keystore, browser=account.totp_key)
    except (KeyGone, CannotOpen):
        return False
    step = step_of(secret, code, now=desk.clock())
    return step is not None and spend_browser_step(session, member, step)


def _factor(member: UUID, desk: PartnersDesk) -> bytes:
    return name_of("factor", str(member), desk=desk)
