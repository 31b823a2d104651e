"""A known person's name in the first letters of lines, sentences or words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from redaction.detectors.known_sought import Sought
from redaction.findings import View
from redaction.lexicon import WORD
from redaction.names import Person

_LETTER: Final = r"([^\W\d_])(?=[^\W\d_])"
_LINE: Final = re.compile(rf"(?:^|\n)[^\w\n]{{0,8}}{_LETTER}")
_SENTENCE: Final = re.compile(rf"(?:^|[.!?]\s{{1,3}}|\n)[^\w\n]{{0,4}}{_LETTER}")
_FEWEST: Final = 3


def acrostics_of(persons: Iterable[Person]) -> Sought[None]:
    """Every name and part of one that first letters may spell."""
    people = tuple(persons)
    wanted = {part.key for person in people for part in person.parts}
    wanted |= {run for person in people for run in person.runs}
    return Sought((word, None) for word in wanted if len(word) >= _FEWEST)


def acrostics_in(view: View, acrostics: Sought[None]) -> Iterator[tuple[int, int]]:
    """The stretches of a folded and romanised reading whose first letters spell a name or a part of one.

    The more places letters may come from, the longer a name must be not to stand there by chance.
    """
    text = view.text
    lines = [match.start(1) for match in _LINE.finditer(text)] if "\n" in text else []
    sentences = [match.start(1) for match in _SENTENCE.finditer(text)]
    words = [match.start() for match in WORD.finditer(text) if match.end() - match.start() > 1]
    for places, fewest in ((lines, _FEWEST), (sentences, 5), (words, 6)):
        for at, word, _ in acrostics.found_in("".join([text[at] for at in places])):
            if len(word) >= fewest:
                yield view.raw(places[at], places[at + len(word) - 1] + 1)
