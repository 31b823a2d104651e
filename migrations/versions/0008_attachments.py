"""Attachments of drafts and reports

Revision ID: 0008_attachments
Revises: 0007_tips
"""

from __future__ import annotations

revision = "0008_attachments"
down_revision = "0007_tips"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing to take back."""
