"""Who the partners are, who acts for them, with which keys, in which circles and under which terms.

Rows say what was decided; whether it still holds today is asked in `registry`, on every read.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Connection,
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    event,
    text,
)
from sqlalchemy.orm import Mapped, Mapper, ORMExecuteState, Session, mapped_column

from config.database import UTC, Base, Encrypted, Sealed

ACTIVE = "active"
SUSPENDED = "suspended"


class Immutable(Exception):
    """Something that is never changed once written was about to be changed."""


class Partner(Base):
    """An organisation. `epoch` grows with every suspension, and no older token is valid after it."""

    __tablename__ = "partners"
    __table_args__ = (CheckConstraint("status IN ('active', 'suspended')", name="status"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(60))
    countries: Mapped[list[str]] = mapped_column(JSON)
    areas: Mapped[list[str]] = mapped_column(JSON)
    languages: Mapped[list[str]] = mapped_column(JSON)
    law_flags: Mapped[list[str]] = mapped_column(JSON)
    steward: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(String(12), default=ACTIVE)
    epoch: Mapped[int] = mapped_column(default=0)
    added_at: Mapped[datetime] = mapped_column(UTC)


class Member(Base):
    """A person who acts for a partner, by a local code: the hub needs no name.

    `totp` goes with a key of her own; whoever comes by browser alone has none here.
    """

    __tablename__ = "members"
    __table_args__ = (
        UniqueConstraint("partner_id", "code"),
        CheckConstraint("status IN ('active', 'suspended')", name="status"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"))
    code: Mapped[str] = mapped_column(String(40))
    roles: Mapped[list[str]] = mapped_column(JSON)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    status: Mapped[str] = mapped_column(String(12), default=ACTIVE)
    epoch: Mapped[int] = mapped_column(default=0)
    totp: Mapped[Sealed | None] = mapped_column(Encrypted)
    last_otp_step: Mapped[int] = mapped_column(default=0)
    added_at: Mapped[datetime] = mapped_column(UTC)


class Credential(Base):
    """A public key and what it may be used for: a member's own, or (no member) a partner's machine.

    `kid` is the RFC 7638 thumbprint of the key, so one key belongs to one holder, ever.
    """

    __tablename__ = "credentials"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    kid: Mapped[str] = mapped_column(String(43), unique=True)
    jwk: Mapped[dict[str, str]] = mapped_column(JSON)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"), index=True)
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("members.id"), index=True)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    not_before: Mapped[datetime] = mapped_column(UTC)
    expires: Mapped[datetime] = mapped_column(UTC)
    revoked_at: Mapped[datetime | None] = mapped_column(UTC)
    wrong_codes: Mapped[int] = mapped_column(default=0)


class Agreement(Base):
    """The signed sharing agreement of one partner. A change is a new version; `end` is its last day."""

    __tablename__ = "agreements"
    __table_args__ = (UniqueConstraint("partner_id", "version"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"))
    version: Mapped[int]
    start: Mapped[date] = mapped_column(Date)
    end: Mapped[date] = mapped_column(Date)
    purposes: Mapped[list[str]] = mapped_column(JSON)
    areas: Mapped[list[str]] = mapped_column(JSON)
    added_at: Mapped[datetime] = mapped_column(UTC)


class Circle(Base):
    """A named group with one clearance. `version` grows with every change of it or of its memberships.

    Without `suspect_names_basis`, the legal basis that its agreement states, no suspect is named to it.
    """

    __tablename__ = "circles"
    __table_args__ = (
        CheckConstraint("smallest_group >= 3", name="floor_of_k"),
        CheckConstraint("tlp NOT IN ('GREEN', 'CLEAR') OR smallest_group >= 11", name="floor_of_wide_k"),
        CheckConstraint("tlp IN ('RED', 'AMBER_STRICT', 'AMBER', 'GREEN', 'CLEAR')", name="tlp"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    clearance: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    purpose: Mapped[str] = mapped_column(String(60))
    tlp: Mapped[str] = mapped_column(String(12))
    smallest_group: Mapped[int]
    suspect_names_basis: Mapped[str | None] = mapped_column(String(60))
    until: Mapped[date] = mapped_column(Date)
    closed_at: Mapped[datetime | None] = mapped_column(UTC)
    added_at: Mapped[datetime] = mapped_column(UTC)

    # Two changes that read the same version cannot both be written: the second finds no row to update.
    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012


class CircleMembership(Base):
    """One stay of a partner in a circle. Coming back is a new stay, and shows nothing older."""

    __tablename__ = "circle_memberships"
    __table_args__ = (
        Index(
            "uq_circle_memberships_one_stay",
            "circle_id",
            "partner_id",
            unique=True,
            sqlite_where=text("left_at IS NULL"),
            postgresql_where=text("left_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    circle_id: Mapped[UUID] = mapped_column(ForeignKey("circles.id"))
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"), index=True)
    joined_at: Mapped[datetime] = mapped_column(UTC)
    until: Mapped[date] = mapped_column(Date)
    left_at: Mapped[datetime | None] = mapped_column(UTC)


class PolicyVersion(Base):
    """One adopted policy document, word for word. Never changed, never deleted; the highest number speaks."""

    __tablename__ = "policy_versions"
    __table_args__ = (
        UniqueConstraint("partner_id", "number"),
        CheckConstraint("seconded_by IS NULL OR seconded_by <> adopted_by", name="two_people"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"))
    number: Mapped[int]
    document: Mapped[str] = mapped_column(Text)
    adopted_at: Mapped[datetime] = mapped_column(UTC)
    adopted_by: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    seconded_by: Mapped[UUID | None] = mapped_column(ForeignKey("members.id"))


class Proposal(Base):
    """What one person asked for and a second must approve. It changes nothing until then."""

    __tablename__ = "proposals"
    __table_args__ = (
        CheckConstraint("outcome IN ('approved', 'refused')", name="outcome"),
        CheckConstraint(
            "outcome IS NULL OR outcome = 'refused' OR decided_by <> proposed_by", name="two_people"
        ),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    act: Mapped[str] = mapped_column(String(40))
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"), index=True)
    request: Mapped[dict[str, Any]] = mapped_column(JSON)
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    proposed_at: Mapped[datetime] = mapped_column(UTC)
    until: Mapped[datetime] = mapped_column(UTC)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("members.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTC)
    outcome: Mapped[str | None] = mapped_column(String(12))


class RememberedAnswer(Base):
    """The answer to a write that carried an `Idempotency-Key`, kept in the transaction of that write.

    It holds ids and codes only, and the client's own words as keyed digests.
    """

    __tablename__ = "remembered_answers"
    __table_args__ = (UniqueConstraint("partner_id", "key_tag"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"))
    key_tag: Mapped[str] = mapped_column(String(64))
    request_tag: Mapped[str] = mapped_column(String(64))
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UTC)


class UsedAssertion(Base):
    """A client assertion that was already used. Kept until it would be refused as expired anyway."""

    __tablename__ = "used_assertions"

    credential_id: Mapped[UUID] = mapped_column(ForeignKey("credentials.id"), primary_key=True)
    jti: Mapped[str] = mapped_column(String(128), primary_key=True)
    expires: Mapped[datetime] = mapped_column(UTC, index=True)


class TokenCount(Base):
    """How many tokens one credential asked for in one minute."""

    __tablename__ = "token_counts"

    credential_id: Mapped[UUID] = mapped_column(ForeignKey("credentials.id"), primary_key=True)
    minute: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]


@event.listens_for(PolicyVersion, "before_update")
@event.listens_for(PolicyVersion, "before_delete")
def _refuse_flush(_mapper: Mapper[Any], _connection: Connection, _target: PolicyVersion) -> None:
    raise Immutable("a policy version is never changed")


@event.listens_for(Session, "do_orm_execute")
def _refuse_bulk(state: ORMExecuteState) -> None:
    if (state.is_update or state.is_delete) and state.bind_mapper is PolicyVersion.__mapper__:
        raise Immutable("a policy version is never changed")
