"""People by name and relatives by the words beside them: two readings of one string of shapes."""

from __future__ import annotations

from collections.abc import Iterator

from redaction.detectors.kinship import relatives_in
from redaction.detectors.names import names_in, spelt_out_in
from redaction.detectors.shapes import shapes_of
from redaction.findings import Document, Finding


def people(document: Document) -> Iterator[Finding]:
    """What `names` and `relatives` find, with the shapes made once."""
    for shape in shapes_of(document):
        yield from names_in(shape, document.language)
        yield from relatives_in(shape)
    yield from spelt_out_in(document.text)
