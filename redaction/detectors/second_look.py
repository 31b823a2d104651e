"""The detectors that need no language model: they look at the text first, and again at the output."""

from __future__ import annotations

from typing import Final

from redaction.detectors.contacts import CONTACTS
from redaction.detectors.digits import DIGITS
from redaction.findings import Detector

SECOND_LOOK: Final[tuple[Detector, ...]] = (CONTACTS, DIGITS)
