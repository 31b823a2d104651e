"""Whatever the report's own form names, found wherever it reappears and however it is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import regex

from redaction.findings import Document, Finding, Hold, Known, View
from redaction.letters import latin_key
from redaction.views import views_of

NAME: Final = "known_values"

_WORD: Final = regex.compile(r"[^\W_]+")
_OWN_TOKEN: Final = regex.compile(r"\[[A-Z][A-Z_ ]*(?: [0-9A-Z]{5})?\]")


def known_values(document: Document) -> Iterator[Finding | Hold]:
    """Every place where an identifier of the form stands in the text, and every doubt about one."""
    if not document.known:
        return
    views = document.views or views_of(document.text)
    for known in document.known:
        for view in (views["latin"], views["skeleton"]):
            yield from _words_of(known, view)


def known_variants_in(text: str, known: Sequence[Known]) -> tuple[str, ...]:
    """Codes for what of `known` can still be read in a text that is about to leave; our own tokens aside."""
    bare = _OWN_TOKEN.sub(" | ", text)
    document = Document(bare, "und", strict=False, views=views_of(bare), known=tuple(known))
    left = [found for found in known_values(document) if isinstance(found, Finding)]
    return tuple(dict.fromkeys(f"known_{found.kind.lower()}" for found in left))


def _words_of(known: Known, view: View) -> Iterator[Finding]:
    wanted = set(_WORD.findall(latin_key(known.value)))
    for match in _WORD.finditer(view.text):
        if match.group() in wanted:
            yield Finding(*view.raw(*match.span()), known.kind, NAME, known.subject)
