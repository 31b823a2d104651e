"""Countries, regions and peoples by name, and places told by the words before them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

import regex

from redaction.detectors.ordinary import data, plain
from redaction.detectors.regions import countries, peoples, subdivisions
from redaction.findings import Document, Finding

DETECTOR: Final = "places"

_WORD: Final = regex.compile(r"\p{L}[\p{L}\p{M}\p{Cf}]*+")
_BLANK: Final = regex.compile(r"(?:[ \u00a0]|-|['’]|\s*\n\s*){0,3}")
_BETWEEN: Final = regex.compile(r"[ \u00a0]+[“\"«'’]?|[-‐’']")
_FORMS_OF_NAME: Final = 4  # words of "Vadu Nou de Sus"


def places(document: Document) -> Iterator[Finding]:
    """Places and peoples. A place that is on no list and stands after no telling word is left to the model."""
    text = document.text
    words = [match.span() for match in _WORD.finditer(text)]
    keys = [plain(text[start:end]) for start, end in words]
    before, low = _before(), _peoples_low(document.language)
    for index, (start, end) in enumerate(words):
        key = keys[index]
        if text[start].isupper():
            if (last := _listed(text, words, keys, index)) is not None:
                yield Finding(start, words[last][1], "PLACE", DETECTOR)
            if key in peoples():
                yield Finding(start, end, "NATIONALITY", DETECTOR)
        elif low is not None and low.fullmatch(key):
            yield Finding(start, end, "NATIONALITY", DETECTOR)
        if key in before and (named := _named(text, words, keys, index)):
            yield Finding(*named, "PLACE", DETECTOR)


def _listed(text: str, words: list[tuple[int, int]], keys: list[str], index: int) -> int | None:
    """The last word of the longest listed name that begins with word `index`."""
    for length in range(min(_longest().get(keys[index], 0), len(words) - index), 0, -1):
        name = tuple(keys[index : index + length])
        if name in countries() or name in subdivisions():
            gaps = [text[words[i][1] : words[i + 1][0]] for i in range(index, index + length - 1)]
            if all(_BLANK.fullmatch(gap) for gap in gaps):
                return index + length - 1
    return None


def _named(text: str, words: list[tuple[int, int]], keys: list[str], index: int) -> tuple[int, int] | None:
    """The name after the settlement word `index`: capitalised words, linking words before them left out."""
    linking = frozenset(data("places.yaml")["linking"])
    first = last = None
    for here in range(index + 1, min(index + 2 + _FORMS_OF_NAME, len(words))):
        start, _ = words[here]
        if not _BETWEEN.fullmatch(text[words[here - 1][1] : start]):
            break
        if text[start].isupper():
            first, last = (here if first is None else first), here
        elif keys[here] not in linking:
            break
    return None if first is None or last is None else (words[first][0], words[last][1])


@cache
def _before() -> frozenset[str]:
    words = data("places.yaml")
    return frozenset(words["beside"]).union(*words["settlements"].values())


@cache
def _longest() -> Mapping[str, int]:
    """For each first word of a listed name, how many words the longest of them has."""
    longest: dict[str, int] = {}
    for name in countries() | subdivisions():
        longest[name[0]] = max(longest.get(name[0], 0), len(name))
    return longest


@cache
def _peoples_low(language: str) -> regex.Pattern[str] | None:
    stems = data("places.yaml")["peoples_low"].get(language)
    if not stems:
        return None
    return regex.compile("|".join(stem.replace("~", "[a-z]{0,3}") for stem in stems))
