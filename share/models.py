"""Tables of the job. Nothing a survivor said stands here in clear: words live in `Encrypted` columns only.

Local codes, states and codes of the vocabulary are in clear; free text, names and values never are.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from config.database import UTC, Base, Encrypted, Sealed
from share.models_drafts import ReportDraft as ReportDraft  # its table is known wherever these are
from share.models_imports import ImportFile as ImportFile


class ReportState(StrEnum):
    """Where a report stands. `held`: nothing that is in doubt leaves until a reviewer resolves the reasons."""

    RECEIVED = "received"
    HELD = "held"
    READY = "ready"
    REFUSED = "refused"


class Task(StrEnum):
    """Work that the outbox hands out. `take_back` settles only what stands already, so that it need not wait."""

    EXAMINE = "examine"
    SETTLE = "settle"
    TAKE_BACK = "take_back"


class Report(Base):
    """One incident report of one partner. `lock` grows with every change that publication must notice.

    `settled_under` is a digest of the policy, agreement and circles that were in force when its bulletins were
    last brought up to date.
    """

    __tablename__ = "reports"
    __table_args__ = (
        UniqueConstraint("partner_id", "reference_tag"),
        Index("ix_reports_partner_received", "partner_id", "received_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"))
    reference_tag: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    urgent: Mapped[bool] = mapped_column(Boolean)
    redacted_at_source: Mapped[bool] = mapped_column(Boolean)
    received_at: Mapped[datetime] = mapped_column(UTC)
    version: Mapped[int] = mapped_column(Integer, default=1)
    lock: Mapped[int] = mapped_column(Integer, default=1)
    ledger_ref: Mapped[str] = mapped_column(String(64), unique=True)
    settled_under: Mapped[str | None] = mapped_column(String(64))


class ReportVersion(Base):
    """One sealed version of a report, and its working copy while that lives."""

    __tablename__ = "report_versions"
    __table_args__ = (UniqueConstraint("report_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("reports.id"))
    number: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str | None] = mapped_column(String(40))
    received_at: Mapped[datetime] = mapped_column(UTC)
    by_member: Mapped[UUID | None] = mapped_column()
    by_credential: Mapped[UUID] = mapped_column()
    original: Mapped[Sealed] = mapped_column(Encrypted)
    working_copy: Mapped[Sealed | None] = mapped_column(Encrypted)
    findings: Mapped[Sealed | None] = mapped_column(Encrypted)
    examined_at: Mapped[datetime | None] = mapped_column(UTC)
    engine: Mapped[str | None] = mapped_column(String(80))


class ReportHold(Base):
    """A reason why a part of a report may not leave. Resolved by a reviewer, never by time."""

    __tablename__ = "report_holds"
    __table_args__ = (UniqueConstraint("report_id", "version", "part", "code"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("reports.id"))
    version: Mapped[int] = mapped_column(Integer)
    part: Mapped[str] = mapped_column(String(24))
    code: Mapped[str] = mapped_column(String(60))
    held_at: Mapped[datetime] = mapped_column(UTC)
    resolved_at: Mapped[datetime | None] = mapped_column(UTC)
    resolved_by: Mapped[UUID | None] = mapped_column()
    resolution: Mapped[str | None] = mapped_column(String(40))


class ReportStatus(Base):
    """The history of a report as its partner may see it: codes and times."""

    __tablename__ = "report_statuses"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("reports.id"), index=True)
    at: Mapped[datetime] = mapped_column(UTC)
    state: Mapped[str] = mapped_column(String(16))
    code: Mapped[str] = mapped_column(String(40))


class GroundVersion(Base):
    """On what ground a person's facts may be shared: the newest number is in force, older ones are history."""

    __tablename__ = "ground_versions"
    __table_args__ = (UniqueConstraint("report_id", "subject", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("reports.id"))
    subject: Mapped[str] = mapped_column(String(16))
    number: Mapped[int] = mapped_column(Integer)
    basis: Mapped[str] = mapped_column(String(40))
    purposes: Mapped[list[str]] = mapped_column(JSON)
    withheld_from: Mapped[list[str]] = mapped_column(JSON)
    limits: Mapped[dict[str, str]] = mapped_column(JSON)
    explained: Mapped[list[str]] = mapped_column(JSON)
    language: Mapped[str | None] = mapped_column(String(8))
    given_on: Mapped[date] = mapped_column(Date)
    given_by: Mapped[str] = mapped_column(String(16))
    guardian_is_suspect_or_kin: Mapped[bool] = mapped_column(Boolean)
    until: Mapped[date | None] = mapped_column(Date)
    withdrawn_on: Mapped[date | None] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(UTC)


class Approval(Base):
    """A person's yes to one content for one circle: void as soon as a byte of it differs.

    `rests_on` is a digest of the grounds and the policy under which it was given. A changed mind voids it, even
    where the mind is changed back and the bytes come out the same.
    """

    __tablename__ = "approvals"
    __table_args__ = (
        UniqueConstraint(
            "report_id",
            "report_version",
            "circle_id",
            "content_sha256",
            "rests_on",
            "member_id",
            name="uq_approvals_one_yes",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("reports.id"))
    report_version: Mapped[int] = mapped_column(Integer)
    circle_id: Mapped[UUID] = mapped_column(ForeignKey("circles.id"))
    content_sha256: Mapped[str] = mapped_column(String(64))
    rests_on: Mapped[str] = mapped_column(String(64))
    member_id: Mapped[UUID] = mapped_column()
    approved_at: Mapped[datetime] = mapped_column(UTC)


class Bulletin(Base):
    """What one circle is told about one report. `stopped_at` is set by a person's recall and stays."""

    __tablename__ = "bulletins"
    __table_args__ = (UniqueConstraint("report_id", "circle_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("reports.id"))
    circle_id: Mapped[UUID] = mapped_column(ForeignKey("circles.id"))
    version: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(16))
    stopped_at: Mapped[datetime | None] = mapped_column(UTC)


class BulletinVersion(Base):
    """One signed, immutable version. A recall is a version too: its content says only that it was recalled.

    `published_at` is what readers see, a tick of the publication clock; `stored_at` is when it was really written,
    and stays inside. `governed_by` is a digest of the floor and the circle's clearance that it was composed under.
    """

    __tablename__ = "bulletin_versions"
    __table_args__ = (
        UniqueConstraint("bulletin_id", "number"),
        UniqueConstraint("circle_id", "sequence"),
        UniqueConstraint("ledger_ref"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    bulletin_id: Mapped[UUID] = mapped_column(ForeignKey("bulletins.id"))
    circle_id: Mapped[UUID] = mapped_column(ForeignKey("circles.id"))
    number: Mapped[int] = mapped_column(Integer)
    sequence: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(16))
    published_at: Mapped[datetime] = mapped_column(UTC)
    stored_at: Mapped[datetime] = mapped_column(UTC)
    governed_by: Mapped[str | None] = mapped_column(String(64))
    valid_until: Mapped[date] = mapped_column(Date)
    report_version: Mapped[int] = mapped_column(Integer)
    policy_version_id: Mapped[UUID | None] = mapped_column(ForeignKey("policy_versions.id"))
    policy_salt: Mapped[bytes] = mapped_column(LargeBinary(32))
    circle_version: Mapped[int | None] = mapped_column(Integer)
    agreement_version: Mapped[int | None] = mapped_column(Integer)
    engine: Mapped[str | None] = mapped_column(String(80))
    epoch: Mapped[int] = mapped_column(Integer)
    fullness: Mapped[int] = mapped_column(Integer)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    content_sha256: Mapped[str] = mapped_column(String(64))
    envelope: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[str] = mapped_column(Text)
    ledger_ref: Mapped[str] = mapped_column(String(64))
    ledger_salt: Mapped[bytes] = mapped_column(LargeBinary(32))


class Acknowledgement(Base):
    """A reader confirmed a version; for a recall, that its copies are gone."""

    __tablename__ = "acknowledgements"
    __table_args__ = (UniqueConstraint("bulletin_version_id", "partner_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    bulletin_version_id: Mapped[UUID] = mapped_column(ForeignKey("bulletin_versions.id"))
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"))
    at: Mapped[datetime] = mapped_column(UTC)


class OutboxRow(Base):
    """Work to do, written in the transaction of the act that asks for it. The table is the truth."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_open", "done_at", "due_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    task: Mapped[str] = mapped_column(String(16))
    report_id: Mapped[UUID] = mapped_column(ForeignKey("reports.id"))
    asked_at: Mapped[datetime] = mapped_column(UTC)
    due_at: Mapped[datetime] = mapped_column(UTC)
    claimed_until: Mapped[datetime | None] = mapped_column(UTC)
    claim: Mapped[UUID | None] = mapped_column()
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    code: Mapped[str | None] = mapped_column(String(60))
    done_at: Mapped[datetime | None] = mapped_column(UTC)
