"""One folded reading of a text, with the way back, for looking strings up wherever they reappear."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import regex

# Letters, digits, their marks and the invisible characters between them: what belongs to one written word.
CLUSTER: Final = regex.compile(r"[\p{L}\p{N}\p{M}\p{Cf}_]++")

_DASHES: Final = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00ad")
_QUOTES: Final = frozenset("\u2018\u2019\u02bc\u02b9\u00b4`")


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` without case, accents, compatibility forms and invisible characters; white space is one blank.

    Character `i` came from raw code point `at[i]`; `at` has one entry more, the raw length.
    """

    text: str = field(repr=False)
    at: tuple[int, ...] | range = field(repr=False)

    def raw(self, start: int, end: int) -> tuple[int, int]:
        """The raw half-open range behind `text[start:end]`, which must not be empty."""
        # Marks and invisible characters that follow belong to the last letter.
        return self.at[start], max(self.at[end - 1] + 1, self.at[end])


def fold(text: str) -> Folded:
    """`text` folded character by character, so that a string and its decomposed form fold alike."""
    if text.isascii() and not _has_blank_run(text):
        return Folded(text.lower().translate(_ASCII), range(len(text) + 1))
    pieces: list[str] = []
    at: list[int] = []
    blank = False
    for position, character in enumerate(text):
        piece = folded_character(character)
        if piece == " ":
            if blank:
                continue
            blank = True
        elif piece:
            blank = False
        pieces.append(piece)
        at.extend([position] * len(piece))
    at.append(len(text))
    return Folded("".join(pieces), tuple(at))


def folded(text: str) -> str:
    """`text` folded, without the way back."""
    if text.isascii():
        return _RUN.sub(" ", text).translate(_ASCII).lower() if not text.isalnum() else text.lower()
    return fold(text).text


@lru_cache(maxsize=65536)
def folded_character(character: str) -> str:
    """What one character reads as: possibly nothing, possibly several letters."""
    if character in _DASHES:
        return "" if character == "\u00ad" else "-"
    if character in _QUOTES:
        return "'"
    if character.isspace():
        return " "
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return "".join(part for part in plain if unicodedata.category(part) not in ("Mn", "Me", "Cf"))


_ASCII: Final = {ord(blank): " " for blank in "\t\n\r\v\f\x1c\x1d\x1e\x1f"} | {ord("`"): "'"}
_RUN: Final = regex.compile(r"[\s\x1c-\x1f]{2,}+")


def _has_blank_run(text: str) -> bool:
    return _RUN.search(text) is not None
