"""What the tests of the sweep for known values share: a text with what was covered blanked, and the doubts."""

from __future__ import annotations

import re

from redaction.detectors.known_values import known_values
from redaction.findings import Document, Finding, Hold, Known
from redaction.views import views_of


def person(name: str) -> Known:
    return Known("PERSON", name, "s1")


def read(text: str, *known: Known, lang: str = "en") -> Document:
    return Document(text, lang, False, views_of(text), known)


def shown(text: str, *known: Known, lang: str = "en") -> str:
    """The text with every covered stretch as one underscore."""
    signs = list(text)
    for said in known_values(read(text, *known, lang=lang)):
        if isinstance(said, Finding):
            signs[said.start : said.end] = ["\0"] * (said.end - said.start)
    return re.sub("\0+", "_", "".join(signs))


def holds(text: str, *known: Known, lang: str = "en") -> set[str]:
    return {said.code for said in known_values(read(text, *known, lang=lang)) if isinstance(said, Hold)}
