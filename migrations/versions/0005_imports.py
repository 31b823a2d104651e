"""Imports: what spreadsheets brought in

Revision ID: 0005_imports
Revises: 0004_drafts
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005_imports"
down_revision = "0004_drafts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "imported_rows",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("row_tag", sa.String(length=64), nullable=False),
        sa.Column("content_tag", sa.String(length=64), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name=op.f("fk_imported_rows_partner_id_partners")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["reports.id"],
            name=op.f("fk_imported_rows_report_id_reports"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_rows")),
        sa.UniqueConstraint("partner_id", "row_tag", name=op.f("uq_imported_rows_partner_id_row_tag")),
    )
    op.create_table(
        "import_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_import_files_member_id_members")),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name=op.f("fk_import_files_partner_id_partners")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_files")),
    )
    with op.batch_alter_table("import_files", schema=None) as batch_op:
        batch_op.create_index("ix_import_files_expires", ["expires_at"], unique=False)
        batch_op.create_index(op.f("ix_import_files_member_id"), ["member_id"], unique=False)


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM imported_rows")):
        raise RuntimeError("without these rows the same spreadsheets would be taken in a second time")
    with op.batch_alter_table("import_files", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_import_files_member_id"))
        batch_op.drop_index("ix_import_files_expires")

    op.drop_table("import_files")
    op.drop_table("imported_rows")
