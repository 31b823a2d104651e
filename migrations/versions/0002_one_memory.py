"""Proposals keep no key of their own: one table remembers what was answered to which Idempotency-Key

Revision ID: 0002_one_memory
Revises: 0001_first
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_one_memory"
down_revision = "0001_first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_proposals_proposed_by_request_key"), type_="unique")
        batch_op.drop_column("request_key")


def downgrade() -> None:
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.add_column(sa.Column("request_key", sa.String(length=64), nullable=True))
        batch_op.create_unique_constraint(
            op.f("uq_proposals_proposed_by_request_key"), ["proposed_by", "request_key"]
        )
