"""A known name with its letters apart, though there is a slip in it, or letters are doubled or look like signs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from redaction.findings import View
from redaction.letters import leet_key
from redaction.names import Form, Hit, Likeness, Names
from redaction.spellings import squeezed

# A letter once or up to four times, or what may stand for one; anything but letters and digits in between.
RUN: Final = re.compile(
    r"(?<![a-z0-9])(?:([a-z])\1{0,3}|[0-9@$|+!€])"
    r"(?:[^a-z0-9\ufffc]{1,6}(?:([a-z])\2{0,3}|[0-9@$|+!€])){3,}(?![a-z0-9])"
)
_SIGN: Final = re.compile(r"[a-z]{1,4}|[0-9@$|]|(?<!\S)[+!€](?!\S)")
_BETWEEN: Final = frozenset("0123456789@$|+!€")

# A name of four letters must be spelt right. Longer runs than these are no name, or many.
_SHORTEST: Final = 4
_SHORTEST_ALIKE: Final = 5
_LONGEST: Final = 24


@dataclass(frozen=True, slots=True)
class Letter:
    """One sign of a run, and where it stands."""

    sign: str = field(repr=False)
    start: int
    end: int


def apart_in(view: View, names: Names) -> Iterator[Hit]:
    """The names in runs of four or more single signs ("p r 3 n + 1 c 3", "J😊o😊s"), the longest of each run.

    A run may hold more than the name: "a", or the next word's letter.
    """
    for run in RUN.finditer(view.text):
        letters = letters_of(view.text, run.start(), run.end())
        if len(letters) > _LONGEST:
            continue
        for reading in (letters, [one for one in letters if one.sign not in _BETWEEN]):
            if found := _name_in(reading, names):
                first, last, form = found
                yield Hit(*view.raw(reading[first].start, reading[last].end), form)
                break


def letters_of(text: str, start: int, end: int) -> Sequence[Letter]:
    """The single signs of a stretch that may stand for letters."""
    return [Letter(sign.group(), *sign.span()) for sign in _SIGN.finditer(text, start, end)]


def _name_in(letters: Sequence[Letter], names: Names) -> tuple[int, int, Form] | None:
    for length in range(len(letters), _SHORTEST - 1, -1):
        for first in range(len(letters) - length + 1):
            word = "".join(letter.sign for letter in letters[first : first + length])
            for form in _forms(word, names):
                right = form.likeness >= Likeness.FORM or _is_spelt_as(word, form.part.key)
                if right or length >= _SHORTEST_ALIKE:
                    return first, first + length - 1, form
    return None


def _is_spelt_as(word: str, key: str) -> bool:
    """Whether a name is all there, for all its doubled letters and signs in place of letters."""
    return squeezed(leet_key(word)) == squeezed(leet_key(key))


def _forms(word: str, names: Names) -> Iterator[Form]:
    if word.isalpha():
        yield from names.forms_of(word)
    elif any(map(str.isalpha, word)):
        yield from names.forms_in_leet(leet_key(word))
