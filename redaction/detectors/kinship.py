"""Relatives with their names, and what makes a person the only one of her kind.

The first are told by the words beside the name; the second are patterns in `data/kinship.yaml`, and each
comes with a doubt, because no list can say what is unique.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import regex

from redaction.detectors.patterns import Patterns, load_patterns
from redaction.detectors.shapes import Shape, shapes_of
from redaction.findings import Document, Finding

DETECTOR: Final = "kinship"

UNIQUE_PERSONS: Final[Patterns] = load_patterns("kinship")

# "her sister Ana", "mum, Ana", "sora ei ana"; the name may be any word with a capital, or an unknown one
_NAMED: Final = regex.compile(
    r"(?P<relative>k)(?P<between>[laPi]?\|?)(?P<name>(?:[NUAXIQO](?:[-.]?[PQ])*[-.]?)*[NUAXIO]|[nu]+)"
)
# "Ana's sister"
_OF_A_NAME: Final = regex.compile(r"[NUA]'(?P<relative>k)")


def relatives(document: Document) -> Iterator[Finding]:
    """Relatives that are named: the name, and the word that says whose relative it is."""
    for shape in shapes_of(document):
        yield from relatives_in(shape)


def relatives_in(shape: Shape) -> Iterator[Finding]:
    """The relatives that the shapes of a text show."""
    for match in _NAMED.finditer(shape.codes):
        yield Finding(*shape.raw(*match.span("name")), "PERSON", DETECTOR)
        yield Finding(*shape.raw(*match.span("relative")), "KINSHIP", DETECTOR)
    for match in _OF_A_NAME.finditer(shape.codes):
        yield Finding(*shape.raw(*match.span("relative")), "KINSHIP", DETECTOR)
