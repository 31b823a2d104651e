"""Report text in, text that a given reader may see out. Every stage is a plain function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from policies.terms import Terms
from redaction.cover import cover
from redaction.findings import (
    Detector,
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


@dataclass(frozen=True, slots=True)
class Engine:
    """Everything that looks at a text, chosen once. `fingerprint` names rules, models and their versions."""

    detectors: tuple[Detector, ...]
    identify: Callable[[str], Language]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Language:
    """Which language a text is in, and whether its words must be checked one by one (strict mode)."""

    code: str
    strict: bool
    sure: bool


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
    """`text` as `terms` let it be read; held, never half redacted, when anything is in doubt."""
    try:
        examined = examine(text, engine=engine, known=known, lang=lang)
        return disclose(examined, terms=terms, engine=engine, known=known, facts=facts, alias=alias)
    except Unsafe as doubt:
        return Redacted("", lang or "und", (), held=True, reasons=doubt.codes)


def examine(text: str, *, engine: Engine, known: Sequence[Known] = (), lang: str | None = None) -> Examined:
    """Look at `text` in every way there is. Raises `Refused` at the door, `Unsafe` if anything failed to look."""
    document = read(accept(text), engine=engine, known=known, lang=lang)
    said = [*doubts(document, engine), *look(document, engine.detectors)]
    findings = [finding for finding in said if isinstance(finding, Finding)]
    holds = tuple(hold for hold in said if isinstance(hold, Hold))
    return Examined(text, document.language, cover(document, findings), holds, engine.fingerprint)
