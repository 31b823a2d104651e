"""Names of people, told from the words around them, from lists of names and from what no dictionary knows.

Each rule is a pattern over the text's shapes (see `shapes`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import regex

from redaction.detectors.shapes import shape_of
from redaction.findings import Document, Finding, Hold

DETECTOR: Final = "names"

_STEP: Final = "[-./]?"
_FIRST: Final = f"(?:{_STEP}[PQ])*{_STEP}"
_REST: Final = f"(?:{_FIRST}[NUAIXQ]|J(?=[NUA])|PO)*"

RULES: Final = tuple(
    (name, regex.compile(pattern))
    for name, pattern in {
        # "Mr Cruz", "Mrs. Joy Brown", "Judge A. Cruz"; after a plain title the name may be any word
        "titled": rf"[HT](?:{_STEP}[HTR])*{_FIRST}(?P<name>[NUAIXG]{_REST})",
        "titled, any word": rf"H(?:{_STEP}[HTR])*{_FIRST}(?P<name>O{_REST})",
        "titled, in lower case": r"H\.?(?P<name>[nu](?:P?[nu])*)",
        # "A. Cruz", "A.B. dela Cruz"
        "initialled": rf"(?P<name>I(?:[-.]?I)*+{_FIRST}[NUAQ]{_REST})",
        "initials": r"(?P<name>I\.I(?:[-.]{1,2}I)*)",
        # a run with a name or an unknown word in it
        "written": rf"(?P<name>(?:[NUAIXQ]J?{_FIRST})*(?:[NU]|A{_STEP}A){_REST})",
        # "met Hope at"; "Hope said" and "Hope: Yes" at the start of a line or sentence
        "meant": r"(?<=[lnuvwki|I&-])(?P<name>A)(?![ORG])",
        "speaking": r"(?<=[\^/])(?P<name>A)(?=[v:])",
        "inverted": rf"(?P<name>[UNAX]\|[NUA]{_REST})",
        "parties": r"(?P<name>(?:[NUAXIOQ][-.&]{0,2}){1,5})V\.?(?P<other>(?:[-.]?[NUAXIOQ]){1,4})",
        "announced": r"w(?P<name>[NUAXOGT](?:[-.]?[NUAXI])*|[nu]+)",
        "in lower case": r"(?P<name>n(?:[iP]?[nu])*)",
    }.items()
)


def names(document: Document) -> Iterator[Finding | Hold]:
    """Everything in the text that is written like a person's name. Knows spelling and neighbours, not meaning."""
    shape = shape_of(document.text, document.language)
    for _, pattern in RULES:
        for match in pattern.finditer(shape.codes):
            for group in match.groupdict():
                yield Finding(*shape.raw(*match.span(group)), "PERSON", DETECTOR)
