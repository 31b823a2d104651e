"""The second factor of a person: a time-based one-time code (RFC 6238) of which each step works once."""

from __future__ import annotations

import re
import secrets
from base64 import b32encode
from datetime import datetime
from hmac import compare_digest
from typing import Final, cast
from uuid import UUID

import pyotp
from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from config.database import Sealed
from config.envelope import lock, unlock
from config.keystore import KeyStore
from partners.models import Member
from partners.models_people import Account

STEP_SECONDS: Final = 30
_DRIFT = 1
_CODE = re.compile(r"[0-9]{6}")


def new_secret() -> str:
    """A fresh secret, as an authenticator app takes it."""
    return b32encode(secrets.token_bytes(20)).decode()


def seal_secret(secret: str, *, member: UUID, keystore: KeyStore, browser: UUID | None = None) -> Sealed:
    """The secret under a key of its own, so that destroying the key forgets it.

    Beside a member's key there is one secret. Each that she sets up at a browser has a name, `browser`.
    """
    key = keystore.create(_key_name(member, browser), "second-factor")
    return lock(key, secret.encode(), place=_place(member, browser))


def open_secret(sealed: Sealed, *, member: UUID, keystore: KeyStore, browser: UUID | None = None) -> str:
    """The secret again. Raises `KeyGone` or `CannotOpen`."""
    return unlock(keystore.get(_key_name(member, browser)), sealed, place=_place(member, browser)).decode()


def forget_secret(member: UUID, *, keystore: KeyStore, browser: UUID | None = None) -> None:
    """Destroy the key of a secret: no code made with it is right ever again."""
    keystore.destroy(_key_name(member, browser))


def step_of(secret: str, code: str, *, now: datetime) -> int | None:
    """The time step whose code this is, one step of drift allowed either way; None if it is none of them."""
    if not _CODE.fullmatch(code):
        return None
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    present = int(now.timestamp()) // STEP_SECONDS
    steps = range(present - _DRIFT, present + _DRIFT + 1)
    # All three are compared, so that the time taken does not tell which of them came close.
    right = [step for step in steps if compare_digest(totp.generate_otp(step), code)]
    return max(right) if right else None


def spend_step(session: Session, member: UUID, step: int) -> bool:
    """Mark the step as used. False if this step or a later one was used before: the database decides."""
    spent = session.execute(
        update(Member)
        .where(Member.id == member, Member.last_otp_step < step)
        .values(last_otp_step=step)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[object]", spent).rowcount == 1


def spend_browser_step(session: Session, member: UUID, step: int) -> bool:
    """The same for the secret that she set up at a browser."""
    spent = session.execute(
        update(Account)
        .where(Account.member_id == member, Account.last_otp_step < step)
        .values(last_otp_step=step)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[object]", spent).rowcount == 1


def _key_name(member: UUID, browser: UUID | None) -> str:
    return f"totp/{member}" if browser is None else f"totp/{member}/{browser}"


def _place(member: UUID, browser: UUID | None) -> dict[str, str | int]:
    if browser is None:
        return {"table": "members", "field": "totp", "member": str(member)}
    return {"table": "accounts", "field": "totp", "member": str(member), "key": str(browser)}
