"""Words spelt sign by sign, whoever they name: "J😊o😊s😊i😊e", "p r 3 n + 1 c 3", a letter on each line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from redaction.detectors.known_apart import RUN, Letter, letters_of
from redaction.findings import Document, Finding
from redaction.views import views_of

DETECTOR: Final = "apart"

_FEWEST: Final = 5
_FEWEST_LETTERS: Final = 4
_FEWEST_DIFFERENT: Final = 3
# One gap in so many may be another: it stands between the words of a name.
_SHORTEST_WORD: Final = 5


def letters_apart(document: Document) -> Iterator[Finding]:
    """Runs of five or more single signs, four of them letters, with the same between almost all of them.

    Nobody writes like that by accident. Abbreviations ("e.g., i.e.") and lists in the order of the alphabet are
    not such runs.
    """
    view = (document.views or views_of(document.text))["skeleton"]
    for run in RUN.finditer(view.text):
        letters = letters_of(view.text, run.start(), run.end())
        if len(letters) >= _FEWEST:
            letters = _alike_apart(letters, view.text)
        if _is_spelt([letter.sign[0] for letter in letters]):
            start, end = view.raw(letters[0].start, letters[-1].end)
            yield Finding(start, end, "PERSON", DETECTOR)


def _alike_apart(letters: Sequence[Letter], text: str) -> Sequence[Letter]:
    """The letters from the first to the last that the commonest gap stands beside; none if others are as common."""
    gaps = [text[one.end : other.start] for one, other in pairwise(letters)]
    common, _ = Counter(gaps).most_common(1)[0]
    first, last = gaps.index(common), len(gaps) - gaps[::-1].index(common)
    others = sum(gap != common for gap in gaps[first:last])
    return letters[first : last + 1] if others <= (last + 1 - first) // _SHORTEST_WORD else ()


def _is_spelt(signs: Sequence[str]) -> bool:
    alphabetic = [sign for sign in signs if sign.isalpha()]
    many = len(signs) >= _FEWEST and len(alphabetic) >= _FEWEST_LETTERS
    return many and len(set(signs)) >= _FEWEST_DIFFERENT and not _is_in_order(alphabetic)


def _is_in_order(signs: Sequence[str]) -> bool:
    return all(ord(other) - ord(one) == 1 for one, other in pairwise(signs))
