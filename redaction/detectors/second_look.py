"""The detectors that need no language model: they look at the text first, and again at the output."""

from __future__ import annotations

from typing import Final

from redaction.detectors.addresses import ADDRESSES
from redaction.detectors.contacts import CONTACTS
from redaction.detectors.dates import DATES
from redaction.detectors.digits import digit_runs
from redaction.detectors.documents import DOCUMENTS
from redaction.detectors.patterns import Patterns
from redaction.findings import Detector

# All tables are one detector: a text is prepared once for all of them.
PATTERNS: Final = Patterns((*CONTACTS.patterns, *DOCUMENTS.patterns, *ADDRESSES.patterns, *DATES.patterns))

SECOND_LOOK: Final[tuple[Detector, ...]] = (PATTERNS, digit_runs)
