"""Imports: what spreadsheets brought in

Revision ID: 0005_imports
Revises: 0004_drafts
"""

from __future__ import annotations

revision = "0005_imports"
down_revision = "0004_drafts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing to take back."""
