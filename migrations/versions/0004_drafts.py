"""Drafts: reports that are still being written

Revision ID: 0004_drafts
Revises: 0003_people
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004_drafts"
down_revision = "0003_people"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("once", sa.String(length=64), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_report_drafts_member_id_members")),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name=op.f("fk_report_drafts_partner_id_partners")
        ),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_report_drafts_report_id_reports")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_drafts")),
    )
    with op.batch_alter_table("report_drafts", schema=None) as batch_op:
        batch_op.create_index("ix_report_drafts_member_saved", ["member_id", "saved_at"], unique=False)
        batch_op.create_index("ix_report_drafts_expires", ["expires_at"], unique=False)


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM report_drafts WHERE content IS NOT NULL")):
        raise RuntimeError("people are still writing these drafts, and only they could make them again")
    with op.batch_alter_table("report_drafts", schema=None) as batch_op:
        batch_op.drop_index("ix_report_drafts_expires")
        batch_op.drop_index("ix_report_drafts_member_saved")

    op.drop_table("report_drafts")
