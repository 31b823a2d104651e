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
_REST: Final = f"(?:{_FIRST}[NUAIXQ])*"

RULES: Final = tuple(
    (name, regex.compile(pattern))
    for name, pattern in {
        # "Mr Cruz", "Mrs. Joy Brown", "Mr Justice A. Cruz"; the first word may be any word
        "titled": rf"H(?:{_STEP}[HR])*{_FIRST}(?P<name>(?:[NUAIXG]|O(?![NUO])){_REST})",
        "titled in lower case": r"H\.?(?P<name>[nu](?:P?[nu])*)",
        # "A. Cruz", "A.B. dela Cruz"
        "initialled": rf"(?P<name>I(?:[-.]?I)*+{_FIRST}[NUAQ]{_REST})",
        "initials alone": r"(?P<name>I\.I(?:[-.]{1,2}I)*)",
        # a run with a name or an unknown word in it
        "written": rf"(?P<name>(?:[NUAIXQ]{_FIRST})*(?:[NU]|A{_STEP}A){_REST})",
        # "met Hope at", and "Hope said" at the start of a sentence
        "meant": r"(?<=[lnuvw|I-])(?P<name>A)(?![ORG])",
        "speaking": r"(?<=[\^/])(?P<name>A)(?=v)",
        "inverted": rf"(?P<name>[UNAX]\|[NUA]{_REST})",
        "parties": r"(?P<name>(?:[NUAXIOQ][-.]?){1,4})V\.?(?P<other>(?:[-.]?[NUAXIOQ]){1,4})",
        "announced": r"w(?P<name>[NUAXOG](?:[-.]?[NUAXI])*|[nu]+)",
        "in lower case": r"(?P<name>n(?:P?[nu])*)",
    }.items()
)


def names(document: Document) -> Iterator[Finding | Hold]:
    """Everything in the text that is written like a person's name. Knows spelling and neighbours, not meaning."""
    shape = shape_of(document.text, document.language)
    for _, pattern in RULES:
        for match in pattern.finditer(shape.codes):
            for group in match.groupdict():
                first, last = match.span(group)
                yield Finding(shape.starts[first], shape.ends[last - 1], "PERSON", DETECTOR)
