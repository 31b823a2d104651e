"""Which language a text is in, and whether it may be read by a model, strictly, or not at all.

Two witnesses are heard: an identifier trained on letters, and the share of the text's words that a language
knows. Names have no language, so the second hears only words without a capital.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import regex
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from redaction.detectors.ordinary import frequencies, plain
from redaction.engine import Language

UNKNOWN: Final = "und"

# Below this the identifier is guessing, and so it is with fewer letters.
CONFIDENT: Final = 0.9
LIKELY: Final = 0.5
FEW_WORDS: Final = 3
ENOUGH_LETTERS: Final = 60

# The share of its words that a text's own language knows, and the share below which a passage looks foreign.
AT_HOME: Final = 0.8
FOREIGN: Final = 0.6
KNOWN: Final = 3.0

# What reports are mostly written in: the languages that a short text is compared with.
READ: Final = ("en", "fr", "es", "ro", "it", "pt")

# The identifier needs no more than this much of a long text.
_SAMPLE: Final = 2_000

_LOWER: Final = regex.compile(r"(?<![\p{L}\p{N}@./_-])\p{Ll}[\p{Ll}\p{M}]+(?![\p{L}\p{N}@_])")
_LETTER: Final = regex.compile(r"\p{L}")
_LATIN: Final = regex.compile(r"\p{Latin}")
_PASSAGE: Final = regex.compile(r"(?:[^\n.!?…]|[.!?…](?!\s))+[.!?…]*\s*")

# Languages that the identifier tells apart and that are read as another: dialects, and what it takes for them.
_READ_AS: Final = {
    "ext": "es",
    "ast": "es",
    "an": "es",
    "pcm": "pcm",
    "nn": "nb",
    "no": "nb",
    "hr": "sh",
    "bs": "sh",
}


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a text that is in a language of its own."""

    start: int
    end: int
    language: str


def identify_with(models: Collection[str]) -> Callable[[str, str | None], Language]:
    """An `identify` for an engine with a model for each of `models`; other languages are read strictly."""

    def identify(text: str, wanted: str | None) -> Language:
        """The language of `text`. Not sure where the witnesses, or they and the author, disagree."""
        code, sure = judged(text, wanted)
        return Language(code, strict=code not in models, sure=sure)

    return identify


def judged(text: str, wanted: str | None) -> tuple[str, bool]:
    """The code of the language that `text` is in, and whether that is beyond doubt."""
    if not is_latin(text):
        return wanted or UNKNOWN, False
    sample = _sample(text)
    words = _words(sample)
    heard, confidence = _heard(sample)
    confident = confidence >= CONFIDENT and len(_LETTER.findall(sample)) >= ENOUGH_LETTERS
    fits = _fit(words, heard)
    if wanted is None:
        if confident:
            return heard, len(words) >= FEW_WORDS and fits >= AT_HOME
        likely = max((heard, *READ), key=lambda language: _fit(words, language))
        told = _is_clear(words, likely) or (likely == heard and confidence >= LIKELY)
        return likely, len(words) >= FEW_WORDS and _fit(words, likely) >= AT_HOME and told
    if heard == wanted:
        return wanted, len(words) < FEW_WORDS or fits >= FOREIGN
    wished = _fit(words, wanted)
    if confident and fits >= wished:
        return heard, False
    # Too few words to contradict the author, or enough to agree.
    return wanted, (len(words) < FEW_WORDS and not confident) or (wished >= AT_HOME and wished >= fits)


def foreign_passages(text: str, language: str) -> Iterator[Passage]:
    """The passages of `text` that are plainly not in `language`. Short ones cannot be told and are left out."""
    for match in _PASSAGE.finditer(text):
        passage = match.group()
        if len(passage) < ENOUGH_LETTERS:
            continue
        words = _words(passage)
        here = _fit(words, language)
        if here >= FOREIGN:
            continue
        heard, confidence = _heard(passage)
        if heard != language and confidence >= CONFIDENT and _fit(words, heard) > here:
            yield Passage(match.start(), match.end(), heard)


def is_readable(language: str) -> bool:
    """Whether enough words of `language` are known to read it strictly."""
    return bool(frequencies(language))


def is_latin(text: str) -> bool:
    """Whether most letters of `text` are Latin ones; a text without letters is."""
    if text.isascii():
        return True
    return 2 * len(_LATIN.findall(text)) >= len(_LETTER.findall(text))


def _words(text: str) -> list[str]:
    """The words of `text` that have no capital, folded: names are hardly among them."""
    return [plain(word) for word in _LOWER.findall(text)]


def _fit(words: list[str], language: str) -> float:
    """The share of `words` that `language` knows; 0 where there are none."""
    known = frequencies(language)
    return sum(known.get(word, 0.0) >= KNOWN for word in words) / len(words) if words else 0.0


def _is_clear(words: list[str], language: str) -> bool:
    """Whether no other language that is read here knows as many of the words, by a fifth of them."""
    best = max(_fit(words, other) for other in READ if other != language)
    return _fit(words, language) >= best + 0.2


def _sample(text: str) -> str:
    if len(text) <= _SAMPLE:
        return text
    third = _SAMPLE // 3
    middle = len(text) // 2
    return " ".join((text[:third], text[middle : middle + third], text[-third:]))


def _heard(text: str) -> tuple[str, float]:
    code, confidence = _identifier().classify(text)
    return _READ_AS.get(str(code), str(code)), float(confidence)


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
