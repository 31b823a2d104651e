"""What the tests of the deciding half share: documents, findings, terms and an engine that knows what it is told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from policies.terms import EVERY_CIRCLE, Detail, Linkage, Terms, Tlp
from redaction.detectors.second_look import SECOND_LOOK
from redaction.engine import Engine, Language
from redaction.findings import Detector, Document, Examined, Finding, Hold, Known, Span
from redaction.judge import ORDER
from redaction.views import views_of


def document(text: str, *, language: str = "en", known: Sequence[Known] = ()) -> Document:
    """`text` as the pipeline would read it."""
    return Document(text, language, False, views_of(text), tuple(known))


def terms(
    detail: Mapping[str, Detail] | None = None, *, linkage: Linkage = Linkage.NONE, **rungs: Detail
) -> Terms:
    """Terms that let every identifier be mentioned, and otherwise what is spelled out."""
    mentioned = dict.fromkeys(ORDER, Detail.PRESENCE)
    return Terms(
        detail={**mentioned, **(detail or {}), **rungs},
        readers=EVERY_CIRCLE,
        purposes=frozenset({"services"}),
        until=date(2030, 1, 1),
        smallest_group=3,
        linkage=linkage,
        tlp=Tlp.AMBER,
    )


def found(text: str, what: str, kind: str, *, detector: str = "model", subject: str | None = None) -> Finding:
    """The first place where `what` stands in `text`, as a finding."""
    start = text.index(what)
    return Finding(start, start + len(what), kind, detector, subject)


def examined(text: str, *spans: Span, language: str = "en") -> Examined:
    """A text with these spans in it."""
    return Examined(text, language, tuple(spans), (), "test")


def span(
    text: str, what: str, *kinds: str, detectors: Sequence[str] = ("model",), subjects: Sequence[str] = ()
) -> Span:
    """The first place where `what` stands in `text`, as a span."""
    start = text.index(what)
    return Span(start, start + len(what), frozenset(kinds), frozenset(detectors), frozenset(subjects))


def knows(kind: str, *words: str, name: str = "model", subject: str | None = None) -> Detector:
    """A detector that knows these words, and finds them as they are written."""

    def detector(read: Document) -> Iterator[Finding | Hold]:
        for word in words:
            for match in re.finditer(re.escape(word), read.text):
                yield Finding(*match.span(), kind, name, subject)

    return detector


def engine_of(*detectors: Detector) -> Engine:
    """An engine with the pattern detectors and these."""
    return Engine(
        (*detectors, *SECOND_LOOK), lambda text, wanted: Language(wanted or "en", False, True), "test"
    )
