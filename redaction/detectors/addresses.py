"""Where somebody lives, sleeps or can be met: anything finer than a town."""

from __future__ import annotations

from typing import Final

from redaction.detectors.patterns import load_patterns

ADDRESSES: Final = load_patterns("addresses")
