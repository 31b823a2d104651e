"""Which words are ordinary in a language: what a text may say without naming anybody or anything."""

from __future__ import annotations

from functools import cache
from typing import Final

import wordfreq

# Zipf frequency 3 is one in a million words.
COMMON: Final = 3.0


@cache
def frequencies(language: str) -> dict[str, int]:
    """Each word of `language` with its Zipf frequency in hundredths; empty for an unknown language."""
    if language not in wordfreq.available_languages("small"):
        return {}
    lists = wordfreq.get_frequency_list(language, "best")
    return {word: 900 - place for place, words in enumerate(lists) for word in words}


def zipf(word: str, language: str) -> float:
    """How frequent `word` is: the base-ten logarithm of its count in a billion words, 0 if unknown."""
    return frequencies(language).get(word.lower(), 0) / 100
