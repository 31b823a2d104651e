"""The digit backstop: runs of digits that no other rule could place."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from redaction.findings import Document, Finding, Hold

_RUN = regex.compile(r"[0-9](?:[ ().\-/]{0,2}[0-9]){5,}+")


def DIGITS(document: Document) -> Iterator[Finding | Hold]:  # noqa: N802
    """Every run of six digits or more, however it is grouped."""
    view = document.views["digits"]
    for match in _RUN.finditer(view.text, timeout=2.0):
        start, end = view.raw(*match.span())
        yield Finding(start, end, "NUMBER", "digits")
