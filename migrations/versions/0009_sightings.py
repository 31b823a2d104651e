"""Sightings: what partners have seen too, and questions to a source

Revision ID: 0009_sightings
Revises: 0008_attachments
"""

from __future__ import annotations

revision = "0009_sightings"
down_revision = "0008_attachments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing to take back."""
