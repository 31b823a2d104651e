"""What time it is. Nobody else calls `now()`: a clock is an argument, and a test passes a still one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns an aware moment in UTC."""


def utc_now() -> datetime:
    """The machine's own clock, in UTC."""
    return datetime.now(UTC)
