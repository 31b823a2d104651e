"""What looks at a text: detectors, languages and the fingerprint that names them all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from redaction.findings import Detector


@dataclass(frozen=True, slots=True)
class Language:
    """Which language a text is in. `strict`: no tested model reads it, so only common words may stay.

    `sure` is false where the text is too short or too mixed to say; such a text is held, or strict.
    """

    code: str
    strict: bool
    sure: bool


@dataclass(frozen=True, slots=True)
class Engine:
    """Everything that looks at a text, chosen once and then only read.

    `identify(text, wanted)` says which language a text is in; `wanted` is what the author claims, or None.
    `fingerprint` is a hash over rules, data files, models and their versions.
    """

    detectors: tuple[Detector, ...]
    identify: Callable[[str, str | None], Language]
    fingerprint: str
    longest: int = 200_000
