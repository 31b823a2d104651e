"""Names of people, told from the words around them, from lists of names and from what no dictionary knows.

Each rule is a pattern over the text's shapes (see `shapes`), and takes no longer than the text is long: what was
read of a run in vain is not read again from the run's next shape on (`(*SKIP)`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

import regex

from redaction.detectors.ordinary import data
from redaction.detectors.shapes import Shape, shapes_of
from redaction.findings import Document, Finding

DETECTOR: Final = "names"

_STEP: Final = "[-./]?"
_LINK: Final = f"(?:{_STEP}P)*+{_STEP}"
_FIRST: Final = f"(?:{_STEP}[PQ])*+{_STEP}"
_REST: Final = f"(?:{_LINK}[NUAIXQ]|J(?=[NUA])|PO)*+"
_BEFORE: Final = f"[NUAIXQ]J?{_LINK}"

RULES: Final = tuple(
    (name, regex.compile(pattern))
    for name, pattern in {
        # "Mr Cruz", "Mrs. Joy Brown", "Judge A. Cruz"; after a plain title the name may be any word
        "titled": rf"[HTK](?:{_STEP}[HTKR])*+(*SKIP){_FIRST}(?P<name>[NUAIXG]{_REST})",
        "titled, any word": rf"H(?:{_STEP}[HTKR])*+(*SKIP){_FIRST}(?P<name>O{_REST})",
        # "Umm Khaled", "Mama Joy"
        "of a relative": rf"(?P<name>K{_STEP}[NUAIXG]{_REST})",
        "titled, in lower case": r"H\.?(?P<name>[nu](?:P?[nu])*)",
        # "A. Cruz", "A.B. dela Cruz"
        "initialled": rf"(?P<name>I(?:[-.]?I)*+(*SKIP){_LINK}[NUAQ]{_REST})",
        "initials": r"(?P<name>I\.I(?:[-.]{1,2}I)*)",
        # a run with a name or an unknown word in it
        "written": rf"(?P<name>(?:{_BEFORE})*(?:[NU]|A{_STEP}[AI]){_REST})|(?:{_BEFORE})++(*SKIP)(*FAIL)",
        # "Ana Long", "Ana B. Long", "by J. Long": a surname that is a word
        "surnamed": r"(?P<name>N(?:I\.?|J)?O)(?![-.]?[NUOA])",
        "initialled, any word": r"(?<=[lvanud&])(?P<name>I\.O)(?![-.]?[NUOA])",
        # "met Hope at"; "Hope said" and "Hope: Yes" at the start of a line or sentence
        "meant": r"(?<=[lanuvwki|I&-])(?P<name>A)(?![ORG])",
        "speaking": r"(?<=[\^/])(?P<name>A)(?=[v:]|&[NUA])",
        "inverted": rf"(?P<name>[UNAX]\|[NUA]{_REST})",
        "parties": r"(?P<name>(?:[NUAXIOQ][-.&]{0,2}){1,5})V\.?(?P<other>(?:[-.]?[NUAXIOQ]){1,4})",
        "announced": r"w(?P<name>[NUAXOGT](?:[-.]?[NUAXI])*|[nu]+)",
        "in lower case": r"(?P<name>n(?:[iP]?[nu])*|a(?:[iP]?[nu])+)",
    }.items()
)

# Where a dictionary says what is a word, two words that are none, or one that speaks, are a name too.
WITH_A_DICTIONARY: Final = tuple(
    (name, regex.compile(pattern))
    for name, pattern in {
        "unknown words": r"(?P<name>u(?:P?[nu])+)",
        "unknown word speaking": r"(?P<name>u)(?=v)",
    }.items()
)

# "I o a n a", "I.o.a.n.a", "I*o*a*n*a"
_LETTERS_APART: Final = regex.compile(r"(?<!\p{L})\p{L}(?:[ .\-_*·]{1,2}\p{L}){3,}(?!\p{L})")


def names(document: Document) -> Iterator[Finding]:
    """Everything in the text that is written like a person's name. Knows spelling and neighbours, not meaning."""
    for shape in shapes_of(document):
        yield from names_in(shape, document.language)
    yield from spelt_out_in(document.text)


def names_in(shape: Shape, language: str) -> Iterator[Finding]:
    """The names that the shapes of a text show."""
    for _, pattern in RULES + WITH_A_DICTIONARY if language == "en" else RULES:
        for match in pattern.finditer(shape.codes):
            for group in match.groupdict():
                yield Finding(*shape.raw(*match.span(group)), "PERSON", DETECTOR)


def spelt_out_in(text: str) -> Iterator[Finding]:
    """Names letter by letter, and those after a form's labels."""
    for apart in _LETTERS_APART.finditer(text):
        yield Finding(apart.start(), apart.end(), "PERSON", DETECTOR)
    for labelled in _form().finditer(text):
        yield Finding(labelled.start("name"), labelled.end("name"), "PERSON", DETECTOR)


@cache
def _form() -> regex.Pattern[str]:
    labels = "|".join(map(regex.escape, data("names.yaml")["labels"]))
    part = r"\p{Lu}[\p{L}\p{M}'’.-]*"
    return regex.compile(
        rf"(?i:(?<!\p{{L}})(?:{labels})):[ \t]*(?P<name>{part}(?:[ \t]+(?:\p{{Ll}}{{1,3}}[ \t]+)?{part})*)"
    )
