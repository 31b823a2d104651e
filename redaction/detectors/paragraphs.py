"""A text in the pieces that a language model reads, written so that none of them takes it long."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import regex

_PARAGRAPH: Final = regex.compile(r"\S(?:[^\n]++|\n(?![^\S\n]*+\n))*+")

# No word is as long as this. spaCy takes the signs off the ends of what stands between two blanks one at a time
# and reads the rest of it again for each, which a row of thousands of them would turn into minutes.
_UNBROKEN: Final = regex.compile(r"\S{60,}+")
_SIGN: Final = regex.compile(r"[^\p{L}\p{M}\p{N}\s]")


def paragraphs_of(text: str) -> Iterator[tuple[int, str]]:
    """The paragraphs of `text` and where each begins."""
    for match in _PARAGRAPH.finditer(with_blanks(text)):
        yield match.start(), match[0].rstrip()


def with_blanks(text: str) -> str:
    """`text` with a blank for every sign in a stretch that is longer than any word; no character moves."""
    return str(_UNBROKEN.sub(lambda stretch: _SIGN.sub(" ", stretch[0]), text))
