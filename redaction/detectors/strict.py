"""Strict reading: only words that are common in a text's language may stay. For languages without a model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import regex

from redaction.detectors.institutions import is_public_word
from redaction.detectors.ordinary import calendar, frequencies, given_names, plain, surnames
from redaction.detectors.regions import currencies
from redaction.findings import Document, Finding, Hold
from redaction.language import UNKNOWN, Passage, foreign_passages, is_readable

DETECTOR: Final = "strict"

# Zipf frequencies from which a word may stay: without a capital, with one at the start of a sentence, with
# one elsewhere, and where people are called so too.
LOWER: Final = 3.0
STARTING: Final = 4.0
CAPITAL: Final = 5.0
ALSO_A_SURNAME: Final = 4.0
ALSO_A_NAME: Final = 5.5

_WORD: Final = regex.compile(r"[\p{L}\p{M}]+")
_OTHER_SCRIPT: Final = regex.compile(r"[[\p{L}\p{M}]--\p{Latin}--\p{Common}--\p{Inherited}]{2,}", regex.V1)
_STARTS: Final = regex.compile(r"(?:^|[.!?…:]\s+|\n)[\"'«»“”‘’„(\[–—-]*\s*\Z")


def strict(document: Document) -> Iterator[Finding | Hold]:
    """The words that may not stay: in the whole text if it is to be read strictly, else in foreign passages.

    Words of another script are found everywhere; the sweep for known values holds the text for those that the
    form does not name, for nothing here reads them. A language whose words are not known holds it as well.
    """
    for word in _OTHER_SCRIPT.finditer(document.text):
        yield Finding(word.start(), word.end(), "WORD", DETECTOR)
    foreign = list(foreign_passages(document.text, document.language))
    whole = [Passage(0, len(document.text), document.language)] if document.strict else []
    for passage in whole or foreign:
        if not is_readable(passage.language):
            code = "language_unknown" if passage.language == UNKNOWN else "language_not_supported"
            yield Hold(code, DETECTOR, passage.start, passage.end)
            continue
        languages = [passage.language, *(other.language for other in foreign if whole)]
        yield from _uncommon(document.text, passage, languages)


def _uncommon(text: str, passage: Passage, languages: list[str]) -> Iterator[Finding]:
    known = [frequencies(language) for language in languages]
    dates = frozenset().union(*(calendar(language) for language in languages))
    for match in _WORD.finditer(text, passage.start, passage.end):
        word = match.group()
        key = plain(word)
        often = max(words.get(key, 0.0) for words in known)
        if (
            key in dates
            or (word.isupper() and key in currencies())
            or any(is_public_word(key, language) for language in languages)
        ):
            continue
        if often < _needed(word, key, text, match.start()):
            yield Finding(match.start(), match.end(), "WORD", DETECTOR)


def _needed(word: str, key: str, text: str, start: int) -> float:
    """How frequent `word` must be to stay."""
    if len(key) == 1:
        return LOWER if word.islower() else ALSO_A_NAME
    if key in given_names() or (key in surnames() and not word[0].islower()):
        return ALSO_A_NAME
    if word[0].islower():
        return ALSO_A_SURNAME if key in surnames() else LOWER
    return STARTING if _STARTS.search(text, max(0, start - 12), start) else CAPITAL
