"""The table of reports that are still being written. What is in them stands in an `Encrypted` column only."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from config.database import UTC, Base, Encrypted, Sealed


class ReportDraft(Base):
    """What one member has written and not sent. `once` makes sending it twice one report.

    Once it is sent, `receipt` (ids and codes) is all that is left of it. `report_id` is the report that it amends.
    """

    __tablename__ = "report_drafts"
    __table_args__ = (
        Index("ix_report_drafts_member_saved", "member_id", "saved_at"),
        Index("ix_report_drafts_expires", "expires_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"))
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    report_id: Mapped[UUID | None] = mapped_column(ForeignKey("reports.id"))
    version: Mapped[int] = mapped_column(Integer)
    content: Mapped[Sealed | None] = mapped_column(Encrypted)
    once: Mapped[str] = mapped_column(String(64))
    began_at: Mapped[datetime] = mapped_column(UTC)
    saved_at: Mapped[datetime] = mapped_column(UTC)
    expires_at: Mapped[datetime] = mapped_column(UTC)
    receipt: Mapped[dict[str, Any] | None] = mapped_column(JSON)
