"""What of a form's value identifies, where the form has a description and no name: "the girl from flat 4"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from redaction.detectors.ordinary import given_names, lexicon
from redaction.letters import latin_key

_FEWEST_WORDS: Final = 3
_LANGUAGES: Final = ("en", "fr", "es", "ro", "it")

# Words that join others into a phrase. None of them is a particle of names.
JOINING: Final = frozenset(
    {
        "the", "from", "with", "in", "at", "who", "that", "of", "her", "his", "one", "by", "on", "and",
        "une", "un", "qui", "avec", "dans", "chez", "du", "au", "aux", "sa", "son", "una", "uno", "que",
        "con", "en", "del", "su", "cu", "din", "care", "lui", "ei", "che", "della", "nel", "nella",
    }
)  # fmt: skip


def is_phrase(words: Sequence[str]) -> bool:
    """Whether words are put together as in a sentence: small letters only, three of them, one joining others."""
    small = len(words) >= _FEWEST_WORDS and all(word.islower() for word in words)
    return small and not JOINING.isdisjoint(map(latin_key, words))


def describes(words: Sequence[str]) -> bool:
    """Whether a phrase is made of ordinary words alone, so that none of them is anybody's by itself.

    "the girl from flat 4" is, "maria from flat 4" and "hope grace joy" are not.
    """
    return is_phrase(words) and all(
        word not in given_names() and any(lexicon(code).is_word(word) for code in _LANGUAGES)
        for word in map(latin_key, words)
        if word not in JOINING
    )
