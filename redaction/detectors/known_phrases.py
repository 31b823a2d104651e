"""Known addresses, places and other values in words: whole, and by the pieces that tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import regex
from rapidfuzz.distance import OSA

from redaction.detectors.known_sought import Near
from redaction.findings import Known, View
from redaction.letters import latin_key
from redaction.setting import zipf

_TOKEN: Final = regex.compile(r"[^\W_]+")
_BETWEEN: Final = r"[\W_]{1,4}"
# Shorter than this, or as common as that, a word of an address says nothing by itself.
_TELLING: Final = 5
_COMMON: Final = 3.6
_LONG: Final = 7

# Parts of every address, folded: never looked for by themselves.
_GENERIC: Final = frozenset(
    {
        "street", "strada", "road", "avenue", "boulevard", "bulevardul", "apartment", "apartament", "building",
        "block", "floor", "flat", "house", "village", "commune", "comuna", "county", "judetul", "district",
        "sector", "sectorul", "square", "piata", "place", "rruga", "lagjja", "pallati", "north", "south",
        "estate", "close", "drive", "terrace", "court", "crescent", "quarter", "barangay", "purok", "calle",
    }
)  # fmt: skip


class Phrases:
    """Known values in words, by the word that each begins with; and their words that tell by themselves.

    `by_piece` are values of which each part between commas counts too, and each word that tells something by
    itself (a street's name), one slip allowed from seven letters on.
    """

    def __init__(self, known: Iterable[Known], *, language: str, by_piece: frozenset[str]) -> None:
        self._wholes: dict[str, list[tuple[Any, Known]]] = {}
        telling: dict[str, list[Known]] = {}
        for one in known:
            pieces = one.value.split(",") if one.kind in by_piece else []
            for words in {tuple(_TOKEN.findall(latin_key(piece))) for piece in (one.value, *pieces)}:
                if sum(map(len, words)) >= 3:
                    self._wholes.setdefault(words[0], []).append((_pattern(words), one))
            if pieces:
                for key in _telling(one.value, language):
                    telling.setdefault(key, []).append(one)
        self._telling = list(telling.items())
        self._near = Near([key for key, _ in self._telling])
        self._found: dict[str, Sequence[Known]] = {}

    def found_in(self, view: View) -> Iterator[tuple[Known, int, int]]:
        """Where the values stand in a folded and romanised reading, whatever stands between their words."""
        for token in _TOKEN.finditer(view.text):
            for pattern, known in self._wholes.get(token.group(), ()):
                if match := pattern.match(view.text, token.start()):
                    yield known, *view.raw(*match.span())
            for known in self._told_by(token.group()) if self._telling else ():
                yield known, *view.raw(*token.span())

    def _told_by(self, word: str) -> Sequence[Known]:
        if word not in self._found:
            numbers = self._near.numbers(word, _is_near)
            self._found[word] = list(
                dict.fromkeys(one for number in numbers for one in self._telling[number][1])
            )
        return self._found[word]


def _telling(value: str, language: str) -> set[str]:
    return {
        key
        for word in _TOKEN.findall(value)
        if len(key := latin_key(word)) >= _TELLING
        and key not in _GENERIC
        and not key.isdigit()
        and zipf(word, language) < _COMMON
    }


def _pattern(words: Sequence[str]) -> Any:
    joined = _BETWEEN.join(map(regex.escape, words))
    # a pattern that holds what somebody typed must not stay in the library's cache
    return regex.compile(rf"(?<![^\W_]){joined}(?![^\W_])", cache_pattern=False)


def _is_near(word: str, key: str) -> bool:
    if word == key:
        return True
    long = min(len(word), len(key)) >= _LONG and abs(len(word) - len(key)) < 2
    return long and OSA.distance(word, key, score_cutoff=1) <= 1
