"""Report text in, text that a given reader may see out. Every stage is a plain function."""

from __future__ import annotations

from collections.abc import Sequence

from policies.terms import Terms
from redaction.cover import cover
from redaction.engine import Engine
from redaction.findings import (
    Document,
    Examined,
    Finding,
    Hold,
    Known,
    Redacted,
    Refused,
    TraffickerFact,
    Unsafe,
)
from redaction.judge import Alias, judge
from redaction.residue import residue
from redaction.rewrite import rewrite
from redaction.text import accept
from redaction.views import views_of


def redact(
    text: str,
    *,
    terms: Terms,
    engine: Engine,
    known: Sequence[Known] = (),
    facts: Sequence[TraffickerFact] = (),
    lang: str | None = None,
    alias: Alias | None = None,
) -> Redacted:
    """`text` as `terms` let it be read; held and empty, never half redacted, when anything is in doubt.

    Raises `Refused` for a text that may not even be looked at.
    """
    try:
        examined = examine(text, engine=engine, known=known, lang=lang)
    except Unsafe as doubt:
        return Redacted("", lang or "und", (), held=True, reasons=doubt.codes)
    return disclose(examined, terms=terms, engine=engine, known=known, facts=facts, alias=alias)


def examine(text: str, *, engine: Engine, known: Sequence[Known] = (), lang: str | None = None) -> Examined:
    """Everything found in `text`. Raises `Refused` at the door, and `Unsafe` if anything failed to look."""
    document = read(text, engine=engine, known=known, lang=lang)
    said = look(document, engine)
    findings = [found for found in said if isinstance(found, Finding)]
    holds = tuple(doubt for doubt in said if isinstance(doubt, Hold))
    return Examined(text, document.language, cover(document, findings), holds, engine.fingerprint)


def disclose(
    examined: Examined,
    *,
    terms: Terms,
    engine: Engine,
    known: Sequence[Known] = (),
    facts: Sequence[TraffickerFact] = (),
    alias: Alias | None = None,
) -> Redacted:
    """What `terms` let out of an examined text; the output is looked at again before it is returned."""
    verdicts = tuple(judge(span, examined, terms=terms, facts=facts, alias=alias) for span in examined.spans)
    redacted = rewrite(examined.text, verdicts)
    leaks = residue(redacted, examined, verdicts, known=known, engine=engine)
    reasons = tuple(dict.fromkeys([hold.code for hold in examined.holds] + list(leaks)))
    return Redacted("" if reasons else redacted, examined.language, verdicts, bool(reasons), reasons)


def read(text: str, *, engine: Engine, known: Sequence[Known], lang: str | None) -> Document:
    """The text as a document: accepted at the door, its language known, its views opened."""
    accept(text, longest=engine.longest)
    try:
        language = engine.identify(text, lang)
        return Document(text, language.code, language.strict or not language.sure, views_of(text), tuple(known))
    except (Refused, Unsafe):
        raise
    except Exception as failure:  # a failing reader must hold the text, whatever it failed on
        raise Unsafe("reader_failed") from failure.with_traceback(None)


def look(document: Document, engine: Engine) -> list[Finding | Hold]:
    """What every detector says. None may fail open: one that raises makes the whole text unsafe."""
    said: list[Finding | Hold] = []
    for detector in engine.detectors:
        try:
            said.extend(detector(document))
        except Unsafe:
            raise
        except Exception:  # never chained: a foreign exception may quote the text
            raise Unsafe("detector_failed") from None
    return said
