"""Look again at the output: check what will be published, not what was meant to be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from redaction.detectors.digits import digit_runs
from redaction.detectors.known_values import known_variants_in
from redaction.detectors.patterns import Patterns
from redaction.detectors.second_look import SECOND_LOOK
from redaction.echoes import echoes_of, standing_in
from redaction.engine import Engine
from redaction.findings import Action, Detector, Document, Examined, Finding, Known, Unsafe, Verdict
from redaction.folding import fold
from redaction.views import views_of

# Stands for what we wrote ourselves: it is in no word, no number and no pattern.
_OURS: Final = "\ufffc"


def residue(
    redacted: str, examined: Examined, verdicts: Sequence[Verdict], *, known: Sequence[Known], engine: Engine
) -> tuple[str, ...]:
    """Codes for what is left in `redacted` that should not be; empty where nothing is.

    The text must be the original with exactly the judged spans changed. Then, with our own tokens and the
    kept facts out of sight, no known value may be found in it, no pattern and no run of digits, and no string
    that any detector found. The language model does not look a second time.
    """
    if {verdict.span for verdict in verdicts} != set(examined.spans):
        return ("span_unjudged",)
    rest = _without_ours(redacted, examined.text, verdicts)
    if rest is None:
        return ("rewrite_disagrees",)
    return tuple(dict.fromkeys(_left_in(rest, examined, known=known, engine=engine)))


def _without_ours(redacted: str, text: str, verdicts: Sequence[Verdict]) -> str | None:
    """`redacted` with each token and kept value blanked out; None if it is not what the verdicts say."""
    pieces: list[str] = []
    here = done = 0
    for verdict in verdicts:
        between = text[done : verdict.span.start]
        kept = verdict.action is Action.KEEP
        instead = text[verdict.span.start : verdict.span.end] if kept else verdict.instead
        if not redacted.startswith(between + instead, here):
            return None
        pieces += (between, _OURS)
        here += len(between) + len(instead)
        done = verdict.span.end
    if redacted[here:] != text[done:]:
        return None
    return "".join([*pieces, text[done:]])


def _left_in(rest: str, examined: Examined, *, known: Sequence[Known], engine: Engine) -> Iterator[str]:
    left = known_variants_in(rest, known, language=examined.language)
    if not isinstance(left, tuple):  # an answer that is none is not a clean text
        raise Unsafe("residue_failed")
    if left:
        yield "known_value_left"
    document = Document(rest, examined.language, False, views_of(rest), tuple(known))
    own: list[Detector] = [detector for detector in engine.detectors if isinstance(detector, Patterns)]
    for detector in dict.fromkeys([*SECOND_LOOK, *own]):
        if any(isinstance(said, Finding) for said in detector(document)):
            yield "digits_left" if detector is digit_runs else "pattern_left"
    ranges = {(span.start, span.end): span.kinds for span in examined.spans}
    echoes = {
        echo
        for start, end in {*examined.found, *ranges}
        for echo in echoes_of(
            examined.text, start, end, ranges.get((start, end), ()), language=examined.language
        )
    }
    if next(standing_in(echoes, fold(rest), rest), None):
        yield "found_string_left"
