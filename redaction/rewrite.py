"""Verdicts applied to a text. presidio-anonymizer does the writing and is given nothing to decide."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from redaction.findings import Action, Unsafe, Verdict

# For a cloud operator that has no place here, presidio-anonymizer looks for presidio-analyzer, and finds spaCy
# with it: seconds and a hundred megabytes in every process that only writes. So it finds nothing.
_HIDDEN: Final = "presidio_analyzer" not in sys.modules
if _HIDDEN:
    sys.modules["presidio_analyzer"] = None  # type: ignore[assignment]
from presidio_anonymizer import AnonymizerEngine  # noqa: E402
from presidio_anonymizer.entities import OperatorConfig, RecognizerResult  # noqa: E402

if _HIDDEN:
    del sys.modules["presidio_analyzer"]

logging.getLogger("presidio-anonymizer").disabled = True  # it can log what it replaces

_ENGINE: Final = AnonymizerEngine()  # type: ignore[no-untyped-call]


def rewrite(text: str, verdicts: Sequence[Verdict]) -> str:
    """`text` with every judged span replaced by what its verdict puts there; kept spans stay as they are.

    The spans must be in order and disjoint: left to itself, presidio settles overlaps by dropping or clipping
    one of the two. Its answer must be what plain splicing gives, or there is no answer.
    """
    if any(left.span.end > right.span.start for left, right in pairwise(verdicts)):
        raise Unsafe("spans_overlap")
    expected = spliced(text, verdicts)
    changed = [verdict for verdict in verdicts if verdict.action is not Action.KEEP]
    if not changed:
        return expected
    names = {
        instead: f"T{number}" for number, instead in enumerate({verdict.instead: None for verdict in changed})
    }
    written = _ENGINE.anonymize(
        text=text,
        analyzer_results=[
            RecognizerResult(names[verdict.instead], verdict.span.start, verdict.span.end, 1.0)
            for verdict in changed
        ],
        operators={
            name: OperatorConfig("replace", {"new_value": instead}) for instead, name in names.items()
        },
        merge_entities_with_spaces=False,
    ).text
    if written != expected:
        raise Unsafe("rewrite_disagrees")
    return expected


def spliced(text: str, verdicts: Sequence[Verdict]) -> str:
    """What `rewrite` must come to, by joining strings."""
    pieces: list[str] = []
    done = 0
    for verdict in verdicts:
        pieces.append(text[done : verdict.span.start])
        kept = verdict.action is Action.KEEP
        pieces.append(text[verdict.span.start : verdict.span.end] if kept else verdict.instead)
        done = verdict.span.end
    return "".join([*pieces, text[done:]])
