"""How people are reached: addresses of mail, phones, profiles, links and machines."""

from __future__ import annotations

from typing import Final

from redaction.detectors.patterns import load_patterns

CONTACTS: Final = load_patterns("contacts")
