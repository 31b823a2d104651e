"""Tips: what people without an account reported

Revision ID: 0007_tips
Revises: 0006_handovers
"""

from __future__ import annotations

revision = "0007_tips"
down_revision = "0006_handovers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing to take back."""
