"""Known addresses, places and other values in words: whole, and by the pieces that tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import regex
from rapidfuzz.distance import OSA

from redaction.findings import View
from redaction.letters import latin_key
from redaction.setting import zipf

_TOKEN: Final = regex.compile(r"[^\W_]+")
_BETWEEN: Final = r"[\W_]{1,4}"
# Shorter than this, or as common as that, a word of an address says nothing by itself.
_TELLING: Final = 5
_COMMON: Final = 3.6

# Parts of every address, folded: never looked for by themselves.
_GENERIC: Final = frozenset(
    {
        "street", "strada", "road", "avenue", "boulevard", "bulevardul", "apartment", "apartament", "building",
        "block", "floor", "flat", "house", "village", "commune", "comuna", "county", "judetul", "district",
        "sector", "sectorul", "square", "piata", "place", "rruga", "lagjja", "pallati", "north", "south",
        "estate", "close", "drive", "terrace", "court", "crescent", "quarter", "barangay", "purok", "calle",
    }
)  # fmt: skip


def phrase_in(view: View, value: str, *, language: str, by_piece: bool) -> Iterator[tuple[int, int]]:
    """Where `value` stands in a folded and romanised reading, whatever stands between its words.

    `by_piece`: also each part between commas, and each word that tells something by itself (a street's name),
    one slip allowed from seven letters on.
    """
    wholes = {tuple(_TOKEN.findall(latin_key(value)))}
    telling: set[str] = set()
    if by_piece:
        wholes |= {tuple(_TOKEN.findall(latin_key(piece))) for piece in value.split(",")}
        for word in _TOKEN.findall(value):
            key = latin_key(word)
            if (
                len(key) >= _TELLING
                and key not in _GENERIC
                and not key.isdigit()
                and zipf(word, language) < _COMMON
            ):
                telling.add(key)
    for words in wholes:
        if sum(map(len, words)) >= 3:
            joined = _BETWEEN.join(map(regex.escape, words))
            pattern = regex.compile(rf"(?<![^\W_]){joined}(?![^\W_])", cache_pattern=False)
            for match in pattern.finditer(view.text):
                yield view.raw(*match.span())
    if telling:
        for match in _TOKEN.finditer(view.text):
            if _is_one_of(match.group(), telling):
                yield view.raw(*match.span())


def _is_one_of(word: str, telling: set[str]) -> bool:
    if word in telling:
        return True
    return len(word) >= 7 and any(
        abs(len(word) - len(key)) < 2 and len(key) >= 7 and OSA.distance(word, key, score_cutoff=1) <= 1
        for key in telling
    )
