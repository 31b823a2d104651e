"""When something was, and how old somebody is."""

from __future__ import annotations

from typing import Final

from redaction.detectors.patterns import load_patterns

DATES: Final = load_patterns("dates")
