"""How people come in at the browser: passwords, passkeys, invitations, sittings, and attempts that are counted.

Nothing here opens a door by itself: tokens and invitations are kept as digests, passwords as slow hashes.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from config.database import UTC, Base, Encrypted, Sealed

ASKED = "asked"
ENROLLING = "enrolling"
OPEN = "open"


class Account(Base):
    """A member's own way in by browser. Without a one-time code or a passkey beside the password it is not whole."""

    __tablename__ = "accounts"

    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"), primary_key=True)
    password: Mapped[str] = mapped_column(String(200))
    totp: Mapped[Sealed | None] = mapped_column(Encrypted)
    totp_key: Mapped[UUID | None] = mapped_column(Uuid)
    last_otp_step: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(UTC)


class Passkey(Base):
    """The public half of a passkey. `uses` is the authenticator's own count, which only grows."""

    __tablename__ = "passkeys"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"), index=True)
    credential: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(4096))
    uses: Mapped[int] = mapped_column(BigInteger, default=0)
    added_at: Mapped[datetime] = mapped_column(UTC)


class Invitation(Base):
    """A link that lets one member set her password and second factor, once. Of the link only a digest is kept."""

    __tablename__ = "invitations"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(UTC)
    until: Mapped[datetime] = mapped_column(UTC)
    closed_at: Mapped[datetime | None] = mapped_column(UTC)


class SittingRow(Base):
    """One person at one browser. Only an `open` one lets anything but the sign-in pages be seen.

    `asked`: the password was right and the second factor is missing. `enrolling`: an invitation was taken up.
    `pending` is the secret of a one-time code that she has not confirmed yet.
    """

    __tablename__ = "sittings"
    __table_args__ = (CheckConstraint("stage IN ('asked', 'enrolling', 'open')", name="stage"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"), index=True)
    invitation_id: Mapped[UUID | None] = mapped_column(ForeignKey("invitations.id"))
    stage: Mapped[str] = mapped_column(String(12))
    partner_epoch: Mapped[int]
    member_epoch: Mapped[int]
    began: Mapped[datetime] = mapped_column(UTC, index=True)
    seen_at: Mapped[datetime] = mapped_column(UTC)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTC)
    ended_at: Mapped[datetime | None] = mapped_column(UTC)
    challenge: Mapped[bytes | None] = mapped_column(LargeBinary(64))
    challenged_at: Mapped[datetime | None] = mapped_column(UTC)
    pending: Mapped[Sealed | None] = mapped_column(Encrypted)


class Attempts(Base):
    """How often somebody has lately tried in vain. `who` is a keyed digest, the same for names that nobody has."""

    __tablename__ = "attempts"

    who: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    wrong: Mapped[int] = mapped_column(default=0)
    minute: Mapped[int] = mapped_column(default=0)
    count: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime | None] = mapped_column(UTC)
    at: Mapped[datetime] = mapped_column(UTC, index=True)
