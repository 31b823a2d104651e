"""The tables of imports: which rows of which spreadsheets are reports already, and files that wait for a yes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from config.database import UTC, Base, Encrypted, Sealed


class ImportedRow(Base):
    """A row of a spreadsheet that became a report. A partner has each row once, whoever sends it and how often.

    `row_tag` is a keyed digest of what stays the same when the row is sent again, `content_tag` of what it said.
    The report is written after the claim to its row, so that the reference is looked at when both are there.
    """

    __tablename__ = "imported_rows"
    __table_args__ = (UniqueConstraint("partner_id", "row_tag"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"))
    row_tag: Mapped[str] = mapped_column(String(64))
    content_tag: Mapped[str] = mapped_column(String(64))
    report_id: Mapped[UUID] = mapped_column(ForeignKey("reports.id", deferrable=True, initially="DEFERRED"))
    at: Mapped[datetime] = mapped_column(UTC)


class ImportFile(Base):
    """A spreadsheet that was looked over and waits for its sender's yes, under a key of its own.

    Once it was brought in, `receipt` (ids and counts) is all that is left of it.
    """

    __tablename__ = "import_files"
    __table_args__ = (Index("ix_import_files_expires", "expires_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"))
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"), index=True)
    content: Mapped[Sealed | None] = mapped_column(Encrypted)
    at: Mapped[datetime] = mapped_column(UTC)
    expires_at: Mapped[datetime] = mapped_column(UTC)
    receipt: Mapped[dict[str, Any] | None] = mapped_column(JSON)
