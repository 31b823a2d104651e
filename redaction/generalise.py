"""The ladders of detail: how a value is said on each rung, and nothing of it where it is not understood."""

from __future__ import annotations

from policies.terms import Detail


def readable(kind: str, value: str, rung: Detail, *, language: str) -> str | None:
    """How a text says `value` on `rung`, in words; None where it is not understood."""
    return None
