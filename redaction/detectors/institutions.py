"""Offices, laws and vague times, which a language model takes for names and dates, and which say nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import regex

from redaction.detectors.ordinary import data, is_of_the_trade, lexicon, plain
from redaction.detectors.regions import currencies, is_region

_WORD: Final = regex.compile(r"\p{L}+")
_NAMING: Final = frozenset({"ORGANISATION", "PLACE", "PERSON", "WORD"})
_COUNTING: Final = frozenset({"DATE", "TIME", "NUMBER"})


@dataclass(frozen=True, slots=True)
class _Public:
    between: frozenset[str]
    offices: frozenset[str]
    laws: frozenset[str]
    vague: frozenset[str]


@cache
def _public(language: str) -> _Public:
    words = data("institutions.yaml")
    between = frozenset(words["between"])
    return _Public(
        between=between,
        offices=between | frozenset(words["offices"].get(language, [])),
        laws=frozenset(words["laws"].get(language, [])),
        vague=between | frozenset(words["vague"].get(language, [])),
    )


def is_public_word(word: str, language: str) -> bool:
    """Whether the folded `word` is an office or a law and its parts, in `language`."""
    public = _public(language)
    return word in public.offices or word in public.laws


def says_nothing(found: str, kind: str, language: str) -> bool:
    """Whether what a model took for `kind` is only an office, a law, or a time or number too vague to tell.

    Decided by the words alone, and only where each of them is on a list or plainly no name.
    """
    public = _public(language)
    words = [plain(word) for word in _WORD.findall(found)]
    if kind in _NAMING and is_of_the_trade(found, language):
        return True
    if kind in _NAMING:
        if all(word in public.offices or word in currencies() or word == "s" for word in words):
            return not any(map(str.isdigit, found)) and bool(words)
        return (kind == "WORD" and _is_provision(words, language)) or _is_plain(found, words, language)
    if kind in _COUNTING:
        return sum(map(str.isdigit, found)) <= (kind == "NUMBER") and all(
            word in public.vague for word in words
        )
    return False


def _is_plain(found: str, words: list[str], language: str) -> bool:
    """Whether nothing has a capital or is anything but a word: "she found", "the research institute"."""
    known = lexicon(language)
    return found.islower() and all(known.is_word(word) and not known.is_name(word) for word in words)


def _is_provision(words: list[str], language: str) -> bool:
    public, known = _public(language), lexicon(language)
    return not public.laws.isdisjoint(words) and all(
        word in public.between or is_region(word) or (known.is_word(word) and not known.is_name(word))
        for word in words
        if len(word) > 1
    )
