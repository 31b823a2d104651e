"""Report text in, text that a given reader may see out. Every stage is a plain function."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final, ParamSpec, TypeVar

from policies.terms import Terms
from redaction.cover import cover
from redaction.engine import Engine, Language
from redaction.findings import (
    Document,
    Examined,
    Finding,
    Hold,
    Known,
    Redacted,
    Refused,
    Span,
    TraffickerFact,
    Unsafe,
    Verdict,
)
from redaction.judge import Alias, judge
from redaction.residue import residue
from redaction.rewrite import rewrite
from redaction.text import accept
from redaction.views import views_of

P = ParamSpec("P")
R = TypeVar("R")

_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")


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

    Raises `Refused` for a text that may not even be looked at. Nothing else that goes wrong comes out as an
    exception: it holds the text, and the reasons are codes.
    """
    try:
        examined = examine(text, engine=engine, known=known, lang=lang)
    except Unsafe as doubt:
        return _held(lang if isinstance(lang, str) else "und", doubt.codes)
    return disclose(examined, terms=terms, engine=engine, known=known, facts=facts, alias=alias)


def examine(text: str, *, engine: Engine, known: Sequence[Known] = (), lang: str | None = None) -> Examined:
    """Everything found in `text`. Raises `Refused` at the door, and `Unsafe` if anything failed to look."""
    document = _run("reader_failed", read, text, engine=engine, known=known, lang=lang)
    said = _run("detector_failed", look, document, engine)
    findings = [found for found in said if isinstance(found, Finding)]
    holds = tuple(doubt for doubt in said if isinstance(doubt, Hold))
    spans = _run("cover_failed", covered, document, findings)
    found = tuple(sorted({(finding.start, finding.end) for finding in findings}))
    return Examined(text, document.language, spans, holds, engine.fingerprint, found)


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
    doubts = [hold.code for hold in examined.holds]
    verdicts: tuple[Verdict, ...] = ()
    try:
        verdicts = _run("judge_failed", judged, examined, terms=terms, facts=facts, alias=alias)
        redacted = _run("rewrite_failed", rewrite, examined.text, verdicts)
        doubts += _run("residue_failed", left, redacted, examined, verdicts, known=known, engine=engine)
    except Unsafe as doubt:
        doubts += doubt.codes
    if doubts:
        return _held(examined.language, doubts, verdicts)
    return Redacted(redacted, examined.language, verdicts, held=False, reasons=())


def read(text: str, *, engine: Engine, known: Sequence[Known], lang: str | None) -> Document:
    """The text as a document: accepted at the door, its language known, its views opened."""
    accept(text, longest=engine.longest)
    language, views = engine.identify(text, lang), views_of(text)
    if not isinstance(language, Language) or not language.code:
        raise Unsafe("language_unknown")
    if not isinstance(views, Mapping) or not views:
        raise Unsafe("views_missing")
    return Document(text, language.code, language.strict or not language.sure, views, tuple(known))


def look(document: Document, engine: Engine) -> list[Finding | Hold]:
    """What every detector says. None may fail open: one that raises, or says nothing sensible, stops all."""
    if not engine.detectors:
        raise Unsafe("no_detectors")
    said = [word for detector in engine.detectors for word in detector(document)]
    if not all(isinstance(word, Finding | Hold) for word in said):
        raise Unsafe("detector_failed")
    return said


def covered(document: Document, findings: Sequence[Finding]) -> tuple[Span, ...]:
    """The spans over `findings`, checked: in order, disjoint, and none of the findings lost."""
    spans = cover(document, findings)
    if any(left.end > right.start for left, right in pairwise(spans)):
        raise Unsafe("spans_overlap")
    starts = [span.start for span in spans]
    for finding in findings:
        index = bisect_right(starts, finding.start) - 1
        if index < 0 or finding.end > spans[index].end or finding.kind not in spans[index].kinds:
            raise Unsafe("finding_lost")
    return spans


def judged(
    examined: Examined, *, terms: Terms, facts: Sequence[TraffickerFact], alias: Alias | None
) -> tuple[Verdict, ...]:
    """One verdict for each span, in order."""
    verdicts = tuple(judge(span, examined, terms=terms, facts=facts, alias=alias) for span in examined.spans)
    if not all(isinstance(verdict, Verdict) for verdict in verdicts):
        raise Unsafe("judge_failed")
    return verdicts


def left(
    redacted: str,
    examined: Examined,
    verdicts: tuple[Verdict, ...],
    *,
    known: Sequence[Known],
    engine: Engine,
) -> tuple[str, ...]:
    """What the second look says; an answer that is none is a failure, not a clean text."""
    codes = residue(redacted, examined, verdicts, known=known, engine=engine)
    if not isinstance(codes, tuple):
        raise Unsafe("residue_failed")
    return codes


def _run(code: str, stage: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """What `stage` returns. Whatever it raises becomes codes: a foreign exception may quote the text.

    The raise stands outside the handlers, so that nothing is chained to it either.
    """
    refused: str | None = None
    codes: tuple[str, ...] = (code,)
    try:
        return stage(*args, **kwargs)
    except Refused as refusal:
        refused = refusal.code
    except Unsafe as doubt:
        codes = doubt.codes
    except Exception:  # noqa: S110
        pass
    if refused is not None:
        raise Refused(refused)
    raise Unsafe(*_codes(codes))


def _codes(codes: Iterable[object]) -> tuple[str, ...]:
    """The codes without repetition. What does not look like a code is not passed on."""
    known = (code if isinstance(code, str) and _CODE.fullmatch(code) else "unnamed" for code in codes)
    return tuple(dict.fromkeys(known)) or ("unnamed",)


def _held(language: str, codes: Iterable[str], verdicts: tuple[Verdict, ...] = ()) -> Redacted:
    return Redacted("", language, verdicts, held=True, reasons=_codes(codes))
