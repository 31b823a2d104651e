"""Numbers that papers, authorities, banks and carriers give to people and things."""

from __future__ import annotations

from typing import Final

from redaction.detectors.patterns import load_patterns

DOCUMENTS: Final = load_patterns("documents")
