"""How often a heavy test goes round: a part of it by default, all of it with ROUNDS=all, as `make bench` does."""

from __future__ import annotations

import os


def rounds(in_full: int, *, by_default: int | None = None) -> int:
    """All rounds, or a seeded tenth of them unless a test says how many."""
    few = max(1, in_full // 10) if by_default is None else by_default
    return in_full if os.environ.get("ROUNDS") == "all" else few
