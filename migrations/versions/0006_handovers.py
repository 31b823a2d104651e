"""Hand-overs: sealed letters from one member to one recipient

Revision ID: 0006_handovers
Revises: 0005_imports
"""

from __future__ import annotations

revision = "0006_handovers"
down_revision = "0005_imports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing to take back."""
