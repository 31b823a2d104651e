"""A known person's name in the first letters of lines, sentences or words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import regex

from redaction.findings import View
from redaction.names import Names

_STARTS: Final = (
    # where the letters come from, and how long a name must be for its letters not to stand there by chance
    (regex.compile(r"(?:^|\n)[^\p{L}\n]{0,8}(\p{L})(?=[\p{L}\p{M}])"), 3),
    (regex.compile(r"(?:^|[.!?]\s{1,3}|\n)[^\p{L}\n]{0,4}(\p{L})(?=[\p{L}\p{M}])"), 5),
    (regex.compile(r"(?<![\p{L}\p{M}\p{N}])(\p{L})(?=[\p{L}\p{M}])"), 6),
)


def acrostics_in(view: View, names: Names) -> Iterator[tuple[int, int]]:
    """The stretches of a folded and romanised reading whose first letters spell a name or a part of one."""
    for pattern, fewest in _STARTS:
        places = [match.start(1) for match in pattern.finditer(view.text)]
        letters = "".join(view.text[at] for at in places)
        for person in names.persons:
            for word in {part.key for part in person.parts} | person.runs:
                if len(word) >= fewest and (at := letters.find(word)) >= 0:
                    yield view.raw(places[at], places[at + len(word) - 1] + 1)
